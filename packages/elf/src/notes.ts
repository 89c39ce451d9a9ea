import { type Diagnostic, hex, toIndex } from '@kexec-kit/loader-api';
import { ascii, FormatError, type FormatProblem, parse } from '@kexec-kit/structures';
import { noteMalformed } from './codes.js';
import { PT_NOTE } from './constants.js';
import type { Note, ProgramHeader } from './elf.js';
import { ElfNhdr } from './generated/elf.js';
import { fileRange } from './program-headers.js';

const HEADER = 12;
/** Overlapping PT_NOTEs could make many notes of few bytes; the core file of the largest machine has a tenth of these. */
const MOST = 65_536;

/**
 * The notes of every PT_NOTE. Where one is malformed, the rest of its PT_NOTE cannot be found: a warning says so.
 */
export function readNotes(
  { name, bytes }: { readonly name: string; readonly bytes: Uint8Array },
  headers: readonly ProgramHeader[],
): { readonly notes: readonly Note[]; readonly warnings: readonly Diagnostic[] } {
  const notes: Note[] = [];
  const warnings: Diagnostic[] = [];
  for (const header of headers) {
    if (header.p_type !== PT_NOTE) continue;
    const problem = readArea(bytes, header, notes);
    if (problem !== undefined) warnings.push(noteMalformed(name, problem));
  }
  return { notes, warnings };
}

/** Adds the notes of one PT_NOTE; returns what stopped it before its end. */
function readArea(bytes: Uint8Array, header: ProgramHeader, notes: Note[]): FormatProblem | undefined {
  const { start, end } = fileRange(header);
  if (end > BigInt(bytes.length)) return outsideFile(bytes.length, header);
  const area = { end: toIndex(end), align: header.p_align === 8n ? 8 : 4 };
  let offset = toIndex(start);
  while (offset < area.end && notes.length < MOST) {
    const note = readNote(bytes, offset, area);
    if ('expected' in note) return note;
    notes.push(note);
    offset = padded(note.offset + note.desc.length, offset, area.align);
  }
  return undefined;
}

function outsideFile(size: number, { index, at, p_offset, p_filesz }: ProgramHeader): FormatProblem {
  return {
    structure: `programHeaders[${index}]`,
    field: 'p_filesz',
    offset: at,
    found: `${hex(p_filesz)} bytes of notes from ${hex(p_offset)} on`,
    expected: `notes within the ${size} bytes of the file`,
  };
}

/** gABI, "Note Section": header, name, descriptor, each padded to the alignment of the PT_NOTE. */
function readNote(
  bytes: Uint8Array,
  offset: number,
  { end, align }: { end: number; align: number },
): Note | FormatProblem {
  const header = readNoteHeader(bytes.subarray(offset, end), offset);
  if ('expected' in header) return header;
  const { n_namesz, n_descsz, n_type } = header;
  const nameAt = offset + HEADER;
  const descAt = padded(nameAt + n_namesz, offset, align);
  if (descAt + n_descsz > end)
    return {
      ...{ structure: 'elf_nhdr', field: 'n_descsz', offset },
      found: `a name of ${n_namesz} and a descriptor of ${n_descsz} bytes`,
      expected: `an end at ${hex(end)} or before`,
    };
  const name = ascii(bytes.subarray(nameAt, nameAt + n_namesz), { untilNul: true });
  return { name, type: n_type, desc: bytes.subarray(descAt, descAt + n_descsz), offset: descAt };
}

function readNoteHeader(bytes: Uint8Array, offset: number): ElfNhdr | FormatProblem {
  try {
    return parse(ElfNhdr, bytes, { offset });
  } catch (error) {
    if (error instanceof FormatError) return error;
    throw error;
  }
}

/** Alignment counts from the note's own start: a PT_NOTE need not begin at a multiple of it. */
function padded(end: number, start: number, align: number): number {
  return start + Math.ceil((end - start) / align) * align;
}

/** The first note of that owner and type. */
export function findNote(notes: readonly Note[], name: string, type: number): Note | undefined {
  return notes.find((note) => note.name === name && note.type === type);
}
