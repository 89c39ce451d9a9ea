import {
  DT_SONAME,
  dynamicTags,
  ET_DYN,
  type Loads,
  moveAlignment,
  parseElf,
  PF_R,
  PF_W,
  PF_X,
  PT_DYNAMIC,
  readLoadedMemory,
  readLoads,
} from '@kexec-kit/elf';
import { type Result, unwrap } from '@kexec-kit/loader-api';
import { writer } from '@kexec-kit/structures';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { elfFile } from '../../../tools/elf-file.mjs';
import type { ElfShape, SegmentShape } from '../../../tools/elf-file.mjs';

const CODE = { p_flags: PF_R | PF_X, p_vaddr: 0xffffffff81000000n, p_paddr: 0x1000000, p_align: 0x200000 };
const PERCPU = { p_flags: PF_R | PF_W, p_vaddr: 0, p_paddr: 0x3000000, p_align: 0x1000 };
const content = new Uint8Array(0x100);

function loadsOf(shape: ElfShape, cut = 0): Result<Loads> {
  const bytes = elfFile(shape);
  const image = { name: 'image', bytes: bytes.subarray(0, bytes.length - cut) };
  return readLoads(image, unwrap(parseElf(image)));
}

const entryOf = (e_entry: bigint, segments: readonly SegmentShape[]) =>
  loadsOf({ header: { e_entry }, segments });

describe('loads', () => {
  test('are those with memory, ascending by physical address, each with its content and its zeros', () => {
    const { loads, span } = unwrap(
      entryOf(0x1000000n, [
        { ...PERCPU, p_memsz: 0x5000 },
        { ...CODE, content },
        { p_memsz: 0, p_paddr: 0x1 },
        { p_type: 0x6474e551, p_memsz: 0x1000 },
      ]),
    );
    expect(loads).toMatchObject([
      { start: 0x1000000n, end: 0x1000100n, content: { length: 0x100 }, header: { index: 1 } },
      { start: 0x3000000n, end: 0x3005000n, content: { length: 0 }, header: { index: 0 } },
    ]);
    expect(span).toEqual({ start: 0x1000000n, end: 0x3005000n });
  });

  test('can be read without an entry point, for images that have it elsewhere', () => {
    const bytes = elfFile({ header: { e_entry: 0 }, segments: [{ ...CODE, content }] });
    const image = { name: 'image', bytes };
    const memory = readLoadedMemory(image, unwrap(parseElf(image)));
    expect(unwrap(memory).span).toEqual({ start: 0x1000000n, end: 0x1000100n });
    expect(readLoads(image, unwrap(parseElf(image)))).toMatchObject({
      diagnostics: [{ code: 'ELF_NO_ENTRY' }],
    });
  });

  test('have their content where p_offset says, and none of it where p_filesz is 0, whatever p_offset says', () => {
    const { loads } = unwrap(
      entryOf(0x1000000n, [
        { ...CODE, content },
        { ...PERCPU, p_memsz: 0x10, p_offset: 2n ** 64n - 1n },
      ]),
    );
    expect(loads.map((load) => load.content)).toEqual([
      { offset: 64 + 2 * 56, length: 0x100 },
      { offset: 0, length: 0 },
    ]);
  });

  test.each([
    [32, 2n ** 32n],
    [64, 2n ** 64n],
  ] as const)('may end where the address space of ELF%i does', (bits, end) => {
    const p_paddr = end - 0x100n;
    const { span } = unwrap(
      loadsOf({ bits, header: { e_entry: p_paddr }, segments: [{ content, p_paddr }] }),
    );
    expect(span).toEqual({ start: p_paddr, end });
  });

  test.each([
    [32, 52, 16, 20],
    [64, 64, 32, 40],
  ] as const)('of ELF%i are refused at the field that is wrong', (bits, table, p_filesz, p_memsz) => {
    const header = bits === 32 ? 32 : 56;
    const place = (segment: SegmentShape) =>
      loadsOf({ bits, segments: [{ content }, { content, ...segment }] }).diagnostics.map(
        ({ at }) => at?.offset,
      );
    expect(place({ p_memsz: 1 })).toEqual([table + header + p_filesz]);
    expect(place({ p_memsz: 0x101, p_paddr: 2n ** BigInt(bits) - 0x100n })).toEqual([
      table + header + p_memsz,
    ]);
  });

  test('a size of 2^32+16 is kept exactly', () => {
    const { loads } = unwrap(entryOf(0x1000000n, [{ ...CODE, content, p_memsz: 2n ** 32n + 16n }]));
    expect(loads[0]?.end).toBe(0x1000000n + 2n ** 32n + 16n);
  });

  test.each([
    ['nothing to load', { segments: [{ p_type: 4 }] }, 'ELF_NO_LOADS', 'programHeaders'],
    ['no program headers', {}, 'ELF_NO_LOADS', 'programHeaders'],
    [
      'more in the file than in memory',
      { segments: [{ ...CODE, content, p_memsz: 0xff }] },
      'ELF_BAD_FIELD',
      'programHeaders[0].p_filesz',
    ],
    [
      'an end beyond 2^64',
      { segments: [{ ...CODE, content, p_paddr: 2n ** 64n - 0xffn }] },
      'ELF_BAD_FIELD',
      'programHeaders[0].p_memsz',
    ],
    [
      'an end beyond 2^32 in ELF32',
      { bits: 32, segments: [{ content, p_paddr: 0xffffff01 }] },
      'ELF_BAD_FIELD',
      'programHeaders[0].p_memsz',
    ],
    [
      'an offset beyond 2^53',
      { segments: [{ ...CODE, content, p_offset: 2n ** 64n - 1n }] },
      'ELF_TRUNCATED',
      'programHeaders[0].p_filesz',
    ],
    [
      'a file of 2^63 bytes',
      { segments: [{ ...CODE, content, p_filesz: 2n ** 63n, p_memsz: 2n ** 63n }] },
      'ELF_TRUNCATED',
      'programHeaders[0].p_filesz',
    ],
    [
      'memory that is wanted twice',
      {
        segments: [
          { ...CODE, content },
          { ...PERCPU, content, p_paddr: 0x10000ff },
        ],
      },
      'ELF_LOADS_OVERLAP',
      'programHeaders[1].p_paddr',
    ],
  ] as [string, ElfShape, string, string][])('are refused: %s', (_, shape, code, field) => {
    expect(loadsOf(shape)).toMatchObject({ ok: false, diagnostics: [{ code, at: { field } }] });
  });

  test('an overlap names both ranges', () => {
    const result = entryOf(1n, [
      { ...CODE, content },
      { ...PERCPU, content, p_paddr: 0x10000ff },
    ]);
    expect(result.diagnostics).toMatchObject([{ found: '0x1000000-0x1000100 and 0x10000ff-0x10001ff' }]);
  });

  test('an overlap is found wherever it is, and the upper one is at fault', () => {
    const result = entryOf(1n, [
      { ...PERCPU, content, p_paddr: 0x20000ff },
      { ...CODE, content },
      { ...PERCPU, content, p_paddr: 0x2000000 },
    ]);
    expect(result.diagnostics).toMatchObject([
      {
        at: { offset: 64, field: 'programHeaders[0].p_paddr' },
        found: '0x2000000-0x2000100 and 0x20000ff-0x20001ff',
      },
    ]);
  });

  test('of two at one place the later one of the file is at fault', () => {
    const result = entryOf(1n, [
      { ...CODE, content },
      { ...CODE, content, p_memsz: 0x200 },
    ]);
    expect(result.diagnostics).toMatchObject([{ at: { field: 'programHeaders[1].p_paddr' } }]);
  });

  test('loads that touch do not overlap', () => {
    expect(
      entryOf(0x1000000n, [
        { ...CODE, content },
        { ...PERCPU, content, p_paddr: 0x1000100 },
      ]).ok,
    ).toBe(true);
  });

  test('a file cut off at any byte of their content is refused', () => {
    for (let cut = 1; cut <= content.length; cut++) {
      expect(
        loadsOf({ header: { e_entry: 0x1000000n }, segments: [{ ...CODE, content }] }, cut),
      ).toMatchObject({
        ok: false,
        diagnostics: [{ code: 'ELF_TRUNCATED', at: { field: 'programHeaders[0].p_filesz' } }],
      });
    }
  });

  test('whatever the headers say, loads are disjoint, within file and address space, or refused', () => {
    const wide = fc.oneof(fc.bigInt(0n, 0x400n), fc.bigInt(0n, 2n ** 64n - 1n));
    const segment = fc.record({
      p_offset: wide,
      p_filesz: wide,
      p_memsz: wide,
      p_paddr: wide,
      p_flags: fc.nat(7),
    });
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 5 }), wide, (segments, e_entry) => {
        const bytes = elfFile({ header: { e_entry }, segments, tail: 0x100 });
        const image = { name: 'image', bytes };
        const result = readLoads(image, unwrap(parseElf(image)));
        if (!result.ok) return;
        let end = 0n;
        for (const load of result.value.loads) {
          expect(load.start >= end && load.end <= 2n ** 64n).toBe(true);
          expect(load.content.offset + load.content.length).toBeLessThanOrEqual(bytes.length);
          end = load.end;
        }
        const { load, offset } = result.value.entry;
        expect(offset >= 0n && offset < load.end - load.start).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the entry point', () => {
  const linux = [
    { ...PERCPU, p_memsz: 0x2000000 },
    { ...CODE, content },
  ];

  test('is physical when no executable memory has it as a virtual address, as in a vmlinux', () => {
    expect(unwrap(entryOf(0x1000053n, linux)).entry).toMatchObject({
      load: { header: { index: 1 } },
      offset: 0x53n,
      as: 'physical',
    });
  });

  test('is virtual when executable memory lies there', () => {
    expect(unwrap(entryOf(0xffffffff81000010n, linux)).entry).toMatchObject({
      load: { header: { index: 1 } },
      offset: 0x10n,
      as: 'virtual',
    });
  });

  test('may be the first byte', () => {
    const first = { load: { header: { index: 1 } }, offset: 0n };
    expect(unwrap(entryOf(0xffffffff81000000n, linux)).entry).toMatchObject({ ...first, as: 'virtual' });
    expect(unwrap(entryOf(0x1000000n, linux)).entry).toMatchObject({ ...first, as: 'physical' });
  });

  test.each([
    ['0, which means none', 0n],
    ['0, though that is in a load', 0n, { ...CODE, p_vaddr: 0, p_paddr: 0 }],
    ['in no load', 0x123n],
    ['just behind the code', 0x1000100n],
    ['just behind the code in virtual memory', 0xffffffff81000100n],
  ])('is refused: %s', (_, e_entry, segment: SegmentShape = CODE) => {
    expect(entryOf(e_entry, [{ ...segment, content }])).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'ELF_NO_ENTRY', at: { offset: 0x18, field: 'e_entry' } }],
    });
  });
});

describe('the alignment to move at', () => {
  const alignment = (aligns: readonly (number | bigint)[]) => {
    const segments = aligns.map((p_align, i) => ({
      ...CODE,
      content,
      p_align,
      p_paddr: 0x1000000 + i * 0x1000,
    }));
    const image = {
      name: 'image',
      bytes: elfFile({ header: { e_entry: 0x1000000, e_type: ET_DYN }, segments }),
    };
    const elf = unwrap(parseElf(image));
    return moveAlignment(image, elf, unwrap(readLoads(image, elf)));
  };

  test('is the largest p_align, and at least a page', () => {
    expect(unwrap(alignment([0x1000, 0x200000, 0]))).toBe(0x200000n);
    expect(unwrap(alignment([0, 1, 16]))).toBe(0x1000n);
    expect(unwrap(alignment([2n ** 63n]))).toBe(2n ** 63n);
  });

  test('must be a power of two', () => {
    expect(alignment([0x1000, 0x3000])).toMatchObject({
      ok: false,
      diagnostics: [
        {
          code: 'ELF_BAD_FIELD',
          at: { offset: 64 + 56 + 48, field: 'programHeaders[1].p_align' },
          found: '0x3000',
        },
      ],
    });
  });
});

describe('the dynamic section', () => {
  const tags = (bits: 32 | 64, fields: object = {}) => {
    const size = bits === 32 ? 8 : 16;
    const table = writer(size * 4)
      .u32(0, 1)
      .u32(size, 14)
      .u32(size * 3, 5).value;
    const bytes = elfFile({ bits, segments: [{ p_type: PT_DYNAMIC, content: table, ...fields }] });
    return dynamicTags(bytes, unwrap(parseElf({ name: 'image', bytes })));
  };

  test.each([32, 64] as const)('gives its tags up to DT_NULL: ELF%i', (bits) => {
    expect(tags(bits)).toEqual([1n, 14n]);
  });

  test.each([32, 64] as const)('may lack DT_NULL, and what is left of an entry is none: ELF%i', (bits) => {
    const size = bits === 32 ? 8 : 16;
    const dynamicOf = (length: number) => {
      const content = new Uint8Array(length).fill(1);
      const bytes = elfFile({ bits, segments: [{ p_type: PT_DYNAMIC, content }] });
      return dynamicTags(bytes, unwrap(parseElf({ name: 'image', bytes }))).length;
    };
    expect([size, 2 * size, 3 * size - 1].map(dynamicOf)).toEqual([1, 2, 2]);
  });

  test('is found among other segments; a file need not have one', () => {
    const content = writer(32).u32(0, 14).value;
    const tagsOf = (segments: readonly SegmentShape[]) => {
      const bytes = elfFile({ segments });
      return dynamicTags(bytes, unwrap(parseElf({ name: 'image', bytes })));
    };
    const load = { ...CODE, content: new Uint8Array(32).fill(1) };
    expect(tagsOf([load, { p_type: PT_DYNAMIC, content }])).toEqual([DT_SONAME]);
    expect(tagsOf([load])).toEqual([]);
  });

  test('outside the file has none', () => {
    expect(tags(64, { p_offset: 2n ** 63n })).toEqual([]);
  });

  test('is not read without end', () => {
    const content = new Uint8Array(16 * 5000).fill(1);
    const bytes = elfFile({ segments: [{ p_type: PT_DYNAMIC, content }] });
    expect(dynamicTags(bytes, unwrap(parseElf({ name: 'image', bytes }))).length).toBe(1024);
  });
});
