import { type Fact, type Facts, hex } from '@kexec-kit/loader-api';
import { ascii } from '@kexec-kit/structures';
import { ELFCLASS32, machineName, permissions, segmentTypeName, typeName } from './constants.js';
import type { Elf, ElfHeader, Note, ProgramHeader } from './elf.js';
import { Elf32Ehdr, Elf64Ehdr } from './generated/elf.js';
import { programHeaderSize } from './program-headers.js';

/** In bytes: more of a descriptor is not shown. */
const SHOWN = 32;

/** The header, every program header and every note, each with its place and its clause. */
export function elfFacts({ header, programHeaders, notes }: Elf): Facts {
  const size = programHeaderSize(header);
  return [
    { title: 'ELF header', fields: headerFacts(header) },
    { title: 'Program headers', fields: programHeaders.map((each) => programHeaderFact(each, size)) },
    ...(notes.length === 0 ? [] : [{ title: 'Notes', fields: notes.map(noteFact) }]),
  ];
}

const DESCRIBED: Readonly<Record<string, (value: number) => string>> = {
  e_type: typeName,
  e_machine: machineName,
};

function headerFacts(header: ElfHeader): Fact[] {
  const { fields } = header.e_ident.ei_class === ELFCLASS32 ? Elf32Ehdr : Elf64Ehdr;
  return fields.flatMap(({ name, offset, size, spec }) => {
    const value = valueAt(header, name);
    if (value === undefined) return [];
    const words = typeof value === 'number' ? DESCRIBED[name]?.(value) : undefined;
    const shown = words === undefined ? hex(value) : `${hex(value)} (${words})`;
    return [{ name, value: shown, offset, size, ...(spec === undefined ? {} : { spec }) }];
  });
}

/** By its path: `e_ident.ei_class`. */
function valueAt(header: ElfHeader, path: string): number | bigint | undefined {
  const [first = '', second] = path.split('.');
  const outer = header[first as keyof ElfHeader] as unknown;
  const value = second === undefined ? outer : (outer as Readonly<Record<string, unknown>>)[second];
  return typeof value === 'number' || typeof value === 'bigint' ? value : undefined;
}

function programHeaderFact(header: ProgramHeader, size: number): Fact {
  const { p_type, p_flags, p_offset, p_filesz, p_vaddr, p_paddr, p_memsz, p_align } = header;
  const value = [
    permissions(p_flags),
    `file ${hex(p_offset)}+${hex(p_filesz)}`,
    `virtual ${hex(p_vaddr)}`,
    `physical ${hex(p_paddr)}+${hex(p_memsz)}`,
    `aligned to ${hex(p_align)}`,
  ].join(', ');
  return {
    name: `${segmentTypeName(p_type)} ${header.index}`,
    value,
    offset: header.at,
    size,
    spec: 'gABI, "Program Header"',
  };
}

function noteFact({ name, type, desc, offset }: Note): Fact {
  const shown = ascii(desc.subarray(0, SHOWN));
  const value = desc.length > SHOWN ? `${shown}…` : shown;
  return {
    name: `${name} ${hex(type)}`,
    value,
    offset,
    size: desc.length,
    spec: 'gABI, "Note Section"',
  };
}
