import {
  hex,
  type CrashFacts,
  type KernelImage,
  type Machine,
  type Purpose,
  type Range,
  type SegmentsSubmission,
} from '@kexec-kit/loader-api';
import { normalize } from './ranges.js';

/**
 * Where content may be placed, by purpose: in all usable RAM, or for a crash kernel in the highest of the reserved regions.
 * Linux takes no segment of a crash kernel elsewhere (`crashk_res`); a lower region is for the DMA of its drivers.
 *
 * @example
 * ```ts
 * const crashKernel = [range(0x6f000000n, 0x7f000000n), range(0x1ef000000n, 0x1ff000000n)];
 * destinations({ usable: [], crashKernel }, 'crash');
 * // [range(0x1ef000000n, 0x1ff000000n)]
 * ```
 */
export function destinations(
  { usable, crashKernel }: Pick<Machine, 'usable' | 'crashKernel'>,
  purpose: Purpose,
): readonly Range[] {
  return purpose === 'crash' ? crashKernel.slice(-1) : usable;
}

/** What of a machine a submission records, so that `apply` can compare: for a crash kernel more than for any other. */
export function recordedMap(
  machine: Machine,
  purpose: Purpose,
): Omit<SegmentsSubmission['map'], 'fingerprint'> {
  const { told, usable, crashKernel, crash } = machine;
  if (purpose === 'normal') return { told, usable };
  return { told, usable, crashKernel, ...(crash === undefined ? {} : { crash }) };
}

/** A range, and what it is. */
export interface Stretch extends Range {
  readonly label: string;
}

/** What a plan for a crash kernel depends on besides the memory map. */
export interface CrashMap {
  readonly crashKernel?: readonly Range[];
  readonly crash?: CrashFacts;
}

/** The reserved memory, the memory that a dump holds, and what in it tells how to read it: each list without an overlap. */
export function crashStretches({ crashKernel = [], crash }: CrashMap): readonly (readonly Stretch[])[] {
  return [
    normalize(crashKernel).map((each) => ({ ...each, label: 'reserved for a crash kernel' })),
    normalize(crash?.systemRam ?? []).map((each) => ({ ...each, label: 'System RAM' })),
    crash === undefined ? [] : signposts(crash),
  ];
}

function signposts({ cpuNotes, vmcoreinfo, kernel }: CrashFacts): Stretch[] {
  const notes = cpuNotes.map(({ start, end, cpu }) => ({ start, end, label: `the notes of CPU ${cpu}` }));
  return [
    ...notes,
    ...(vmcoreinfo === undefined ? [] : [{ ...vmcoreinfo, label: 'vmcoreinfo' }]),
    ...(kernel === undefined ? [] : [runningKernel(kernel)]),
  ];
}

function runningKernel({ start, end, virtualStart }: KernelImage): Stretch {
  return { start, end, label: `the running kernel, mapped at ${hex(virtualStart)}` };
}
