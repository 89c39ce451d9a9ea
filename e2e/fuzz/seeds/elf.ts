import { gunzipSync } from 'node:zlib';
import {
  Elf32Ehdr,
  Elf32Phdr,
  Elf64Ehdr,
  Elf64Phdr,
  ElfNhdr,
  parseElf,
  type ElfHeader,
  type ProgramHeader,
} from '@kexec-kit/elf';
import { unwrap } from '@kexec-kit/loader-api';
import {
  AddressTag,
  findMultiboot2Header,
  findMultibootHeader,
  Multiboot2HeaderFields,
  MultibootAddresses,
  MultibootGraphics,
  MultibootHeader,
} from '@kexec-kit/multiboot-info';
import { elfFile } from '../../../tools/elf-file.mjs';
import { fieldsAt, usable, wordsAt } from '../fields.js';
import type { Seed, SeedField } from '../target.js';

/** Of each segment of a real file, so many bytes are kept. */
const KEPT = 4096;
const PT_NOTE = 4;

/** A real ELF file with its own headers, notes and addresses, and the beginning of each segment's content only. */
export function trimmedElf(file: Uint8Array, text?: string): Uint8Array {
  const bytes = new Uint8Array(file[0] === 0x1f ? gunzipSync(file) : file);
  const { header, programHeaders } = unwrap(parseElf({ name: 'seed', bytes }));
  const segments = programHeaders.map((each) => {
    const start = Number(each.p_offset);
    const content = bytes.slice(start, start + Math.min(Number(each.p_filesz), KEPT));
    // What a loader recognises the kernel by may stand far behind.
    if (text !== undefined && each.p_type === 1) content.set(Buffer.from(`${text}\0`), content.length - 64);
    return { ...fieldsOf(each), content };
  });
  const { e_type, e_entry, e_flags, e_machine } = header;
  return elfFile({
    bits: isNarrow(header) ? 32 : 64,
    header: { e_type, e_entry, e_flags, e_machine },
    segments,
  });
}

function fieldsOf({ p_type, p_flags, p_vaddr, p_paddr, p_memsz, p_align }: ProgramHeader) {
  return { p_type, p_flags, p_vaddr, p_paddr, p_memsz, p_align };
}

function isNarrow({ e_ident }: ElfHeader): boolean {
  return e_ident.ei_class === 1;
}

/** A seed with every field of its ELF headers, its notes and the Multiboot headers that it has. */
export function elfSeed(name: string, bytes: Uint8Array): Seed {
  const fields = [...elfFields(bytes), ...multibootFields(bytes), ...multiboot2Fields(bytes)];
  return { name, bytes, fields: usable(fields, bytes) };
}

function elfFields(bytes: Uint8Array): SeedField[] {
  const parsed = parseElf({ name: 'seed', bytes });
  if (!parsed.ok) return [];
  const { header, programHeaders } = parsed.value;
  const [ehdr, phdr] = isNarrow(header) ? [Elf32Ehdr, Elf32Phdr] : [Elf64Ehdr, Elf64Phdr];
  return [
    ...fieldsAt(ehdr, 0),
    ...programHeaders.flatMap((each, i) => [
      ...fieldsAt(phdr, Number(header.e_phoff) + i * header.e_phentsize, `phdr[${String(i)}].`),
      ...(each.p_type === PT_NOTE ? noteFields(bytes, Number(each.p_offset), Number(each.p_filesz)) : []),
    ]),
  ];
}

function noteFields(bytes: Uint8Array, start: number, size: number): SeedField[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fields: SeedField[] = [];
  for (let at = start; at + 12 <= start + size && at + 12 <= bytes.length;) {
    const name = Math.ceil(view.getUint32(at, true) / 4) * 4;
    const desc = Math.ceil(view.getUint32(at + 4, true) / 4) * 4;
    fields.push(...fieldsAt(ElfNhdr, at, 'note.'), ...wordsAt(at + 12, at + 12 + name + Math.min(desc, 32)));
    at += 12 + name + desc;
  }
  return fields;
}

function multibootFields(bytes: Uint8Array): SeedField[] {
  const found = findMultibootHeader(bytes);
  if (!found.ok) return [];
  return [
    ...fieldsAt(MultibootHeader, found.offset),
    ...fieldsAt(MultibootAddresses, found.offset + 12),
    ...fieldsAt(MultibootGraphics, found.offset + 32),
  ];
}

function multiboot2Fields(bytes: Uint8Array): SeedField[] {
  const found = findMultiboot2Header(bytes);
  if (!found.ok) return [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fields = fieldsAt(Multiboot2HeaderFields, found.offset);
  const end = Math.min(bytes.length, found.offset + view.getUint32(found.offset + 8, true));
  for (let at = found.offset + 16; at + 8 <= end;) {
    const size = Math.max(8, view.getUint32(at + 4, true));
    // `type`, `flags` and `size` begin every tag (Multiboot2 2.0, 3.1.3).
    fields.push(...fieldsAt(AddressTag, at).slice(0, 3), ...wordsAt(at + 8, Math.min(end, at + size)));
    at += Math.ceil(size / 8) * 8;
  }
  return fields;
}
