import {
  EM_386,
  EM_X86_64,
  Elf64Ehdr,
  Elf64Phdr,
  ELFCLASS64,
  ELFDATA2LSB,
  ElfIdent,
  ET_CORE,
  PF_R,
  PF_W,
  PF_X,
  PT_LOAD,
  PT_NOTE,
} from '@kexec-kit/elf';
import type { Address, Architecture, CrashFacts, Machine, Range } from '@kexec-kit/loader-api';
import { sizeOf } from '@kexec-kit/loader-api';
import { type StructureBuilder, writer } from '@kexec-kit/structures';
import { dumpedMemory } from './dumped.js';

const IDENT_SIZE = 16;
const EHDR_SIZE = 64;
const PHDR_SIZE = 56;
/** gABI, "ELF Header": from here on e_phnum stands elsewhere, where Linux does not look. */
export const MOST_HEADERS = 0xfffe;

/** Where memory is mapped without KASLR, with four levels of paging (Documentation/arch/x86/x86_64/mm.rst). */
const DEFAULT_PAGE_OFFSET: Readonly<Record<Architecture, Address>> = {
  x86_64: 0xffff888000000000n,
  i386: 0xc0000000n,
};
/** What i386 maps directly at most: memory beyond has no virtual address. */
const I386_LOW_MEMORY = 0x38000000n;
const NO_ADDRESS = 0xffffffffffffffffn;

/** The running kernel's memory in one program header, its place in the dump being its own physical address. */
interface Described extends Range {
  readonly type: number;
  readonly flags: number;
  readonly virtual: Address;
}

/**
 * The ELF core header of the running kernel's memory: notes of each CPU, vmcoreinfo, the kernel's image, and all of RAM that a
 * dump holds. Always ELF64, which capture kernels of either word size read. The capture kernel shows it as /proc/vmcore.
 *
 * @throws RangeError when there are more than {@link MOST_HEADERS} pieces of memory: ask {@link countHeaders} first.
 * @example
 * ```ts no-run
 * buildElfcorehdr(machine).subarray(0, 4); // 0x7f, "ELF"
 * ```
 */
export function buildElfcorehdr(machine: Machine): Uint8Array {
  const headers = describe(machine);
  if (headers.length > MOST_HEADERS) throw new RangeError(`${headers.length} program headers`);
  const core = writer(EHDR_SIZE + headers.length * PHDR_SIZE);
  writeHeader(core, machine.architecture, headers.length);
  for (const [i, header] of headers.entries()) core.bytes(EHDR_SIZE + i * PHDR_SIZE, programHeader(header));
  return core.value;
}

/** How many program headers it takes. */
export function countHeaders(machine: Machine): number {
  return describe(machine).length;
}

function describe(machine: Machine): Described[] {
  const { architecture, crash } = machine;
  if (crash === undefined) return [];
  const { vmcoreinfo, kernel } = crash;
  return [
    ...crash.cpuNotes.map(note),
    ...(vmcoreinfo === undefined ? [] : [note(vmcoreinfo)]),
    ...(kernel === undefined ? [] : [load(kernel, kernel.virtualStart)]),
    ...dumpedMemory(machine).flatMap((each) => directlyMapped(each, architecture, crash)),
  ];
}

function note({ start, end }: Range): Described {
  return { type: PT_NOTE, flags: 0, start, end, virtual: 0n };
}

function load({ start, end }: Range, virtual: Address): Described {
  return { type: PT_LOAD, flags: PF_R | PF_W | PF_X, start, end, virtual };
}

/** An i386 kernel maps the beginning of memory only. */
function directlyMapped(memory: Range, architecture: Architecture, { pageOffset }: CrashFacts): Described[] {
  const offset = pageOffset ?? DEFAULT_PAGE_OFFSET[architecture];
  if (architecture === 'x86_64') return [load(memory, memory.start + offset)];
  const { start, end } = memory;
  if (end <= I386_LOW_MEMORY) return [load(memory, start + offset)];
  if (start >= I386_LOW_MEMORY) return [load(memory, NO_ADDRESS)];
  return [
    load({ start, end: I386_LOW_MEMORY }, start + offset),
    load({ start: I386_LOW_MEMORY, end }, NO_ADDRESS),
  ];
}

function writeHeader(core: StructureBuilder, architecture: Architecture, count: number): void {
  const { at } = Elf64Ehdr;
  core
    .bytes(at.e_ident, identification())
    .u16(at.e_type, ET_CORE)
    .u16(at.e_machine, architecture === 'x86_64' ? EM_X86_64 : EM_386)
    .u32(at.e_version, 1)
    .u64(at.e_phoff, BigInt(EHDR_SIZE))
    .u16(at.e_ehsize, EHDR_SIZE)
    .u16(at.e_phentsize, PHDR_SIZE)
    .u16(at.e_phnum, count);
}

function identification(): Uint8Array {
  const { at } = ElfIdent;
  return writer(IDENT_SIZE)
    .bytes(at.ei_mag, Uint8Array.of(0x7f, 0x45, 0x4c, 0x46))
    .u8(at.ei_class, ELFCLASS64)
    .u8(at.ei_data, ELFDATA2LSB)
    .u8(at.ei_version, 1).value;
}

/** The place in the dump is the physical address: Linux reads memory there, and makes offsets of its own of it. */
function programHeader(described: Described): Uint8Array {
  const { at } = Elf64Phdr;
  return writer(PHDR_SIZE)
    .u32(at.p_type, described.type)
    .u32(at.p_flags, described.flags)
    .u64(at.p_offset, described.start)
    .u64(at.p_vaddr, described.virtual)
    .u64(at.p_paddr, described.start)
    .u64(at.p_filesz, sizeOf(described))
    .u64(at.p_memsz, sizeOf(described)).value;
}
