import { hex } from '@kexec-kit/loader-api';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { elfFile, type ElfShape } from '../../../tools/elf-file.mjs';
import { loader } from '../src/index.js';
import {
  GRUB,
  kernel,
  movable,
  phys32Entry,
  phys32Reloc,
  source,
  VMLINUX_6_1,
  VMLINUX_6_12,
  words,
} from './kernels.js';

const withNotes = (...notes: readonly { name: string; type: number; desc: Uint8Array }[]): ElfShape => ({
  ...GRUB,
  segments: [...(GRUB.segments ?? []).slice(0, 2), { notes }],
});

describe('probe', () => {
  test('asks for the note, and says whether the image moves', () => {
    expect(loader.probe(elfFile(VMLINUX_6_12))).toEqual({
      match: true,
      detail: 'ELF64 EM_X86_64, a Linux kernel with a PVH entry, may be moved',
    });
    expect(loader.probe(elfFile(GRUB))).toEqual({ match: true, detail: 'ELF32 EM_386, with a PVH entry' });
  });

  test.each([
    ['no ELF', Uint8Array.of(1, 2, 3), 'no 0x7f "ELF" at 0'],
    ['cut within its header', elfFile(GRUB).slice(0, 20), 'its headers cannot be read'],
    ['without the note', elfFile(withNotes()), 'no PVH entry (Xen note 18, PHYS32_ENTRY)'],
    [
      'with the note of another owner',
      elfFile(withNotes({ ...phys32Entry(words(0x100000)), name: 'GNU' })),
      'no PVH entry (Xen note 18, PHYS32_ENTRY)',
    ],
  ])('says no to a file %s', (_, bytes, reason) => {
    expect(loader.probe(bytes)).toEqual({ match: false, reason });
  });
});

describe('the entry', () => {
  test('is a word of 4 bytes, or of 8', () => {
    expect(kernel(GRUB).entry).toMatchObject({ load: { start: 0x100000n }, offset: 0n });
    expect(kernel(VMLINUX_6_12).entry).toMatchObject({ load: { start: 0x1000000n }, offset: 0xa30n });
  });

  test('counts whatever e_entry says: that may be missing', () => {
    expect(kernel({ ...GRUB, header: { e_entry: 0 } }).entry.offset).toBe(0n);
  });

  test('is physical: 64 bits that a double cannot hold are read exactly and refused', () => {
    expect(loader.load(source(withNotes(phys32Entry(words(0x81000123, 0xffffffff)))))).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'PVH_ENTRY_OUTSIDE', found: '0xffffffff81000123' }],
    });
  });

  test('is the first such note', () => {
    expect(kernel(withNotes(phys32Entry(words(0x100010)), phys32Entry(words(0x100020)))).entry.offset).toBe(
      0x10n,
    );
  });
});

describe('PHYS32_RELOC', () => {
  test.each([
    [[], { align: undefined, min: 0n, max: 0xffffffffn }],
    [[0x100000], { align: 0x100000n, min: 0n, max: 0xffffffffn }],
    [[0x100000, 0x1000000], { align: 0x100000n, min: 0x1000000n, max: 0xffffffffn }],
    [[0x200000, 0x1000000, 0x3fffffff], { align: 0x200000n, min: 0x1000000n, max: 0x3fffffffn }],
  ])('of %j says so much, and the rest is as if it said nothing', (numbers, relocation) => {
    expect(kernel(movable(numbers)).relocation).toEqual(relocation);
  });

  test('that is missing says that the image may not be moved', () => {
    expect(kernel(VMLINUX_6_1).relocation).toBeUndefined();
  });

  test.each([
    ['3 bytes', new Uint8Array(3)],
    ['16 bytes', words(0x1000, 0, 0xffffffff, 0)],
    ['an alignment of 0x0', words(0)],
    ['an alignment of 0x3000', words(0x3000)],
    ['from 0x2000 to 0x1fff', words(0x1000, 0x2000, 0x1fff)],
  ])('of %s cannot be meant', (found, desc) => {
    expect(loader.load(source(withNotes(phys32Entry(words(0x100000)), phys32Reloc(desc))))).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'PVH_BAD_NOTE', found, at: { field: 'notes.PHYS32_RELOC' } }],
    });
  });
});

describe('refused, with a reason', () => {
  test.each([
    ['no ELF', Uint8Array.of(1, 2, 3, 4), 'ELF_NOT_ELF'],
    ['no entry', elfFile(withNotes()), 'PVH_NO_ENTRY'],
    ['an entry of 2 bytes', elfFile(withNotes(phys32Entry(new Uint8Array(2)))), 'PVH_BAD_NOTE'],
    ['an entry outside', elfFile(withNotes(phys32Entry(words(0x102899 + 1)))), 'PVH_ENTRY_OUTSIDE'],
    ['a core file', elfFile({ ...GRUB, header: { e_type: 4 } }), 'PVH_NOT_EXECUTABLE'],
    ['an object file', elfFile({ ...GRUB, header: { e_type: 1 } }), 'PVH_NOT_EXECUTABLE'],
    ['aarch64', elfFile({ ...VMLINUX_6_1, header: { e_machine: 183 } }), 'PVH_MACHINE'],
    ['nothing to load', elfFile({ segments: [{ notes: [phys32Entry(words(0x100000))] }] }), 'ELF_NO_LOADS'],
  ])('%s', (_, bytes, code) => {
    const image = { ...source(GRUB), bytes, size: bytes.length };
    expect(loader.load(image)).toMatchObject({ ok: false, diagnostics: [{ code }] });
  });
});

test('whatever the notes say, only declared codes', () => {
  const desc = fc.uint8Array({ maxLength: 20 });
  fc.assert(
    fc.property(desc, desc, (entry, reloc) => {
      const result = loader.load(source(withNotes(phys32Entry(entry), phys32Reloc(reloc))));
      for (const { code } of result.diagnostics) expect(Object.keys(loader.codes)).toContain(code);
    }),
    { numRuns: 500 },
  );
});

test('inspect shows the notes with their places', () => {
  const bytes = elfFile(VMLINUX_6_12);
  const [first] = loader.inspect?.(kernel(VMLINUX_6_12)) ?? [];
  const { fields } = first ?? { fields: [] };
  const shown = Object.fromEntries(fields.map(({ name, value }) => [name, value]));
  expect(shown).toMatchObject({
    kind: 'Linux, by its notes',
    PHYS32_ENTRY: '0x1000a30 in PT_LOAD 0',
    PHYS32_RELOC: 'within 0x1000000-0x40000000, aligned to 0x200000',
  });
  const at = fields.find(({ name }) => name === 'PHYS32_ENTRY')?.offset ?? 0;
  expect(hex(new DataView(bytes.buffer).getUint32(at, true))).toBe('0x1000a30');
});
