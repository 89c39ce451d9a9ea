import type { Elf, Load, LoadedMemory } from '@kexec-kit/elf';
import type { Source } from '@kexec-kit/loader-api';
import type { Relocation } from './notes.js';

/** A kernel with a PVH entry as `load` understood it. */
export interface PvhKernel extends LoadedMemory {
  readonly source: Source;
  readonly elf: Elf;
  /** PHYS32_ENTRY: a byte of what is loaded. */
  readonly entry: { readonly load: Load; readonly offset: bigint };
  /** PHYS32_RELOC: where it may lie besides where it was linked; undefined when it may not be moved. */
  readonly relocation: Relocation | undefined;
  /** A Linux kernel by its notes, which takes less than the structure can say. */
  readonly linux: boolean;
  /** The kernel's own architecture, as far as the file says; it is entered in 32-bit mode in any case. */
  readonly architecture: 'x86_64' | 'i386';
}
