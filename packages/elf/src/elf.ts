import type { Elf64Ehdr, Elf64Phdr } from './generated/elf.js';

/** The header of either class, its addresses and offsets widened to 64 bits. */
export type ElfHeader = Elf64Ehdr;

/** A program header of either class, its addresses, offsets and sizes widened to 64 bits. */
export interface ProgramHeader extends Elf64Phdr {
  /** Its number in the table, from 0. */
  readonly index: number;
  /** Its own place in the file, in bytes. */
  readonly at: number;
}

/** A note: who defined it, what it is, what it says. */
export interface Note {
  /** e.g. `Xen`, `GNU`; printable ASCII without the NUL. */
  readonly name: string;
  readonly type: number;
  /** A view of the file. */
  readonly desc: Uint8Array;
  /** Where `desc` lies in the file, in bytes. */
  readonly offset: number;
}

/** What the headers of an ELF file say. Plain data; nothing here is checked against a purpose. */
export interface Elf {
  readonly header: ElfHeader;
  readonly programHeaders: readonly ProgramHeader[];
  /** Of every PT_NOTE, in the order of the file, as far as they can be read. */
  readonly notes: readonly Note[];
}
