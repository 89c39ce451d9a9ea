import {
  EM_386,
  EM_X86_64,
  type Elf,
  ET_DYN,
  ET_EXEC,
  isLinux,
  type LoadedMemory,
  parseElf,
  readLoadedMemory,
} from '@kexec-kit/elf';
import { type Diagnostic, fail, ok, type Result, type Source, type SourceBytes } from '@kexec-kit/loader-api';
import { entryOutside, noEntry, notExecutable, wrongMachine } from './codes.js';
import type { PvhKernel } from './image.js';
import { entryNote, readEntry, readRelocation, type Relocation, relocationNote } from './notes.js';

/** Parses an ELF file, what of it is loaded, and the two notes by which it is entered and moved. */
export function load(image: SourceBytes): Result<PvhKernel> {
  const parsed = parseElf(image);
  if (!parsed.ok) return parsed;
  const elf = parsed.value;
  const wrong = whyNotEntered(image.name, elf);
  if (wrong !== undefined) return fail(wrong);
  const memory = readLoadedMemory(image, elf);
  if (!memory.ok) return memory;
  const entry = findEntry(image.name, elf, memory.value);
  if (!entry.ok) return entry;
  const relocation = findRelocation(image.name, elf);
  if (!relocation.ok) return relocation;
  return ok(
    {
      source: identity(image),
      elf,
      ...memory.value,
      entry: entry.value,
      relocation: relocation.value,
      linux: isLinux(elf.notes),
      architecture: elf.header.e_machine === EM_386 ? 'i386' : 'x86_64',
    },
    parsed.diagnostics,
  );
}

function whyNotEntered(name: string, { header }: Elf): Diagnostic | undefined {
  if (![EM_386, EM_X86_64].includes(header.e_machine)) return wrongMachine(name, header);
  return [ET_EXEC, ET_DYN].includes(header.e_type) ? undefined : notExecutable(name, header);
}

/** PHYS32_ENTRY is a physical address, whatever the program headers say of virtual ones. */
function findEntry(name: string, { notes }: Elf, { loads }: LoadedMemory): Result<PvhKernel['entry']> {
  const note = entryNote(notes);
  if (note === undefined) return fail(noEntry(name, notes.length));
  const address = readEntry(name, note);
  if (!address.ok) return address;
  const load = loads.find(({ start, end }) => start <= address.value && address.value < end);
  if (load === undefined) return fail(entryOutside(name, note.offset, address.value));
  return ok({ load, offset: address.value - load.start });
}

function findRelocation(name: string, { notes }: Elf): Result<Relocation | undefined> {
  const note = relocationNote(notes);
  return note === undefined ? ok(undefined) : readRelocation(name, note);
}

/** An image keeps the name of its file, never the bytes. */
function identity({ id, name, size, sha256, decompressed }: SourceBytes): Source {
  return { id, name, size, sha256, ...(decompressed === undefined ? {} : { decompressed }) };
}
