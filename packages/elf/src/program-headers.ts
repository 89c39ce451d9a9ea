import { type Range, range, toIndex } from '@kexec-kit/loader-api';
import { parse } from '@kexec-kit/structures';
import { ELFCLASS32 } from './constants.js';
import type { ElfHeader, ProgramHeader } from './elf.js';
import { Elf32Phdr, Elf64Phdr } from './generated/elf.js';

/** In bytes, by the file's class. */
export function programHeaderSize({ e_ident }: ElfHeader): number {
  return e_ident.ei_class === ELFCLASS32 ? 32 : 56;
}

/** The table lies within the file: that was checked. */
export function readProgramHeaders(bytes: Uint8Array, header: ElfHeader): ProgramHeader[] {
  const isNarrow = header.e_ident.ei_class === ELFCLASS32;
  return Array.from({ length: header.e_phnum }, (_, index) => {
    const at = toIndex(header.e_phoff, bytes.length) + index * programHeaderSize(header);
    const own = bytes.subarray(at);
    const fields = isNarrow ? widen(parse(Elf32Phdr, own)) : parse(Elf64Phdr, own);
    return { index, at, ...fields };
  });
}

function widen(narrow: Elf32Phdr): Elf64Phdr {
  const { p_type, p_flags, p_offset, p_vaddr, p_paddr, p_filesz, p_memsz, p_align } = narrow;
  return {
    ...{ p_type, p_flags },
    p_offset: BigInt(p_offset),
    p_vaddr: BigInt(p_vaddr),
    p_paddr: BigInt(p_paddr),
    p_filesz: BigInt(p_filesz),
    p_memsz: BigInt(p_memsz),
    p_align: BigInt(p_align),
  };
}

/** The bytes of the file that a program header describes: an end beyond the file's is not refused here. */
export function fileRange({ p_offset, p_filesz }: ProgramHeader): Range {
  return range(p_offset, p_offset + p_filesz);
}
