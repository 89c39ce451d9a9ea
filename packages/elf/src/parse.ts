import { type Diagnostic, fail, hex, ok, type Result, type SourceBytes } from '@kexec-kit/loader-api';
import { attempt, parse, toHex } from '@kexec-kit/structures';
import { badField, bigEndian, contentTruncated, headerTruncated, notElf, sectionsLost } from './codes.js';
import { ELFCLASS32, ELFCLASS64, ELFDATA2LSB, ELFDATA2MSB, PN_XNUM } from './constants.js';
import type { Elf, ElfHeader } from './elf.js';
import { Elf32Ehdr, Elf64Ehdr, ElfIdent } from './generated/elf.js';
import { readNotes } from './notes.js';
import { programHeaderSize, readProgramHeaders } from './program-headers.js';

/** What is parsed: a name for diagnostics, and the bytes. */
export type ElfImage = Pick<SourceBytes, 'name' | 'bytes'>;

const MAGIC = '7f454c46';

/** Whether the bytes begin as every ELF file does: 0x7f, "ELF". */
export function isElf(bytes: Uint8Array): boolean {
  return toHex(bytes.subarray(0, 4)) === MAGIC;
}

/**
 * Reads the headers and the notes of a little-endian ELF file of either class.
 * What a program header points to is not looked at, notes aside: that is what `readLoads` does.
 *
 * @returns ELF_NOT_ELF, ELF_BIG_ENDIAN, ELF_TRUNCATED or ELF_BAD_FIELD; warnings for what may never be needed.
 * @example
 * ```ts
 * parseElf({ name: 'empty', bytes: new Uint8Array() }).diagnostics[0]?.code; // 'ELF_NOT_ELF'
 * ```
 */
export function parseElf(image: ElfImage): Result<Elf> {
  const header = readHeader(image);
  if (!header.ok) return header;
  const wrong = checkTable(image, header.value);
  if (wrong !== undefined) return fail(wrong);
  const programHeaders = readProgramHeaders(image.bytes, header.value);
  const { notes, warnings } = readNotes(image, programHeaders);
  return ok({ header: header.value, programHeaders, notes }, [
    ...warnings,
    ...checkSections(image, header.value),
  ]);
}

function readHeader({ name, bytes }: ElfImage): Result<ElfHeader> {
  const magic = toHex(bytes.subarray(0, 4));
  if (magic === '' || !MAGIC.startsWith(magic)) return fail(notElf(name, magic));
  const truncated = (error: Parameters<typeof headerTruncated>[2]) =>
    headerTruncated(name, bytes.length, error);
  const ident = attempt(() => parse(ElfIdent, bytes), truncated);
  if (!ident.ok) return ident;
  const wrong = checkIdent(name, ident.value);
  if (wrong !== undefined) return fail(wrong);
  const isNarrow = ident.value.ei_class === ELFCLASS32;
  return attempt(() => (isNarrow ? widen(parse(Elf32Ehdr, bytes)) : parse(Elf64Ehdr, bytes)), truncated);
}

function widen(header: Elf32Ehdr): ElfHeader {
  const { e_entry, e_phoff, e_shoff } = header;
  return { ...header, e_entry: BigInt(e_entry), e_phoff: BigInt(e_phoff), e_shoff: BigInt(e_shoff) };
}

function checkIdent(name: string, { ei_class, ei_data, ei_version }: ElfIdent): Diagnostic | undefined {
  const wrong = (field: keyof typeof ElfIdent.at, found: number, expected: string) =>
    badField(name, { path: `e_ident.${field}`, offset: ElfIdent.at[field].offset }, String(found), expected);
  if (![ELFCLASS32, ELFCLASS64].includes(ei_class)) return wrong('ei_class', ei_class, '1 or 2');
  if (ei_data === ELFDATA2MSB) return bigEndian(name);
  if (ei_data !== ELFDATA2LSB) return wrong('ei_data', ei_data, '1 (ELFDATA2LSB)');
  return ei_version === 1 ? undefined : wrong('ei_version', ei_version, '1');
}

/** That the program header table is what is read here, and whole. */
function checkTable({ name, bytes }: ElfImage, header: ElfHeader): Diagnostic | undefined {
  const { e_phnum, e_phentsize, e_phoff } = header;
  if (e_phnum === 0) return undefined;
  const at = header.e_ident.ei_class === ELFCLASS32 ? Elf32Ehdr.at : Elf64Ehdr.at;
  const wrong = (field: 'e_phnum' | 'e_phentsize', expected: string) =>
    badField(name, { path: field, offset: at[field].offset }, hex(header[field]), expected);
  if (e_phnum === PN_XNUM) return wrong('e_phnum', 'fewer than 0xffff (PN_XNUM) program headers');
  const size = programHeaderSize(header);
  if (e_phentsize !== size) return wrong('e_phentsize', hex(size));
  const end = e_phoff + BigInt(e_phnum * e_phentsize);
  if (end <= BigInt(bytes.length)) return undefined;
  return contentTruncated(name, bytes.length, {
    field: 'e_phnum',
    name: 'the program header table',
    end,
  });
}

/** Nobody who starts a kernel reads section headers: that they are gone is worth a word, not more. */
function checkSections({ name, bytes }: ElfImage, header: ElfHeader): Diagnostic[] {
  const end = header.e_shoff + BigInt(header.e_shnum * header.e_shentsize);
  return header.e_shoff > 0n && end > BigInt(bytes.length) ? [sectionsLost(name, bytes.length, end)] : [];
}
