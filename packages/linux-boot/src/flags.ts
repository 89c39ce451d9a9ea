/** One bit of a bit mask, by the name that the specification gives it. */
export interface Flag {
  readonly name: string;
  readonly bit: number;
}

/** Documentation/arch/x86/boot.rst, loadflags, 0x211/1. */
export const LOADFLAGS: readonly Flag[] = [
  { name: 'LOADED_HIGH', bit: 0 },
  { name: 'KASLR_FLAG', bit: 1 },
  { name: 'QUIET_FLAG', bit: 5 },
  { name: 'KEEP_SEGMENTS', bit: 6 },
  { name: 'CAN_USE_HEAP', bit: 7 },
];

/** Documentation/arch/x86/boot.rst, xloadflags, 0x236/2; bits 5 and 6: arch/x86/include/uapi/asm/bootparam.h. */
export const XLOADFLAGS: readonly Flag[] = [
  { name: 'XLF_KERNEL_64', bit: 0 },
  { name: 'XLF_CAN_BE_LOADED_ABOVE_4G', bit: 1 },
  { name: 'XLF_EFI_HANDOVER_32', bit: 2 },
  { name: 'XLF_EFI_HANDOVER_64', bit: 3 },
  { name: 'XLF_EFI_KEXEC', bit: 4 },
  { name: 'XLF_5LEVEL', bit: 5 },
  { name: 'XLF_5LEVEL_ENABLED', bit: 6 },
];

/** `loadflags`: the protected-mode code belongs at 1 MiB or above (a bzImage, not a zImage). */
export const LOADED_HIGH = 1 << 0;
/** `loadflags`: heap_end_ptr is valid. */
export const CAN_USE_HEAP = 1 << 7;
/** `xloadflags`: there is a 64-bit entry, 0x200 after the start. */
export const XLF_KERNEL_64 = 1 << 0;
/** `xloadflags`: kernel, boot_params, command line and initrd may lie above 4 GiB. */
export const XLF_CAN_BE_LOADED_ABOVE_4G = 1 << 1;
/** `xloadflags`: the kernel takes over EFI runtime services from a kernel before it. */
export const XLF_EFI_KEXEC = 1 << 4;

/**
 * The names of the bits that are set; bits without a name as `bit N`.
 *
 * @example
 * ```ts
 * flagNames(0x3, XLOADFLAGS); // ['XLF_KERNEL_64', 'XLF_CAN_BE_LOADED_ABOVE_4G']
 * ```
 */
export function flagNames(mask: number, flags: readonly Flag[]): string[] {
  const bits = Array.from({ length: 32 }, (_, bit) => bit).filter((bit) => ((mask >>> bit) & 1) === 1);
  return bits.map((bit) => flags.find((flag) => flag.bit === bit)?.name ?? `bit ${bit}`);
}
