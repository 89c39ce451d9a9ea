import { type Codes, type Diagnostic, hex, type Range } from '@kexec-kit/loader-api';
import { type FormatProblem, placeOf } from '@kexec-kit/structures';
import type { ProgramHeader } from './elf.js';

/** Every code that reading an ELF file can give: a loader of ELF images adds these to its own. */
export const elfCodes = {
  ELF_NOT_ELF: {
    cause: 'The file does not begin with 0x7f "ELF".',
    cure: 'Give an ELF file, or another --type.',
    spec: 'gABI, "ELF Identification"',
  },
  ELF_BIG_ENDIAN: {
    cause: 'The file is for a big-endian machine (ei_data 2, ELFDATA2MSB), and x86 is little-endian.',
    cure: 'Give a file that was built for x86.',
    spec: 'gABI, "ELF Identification", EI_DATA',
  },
  ELF_TRUNCATED: {
    cause: 'The file ends before what its headers declare.',
    cure: 'Copy or download the file again: the end of it is missing.',
    spec: 'gABI, "ELF Header" and "Program Header"',
  },
  ELF_BAD_FIELD: {
    cause: 'A field of the ELF header or of a program header has a value that no file can mean.',
    cure: 'The file was damaged or built wrongly: get it from its source again.',
    spec: 'gABI, "ELF Header" and "Program Header"',
  },
  ELF_NO_LOADS: {
    cause: 'The file has no segment to load (PT_LOAD).',
    cure: 'Give a linked kernel, not an object file or a file of debug symbols.',
    spec: 'gABI, "Program Header"',
  },
  ELF_LOADS_OVERLAP: {
    cause: 'Two segments of the file (PT_LOAD) want the same physical memory.',
    cure: 'Link the image again with physical addresses (AT> or LMA) that do not overlap.',
    spec: 'gABI, "Program Header", p_paddr',
  },
  ELF_NO_ENTRY: {
    cause: 'The entry point is missing, or lies in no segment that is loaded.',
    cure: 'Link the image again with an ENTRY that is in its code.',
    spec: 'gABI, "ELF Header", e_entry',
  },
  ELF_NOTE_MALFORMED: {
    cause: 'The notes of the file are damaged from some place on; those before it were read.',
    cure: 'Nothing, if the image starts: no note that it needs is missing. Otherwise get the file from its source again.',
    spec: 'gABI, "Note Section"',
  },
  ELF_SECTIONS_LOST: {
    cause: 'The segments are whole, but the section headers that should stand behind them are cut off.',
    cure: 'Copy the file again if anybody is to debug it; it boots without.',
    spec: 'gABI, "ELF Header", e_shoff',
  },
} satisfies Codes;

type Code = keyof typeof elfCodes;

function diagnostic(code: Code, rest: Omit<Diagnostic, 'code' | 'severity' | 'hint' | 'spec'>): Diagnostic {
  const { cure, spec } = elfCodes[code];
  return { code, severity: 'error', hint: cure, spec, ...rest };
}

function warning(code: Code, rest: Omit<Diagnostic, 'code' | 'severity' | 'hint' | 'spec'>): Diagnostic {
  return { ...diagnostic(code, rest), severity: 'warning' };
}

export function notElf(source: string, found: string): Diagnostic {
  return diagnostic('ELF_NOT_ELF', {
    message: `${source} is not an ELF file.`,
    at: { source, offset: 0, field: 'elf_ident.ei_mag' },
    found,
    expected: '7f454c46',
  });
}

export function bigEndian(source: string): Diagnostic {
  return diagnostic('ELF_BIG_ENDIAN', {
    message: `${source} is for a big-endian machine.`,
    at: { source, offset: 5, field: 'elf_ident.ei_data' },
    found: '2 (ELFDATA2MSB)',
    expected: '1 (ELFDATA2LSB)',
  });
}

/** A header is cut off. */
export function headerTruncated(source: string, size: number, error: FormatProblem): Diagnostic {
  return diagnostic('ELF_TRUNCATED', {
    message: `${source} ends within its headers.`,
    at: placeOf(error, source),
    found: `${size} bytes in the file`,
    expected: `${error.expected} at ${hex(error.offset)}`,
  });
}

/** What a header declares is cut off. */
export function contentTruncated(
  source: string,
  size: number,
  what: { readonly field: string; readonly name: string; readonly end: bigint },
): Diagnostic {
  return diagnostic('ELF_TRUNCATED', {
    message: `${source} is cut off: ${what.name} should end at ${hex(what.end)}.`,
    at: { source, offset: size, field: what.field },
    found: `${size} bytes in the file`,
    expected: `at least ${what.end} bytes`,
  });
}

export function badField(
  source: string,
  field: { readonly path: string; readonly offset: number },
  found: string,
  expected: string,
): Diagnostic {
  return diagnostic('ELF_BAD_FIELD', {
    message: `The ${field.path} of ${source} cannot be meant.`,
    at: { source, offset: field.offset, field: field.path },
    found,
    expected,
  });
}

export function noLoads(source: string, e_phnum: number): Diagnostic {
  return diagnostic('ELF_NO_LOADS', {
    message: `${source} has nothing to load.`,
    at: { source, field: 'programHeaders' },
    found: `${e_phnum} program headers, none of type PT_LOAD with memory`,
    expected: 'at least one PT_LOAD',
  });
}

type Placed = Pick<ProgramHeader, 'index' | 'at'>;

export function loadsOverlap(source: string, low: Placed & Range, high: Placed & Range): Diagnostic {
  return diagnostic('ELF_LOADS_OVERLAP', {
    message: `PT_LOAD ${low.index} and PT_LOAD ${high.index} of ${source} want the same memory.`,
    at: { source, offset: high.at, field: `programHeaders[${high.index}].p_paddr` },
    found: `${hex(low.start)}-${hex(low.end)} and ${hex(high.start)}-${hex(high.end)}`,
    expected: `physical addresses from ${hex(low.end)} on`,
  });
}

export function noEntry(source: string, e_entry: bigint): Diagnostic {
  return diagnostic('ELF_NO_ENTRY', {
    message:
      e_entry === 0n
        ? `${source} has no entry point.`
        : `The entry point of ${source} lies in no segment that is loaded.`,
    at: { source, offset: 0x18, field: 'e_entry' },
    found: hex(e_entry),
    expected: 'a virtual address in executable memory, or a physical one in any PT_LOAD',
  });
}

export function noteMalformed(source: string, problem: FormatProblem): Diagnostic {
  return warning('ELF_NOTE_MALFORMED', {
    message: `A note of ${source} is malformed; it and the ones behind it are ignored.`,
    at: placeOf(problem, source),
    found: problem.found,
    expected: problem.expected,
  });
}

export function sectionsLost(source: string, size: number, end: bigint): Diagnostic {
  return warning('ELF_SECTIONS_LOST', {
    message: `${source} has lost its section headers.`,
    at: { source, offset: size, field: 'e_shoff' },
    found: `${size} bytes`,
    expected: `${end} bytes`,
  });
}
