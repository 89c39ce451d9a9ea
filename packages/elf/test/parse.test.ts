import {
  elfCodes,
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
import { hex, unwrap } from '@kexec-kit/loader-api';
import { encodeText } from '@kexec-kit/structures';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { elfFile, noteBytes } from '../../../tools/elf-file.mjs';
import type { ElfShape, NoteShape } from '../../../tools/elf-file.mjs';

const XEN = { name: 'Xen', type: 18, desc: Uint8Array.of(0x30, 0x0a, 0, 1) };
const GNU = { name: 'GNU', type: 3, desc: Uint8Array.of(1, 2, 3, 4, 5) };

/** gABI, "ELF Header", in the order of the file; of e_ident what is one number. */
const SHOWN_FIELDS = [
  ...['ei_class', 'ei_data', 'ei_version', 'ei_osabi', 'ei_abiversion'].map((name) => `e_ident.${name}`),
  ...['e_type', 'e_machine', 'e_version', 'e_entry', 'e_phoff', 'e_shoff', 'e_flags', 'e_ehsize'],
  ...['e_phentsize', 'e_phnum', 'e_shentsize', 'e_shnum', 'e_shstrndx'],
];

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

  test('may have its program headers at its very end', () => {
    const bytes = elfFile({ bits, segments: [{}] }).subarray(0, bits === 32 ? 52 + 32 : 64 + 56);
    expect(expectOk(parse(bytes)).value.programHeaders.length).toBe(1);
  });

  test.each([
    ['e_phentsize', { e_phentsize: 40 }, bits === 32 ? 0x2a : 0x36, '0x28'],
    ['e_phnum', { e_phnum: PN_XNUM }, bits === 32 ? 0x2c : 0x38, '0xffff'],
  ])('with a wrong %s is refused at the field', (field, fields, offset, found) => {
    expect(parseShape({ bits, header: fields, segments: [{}] })).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'ELF_BAD_FIELD', at: { source: 'image', offset, field }, found }],
    });
  });

  test('facts name every header field, program header and note, with places that are there', () => {
    const facts = elfFacts(unwrap(parse(whole)));
    expect(facts.map(({ title }) => title)).toEqual(['ELF header', 'Program headers', 'Notes']);
    const fields = facts.flatMap((group) => group.fields);
    expect(fields).toContainEqual(
      expect.objectContaining({ name: 'e_entry', value: '0x100020', offset: 0x18 }),
    );
    expect(fields).toContainEqual(expect.objectContaining({ name: 'e_type', value: '0x2 (ET_EXEC)' }));
    expect(facts[0]?.fields.map(({ name }) => name)).toEqual(SHOWN_FIELDS);
    expect(fields.find(({ name }) => name === 'e_ident.ei_class')?.value).toBe(hex(bits / 32));
    expect(fields.find(({ name }) => name === 'e_flags')).toMatchObject({
      value: '0x7',
      offset: bits === 32 ? 0x24 : 0x30,
    });
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
    ['a text', encodeText('#!/bin/sh\n'.repeat(10)), 'ELF_NOT_ELF', 'elf_ident.ei_mag'],
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
    expect(parse(bytes)).toMatchObject({
      ok: false,
      diagnostics: [{ code, severity: 'error', at: { field } }],
    });
  });

  test('with what was found there and what should be', () => {
    expect(parse(encodeText('#!/b')).diagnostics).toMatchObject([
      { found: '23212f62', expected: '7f454c46' },
    ]);
    expect(parse(elfFile({ ident: { 6: 2 } })).diagnostics).toMatchObject([
      { at: { offset: 6 }, found: '2', expected: '1' },
    ]);
  });
});

test('a file without program headers has none, whatever it says of their size', () => {
  const { value } = expectOk(parseShape({ header: { e_type: 1, e_phoff: 0, e_phentsize: 0 } }));
  expect(value.programHeaders).toEqual([]);
});

test('every code has a cause, a cure and a clause', () => {
  for (const [code, row] of Object.entries(elfCodes)) {
    const { cause, cure, spec } = row as Partial<typeof row>;
    expect([cause, cure, spec], code).toEqual(Array(3).fill(expect.stringMatching(/\S/)));
  }
});

describe('section headers', () => {
  test('are not needed: lost ones are a warning', () => {
    const whole = elfFile({ segments: [{ content: new Uint8Array(16) }], tail: 64 });
    expect(parse(whole).diagnostics).toEqual([]);
    expect(parse(whole.subarray(0, whole.length - 1))).toMatchObject({
      ok: true,
      diagnostics: [
        {
          code: 'ELF_SECTIONS_LOST',
          severity: 'warning',
          at: { source: 'image', offset: whole.length - 1, field: 'e_shoff' },
          expected: `${whole.length} bytes`,
        },
      ],
    });
  });

  test('are none where e_shoff is 0, whatever their number', () => {
    const counted = { e_shoff: 0, e_shnum: 0xffff, e_shentsize: 64 };
    expect(parseShape({ header: counted, segments: [{}] }).diagnostics).toEqual([]);
  });
});

describe('notes', () => {
  /** Behind the header and one program header, at a multiple of 16. */
  const FIRST_CONTENT = 128;
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
    const at = { source: 'image', offset: FIRST_CONTENT + noteBytes(XEN).length, field };
    expect(diagnostics).toMatchObject([{ code: 'ELF_NOTE_MALFORMED', severity: 'warning', at }]);
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

describe('facts of notes', () => {
  const factsOf = (notes: readonly NoteShape[]) => elfFacts(unwrap(parseShape({ segments: [{ notes }] })));

  test('are none where there are no notes', () => {
    expect(factsOf([]).map(({ title }) => title)).toEqual(['ELF header', 'Program headers']);
  });

  test.each([
    [32, 'a'.repeat(32)],
    [33, `${'a'.repeat(32)}…`],
  ])('show at most 32 bytes of a descriptor: %i', (size, value) => {
    const [, , notes] = factsOf([{ ...GNU, desc: encodeText('a'.repeat(size)) }]);
    expect(notes?.fields).toMatchObject([{ value, size }]);
  });
});

test('values are called by the names of the gABI', () => {
  expect([0, 1, 2, 3, ET_CORE, 5].map(typeName)).toEqual([
    ...['ET_NONE', 'ET_REL', 'ET_EXEC', 'ET_DYN', 'ET_CORE', '0x5'],
  ]);
  expect([0, 2, 3, 8, 20, 21, 22, 40, 43, 50, 62, 183, 243, 258, 0xffff].map(machineName)).toEqual([
    ...['EM_NONE', 'EM_SPARC', 'EM_386', 'EM_MIPS', 'EM_PPC', 'EM_PPC64', 'EM_S390', 'EM_ARM'],
    ...['EM_SPARCV9', 'EM_IA_64', 'EM_X86_64', 'EM_AARCH64', 'EM_RISCV', 'EM_LOONGARCH', '0xffff'],
  ]);
  expect([0, 1, 2, 3, 4, 5, 6, 7, 8].map(segmentTypeName)).toEqual([
    ...['PT_NULL', 'PT_LOAD', 'PT_DYNAMIC', 'PT_INTERP', 'PT_NOTE', 'PT_SHLIB', 'PT_PHDR', 'PT_TLS', '0x8'],
  ]);
  expect([0x6474e550, 0x6474e551, 0x6474e552, 0x6474e553, 0x60000000].map(segmentTypeName)).toEqual([
    ...['PT_GNU_EH_FRAME', 'PT_GNU_STACK', 'PT_GNU_RELRO', 'PT_GNU_PROPERTY', '0x60000000'],
  ]);
  expect([permissions(7), permissions(0)]).toEqual(['R W X', '-']);
  expect([isElf(elfFile({})), isElf(new Uint8Array(3))]).toEqual([true, false]);
});

function expectOk<T extends { ok: boolean }>(result: T): Extract<T, { ok: true }> {
  if (!result.ok) throw new Error(JSON.stringify(result));
  return result as Extract<T, { ok: true }>;
}
