import {
  elfFacts,
  ET_CORE,
  findNote,
  isElf,
  machineName,
  parseElf,
  permissions,
  PN_XNUM,
  PT_NOTE,
  segmentTypeName,
  typeName,
} from '@kexec-kit/elf';
import { unwrap } from '@kexec-kit/loader-api';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { elfFile, noteBytes } from '../../../tools/elf-file.mjs';
import type { ElfShape } from '../../../tools/elf-file.mjs';

const XEN = { name: 'Xen', type: 18, desc: Uint8Array.of(0x30, 0x0a, 0, 1) };
const GNU = { name: 'GNU', type: 3, desc: Uint8Array.of(1, 2, 3, 4, 5) };

const parse = (bytes: Uint8Array) => parseElf({ name: 'image', bytes });
const parseShape = (shape: ElfShape) => parse(elfFile(shape));

describe.each([32, 64] as const)('an ELF%i file', (bits) => {
  const header = { e_entry: 0x100020, e_flags: 7, e_shstrndx: 3 };
  const segment = { p_flags: 5, p_vaddr: 0xc0100000, p_paddr: 0x100000, p_memsz: 0x3000, p_align: 0x1000 };
  const whole = elfFile({
    bits,
    header,
    segments: [{ ...segment, content: new Uint8Array(0x21).fill(0x90) }, { notes: [XEN, GNU] }],
  });

  test('is read whole, its addresses as bigint whatever its class', () => {
    const { value, diagnostics } = expectOk(parse(whole));
    expect(diagnostics).toEqual([]);
    expect(value.header).toMatchObject({
      e_type: 2,
      e_entry: 0x100020n,
      e_flags: 7,
      e_phnum: 2,
      e_shstrndx: 3,
    });
    expect(value.programHeaders).toMatchObject([
      {
        index: 0,
        at: bits === 32 ? 52 : 64,
        p_type: 1,
        p_flags: 5,
        p_vaddr: 0xc0100000n,
        p_paddr: 0x100000n,
        p_filesz: 0x21n,
        p_memsz: 0x3000n,
        p_align: 0x1000n,
      },
      { index: 1, p_type: PT_NOTE },
    ]);
    expect(value.notes).toMatchObject([XEN, GNU]);
    expect(findNote(value.notes, 'GNU', 3)?.desc).toEqual(GNU.desc);
    expect(findNote(value.notes, 'GNU', 4)).toBeUndefined();
  });

  test('cut off at any byte of its headers is refused with the place, what was found and what was expected', () => {
    const table = bits === 32 ? 52 + 2 * 32 : 64 + 2 * 56;
    for (let length = 1; length < table; length++) {
      expect(parse(whole.subarray(0, length)), String(length)).toMatchObject({
        ok: false,
        diagnostics: [
          {
            code: 'ELF_TRUNCATED',
            at: { source: 'image', offset: expect.any(Number) as number },
            found: `${length} bytes in the file`,
            expected: expect.any(String) as string,
          },
        ],
      });
    }
  });

  test('facts name every header field, program header and note, with places that are there', () => {
    const facts = elfFacts(unwrap(parse(whole)));
    expect(facts.map(({ title }) => title)).toEqual(['ELF header', 'Program headers', 'Notes']);
    const fields = facts.flatMap((group) => group.fields);
    expect(fields).toContainEqual(
      expect.objectContaining({ name: 'e_entry', value: '0x100020', offset: 0x18 }),
    );
    expect(fields).toContainEqual(expect.objectContaining({ name: 'e_type', value: '0x2 (ET_EXEC)' }));
    expect(fields.find(({ name }) => name === 'PT_LOAD 0')?.value).toContain('R X, file');
    expect(fields.find(({ name }) => name === 'Xen 0x12')).toMatchObject({
      value: '0\\x0a\\x00\\x01',
      size: 4,
    });
    for (const { offset = 0, size = 0, spec } of fields) {
      expect(offset + size).toBeLessThanOrEqual(whole.length);
      expect(spec).toContain('gABI');
    }
  });
});

test('0xffffffff81000123 is read exactly', () => {
  const elf = unwrap(parseShape({ header: { e_entry: 0xffffffff81000123n } }));
  expect(elf.header.e_entry).toBe(0xffffffff81000123n);
});

describe('what is no file for x86 is refused by name', () => {
  test.each([
    ['nothing', new Uint8Array(), 'ELF_NOT_ELF', 'elf_ident.ei_mag'],
    ['a text', new TextEncoder().encode('#!/bin/sh\n'.repeat(10)), 'ELF_NOT_ELF', 'elf_ident.ei_mag'],
    ['a look-alike', elfFile({ ident: { 3: 0x47 } }), 'ELF_NOT_ELF', 'elf_ident.ei_mag'],
    ['big-endian', elfFile({ ident: { 5: 2 } }), 'ELF_BIG_ENDIAN', 'elf_ident.ei_data'],
    ['class 0', elfFile({ ident: { 4: 0 } }), 'ELF_BAD_FIELD', 'e_ident.ei_class'],
    ['encoding 3', elfFile({ ident: { 5: 3 } }), 'ELF_BAD_FIELD', 'e_ident.ei_data'],
    ['version 2', elfFile({ ident: { 6: 2 } }), 'ELF_BAD_FIELD', 'e_ident.ei_version'],
    [
      'a table of odd entries',
      elfFile({ header: { e_phentsize: 40 }, segments: [{}] }),
      'ELF_BAD_FIELD',
      'e_phentsize',
    ],
    [
      'more headers than e_phnum holds',
      elfFile({ header: { e_phnum: PN_XNUM } }),
      'ELF_BAD_FIELD',
      'e_phnum',
    ],
    [
      '65534 headers that are not there',
      elfFile({ header: { e_phnum: 0xfffe } }),
      'ELF_TRUNCATED',
      'e_phnum',
    ],
    [
      'a table beyond 2^53',
      elfFile({ header: { e_phoff: 2n ** 64n - 1n }, segments: [{}] }),
      'ELF_TRUNCATED',
      'e_phnum',
    ],
  ])('%s', (_, bytes, code, field) => {
    expect(parse(bytes)).toMatchObject({ ok: false, diagnostics: [{ code, at: { field } }] });
  });
});

describe('section headers', () => {
  test('are not needed: lost ones are a warning', () => {
    const whole = elfFile({ segments: [{ content: new Uint8Array(16) }], tail: 64 });
    expect(parse(whole).diagnostics).toEqual([]);
    expect(parse(whole.subarray(0, whole.length - 1))).toMatchObject({
      ok: true,
      diagnostics: [{ code: 'ELF_SECTIONS_LOST', severity: 'warning', expected: `${whole.length} bytes` }],
    });
  });
});

describe('notes', () => {
  const notes = (content: Uint8Array, fields: object = {}) =>
    parseShape({ segments: [{ p_type: PT_NOTE, content, ...fields }] });

  test.each([
    ['cut off in its header', Uint8Array.of(...noteBytes(XEN), 4, 0, 0), 'elf_nhdr.n_namesz'],
    [
      'with a descriptor beyond the end',
      Uint8Array.of(...noteBytes(XEN), ...noteBytes(GNU).subarray(0, 18)),
      'elf_nhdr.n_descsz',
    ],
    ['of 4 GiB', Uint8Array.of(...noteBytes(XEN), ...new Uint8Array(12).fill(0xff)), 'elf_nhdr.n_descsz'],
  ])('a note %s is a warning, and those before it are kept', (_, content, field) => {
    const { value, diagnostics } = expectOk(notes(content));
    expect(value.notes).toMatchObject([XEN]);
    expect(diagnostics).toMatchObject([{ code: 'ELF_NOTE_MALFORMED', severity: 'warning', at: { field } }]);
  });

  test('outside the file are a warning', () => {
    expect(notes(noteBytes(XEN), { p_offset: 2n ** 64n - 1n })).toMatchObject({
      ok: true,
      value: { notes: [] },
      diagnostics: [{ code: 'ELF_NOTE_MALFORMED', at: { field: 'programHeaders[0].p_filesz' } }],
    });
  });

  test('the last one needs no padding', () => {
    const { value, diagnostics } = expectOk(notes(noteBytes(GNU).subarray(0, 12 + 4 + 5)));
    expect([value.notes.length, diagnostics]).toEqual([1, []]);
  });

  test('a malformed PT_NOTE does not hide another one', () => {
    const { value } = expectOk(
      parseShape({ segments: [{ p_type: PT_NOTE, content: Uint8Array.of(1) }, { notes: [XEN] }] }),
    );
    expect(value.notes).toMatchObject([XEN]);
  });

  test('are padded to 8 bytes where their PT_NOTE is aligned to 8', () => {
    const one = [4, 0, 0, 0, 4, 0, 0, 0, 5, 0, 0, 0, 0x47, 0x4e, 0x55, 0, 1, 2, 3, 4, 0, 0, 0, 0];
    const { value, diagnostics } = expectOk(notes(Uint8Array.of(...one, ...one), { p_align: 8 }));
    expect(diagnostics).toEqual([]);
    expect(value.notes.map(({ desc }) => [...desc])).toEqual([
      [1, 2, 3, 4],
      [1, 2, 3, 4],
    ]);
  });

  test('are not counted without end, however often they are pointed to', () => {
    const content = new Uint8Array(12 * 4096);
    const again = Array.from({ length: 40 }, () => ({
      p_type: PT_NOTE,
      p_offset: 64 + 41 * 56 + 8,
      p_filesz: 12 * 4096,
    }));
    const { value } = expectOk(parseShape({ segments: [{ p_type: PT_NOTE, content }, ...again] }));
    expect(value.notes.length).toBe(65_536);
  });

  test('any notes written are read back', () => {
    const note = fc.record({
      name: fc.stringMatching(/^[A-Za-z]{0,9}$/),
      type: fc.nat(0xffffffff),
      desc: fc.uint8Array({ maxLength: 20 }),
    });
    fc.assert(
      fc.property(fc.array(note, { maxLength: 6 }), (written) => {
        const { value, diagnostics } = expectOk(parseShape({ segments: [{ notes: written }] }));
        expect(value.notes.map(({ offset, ...rest }) => rest)).toEqual(written);
        expect(diagnostics).toEqual([]);
      }),
    );
  });
});

test('never throws, whatever the bytes', () => {
  const whole = elfFile({ segments: [{ content: new Uint8Array(64) }, { notes: [XEN, GNU] }], tail: 64 });
  const change = fc.tuple(fc.nat(whole.length - 1), fc.nat(255));
  fc.assert(
    fc.property(fc.array(change, { maxLength: 12 }), fc.nat(whole.length), (changes, length) => {
      const bytes = whole.slice(0, length);
      for (const [at, byte] of changes) if (at > 3) bytes[at] = byte;
      const result = parse(bytes);
      for (const { code, at } of result.diagnostics) {
        expect(code).toMatch(/^ELF_/);
        expect(at?.offset ?? 0).toBeLessThanOrEqual(bytes.length);
      }
      if (result.ok) expect(elfFacts(result.value).length).toBeGreaterThan(1);
    }),
    { numRuns: 1000 },
  );
});

test('values are called by the names of the gABI', () => {
  expect([typeName(ET_CORE), machineName(183), segmentTypeName(1), segmentTypeName(0x60000000)]).toEqual([
    'ET_CORE',
    'EM_AARCH64',
    'PT_LOAD',
    '0x60000000',
  ]);
  expect([permissions(7), permissions(0)]).toEqual(['R W X', '-']);
  expect([isElf(elfFile({})), isElf(new Uint8Array(3))]).toEqual([true, false]);
});

function expectOk<T extends { ok: boolean }>(result: T): Extract<T, { ok: true }> {
  if (!result.ok) throw new Error(JSON.stringify(result));
  return result as Extract<T, { ok: true }>;
}
