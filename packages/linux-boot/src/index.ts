/**
 * The Linux/x86 boot protocol: what a kernel's setup header says, and what the kernel is handed in return.
 *
 * Nothing here knows a file format: every loader that ends in a Linux kernel (bzImage, ELF, PVH with Linux arguments)
 * builds its boot parameters with this.
 *
 * @packageDocumentation
 */
export * from './boot-params.js';
export * from './codes.js';
export * from './command-line.js';
export * from './e820.js';
export * from './flags.js';
export * from './handover.js';
export * from './initrd.js';
export * from './last-words-page.js';
export * from './map-hole.js';
export * from './real-mode.js';
export * from './setup-data.js';
export * from './setup-header.js';
export { BootParams, EfiInfo, ScreenInfo } from './generated/boot-params.js';
export { EfiMemoryDescriptor } from './generated/efi-memory-descriptor.js';
export { EfiSetupData } from './generated/efi-setup-data.js';
export { SetupData } from './generated/setup-data.js';
export { SetupHeader } from './generated/setup-header.js';
