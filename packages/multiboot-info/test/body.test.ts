import { hex } from '@kexec-kit/loader-api';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ENTRY,
  LINKED,
  multibootElf,
  multibootFlat,
  multibootHeader,
} from '../../../tools/multiboot-file.mjs';
import {
  type ElfDemands,
  entryAddress,
  type FlatAddresses,
  multibootCodes,
  readElfBody,
  readFlatBody,
} from '../src/index.js';

const AT = { header_addr: 0, load_addr: 4, load_end_addr: 8, bss_end_addr: 12, entry_addr: 16 };
const BYTES = multibootFlat(multibootHeader(), { before: 0x20, after: 0x300 });
/** The file from its first byte on at 1 MiB. */
const ADDRESSES: FlatAddresses = {
  header_addr: 0x100020,
  load_addr: 0x100000,
  load_end_addr: 0x100200,
  bss_end_addr: 0x101000,
  entry_addr: 0x100030,
};
const flat = (changes: Partial<FlatAddresses> = {}) =>
  readFlatBody({ name: 'kernel', bytes: BYTES }, 0x20, { ...ADDRESSES, ...changes }, AT);

describe('an image that says itself where it goes', () => {
  test('is one stretch of the file, and zeros behind it', () => {
    expect(flat()).toMatchObject({
      ok: true,
      value: {
        span: { start: 0x100000n, end: 0x101000n },
        chunks: [{ content: { offset: 0, length: 0x200 }, start: 0x100000n, end: 0x101000n }],
        entry: { offset: 0x30n },
        movable: false,
      },
    });
  });

  test('may begin behind the start of the file', () => {
    expect(flat({ load_addr: 0x100010 })).toMatchObject({
      ok: true,
      value: { chunks: [{ content: { offset: 0x10, length: 0x1f0 }, start: 0x100010n }] },
    });
  });

  test('is named, and said by whom it was linked where', () => {
    const result = flat();
    expect(result.ok && result.value.chunks[0]).toMatchObject({
      id: 'image',
      why: expect.stringContaining('0x100000') as string,
    });
    expect(result.ok && entryAddress(result.value)).toBe(0x100030n);
  });

  test.each([
    ['from its header on', { load_addr: 0x100020 }, { offset: 0x20, length: 0x1e0 }],
    ['with no zeros', { bss_end_addr: 0x100200 }, { offset: 0, length: 0x200 }],
    ['entered at its first byte', { entry_addr: 0x100000 }, { offset: 0, length: 0x200 }],
    ['entered at its last byte', { entry_addr: 0x1001ff }, { offset: 0, length: 0x200 }],
    [
      'up to the last byte of the file',
      { load_end_addr: 0x100000 + BYTES.length },
      { offset: 0, length: BYTES.length },
    ],
    [
      'to the end of the file, from behind its start',
      { load_addr: 0x100010, load_end_addr: 0 },
      { offset: 0x10, length: BYTES.length - 0x10 },
    ],
  ])('may be loaded %s', (_, changes, content) => {
    expect(flat(changes)).toMatchObject({ ok: true, value: { chunks: [{ content }] } });
  });

  test('without load_end_addr goes to the end of the file, without bss_end_addr has no zeros', () => {
    const end = BigInt(0x100000 + BYTES.length);
    expect(flat({ load_end_addr: 0, bss_end_addr: 0 })).toMatchObject({
      ok: true,
      value: { span: { start: 0x100000n, end }, chunks: [{ content: { length: BYTES.length } }] },
    });
  });

  test.each([
    ['its start behind its header', { load_addr: 0x100024 }, 'MULTIBOOT_BAD_ADDRESS', 'load_addr'],
    ['its start before the file', { load_addr: 0xff000 }, 'MULTIBOOT_BAD_ADDRESS', 'load_addr'],
    ['its end at its start', { load_end_addr: 0x100000 }, 'MULTIBOOT_BAD_ADDRESS', 'load_end_addr'],
    ['its end before its start', { load_end_addr: 0xfffff }, 'MULTIBOOT_BAD_ADDRESS', 'load_end_addr'],
    [
      'the end of its zeros before its own',
      { bss_end_addr: 0x1001ff },
      'MULTIBOOT_BAD_ADDRESS',
      'bss_end_addr',
    ],
    [
      'an end that the file does not reach',
      { load_end_addr: 0x100900 },
      'MULTIBOOT_TRUNCATED',
      'load_end_addr',
    ],
    ['its entry before it', { entry_addr: 0xfffff }, 'MULTIBOOT_ENTRY_OUTSIDE', 'entry_addr'],
    ['its entry in its zeros', { entry_addr: 0x100200 }, 'MULTIBOOT_ENTRY_OUTSIDE', 'entry_addr'],
  ])('is refused with %s', (_, changes, code, field) => {
    expect(flat(changes)).toMatchObject({ ok: false, diagnostics: [{ code, at: { field } }] });
  });

  test.each([
    [{ load_addr: 0x100024 }, AT.load_addr, '0x100020'],
    [{ load_addr: 0xff000 }, AT.load_addr, '0x100000'],
    [{ load_end_addr: 0xfffff }, AT.load_end_addr, '0x100000'],
    [{ bss_end_addr: 0x1001ff }, AT.bss_end_addr, '0x100200'],
    [{ load_end_addr: 0x100900, load_addr: 0x100010 }, BYTES.length, String(0x900)],
    [{ entry_addr: 0x100200 }, AT.entry_addr, ''],
  ])(
    'is refused with %o, at the field, with the bound that it should have kept',
    (changes, offset, bound) => {
      const [problem] = flat({ bss_end_addr: 0, ...changes }).diagnostics;
      expect(problem.at?.offset).toBe(offset);
      expect(problem.expected).toContain(bound);
    },
  );

  test('may end at 4 GiB, its last byte below', () => {
    const load_addr = 0x1_0000_0000 - BYTES.length;
    const last = { header_addr: load_addr + 0x20, load_addr, entry_addr: load_addr + 0x30 };
    const end = { load_end_addr: 0, bss_end_addr: 0 };
    expect(flat({ ...last, ...end })).toMatchObject({ ok: true, value: { span: { end: 1n << 32n } } });
  });

  test('is refused when it would end above 4 GiB', () => {
    const high = {
      ...{ header_addr: 0xffffff20, load_addr: 0xffffff00, entry_addr: 0xffffff30 },
      ...{ load_end_addr: 0, bss_end_addr: 0 },
    };
    expect(flat(high)).toMatchObject({ diagnostics: [{ code: 'MULTIBOOT_ABOVE_4G' }] });
  });

  test('whatever its addresses: within the file and 4 GiB, or one of the codes', () => {
    const near = fc.oneof(fc.nat(0xffffffff), fc.integer({ min: 0xfff00, max: 0x100500 }), fc.constant(0));
    const addresses = fc.record({
      ...{ header_addr: near, load_addr: near, load_end_addr: near, bss_end_addr: near, entry_addr: near },
    });
    fc.assert(
      fc.property(addresses, (changes) => {
        const result = flat(changes);
        for (const { code } of result.diagnostics) expect(Object.keys(multibootCodes)).toContain(code);
        if (!result.ok) return;
        const [chunk] = result.value.chunks;
        const { offset, length } = chunk!.content;
        expect(offset).toBeGreaterThanOrEqual(0);
        expect(offset + length).toBeLessThanOrEqual(BYTES.length);
        expect(result.value.span.end).toBeLessThanOrEqual(1n << 32n);
        expect(BigInt(length)).toBeLessThanOrEqual(chunk!.end - chunk!.start);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('an ELF image', () => {
  const elf = (shape = {}, demands: ElfDemands = { wide: false }) =>
    readElfBody({ name: 'kernel', bytes: multibootElf(multibootHeader(), shape) }, demands);

  test('is its loads, entered where e_entry leads', () => {
    expect(elf()).toMatchObject({
      ok: true,
      value: {
        span: { start: BigInt(LINKED), end: BigInt(LINKED + 0x5000) },
        entry: { offset: BigInt(ENTRY - LINKED) },
        movable: false,
      },
    });
  });

  test('is entered where a header says, if it does', () => {
    const demands = { wide: false, entry: { address: LINKED + 8, at: 0 } };
    expect(elf({}, demands)).toMatchObject({ ok: true, value: { entry: { offset: 8n } } });
    const outside = { wide: false, entry: { address: 8, at: 0 } };
    expect(elf({}, outside)).toMatchObject({ diagnostics: [{ code: 'MULTIBOOT_ENTRY_OUTSIDE' }] });
  });

  test.each([
    ['at its first byte', LINKED, 0n],
    ['at the last byte of its memory', LINKED + 0x4fff, 0x4fffn],
  ])('may be entered %s', (_, address, offset) => {
    expect(elf({}, { wide: false, entry: { address, at: 0x30 } })).toMatchObject({
      ok: true,
      value: { entry: { offset, chunk: { id: 'load.0' } } },
    });
  });

  test.each([LINKED - 1, LINKED + 0x5000])('is refused if a header has it entered at %d', (address) => {
    expect(elf({}, { wide: false, entry: { address, at: 0x30 } })).toMatchObject({
      diagnostics: [
        {
          code: 'MULTIBOOT_ENTRY_OUTSIDE',
          at: { offset: 0x30, field: 'entry_addr' },
          found: hex(address),
        },
      ],
    });
  });

  test('has a chunk for each of its loads, named by its number and said in words', () => {
    const segments = [0x300000, 0x200000].map((p_paddr) => ({
      ...{ content: new Uint8Array(16), p_flags: 5, p_paddr, p_vaddr: p_paddr, p_memsz: 32 },
    }));
    const result = elf({ segments, header: { e_entry: 0x300004 } });
    expect(result).toMatchObject({
      ok: true,
      value: {
        chunks: [
          { id: 'load.1', start: 0x200000n, end: 0x200020n, content: { length: 16 } },
          { id: 'load.0', start: 0x300000n, end: 0x300020n, content: { length: 16 } },
        ],
        entry: { chunk: { id: 'load.0' }, offset: 4n },
      },
    });
    expect(result.ok && result.value.chunks[0]?.why).toContain('0x200000');
    expect(result.ok && entryAddress(result.value)).toBe(0x300004n);
  });

  test.each([
    ['whose ELF header is cut off', (bytes: Uint8Array) => bytes.subarray(0, 40)],
    ['whose content is cut off', (bytes: Uint8Array) => bytes.subarray(0, -1)],
  ])('%s is refused as any ELF file is', (_, cut) => {
    const bytes = cut(multibootElf(multibootHeader()));
    const result = readElfBody({ name: 'kernel', bytes }, { wide: false });
    expect(result).toMatchObject({
      ok: false,
      diagnostics: [{ code: expect.stringMatching(/^ELF_/) as string }],
    });
  });

  test('that may be moved is refused if nobody can say by how much', () => {
    const load = {
      content: new Uint8Array(16),
      p_flags: 5,
      p_paddr: LINKED,
      p_vaddr: LINKED,
      p_align: 0x3000,
    };
    const shape = (e_type: number) => ({ segments: [load], header: { e_type, e_entry: LINKED } });
    expect(elf(shape(3))).toMatchObject({ ok: false, diagnostics: [{ code: 'ELF_BAD_FIELD' }] });
    expect(elf(shape(2))).toMatchObject({ ok: true, value: { movable: false, align: 0x1000n } });
  });

  test('may end at 4 GiB, its last byte below', () => {
    const load = { content: new Uint8Array(16), p_flags: 5, p_paddr: 0xfffffff0, p_vaddr: 0xfffffff0 };
    expect(elf({ segments: [load], header: { e_entry: 0xfffffff0 } })).toMatchObject({
      ok: true,
      value: { span: { end: 1n << 32n } },
    });
  });

  test('is refused by the machines that a protocol takes', () => {
    const expected = (wide: boolean) => elf({ header: { e_machine: 40 } }, { wide }).diagnostics[0].expected;
    expect(expected(false)).toMatch(/EM_386$/);
    expect(expected(true)).toMatch(/EM_386.*EM_X86_64/);
    expect(elf({ header: { e_machine: 62 } }).diagnostics[0].code).toBe('MULTIBOOT_MACHINE');
    expect(elf({ header: { e_machine: 62 } }, { wide: true }).ok).toBe(true);
  });

  test.each([
    ['ELF64', { bits: 64 }, 'MULTIBOOT_MACHINE'],
    ['ELF64, though for a 32-bit machine', { bits: 64, header: { e_machine: 3 } }, 'MULTIBOOT_MACHINE'],
    ['for ARM', { header: { e_machine: 40 } }, 'MULTIBOOT_MACHINE'],
    ['a core file', { header: { e_type: 4 } }, 'MULTIBOOT_NOT_EXECUTABLE'],
    ['without an entry point', { header: { e_entry: 0 } }, 'MULTIBOOT_ENTRY_OUTSIDE'],
  ])('is refused if it is %s', (_, shape, code) => {
    expect(elf(shape)).toMatchObject({ ok: false, diagnostics: [{ code }] });
  });

  test('without an entry point is refused at its e_entry', () => {
    expect(elf({ header: { e_entry: 0 } }).diagnostics[0]).toMatchObject({
      at: { offset: 0x18, field: 'e_entry' },
      found: '0x0',
    });
  });

  test('of 64 bits is taken by a protocol that says so, below 4 GiB', () => {
    expect(elf({ bits: 64 }, { wide: true }).ok).toBe(true);
    const segments = [{ content: new Uint8Array(16), p_flags: 5, p_paddr: 0xfffffff8n, p_vaddr: 0n }];
    expect(elf({ bits: 64, segments, header: { e_entry: 4 } }, { wide: true })).toMatchObject({
      diagnostics: [{ code: 'MULTIBOOT_ABOVE_4G' }],
    });
  });

  test('may be moved if it is ET_DYN', () => {
    expect(elf({ header: { e_type: 3 } })).toMatchObject({
      ok: true,
      value: { movable: true, align: 0x1000n },
    });
  });
});
