import { ELFCLASS64 } from '@kexec-kit/elf';
import { addressOf, type Part, type Relocation, type SourceBytes, toIndex } from '@kexec-kit/loader-api';
import { parse } from '@kexec-kit/structures';
import type { Chunk } from './body.js';
import type { ElfBody } from './elf-body.js';
import { Elf32Shdr, Elf64Shdr } from './generated/elf-section.js';
import type { SectionHeaders } from './multiboot2-info.js';

/** The section headers of an image, and those sections that no PT_LOAD brings into memory. */
export interface Sections {
  readonly headers: SectionHeaders;
  /** What is loaded for them, as one segment; empty for nothing. */
  readonly parts: readonly Part[];
  readonly size: bigint;
}

/** The segment of the sections that are loaded besides the image. */
export const SECTIONS = 'elf-sections';
/** Of each section, in bytes: enough for whatever a symbol table holds. */
const ALIGN = 16n;
/** gABI, "Sections", sh_type: a section without bytes in the file. */
const [SHT_NULL, SHT_NOBITS] = [0, 8];

interface Section {
  readonly at: number;
  readonly sh_type: number;
  readonly sh_addr: bigint;
  readonly sh_offset: bigint;
  readonly sh_size: bigint;
}

/**
 * What tag 9 (Multiboot2 2.0, 3.6.7) says of an image: all section headers, `sh_addr` of those that are not loaded with the
 * image set to where they are loaded to. Undefined when the file has none, or when its headers lie: nobody starts by them.
 */
export function readSections(
  { id, bytes }: Pick<SourceBytes, 'id' | 'bytes'>,
  body: ElfBody,
): Sections | undefined {
  const { e_ident, e_shoff, e_shnum, e_shentsize, e_shstrndx } = body.elf.header;
  const wide = e_ident.ei_class === ELFCLASS64;
  const length = BigInt(e_shnum * e_shentsize);
  if (e_shnum === 0 || e_shentsize !== (wide ? 64 : 40) || e_shoff + length > BigInt(bytes.length))
    return undefined;
  const start = toIndex(e_shoff);
  const table = bytes.slice(start, start + toIndex(length));
  const sections = Array.from({ length: e_shnum }, (_, i) => sectionAt(table, i * e_shentsize, wide));
  const { parts, size, relocations } = loadSections(id, sections.filter(isApart), bytes.length, wide);
  if (size > BigInt(bytes.length)) return undefined;
  const moved = sections.flatMap((section) => follow(section, body.chunks, wide));
  return {
    headers: {
      bytes: table,
      num: e_shnum,
      entsize: e_shentsize,
      shndx: e_shstrndx,
      relocations: [...relocations, ...moved],
    },
    parts,
    size,
  };
}

function sectionAt(table: Uint8Array, at: number, wide: boolean): Section {
  const own = table.subarray(at);
  if (wide) return { at, ...parse(Elf64Shdr, own) };
  const { sh_type, sh_addr, sh_offset, sh_size } = parse(Elf32Shdr, own);
  return { at, sh_type, sh_addr: BigInt(sh_addr), sh_offset: BigInt(sh_offset), sh_size: BigInt(sh_size) };
}

function isApart({ sh_type, sh_addr, sh_size }: Section): boolean {
  return sh_type !== SHT_NULL && sh_type !== SHT_NOBITS && sh_addr === 0n && sh_size > 0n;
}

/** One behind the other. Sections that share bytes are loaded twice, up to the size of the file; more is a lie. */
function loadSections(
  source: string,
  sections: readonly Section[],
  fileSize: number,
  wide: boolean,
): { readonly parts: Part[]; readonly size: bigint; readonly relocations: Relocation[] } {
  const parts: Part[] = [];
  const relocations: Relocation[] = [];
  let size = 0n;
  for (const { at, sh_offset, sh_size } of sections) {
    if (sh_offset + sh_size > BigInt(fileSize)) continue;
    const padding = -size & (ALIGN - 1n);
    if (padding > 0n) parts.push({ zeros: padding });
    relocations.push(address(at, addressOf(SECTIONS, size + padding), wide));
    parts.push({ source, offset: toIndex(sh_offset), length: toIndex(sh_size) });
    size += padding + sh_size;
  }
  return { parts, size, relocations };
}

/** A section of the image lies where its chunk does, if it was linked by physical addresses. */
function follow({ at, sh_addr }: Section, chunks: readonly Chunk[], wide: boolean): Relocation[] {
  if (sh_addr === 0n) return [];
  const chunk = chunks.find(({ start, end }) => start <= sh_addr && sh_addr < end);
  return chunk === undefined ? [] : [address(at, addressOf(chunk.id, sh_addr - chunk.start), wide)];
}

function address(section: number, value: ReturnType<typeof addressOf>, wide: boolean): Relocation {
  const { sh_addr } = wide ? Elf64Shdr.at : Elf32Shdr.at;
  return { offset: section + sh_addr.offset, value, encoding: wide ? 'u64' : 'u32' };
}
