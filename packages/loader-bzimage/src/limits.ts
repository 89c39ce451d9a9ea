import {
  type Address,
  type Architecture,
  type Diagnostic,
  hex,
  type OptionSpec,
  type PlanInput,
  range,
  type Range,
} from '@kexec-kit/loader-api';
import { destinations, findHole, intersect, min } from '@kexec-kit/memory';
import { i386Limit } from './codes.js';
import type { EntryMode } from './entry.js';
import { goesAbove4G, isKernel64, type Needs } from './needs.js';

/** What an i386 kernel maps directly at most: 896 MiB. One that is loaded or told of things beyond hangs. */
export const I386_END: Address = 0x38000000n;
const FOUR_GIB: Address = 1n << 32n;
/** Nothing lies beyond: one more than the greatest 64-bit address. */
export const NO_LIMIT: Address = 1n << 64n;

/** Below which addresses things have to lie, by the entry and by the two kernels. */
export interface Limits {
  /** What the entry itself can reach. */
  readonly reach: Address;
  /** Kernel, boot_params and what they point to lie below, but for the initrd. */
  readonly end: Address;
  /** No byte of the initrd lies at or above. */
  readonly initrdEnd: Address;
  /** Which side of the hand-over is i386, in one clause: why `end` is so low. */
  readonly i386?: string;
}

/**
 * The limits of a pair of kernels: the running one and the one to be started, whatever program plans.
 * From a 64-bit kernel a 64-bit one goes anywhere that its entry can reach. With i386 on either side it lies below 896 MiB.
 */
export function limitsOf(needs: Needs, entry: EntryMode, running: Architecture): Limits {
  const reach = entry === '64' && goesAbove4G(needs) ? NO_LIMIT : FOUR_GIB;
  const told = BigInt(needs.initrd_addr_max) + 1n;
  const i386 = whichIsI386(needs, running);
  if (i386 !== undefined) {
    return { reach, end: min(I386_END, told), initrdEnd: min(FOUR_GIB, told), i386 };
  }
  // `initrd_addr_max` is for kernels that cannot look above 4 GiB: the others take an initrd anywhere.
  return { reach, end: reach, initrdEnd: goesAbove4G(needs) ? reach : min(reach, told) };
}

function whichIsI386(needs: Needs, running: Architecture): string | undefined {
  const target = !isKernel64(needs);
  if (running === 'i386') return target ? 'both kernels are i386' : 'the running kernel is i386';
  return target ? 'the kernel to be started has no 64-bit entry, as i386 kernels have none' : undefined;
}

/** What is to be placed below a limit. */
export interface Body {
  /** In bytes. */
  readonly size: bigint;
  readonly lowest: Address;
  /** Undefined for a kernel that runs at `lowest` only. */
  readonly align: bigint | undefined;
}

/** What is planned for. */
export type Asked = Pick<PlanInput<OptionSpec>, 'machine' | 'purpose' | 'policy'>;

/**
 * Refuses a kernel for which there is room, but only beyond the limit of i386: to say that there is none below would be
 * half of the truth.
 */
export function checkI386Limit(
  { i386, end, reach }: Limits,
  { machine, purpose, policy }: Asked,
  kernel: Body,
): Diagnostic | undefined {
  if (i386 === undefined) return undefined;
  const { size, lowest, align } = kernel;
  if (lowest + size > end)
    return i386Limit(i386, end, `a kernel that wants ${hex(lowest)}-${hex(lowest + size)}`);
  if (align === undefined) return undefined;
  const free = destinations(machine, purpose);
  const holes = policy.memory === undefined ? free : intersect(free, [policy.memory]);
  const fits = (within: Range) => findHole({ holes, size, within, align, from: 'bottom' }).ok;
  if (fits(range(lowest, end)) || !fits(range(lowest, reach))) return undefined;
  return i386Limit(i386, end, `room in ${inWords(intersect(holes, [range(end, reach)]))} only`);
}

/** So many ranges are worth reading. */
const RANGES_IN_WORDS = 4;

function inWords(ranges: readonly Range[]): string {
  const words = ranges.slice(0, RANGES_IN_WORDS).map(({ start, end }) => `${hex(start)}-${hex(end)}`);
  return [
    ...words,
    ...(ranges.length > RANGES_IN_WORDS ? [`${ranges.length - RANGES_IN_WORDS} more`] : []),
  ].join(', ');
}
