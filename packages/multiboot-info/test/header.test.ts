import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  multiboot2Header,
  multibootElf,
  multibootFlat,
  multibootHeader,
} from '../../../tools/multiboot-file.mjs';
import type { Header2Shape, TagShape } from '../../../tools/multiboot-file.mjs';
import {
  findMultiboot2Header,
  findMultibootHeader,
  multiboot2Codes,
  readMultiboot2Header,
  readMultibootHeader,
} from '../src/index.js';

const file = (bytes: Uint8Array) => ({ name: 'kernel', bytes });

describe('a Multiboot header', () => {
  test.each([0, 4, 0x1f4, 8192 - 12])('is found at %d', (before) => {
    const bytes = multibootFlat(multibootHeader(), { before });
    expect(findMultibootHeader(bytes)).toEqual({ ok: true, offset: before });
  });

  test.each([
    ['at no multiple of 4', multibootFlat(multibootHeader(), { before: 6 }), 'no 0x1badb002'],
    ['behind the first 8192 bytes', multibootFlat(multibootHeader(), { before: 8184 }), 'no 0x1badb002'],
    [
      'with a wrong checksum',
      multibootFlat(multibootHeader({ checksum: 5 })),
      '0x1badb002 at 0x20, but its checksum is wrong',
    ],
    ['cut off', multibootHeader().subarray(0, 11), 'no 0x1badb002'],
  ])('%s is none', (_, bytes, reason) => {
    expect(findMultibootHeader(bytes)).toMatchObject({
      ok: false,
      reason: expect.stringContaining(reason) as string,
    });
    expect(readMultibootHeader(file(bytes))).toMatchObject({
      diagnostics: [{ code: 'MULTIBOOT_NO_HEADER' }],
    });
  });

  test('is the one with a right checksum, though the magic stands before it in the code', () => {
    const bytes = multibootFlat(multibootHeader(), { before: 64 });
    bytes.set(multibootHeader({ checksum: 1 }), 0);
    expect(findMultibootHeader(bytes)).toEqual({ ok: true, offset: 64 });
  });

  test('gives addresses and graphics by its flags', () => {
    const shape = { flags: 0x10004, addresses: [1, 2, 3, 4, 5], graphics: [0, 1024, 768, 32] };
    expect(readMultibootHeader(file(multibootFlat(multibootHeader(shape))))).toMatchObject({
      ok: true,
      value: {
        addresses: { header_addr: 1, load_addr: 2, load_end_addr: 3, bss_end_addr: 4, entry_addr: 5 },
        graphics: { mode_type: 0, width: 1024, height: 768, depth: 32 },
      },
    });
    const plain = readMultibootHeader(file(multibootFlat(multibootHeader({ flags: 3 }))));
    expect(plain).toMatchObject({ ok: true, value: { addresses: undefined, graphics: undefined } });
  });

  test.each(Array.from({ length: 13 }, (_, i) => i + 3))(
    'that requires bit %d is refused by its name',
    (bit) => {
      const result = readMultibootHeader(file(multibootFlat(multibootHeader({ flags: 2 ** bit }))));
      expect(result).toMatchObject({ ok: false, diagnostics: [{ code: 'MULTIBOOT_REQUIRED_FLAG' }] });
      expect(result.diagnostics[0].message).toContain(`bit ${bit} `);
    },
  );

  test('may have any of the bits that need not be known', () => {
    const bytes = multibootFlat(multibootHeader({ flags: 0xfffe0003 }));
    expect(readMultibootHeader(file(bytes)).ok).toBe(true);
  });

  test('that requires several bits is refused by all of them, at its flags', () => {
    const result = readMultibootHeader(file(multibootFlat(multibootHeader({ flags: 0x8008 }))));
    expect(result.diagnostics[0]).toMatchObject({
      at: { offset: 0x24 },
      found: expect.stringMatching(/bit 3, bit 15.*0x8008/) as string,
    });
  });

  test.each([
    [3, 12],
    [0x10000, 32],
    [0x4, 48],
    [0x10004, 48],
  ])('with the flags %d may end the file with its last field, at %d', (flags, length) => {
    const whole = multibootHeader({ flags, addresses: [1, 1, 1, 1, 1], graphics: [0, 0, 0, 0] });
    expect(readMultibootHeader(file(whole.subarray(0, length)))).toMatchObject({
      ok: true,
      value: { offset: 0, flags },
    });
  });

  test.each([
    [0x10000, 31],
    [0x4, 47],
  ])('with the flags %d is refused when its fields are cut off', (flags, length) => {
    const whole = multibootHeader({ flags, addresses: [1, 1, 1, 1, 1], graphics: [0, 0, 0, 0] });
    expect(readMultibootHeader(file(whole.subarray(0, length)))).toMatchObject({
      diagnostics: [{ code: 'MULTIBOOT_NO_HEADER', found: expect.stringContaining('cut off') as string }],
    });
  });
});

const read2 = (shape: Header2Shape) => readMultiboot2Header(file(multibootElf(multiboot2Header(shape))));
const codesOf = (shape: Header2Shape) => read2(shape).diagnostics.map(({ code }) => code);

describe('a Multiboot2 header', () => {
  test.each([0, 8, 0x1f8, 32768 - 24])('is found at %d', (before) => {
    const bytes = multibootFlat(multiboot2Header(), { before });
    expect(findMultiboot2Header(bytes)).toEqual({ ok: true, offset: before });
    expect(readMultiboot2Header(file(bytes)).ok).toBe(true);
  });

  test.each([
    ['at no multiple of 8', multibootFlat(multiboot2Header(), { before: 12 }), 'MULTIBOOT2_NO_HEADER'],
    ['with a wrong checksum', multibootFlat(multiboot2Header({ checksum: 9 })), 'MULTIBOOT2_NO_HEADER'],
    [
      'that ends behind the first 32768 bytes',
      multibootFlat(multiboot2Header(), { before: 32752 }),
      'MULTIBOOT2_HEADER_LENGTH',
    ],
    ['for MIPS', multibootFlat(multiboot2Header({ architecture: 4 })), 'MULTIBOOT2_ARCHITECTURE'],
    ['shorter than itself', multibootFlat(multiboot2Header({ length: 15 })), 'MULTIBOOT2_HEADER_LENGTH'],
    ['longer than the file', multibootFlat(multiboot2Header({ length: 0x7000 })), 'MULTIBOOT2_HEADER_LENGTH'],
    [
      'longer than anything',
      multibootFlat(multiboot2Header({ length: 0xffffffff })),
      'MULTIBOOT2_HEADER_LENGTH',
    ],
  ])('%s is refused', (_, bytes, code) => {
    expect(readMultiboot2Header(file(bytes))).toMatchObject({ ok: false, diagnostics: [{ code }] });
  });

  test('gives what every tag says', () => {
    const tags: TagShape[] = [
      { type: 1, data: [4, 6] },
      { type: 1, optional: true, data: [14] },
      { type: 2, data: [0x100000, 0x100000, 0, 0] },
      { type: 3, data: [0x100020] },
      { type: 4, optional: true, data: [3] },
      { type: 5, data: [800, 600, 32] },
      { type: 6 },
      { type: 8, data: [1] },
      { type: 10, data: [0x1000, 0xffffffff, 0x1000, 2] },
    ];
    expect(read2({ tags })).toMatchObject({
      ok: true,
      value: {
        requests: [
          { optional: false, types: [4, 6] },
          { optional: true, types: [14] },
        ],
        address: { header_addr: 0x100000 },
        entry: { entry_addr: 0x100020 },
        console: { optional: true, console_flags: 3 },
        framebuffer: true,
        relocatable: { min_addr: 0x1000, max_addr: 0xffffffff, align: 0x1000, preference: 2 },
        types: [1, 1, 2, 3, 4, 5, 6, 8, 10],
      },
    });
  });
});

describe('a Multiboot2 header, as it is told of', () => {
  test('has its place and its size', () => {
    const bytes = multibootFlat(multiboot2Header({ tags: [{ type: 6 }] }), { before: 0x48 });
    expect(readMultiboot2Header(file(bytes))).toMatchObject({ ok: true, value: { offset: 0x48, size: 32 } });
  });

  test('without tags asks for nothing', () => {
    expect(readMultiboot2Header(file(multibootFlat(multiboot2Header({ end: false }))))).toMatchObject({
      ok: true,
      value: { requests: [], framebuffer: false, types: [], size: 16 },
      diagnostics: [{ code: 'MULTIBOOT2_NO_END_TAG', at: { offset: 0x30 } }],
    });
  });

  test.each([
    ['its architecture', { architecture: 4 }, 0x24],
    ['its length', { length: 15 }, 0x28],
  ])('is refused at %s', (_, shape, offset) => {
    const bytes = multibootFlat(multiboot2Header(shape));
    expect(readMultiboot2Header(file(bytes)).diagnostics[0].at?.offset).toBe(offset);
  });

  test('may fill the file to its last byte', () => {
    const whole = multibootFlat(multiboot2Header(), { after: 0 });
    expect(readMultiboot2Header(file(whole)).ok).toBe(true);
    expect(readMultiboot2Header(file(whole.subarray(0, -1)))).toMatchObject({
      diagnostics: [{ code: 'MULTIBOOT2_HEADER_LENGTH', expected: expect.stringContaining('23') as string }],
    });
  });

  test('places each of its tags', () => {
    const tags = [{ type: 6 }, { type: 3, data: [1] }, { type: 4, data: [3] }, { type: 1, data: [4] }];
    expect(read2({ tags })).toMatchObject({
      ok: true,
      value: {
        ...{
          entry: { offset: 0x78 },
          console: { offset: 0x88, optional: false },
          requests: [{ offset: 0x98 }],
        },
        ...{ address: undefined, relocatable: undefined },
      },
    });
  });

  test('takes of a request whole types only', () => {
    expect(read2({ tags: [{ type: 1, size: 15, data: [4, 6] }] })).toMatchObject({
      ok: true,
      value: { requests: [{ types: [4] }] },
    });
  });
});

describe('a relocation', () => {
  const moves = (...data: number[]) => read2({ tags: [{ type: 6 }, { type: 10, data }] });

  test.each([
    ['max_addr', [0x2000, 0x1fff, 0x1000, 0], 0x78 + 12],
    ['align', [0, 0xffffffff, 0x3000, 0], 0x78 + 16],
    ['preference', [0, 1, 1, 3], 0x78 + 20],
  ])('is refused by its %s, where that stands', (field, data, offset) => {
    expect(moves(...data)).toMatchObject({
      ok: false,
      diagnostics: [{ at: { offset, field: expect.stringContaining(field) as string } }],
    });
    expect(moves(...data).diagnostics[0].expected).toMatch(/\w/);
  });

  test.each([[[0x2000, 0x2000, 0x1000, 0]], [[0, 1, 0, 2]], [[0, 0xffffffff, 0x80000000, 1]]])(
    'may be %o',
    (data) => {
      expect(moves(...data).ok).toBe(true);
    },
  );
});

describe('a tag', () => {
  test.each([
    ['of size 0', { type: 6, size: 0 }, 'MULTIBOOT2_TAG_SIZE'],
    ['of size 7', { type: 6, size: 7 }, 'MULTIBOOT2_TAG_SIZE'],
    ['that ends behind the header', { type: 6, size: 0x400 }, 'MULTIBOOT2_TAG_PAST_END'],
    ['that ends behind everything', { type: 6, size: 0xffffffff }, 'MULTIBOOT2_TAG_PAST_END'],
    [
      'of addresses, that overlaps the next',
      { type: 2, size: 16, data: [0, 0, 0, 0] },
      'MULTIBOOT2_TAG_OVERLAP',
    ],
    [
      'of relocation, that overlaps the next',
      { type: 10, size: 8, data: [0, 0, 0, 0] },
      'MULTIBOOT2_TAG_OVERLAP',
    ],
    ['for EFI boot services, required', { type: 7 }, 'MULTIBOOT2_REQUIRED_TAG'],
    ['that nobody knows, required', { type: 11 }, 'MULTIBOOT2_REQUIRED_TAG'],
    [
      'of relocation by no power of two',
      { type: 10, data: [0, 0xffffffff, 0x3000, 0] },
      'MULTIBOOT2_RELOCATION',
    ],
    ['of relocation to nowhere', { type: 10, data: [0x2000, 0x1000, 0x1000, 0] }, 'MULTIBOOT2_RELOCATION'],
    [
      'of relocation with a preference that nobody knows',
      { type: 10, data: [0, 1, 1, 3] },
      'MULTIBOOT2_RELOCATION',
    ],
  ] as [string, TagShape, string][])('%s is refused', (_, tag, code) => {
    const result = read2({ tags: [{ type: 6 }, tag] });
    expect(result).toMatchObject({ ok: false, diagnostics: [{ code, severity: 'error' }] });
    expect(result.diagnostics[0].at?.offset).toBeGreaterThan(0);
  });

  test.each([
    ['too short', { type: 6, size: 7 }, '7 bytes', '8'],
    ['too long', { type: 6, size: 0x400 }, '1024 bytes', '16'],
    ['shorter than its fields', { type: 2, size: 16, data: [0, 0, 0, 0] }, '16 bytes', '24'],
  ] as [string, TagShape, string, string][])(
    '%s is refused with what it should have',
    (_, tag, found, bound) => {
      const [problem] = read2({ tags: [{ type: 6 }, { ...tag, data: tag.data ?? [] }] }).diagnostics;
      expect(problem).toMatchObject({ found, at: { offset: 0x78 } });
      expect(problem.expected).toContain(bound);
    },
  );

  test.each([9, 8, 5, 4, 3, 2])('of type %d has to hold its fields', (type) => {
    expect(read2({ tags: [{ type, size: 8, optional: true, data: [0, 0, 0, 0] }] })).toMatchObject({
      diagnostics: [{ code: 'MULTIBOOT2_TAG_OVERLAP' }],
    });
  });

  test('that is there twice is refused, if it can be meant once only', () => {
    expect(
      codesOf({
        tags: [
          { type: 3, data: [1] },
          { type: 3, data: [2] },
        ],
      }),
    ).toEqual(['MULTIBOOT2_TAG_TWICE']);
    expect(
      codesOf({
        tags: [
          { type: 1, data: [4] },
          { type: 1, data: [6] },
        ],
      }),
    ).toEqual([]);
  });

  test.each([
    ['for EFI boot services', { type: 7, optional: true }, '7 (EFI boot services)'],
    ['that nobody knows', { type: 0x4d4b, optional: true }, '19787'],
    ['for an entry by EFI', { type: 9, data: [0], optional: true }, '9 (EFI amd64 entry address)'],
  ] as [string, TagShape, string][])('%s, optional, is ignored, and that is said', (_, tag, found) => {
    expect(read2({ tags: [tag] })).toMatchObject({
      ok: true,
      diagnostics: [{ code: 'MULTIBOOT2_TAG_IGNORED', severity: 'info', found }],
    });
  });

  test('that is required and cannot be obeyed is named, with the reason', () => {
    expect(read2({ tags: [{ type: 7 }] }).diagnostics[0].message).toMatch(/7 \(EFI boot services\).*: \w/);
    expect(read2({ tags: [{ type: 4711 }] }).diagnostics[0].message).toMatch(/4711.*: \w/);
    for (const type of [8, 9])
      expect(read2({ tags: [{ type, data: [0] }] }).diagnostics).toMatchObject([
        { code: 'MULTIBOOT2_TAG_IGNORED', message: expect.stringMatching(/: \w/) as string },
      ]);
  });

  test('at the end may be missing: a warning', () => {
    expect(read2({ tags: [{ type: 6 }], end: false })).toMatchObject({
      ok: true,
      diagnostics: [{ code: 'MULTIBOOT2_NO_END_TAG', severity: 'warning' }],
    });
  });

  test('behind the end tag is not looked at', () => {
    expect(read2({ tags: [{ type: 0 }, { type: 4711, size: 0 }] }).ok).toBe(true);
  });

  test('whatever its type, flags and size: there is an end, and one of the codes', () => {
    const size = fc.oneof(fc.nat(40), fc.constantFrom(0, 0x7fffffff, 0x80000000, 0xffffffff));
    const tag = fc.record({
      type: fc.oneof(fc.nat(12), fc.nat(0xffff)),
      optional: fc.boolean(),
      data: fc.array(fc.oneof(fc.nat(30), fc.nat(0xffffffff)), { maxLength: 6 }),
      size,
    });
    const honest = tag.map(({ size: _, ...rest }) => rest);
    fc.assert(
      fc.property(fc.array(fc.oneof(honest, tag), { maxLength: 12 }), fc.boolean(), (tags, end) => {
        const result = read2({ tags, end });
        for (const { code } of result.diagnostics) expect(Object.keys(multiboot2Codes)).toContain(code);
        if (!result.ok) expect(result.diagnostics[0].severity).toBe('error');
      }),
      { numRuns: 2000 },
    );
  });

  test('of the largest header there can be, each of size 8, are all read', () => {
    const tags = Array.from({ length: 4000 }, () => ({ type: 6 }));
    const result = readMultiboot2Header(file(multibootFlat(multiboot2Header({ tags }), { before: 0 })));
    expect(result.ok && result.value.types.length).toBe(4000);
  });
});
