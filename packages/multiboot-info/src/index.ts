/**
 * Multiboot 1 and 2: headers, both information blocks, and what each kind of consumer wants of them.
 *
 * Everything that loaders of both protocols share: an image as memory (by ELF headers, or by addresses in its Multiboot header),
 * where it and its modules go, what it is told. Nothing here is a loader.
 *
 * @packageDocumentation
 */
export * from './body.js';
export { multibootCodes, notLoadable } from './codes.js';
export { multiboot1Codes } from './codes1.js';
export { multiboot2Codes, noEntryTag } from './codes2.js';
export * from './constants.js';
export * from './elf-body.js';
export * from './elf-sections.js';
export type { Found } from './find.js';
export * from './flat.js';
export * from './framebuffer.js';
export { asks, TAG } from './information.js';
export * from './kernel-text.js';
export * from './kernels.js';
export * from './memory-map.js';
export * from './modules.js';
export * from './multiboot-header.js';
export * from './multiboot-info.js';
export * from './multiboot2-header.js';
export * from './multiboot2-info.js';
export * from './place.js';
export * from './plan1.js';
export * from './plan2.js';
export * from './profiles.js';
export { BOOT_LOADER_NAME } from './version.js';
export { MultibootAddresses, MultibootGraphics, MultibootHeader } from './generated/multiboot-header.js';
export { MultibootInfo, MultibootMmap, MultibootModule } from './generated/multiboot-info.js';
export {
  AddressTag,
  ConsoleFlagsTag,
  EntryAddressTag,
  FramebufferRequestTag,
  InformationRequestTag,
  Multiboot2Header as Multiboot2HeaderFields,
  RelocatableTag,
} from './generated/multiboot2-header.js';
export {
  BasicMemoryTag,
  Efi32Tag,
  Efi64Tag,
  ElfSectionsTag,
  FramebufferTag,
  LoadBaseTag,
  MemoryMapEntry,
  MemoryMapTag,
  ModuleTag,
  Multiboot2Info,
  StringTag,
} from './generated/multiboot2-info.js';
