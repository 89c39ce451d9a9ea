import { type Address, type Architecture, hex } from '@kexec-kit/loader-api';
import type { PvhKernel } from './image.js';

/** What 32-bit code without paging reaches. */
export const FOUR_GIB: Address = 1n << 32n;
/** What an i386 kernel maps directly at most: 896 MiB. */
const I386_END: Address = 0x38000000n;
/** What the first page tables of 64-bit Linux map at its PVH entry (arch/x86/platform/pvh/head.S). */
const LINUX_FIRST_MAP: Address = 1n << 30n;
/** Below lie the BIOS, its data, and what many a kernel borrows to start its other CPUs. */
export const LOWEST: Address = 0x100000n;

/** Below which addresses things have to lie, by the two kernels. */
export interface Limits {
  /** Modules, and the image if it is moved. */
  readonly end: Address;
  /** What is read before the kernel has page tables of its own: hvm_start_info and what it points to. */
  readonly infoEnd: Address;
  /** Why `infoEnd` is what it is, in one clause. */
  readonly infoWhy: string;
}

/** The limits of a pair of kernels: the running one and the one to be started, whatever program plans. */
export function limitsOf(image: PvhKernel, running: Architecture): Limits {
  const isI386 = running === 'i386' || image.architecture === 'i386';
  const end = isI386 ? I386_END : FOUR_GIB;
  if (!image.linux) return { end, infoEnd: end, infoWhy: `below ${hex(end)}` };
  if (image.architecture === 'x86_64') {
    const infoEnd = end < LINUX_FIRST_MAP ? end : LINUX_FIRST_MAP;
    return { end, infoEnd, infoWhy: `below ${hex(infoEnd)}: Linux reads it through its first page tables` };
  }
  // i386 Linux maps itself and what lies below; it may not be moved, so this is known.
  const infoEnd = image.span.end < end ? image.span.end : end;
  return {
    end,
    infoEnd,
    infoWhy: `below ${hex(infoEnd)}, the end of the image: i386 Linux maps no more at first`,
  };
}
