import {
  type Elf,
  ELFCLASS64,
  EM_386,
  EM_X86_64,
  ET_DYN,
  ET_EXEC,
  findEntry,
  type Load,
  moveAlignment,
  parseElf,
  permissions,
  readLoadedMemory,
} from '@kexec-kit/elf';
import {
  type Address,
  type Diagnostic,
  fail,
  hex,
  ok,
  PAGE_SIZE,
  type Result,
  type SourceBytes,
} from '@kexec-kit/loader-api';
import { type Body, type Chunk, FOUR_GIB } from './body.js';
import { above4G, entryOutside, notExecutable, wrongMachine } from './codes.js';

/** An ELF image, and what its headers say besides. */
export interface ElfBody extends Body {
  readonly elf: Elf;
}

/** What a protocol takes. */
export interface ElfDemands {
  /** Whether an ELF64 file may be entered, in 32-bit mode as any other. */
  readonly wide: boolean;
  /** The entry point that a header names: a physical address as linked, and where it stands in the file. */
  readonly entry?: { readonly address: number; readonly at: number };
}

/** `e_entry` in an ELF header of either class (gABI, "ELF Header"). */
const E_ENTRY_AT = 0x18;

/**
 * An ELF image by its PT_LOADs. Without an entry point from a header e_entry counts: as a virtual address if executable
 * memory lies there, else as a physical one.
 *
 * @returns What reading an ELF file gives, MULTIBOOT_MACHINE, MULTIBOOT_NOT_EXECUTABLE, MULTIBOOT_ABOVE_4G or MULTIBOOT_ENTRY_OUTSIDE.
 */
export function readElfBody(
  image: Pick<SourceBytes, 'name' | 'bytes'>,
  { wide, entry: named }: ElfDemands,
): Result<ElfBody> {
  const parsed = parseElf(image);
  if (!parsed.ok) return parsed;
  const elf = parsed.value;
  const wrong = whyNotEntered(image.name, elf, wide);
  if (wrong !== undefined) return fail(wrong);
  const memory = readLoadedMemory(image, elf);
  if (!memory.ok) return memory;
  const { loads, span } = memory.value;
  if (span.end > FOUR_GIB) return fail(above4G(image.name, span));
  const found =
    named === undefined ? findEntry(loads, elf.header.e_entry) : physical(loads, BigInt(named.address));
  if (found === undefined)
    return fail(
      named === undefined
        ? entryOutside(image.name, E_ENTRY_AT, 'e_entry', elf.header.e_entry)
        : entryOutside(image.name, named.at, 'entry_addr', BigInt(named.address)),
    );
  const chunks = loads.map(chunkOf);
  const entry = { chunk: chunkOf(found.load), offset: found.offset };
  const movable = elf.header.e_type === ET_DYN;
  const align = movable ? moveAlignment(image, elf, memory.value) : ok(PAGE_SIZE);
  if (!align.ok) return align;
  return ok({ chunks, span, entry, movable, align: align.value, elf }, parsed.diagnostics);
}

function whyNotEntered(name: string, { header }: Elf, wide: boolean): Diagnostic | undefined {
  const is64 = header.e_ident.ei_class === ELFCLASS64;
  const machines = wide ? [EM_386, EM_X86_64] : [EM_386];
  const expected = wide ? 'EM_386 or EM_X86_64' : 'ELFCLASS32 (1) with EM_386';
  if ((is64 && !wide) || !machines.includes(header.e_machine)) return wrongMachine(name, header, expected);
  return [ET_EXEC, ET_DYN].includes(header.e_type) ? undefined : notExecutable(name, header);
}

function physical(loads: readonly Load[], address: Address): { load: Load; offset: bigint } | undefined {
  const load = loads.find(({ start, end }) => start <= address && address < end);
  return load && { load, offset: address - load.start };
}

function chunkOf({ header, content, start, end }: Load): Chunk {
  const why = `PT_LOAD ${header.index} (${permissions(header.p_flags)}), linked at ${hex(start)}`;
  return { id: `load.${header.index}`, content, start, end, why };
}
