import { LOADED_HIGH, REAL_MODE_CODE_MAX, setupCodeSize, SetupHeader } from '@kexec-kit/linux-boot';
import { type Address, type Diagnostic, hex, PAGE_SIZE, type Placement, range } from '@kexec-kit/loader-api';
import { isPowerOfTwo, max } from '@kexec-kit/memory';
import { badField } from './codes.js';
import type { EntryMode } from './entry.js';
import type { BzImage } from './image.js';
import type { Limits } from './limits.js';
import { kernelMemory, type Needs } from './needs.js';

/** From the start of the loaded kernel, in bytes (boot.rst, "64-bit Boot Protocol"). */
export const ENTRY_64 = 0x200;
const ONE_MIB: Address = 0x100000n;
const PAGE = 4096;

/**
 * Where the kernel may go.
 *
 * A relocatable kernel wants to be at pref_address or above: below it, it would move itself there before it
 * looks whether that is RAM, so there is no lower alternative. At the alignment it prefers, then at each
 * lesser one that it bears (boot.rst, min_alignment, 0x235/1). Any other kernel runs at pref_address only.
 */
export function kernelPlacements(needs: Needs, { end, i386 }: Limits): Placement[] {
  if (needs.relocatable_kernel === 0) return [{ at: lowest(needs) }];
  const within = range(lowest(needs), end);
  // What an i386 kernel maps directly ends some MiB below the limit, by its configuration: away from there.
  const from = i386 === undefined ? 'top' : 'bottom';
  return alignments(needs).map((align) => ({ within, align: BigInt(align), from }));
}

/** The least alignment that is used: written into boot_params, so that the kernel stays where it is put. */
export function leastAlignment(needs: Needs): number {
  const { kernel_alignment, min_alignment, relocatable_kernel } = needs;
  if (relocatable_kernel === 0 || min_alignment === 0) return kernel_alignment;
  return Math.min(kernel_alignment, Math.max(2 ** min_alignment, PAGE));
}

function alignments(needs: Needs): number[] {
  const steps = Math.log2(needs.kernel_alignment / leastAlignment(needs));
  return Array.from({ length: steps + 1 }, (_, i) => Math.max(needs.kernel_alignment / 2 ** i, PAGE));
}

/** The lowest address that the kernel may have. */
export function lowest({ pref_address }: Needs): Address {
  return max(pref_address, ONE_MIB);
}

/** What a rule about an image looks at. */
interface Subject {
  readonly image: BzImage;
  readonly needs: Needs;
  readonly entry: EntryMode;
  readonly limits: Limits;
}

/** The first field whose value no kernel can mean that has this entry. */
export function checkNeeds(subject: Subject): Diagnostic | undefined {
  const rule = RULES.find(
    ({ entry, holds }) => (entry ?? subject.entry) === subject.entry && !holds(subject),
  );
  if (rule === undefined) return undefined;
  const { source, header } = subject.image;
  return badField(source.name, SetupHeader.at[rule.field], hex(header[rule.field] ?? 0), rule.expected);
}

/** Only an image that is given an initrd has to leave room for it. */
export function checkInitrdRoom({ source }: BzImage, needs: Needs, limits: Limits): Diagnostic | undefined {
  if (limits.initrdEnd > ONE_MIB) return undefined;
  const field = SetupHeader.at.initrd_addr_max;
  return badField(source.name, field, hex(needs.initrd_addr_max), 'an address above 1 MiB');
}

interface Rule {
  readonly field: keyof Needs | 'syssize' | 'setup_sects' | 'loadflags';
  readonly expected: string;
  /** The only entry of which this is asked; absent: every one. */
  readonly entry?: EntryMode;
  readonly holds: (subject: Subject) => boolean;
}

const RULES: readonly Rule[] = [
  {
    field: 'loadflags',
    expected: 'bit 0 (LOADED_HIGH): a zImage, which lies at 64 KiB, is not loaded',
    holds: ({ image }) => (image.header.loadflags & LOADED_HIGH) !== 0,
  },
  {
    field: 'syssize',
    expected: 'code up to the 64-bit entry at 0x200 and beyond',
    entry: '64',
    holds: ({ image }) => image.kernel.length > ENTRY_64,
  },
  {
    field: 'syssize',
    expected: 'code behind the setup code',
    holds: ({ image }) => image.kernel.length > 0,
  },
  {
    field: 'setup_sects',
    expected: `at most ${hex(REAL_MODE_CODE_MAX)} bytes of setup code, so that heap and stack fit into its segment`,
    entry: '16',
    holds: ({ image }) => setupCodeSize(image.header) <= REAL_MODE_CODE_MAX,
  },
  {
    field: 'kernel_alignment',
    expected: 'a power of two',
    holds: ({ needs }) => isPowerOfTwo(BigInt(needs.kernel_alignment)),
  },
  {
    field: 'min_alignment',
    expected: 'a power of two up to kernel_alignment',
    holds: ({ needs }) => 2 ** needs.min_alignment <= needs.kernel_alignment,
  },
  {
    field: 'init_size',
    expected: 'the memory that the kernel needs',
    holds: ({ needs }) => needs.init_size !== 0,
  },
  {
    field: 'pref_address',
    expected: 'an address from which the kernel fits below the highest that its entry reaches',
    holds: ({ needs, image, limits }) => lowest(needs) + kernelMemory(image, needs) <= limits.reach,
  },
  {
    field: 'pref_address',
    expected: 'a whole page, since this kernel runs nowhere else',
    holds: ({ needs }) => needs.relocatable_kernel !== 0 || lowest(needs) % PAGE_SIZE === 0n,
  },
];
