import { type SetupHeader as Header, SetupHeader, XLF_CAN_BE_LOADED_ABOVE_4G } from '@kexec-kit/linux-boot';
import { type Address, type Diagnostic, hex, PAGE_SIZE, type Placement, range } from '@kexec-kit/loader-api';
import { alignUp, isPowerOfTwo } from '@kexec-kit/memory';
import { badField } from './codes.js';
import type { BzImage } from './image.js';

/** The fields that placing a kernel needs: protocol 2.12 has them all. */
export interface Needs {
  readonly kernel_alignment: number;
  readonly relocatable_kernel: number;
  readonly min_alignment: number;
  readonly xloadflags: number;
  readonly cmdline_size: number;
  readonly initrd_addr_max: number;
  readonly pref_address: bigint;
  readonly init_size: number;
}

/** From the start of the loaded kernel, in bytes (boot.rst, "64-bit Boot Protocol"). */
export const ENTRY_64 = 0x200;
const ONE_MIB: Address = 0x100000n;
const FOUR_GIB: Address = 1n << 32n;
const NO_LIMIT: Address = 1n << 64n;
const PAGE = 4096;

/** Undefined when the protocol version lacks one of them. */
export function needsOf(header: Header): Needs | undefined {
  const { kernel_alignment, relocatable_kernel, min_alignment, xloadflags } = header;
  const { cmdline_size, initrd_addr_max, pref_address, init_size } = header;
  if (kernel_alignment === undefined || relocatable_kernel === undefined) return undefined;
  if (min_alignment === undefined || xloadflags === undefined || cmdline_size === undefined) return undefined;
  if (initrd_addr_max === undefined || pref_address === undefined || init_size === undefined)
    return undefined;
  return {
    ...{ kernel_alignment, relocatable_kernel, min_alignment, xloadflags },
    ...{ cmdline_size, initrd_addr_max, pref_address, init_size },
  };
}

/** Nothing that the kernel is given lies at or above (boot.rst, xloadflags, 0x236/2). */
export function addressEnd({ xloadflags }: Needs): Address {
  return (xloadflags & XLF_CAN_BE_LOADED_ABOVE_4G) === 0 ? FOUR_GIB : NO_LIMIT;
}

/** `initrd_addr_max` is for kernels that cannot look above 4 GiB: the others take an initrd anywhere. */
export function initrdEnd(needs: Needs): Address {
  return addressEnd(needs) === NO_LIMIT ? NO_LIMIT : BigInt(needs.initrd_addr_max) + 1n;
}

/** In bytes: what the kernel needs before it reads its memory map, whole pages. */
export function kernelMemory(image: BzImage, needs: Needs): bigint {
  return alignUp(BigInt(Math.max(needs.init_size, image.kernel.length)), PAGE_SIZE);
}

/**
 * Where the kernel may go.
 *
 * A relocatable kernel wants to be at pref_address or above: below it, it would move itself there before it
 * looks whether that is RAM, so there is no lower alternative. From the top, at the alignment it prefers, then at each
 * lesser one that it bears (boot.rst, min_alignment, 0x235/1). Any other kernel runs at pref_address only.
 */
export function kernelPlacements(needs: Needs): Placement[] {
  if (needs.relocatable_kernel === 0) return [{ at: lowest(needs) }];
  const within = range(lowest(needs), addressEnd(needs));
  return alignments(needs).map((align) => ({ within, align: BigInt(align), from: 'top' }));
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

function lowest({ pref_address }: Needs): Address {
  return pref_address > ONE_MIB ? pref_address : ONE_MIB;
}

/** The first field whose value no kernel can mean. */
export function checkNeeds(image: BzImage, needs: Needs): Diagnostic | undefined {
  const rule = RULES.find(({ holds }) => !holds(needs, image));
  if (rule === undefined) return undefined;
  const found = image.header[rule.field] ?? 0;
  return badField(image.source.name, SetupHeader.at[rule.field], hex(found), rule.expected);
}

/** Only an image that is given an initrd has to leave room for it. */
export function checkInitrdRoom(image: BzImage, needs: Needs): Diagnostic | undefined {
  if (initrdEnd(needs) > ONE_MIB) return undefined;
  const field = SetupHeader.at.initrd_addr_max;
  return badField(image.source.name, field, hex(needs.initrd_addr_max), 'an address above 1 MiB');
}

interface Rule {
  readonly field: keyof Needs | 'syssize';
  readonly expected: string;
  readonly holds: (needs: Needs, image: BzImage) => boolean;
}

const RULES: readonly Rule[] = [
  {
    field: 'syssize',
    expected: 'code up to the 64-bit entry at 0x200 and beyond',
    holds: (_, { kernel }) => kernel.length > ENTRY_64,
  },
  {
    field: 'kernel_alignment',
    expected: 'a power of two',
    holds: ({ kernel_alignment }) => isPowerOfTwo(BigInt(kernel_alignment)),
  },
  {
    field: 'min_alignment',
    expected: 'a power of two up to kernel_alignment',
    holds: ({ min_alignment, kernel_alignment }) => 2 ** min_alignment <= kernel_alignment,
  },
  {
    field: 'init_size',
    expected: 'the memory that the kernel needs',
    holds: ({ init_size }) => init_size > 0,
  },
  {
    field: 'pref_address',
    expected: 'an address from which the kernel fits below the highest it can be loaded at',
    holds: (needs, image) => lowest(needs) + kernelMemory(image, needs) <= addressEnd(needs),
  },
  {
    field: 'pref_address',
    expected: 'a whole page, since this kernel runs nowhere else',
    holds: (needs) => needs.relocatable_kernel !== 0 || lowest(needs) % PAGE_SIZE === 0n,
  },
];
