import { type SetupHeader, XLF_CAN_BE_LOADED_ABOVE_4G, XLF_KERNEL_64 } from '@kexec-kit/linux-boot';
import { PAGE_SIZE } from '@kexec-kit/loader-api';
import { alignUp } from '@kexec-kit/memory';
import type { BzImage } from './image.js';

/** What planning asks of a setup header: what it says or, where its protocol version has no such field, what held before. */
export interface Needs {
  readonly kernel_alignment: number;
  readonly relocatable_kernel: number;
  readonly min_alignment: number;
  readonly xloadflags: number;
  readonly cmdline_size: number;
  readonly initrd_addr_max: number;
  readonly pref_address: bigint;
  /** Undefined before protocol 2.10: nobody says. */
  readonly init_size: number | undefined;
}

/** What held before a protocol version had the field. */
const BEFORE = {
  // boot.rst, initrd_addr_max: "For boot protocol 2.02 or earlier".
  initrd_addr_max: 0x37ffffff,
  // boot.rst, cmdline_size: "With protocol version 2.05 and earlier".
  cmdline_size: 255,
  // boot.rst, "Loading The Rest of The Kernel": a bzImage that cannot be relocated belongs at 1 MiB.
  pref_address: 0x100000n,
  kernel_alignment: 0x1000,
  relocatable_kernel: 0,
  min_alignment: 0,
  xloadflags: 0,
} as const;

export function needsOf(header: SetupHeader): Needs {
  return {
    kernel_alignment: header.kernel_alignment ?? BEFORE.kernel_alignment,
    relocatable_kernel: header.relocatable_kernel ?? BEFORE.relocatable_kernel,
    min_alignment: header.min_alignment ?? BEFORE.min_alignment,
    xloadflags: header.xloadflags ?? BEFORE.xloadflags,
    cmdline_size: header.cmdline_size ?? BEFORE.cmdline_size,
    initrd_addr_max: header.initrd_addr_max ?? BEFORE.initrd_addr_max,
    pref_address: header.pref_address ?? BEFORE.pref_address,
    init_size: header.init_size,
  };
}

/** Whether the kernel is a 64-bit one, and can be entered as such (boot.rst, xloadflags, 0x236/2). */
export function isKernel64({ xloadflags }: Pick<Needs, 'xloadflags'>): boolean {
  return (xloadflags & XLF_KERNEL_64) !== 0;
}

/** Whether kernel, boot_params, command line and initrd may lie above 4 GiB (boot.rst, xloadflags, 0x236/2). */
export function goesAbove4G({ xloadflags }: Pick<Needs, 'xloadflags'>): boolean {
  return (xloadflags & XLF_CAN_BE_LOADED_ABOVE_4G) !== 0;
}

/** Before `init_size` a kernel does not say how large it becomes when it unpacks itself: three times its file is room enough for gzip. */
const UNPACKED = 3;

/** In bytes: what the kernel needs before it reads its memory map, whole pages. */
export function kernelMemory({ kernel }: BzImage, { init_size }: Needs): bigint {
  const needed = Math.max(init_size ?? UNPACKED * kernel.length, kernel.length);
  return alignUp(BigInt(needed), PAGE_SIZE);
}
