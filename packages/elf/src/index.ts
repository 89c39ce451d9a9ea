/**
 * ELF32 and ELF64 files: headers, segments to load, entry point, notes.
 *
 * `parseElf` says what a file declares, `readLoads` what of it goes to memory. Nothing here knows what the file is for:
 * loaders of ELF kernels (plain, PVH, Multiboot, Xen) and readers of core files build on it.
 *
 * @packageDocumentation
 */
export { elfCodes } from './codes.js';
export * from './constants.js';
export * from './dynamic.js';
export * from './elf.js';
export * from './facts.js';
export * from './kernel-notes.js';
export * from './loads.js';
export { findNote } from './notes.js';
export * from './parse.js';
export {
  Elf32Dyn,
  Elf32Ehdr,
  Elf32Phdr,
  Elf64Dyn,
  Elf64Ehdr,
  Elf64Phdr,
  ElfIdent,
  ElfNhdr,
} from './generated/elf.js';
