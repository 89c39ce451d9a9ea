/** `magic` of a Multiboot header (Multiboot 0.6.96, 3.1.2), and what eax holds at entry (3.2). */
export const MULTIBOOT_HEADER_MAGIC = 0x1badb002;
export const MULTIBOOT_BOOTLOADER_MAGIC = 0x2badb002n;
/** `magic` of a Multiboot2 header (Multiboot2 2.0, 3.1.2), and what eax holds at entry (3.3). */
export const MULTIBOOT2_HEADER_MAGIC = 0xe85250d6;
export const MULTIBOOT2_BOOTLOADER_MAGIC = 0x36d76289n;

/** Bits of `flags` in the header (Multiboot 0.6.96, 3.1.2). */
export const PAGE_ALIGN = 1 << 0;
export const MEMORY_INFO = 1 << 1;
export const VIDEO_MODE = 1 << 2;
export const AOUT_KLUDGE = 1 << 16;

/** Bits of `flags` in the information (Multiboot 0.6.96, 3.3). */
export const INFO_MEMORY = 1 << 0;
export const INFO_CMDLINE = 1 << 2;
export const INFO_MODS = 1 << 3;
export const INFO_MEM_MAP = 1 << 6;
export const INFO_BOOT_LOADER_NAME = 1 << 9;
export const INFO_FRAMEBUFFER = 1 << 12;

/** Types of header tags (Multiboot2 2.0, 3.1.3 to 3.1.13). */
export const HEADER_TAG = {
  end: 0,
  informationRequest: 1,
  address: 2,
  entryAddress: 3,
  consoleFlags: 4,
  framebuffer: 5,
  moduleAlign: 6,
  efiBootServices: 7,
  efi32Entry: 8,
  efi64Entry: 9,
  relocatable: 10,
} as const;

const HEADER_TAG_NAMES: Readonly<Record<number, string>> = {
  [HEADER_TAG.informationRequest]: 'information request',
  [HEADER_TAG.address]: 'address',
  [HEADER_TAG.entryAddress]: 'entry address',
  [HEADER_TAG.consoleFlags]: 'console flags',
  [HEADER_TAG.framebuffer]: 'framebuffer',
  [HEADER_TAG.moduleAlign]: 'module alignment',
  [HEADER_TAG.efiBootServices]: 'EFI boot services',
  [HEADER_TAG.efi32Entry]: 'EFI i386 entry address',
  [HEADER_TAG.efi64Entry]: 'EFI amd64 entry address',
  [HEADER_TAG.relocatable]: 'relocatable image',
};

/** `EFI boot services` for 7; undefined for what the specification does not name. */
export function headerTagName(type: number): string | undefined {
  return HEADER_TAG_NAMES[type];
}
