import {
  type Address,
  type Diagnostic,
  fail,
  hex,
  ok,
  PAGE_SIZE,
  range,
  type Range,
  type Result,
  toIndex,
} from '@kexec-kit/loader-api';
import { isPowerOfTwo } from '@kexec-kit/memory';
import { badField, contentTruncated, loadsOverlap, noEntry, noLoads } from './codes.js';
import { ELFCLASS32, PF_X, PT_LOAD } from './constants.js';
import type { Elf, ProgramHeader } from './elf.js';
import { Elf32Phdr, Elf64Phdr } from './generated/elf.js';
import type { ElfImage } from './parse.js';
import { fileRange } from './program-headers.js';

/** A PT_LOAD that can be loaded: its content lies in the file, its memory in the address space. `start` is p_paddr. */
export interface Load extends Range {
  readonly header: ProgramHeader;
  /** In the file, in bytes; what of the memory is beyond it is zero. */
  readonly content: { readonly offset: number; readonly length: number };
}

/** A place that is loaded. */
export interface Entry {
  readonly load: Load;
  /** In bytes from the start of the load's memory. */
  readonly offset: bigint;
  /** How e_entry was read: as an address in virtual or in physical memory. */
  readonly as: 'virtual' | 'physical';
}

/** The segments that are loaded, ascending by physical address, disjoint. */
export interface LoadedMemory {
  readonly loads: readonly Load[];
  /** From the lowest byte of memory to the highest, holes included. */
  readonly span: Range;
}

/** The segments that are loaded, and where they are entered. */
export interface Loads extends LoadedMemory {
  readonly entry: Entry;
}

/**
 * The PT_LOADs of a file with memory, checked against file and address space, and the entry point.
 *
 * @returns ELF_NO_LOADS, ELF_TRUNCATED, ELF_BAD_FIELD, ELF_LOADS_OVERLAP or ELF_NO_ENTRY.
 */
export function readLoads(image: ElfImage, elf: Elf): Result<Loads> {
  const memory = readLoadedMemory(image, elf);
  if (!memory.ok) return memory;
  const entry = findEntry(memory.value.loads, elf.header.e_entry);
  if (entry === undefined) return fail(noEntry(image.name, elf.header.e_entry));
  return ok({ ...memory.value, entry });
}

/**
 * The same without the entry point, for images that say by other means where they are entered.
 *
 * @returns ELF_NO_LOADS, ELF_TRUNCATED, ELF_BAD_FIELD or ELF_LOADS_OVERLAP.
 */
export function readLoadedMemory(image: ElfImage, elf: Elf): Result<LoadedMemory> {
  const headers = elf.programHeaders.filter(({ p_type, p_memsz }) => p_type === PT_LOAD && p_memsz > 0n);
  for (const header of headers) {
    const wrong = checkLoad(image, elf, header);
    if (wrong !== undefined) return fail(wrong);
  }
  const loads = headers.map(loadOf).sort((a, b) => (a.start < b.start ? -1 : 1));
  const [first] = loads;
  const last = loads.at(-1);
  if (first === undefined || last === undefined) return fail(noLoads(image.name, elf.header.e_phnum));
  const overlap = findOverlap(image.name, loads);
  if (overlap !== undefined) return fail(overlap);
  return ok({ loads, span: range(first.start, last.end) });
}

function loadOf(header: ProgramHeader): Load {
  const { p_paddr, p_memsz, p_offset, p_filesz } = header;
  const content = { offset: toIndex(p_filesz === 0n ? 0n : p_offset), length: toIndex(p_filesz) };
  return { header, content, ...range(p_paddr, p_paddr + p_memsz) };
}

function checkLoad({ name, bytes }: ElfImage, elf: Elf, header: ProgramHeader): Diagnostic | undefined {
  const { p_filesz, p_memsz, p_paddr } = header;
  const isNarrow = elf.header.e_ident.ei_class === ELFCLASS32;
  if (p_filesz > p_memsz)
    return wrongField(name, elf, header, 'p_filesz', `at most the ${hex(p_memsz)} of p_memsz`);
  const { end } = fileRange(header);
  if (p_filesz > 0n && end > BigInt(bytes.length))
    return contentTruncated(name, bytes.length, {
      field: `programHeaders[${header.index}].p_filesz`,
      name: `PT_LOAD ${header.index}`,
      end,
    });
  const bits = isNarrow ? 32n : 64n;
  if (p_paddr + p_memsz > 1n << bits)
    return wrongField(name, elf, header, 'p_memsz', `an end at 2^${bits} or below`);
  return undefined;
}

function wrongField(
  name: string,
  { header: { e_ident } }: Pick<Elf, 'header'>,
  header: ProgramHeader,
  field: 'p_filesz' | 'p_memsz' | 'p_align',
  expected: string,
): Diagnostic {
  const table = e_ident.ei_class === ELFCLASS32 ? Elf32Phdr.at : Elf64Phdr.at;
  const path = `programHeaders[${header.index}].${field}`;
  return badField(name, { path, offset: header.at + table[field].offset }, hex(header[field]), expected);
}

function findOverlap(name: string, ascending: readonly Load[]): Diagnostic | undefined {
  const index = ascending.findIndex((load, i) => load.start < (ascending[i - 1]?.end ?? 0n));
  const [low, high] = ascending.slice(Math.max(index - 1, 0));
  if (index < 0 || low === undefined || high === undefined) return undefined;
  return loadsOverlap(name, { ...low, ...low.header }, { ...high, ...high.header });
}

/**
 * Where an address leads. Linkers write e_entry as a virtual address, Linux as a physical one, and a Linux kernel has
 * a PT_LOAD at virtual 0 for per-CPU data: so it is virtual only if executable memory lies there, else physical.
 */
export function findEntry(loads: readonly Load[], e_entry: Address): Entry | undefined {
  if (e_entry === 0n) return undefined;
  const virtual = loads.find(
    ({ header: { p_flags, p_vaddr, p_memsz } }) =>
      (p_flags & PF_X) !== 0 && p_vaddr <= e_entry && e_entry < p_vaddr + p_memsz,
  );
  if (virtual !== undefined)
    return { load: virtual, offset: e_entry - virtual.header.p_vaddr, as: 'virtual' };
  const physical = loads.find(({ start, end }) => start <= e_entry && e_entry < end);
  return physical && { load: physical, offset: e_entry - physical.start, as: 'physical' };
}

/**
 * The alignment at which all loads can be moved as one: the largest p_align, at least a page.
 *
 * @returns ELF_BAD_FIELD for an alignment that is no power of two: it matters only to those who move.
 */
export function moveAlignment(
  { name }: Pick<ElfImage, 'name'>,
  elf: Elf,
  loads: Pick<Loads, 'loads'>,
): Result<bigint> {
  let align = PAGE_SIZE;
  for (const { header } of loads.loads) {
    if (header.p_align > 1n && !isPowerOfTwo(header.p_align))
      return fail(wrongField(name, elf, header, 'p_align', '0, 1 or a power of two'));
    if (header.p_align > align) align = header.p_align;
  }
  return ok(align);
}
