import { CheckedStream, encodeText, FormatError, parse, writer } from '@kexec-kit/structures';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EveryFeature, Kind, Payload } from './fixtures/every-feature.js';
import { Nested, Record } from './fixtures/record.js';
import { places, sample } from './sample.js';

function formatError(run: () => unknown): FormatError {
  try {
    run();
  } catch (error) {
    if (error instanceof FormatError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('a generated reader', () => {
  it('gives every field under the name of the .ksy, as plain data', () => {
    const bytes = Uint8Array.of(...sample().value, 1, 0, 2, 3, 0, 4);
    expect(structuredClone(parse(EveryFeature, bytes))).toEqual({
      magic: encodeText('KKK\0'),
      entry_point: 0xffffffff81000123n,
      small: 7,
      big_endian: 0x12345678,
      signed: -1n,
      kind: Kind.circle,
      any_kind: Kind.square,
      flag: true,
      three: 3,
      four: 6,
      count: 2,
      entries: [
        { at: 0x1111, what: 1 },
        { at: 0x2222, what: 2 },
      ],
      extra: 0xbeef,
      title: 'kexec',
      words: ['ab', ''],
      payload_size: 5n,
      payload: { name: '€', bytes: encodeText('xy'), first: 0xe2 },
      shape: { side: 9, of_parent: 8 },
      rest: [
        { at: 1, what: 2 },
        { at: 3, what: 4 },
      ],
      second: 0x81000123,
      doubled: 4,
      entry_is_high: true,
      late: undefined,
    });
  });

  it('tells the field and its first byte for a cut at every byte', () => {
    const bytes = sample().value;
    for (let cut = 0; cut < bytes.length; cut++) {
      const [offset, field] = places.filter(([start]) => start <= cut).at(-1) ?? [];
      const error = formatError(() => parse(EveryFeature, bytes.subarray(0, cut)));
      expect({ cut, offset: error.offset, field: error.field }).toEqual({ cut, offset, field });
      expect(error.structure).toBe('every_feature');
    }
    expect(parse(EveryFeature, bytes).rest).toEqual([]);
  });

  it('tells offsets in the image when the structure lies inside one, and does not look beyond its bytes', () => {
    const image = Uint8Array.of(...new Uint8Array(0x1000), ...sample().value, 0xff, 0xff);
    const part = image.subarray(0x1000, 0x1000 + 0x40);
    expect(formatError(() => parse(EveryFeature, part, { offset: 0x1000 }))).toMatchObject({
      offset: 0x103d,
      field: 'payload',
      found: '0x3 bytes',
      expected: '0x5 bytes',
    });
  });

  it('tells offsets of the image from within a substream', () => {
    const bytes = sample().u64(0x35, 2n).value;
    expect(formatError(() => parse(EveryFeature, bytes, { offset: 0x100 }))).toMatchObject({
      offset: 0x13d,
      field: 'payload.name',
      expected: '0x3 bytes',
      found: '0x2 bytes',
    });
  });

  it.each([
    [2n ** 32n + 16n, '0x100000010 bytes'],
    [2n ** 31n + 16n, '0x80000010 bytes'],
    [2n ** 64n - 1n, '0xffffffffffffffff bytes'],
    [2n ** 53n + 1n, '0x20000000000001 bytes'],
  ])('refuses a substream of %s bytes that are not there, and does not round the size', (size, expected) => {
    const error = formatError(() => parse(EveryFeature, sample().u64(0x35, size).value));
    expect(error).toMatchObject({ field: 'payload', offset: 0x3d, expected, found: '0x7 bytes' });
  });

  it.each([
    ['magic', 0, 0x00, '4b 4b 4b 00', '00 4b 4b 00'],
    ['kind', 0x1a, 9, 'one of the values that are defined', '0x9'],
    ['count', 0x1d, 5, 'at most 0x4', '0x5'],
  ] as const)('refuses what is not valid, with the place of %s', (field, offset, byte, expected, found) => {
    const error = formatError(() => parse(EveryFeature, sample().u8(offset, byte).value));
    expect(error).toMatchObject({ field, offset, expected, found });
  });

  it('gives undefined for a choice without a match, and leaves an enum that is not validated alone', () => {
    const { shape, any_kind } = parse(EveryFeature, sample().u8(0x1b, 0x77).value.subarray(0, 0x42));
    expect({ shape, any_kind }).toEqual({ shape: undefined, any_kind: 0x77 });
  });

  it('never gives half of a lazy part: every attempt fails the same way', () => {
    const bytes = sample().u16(0x0c, 0xffff).u64(0x04, 0x40n).value;
    const attempt = () => formatError(() => parse(EveryFeature, bytes));
    const expected = { field: 'late[1].at', offset: 0x43, expected: '0x2 bytes', found: '0x1 bytes' };
    expect([attempt(), attempt()]).toMatchObject([expected, expected]);
  });

  it.each([
    [0xffffffff81000123n, 'position 0xffffffff81000123'],
    [2n ** 32n, 'position 0x100000000'],
    [0x45n, 'position 0x45'],
  ])('refuses a lazy part at %s, which lies outside', (position, found) => {
    const bytes = sample().u16(0x0c, 0xffff).u64(0x04, position).value;
    expect(formatError(() => parse(EveryFeature, bytes))).toMatchObject({ field: 'late', found });
  });

  it('reads a nested structure by itself, and moves the stream behind it', () => {
    const stream = new CheckedStream(writer(16).u64(0, 1n).u32(8, 2).u8(12, 3).value, {
      structure: 'x',
      offset: 0,
    });
    expect(Nested.read(stream)).toEqual({ address: 1n, size: 2 });
    expect(stream.pos).toBe(12);
    expect(parse(Payload, encodeText('abc'))).toEqual({ name: 'abc', bytes: new Uint8Array(0), first: 0x61 });
  });
});

describe('the static table of a reader', () => {
  it('has every field whose place is constant, those of nested structures by path', () => {
    expect(Record.size).toBe(24);
    expect(Record.fields.map(({ name, offset, size }) => [name, offset, size])).toEqual([
      ['tag', 0, 1],
      ['nested', 1, 12],
      ['nested.address', 1, 8],
      ['nested.size', 9, 4],
      ['digest', 13, 5],
      ['table', 18, 6],
      ['upper', 5, 4],
    ]);
    expect(Record.at['nested.size']).toEqual({
      name: 'nested.size',
      offset: 9,
      size: 4,
      doc: 'In bytes',
      spec: 'tests, nested',
    });
  });

  it('stops where a size is not constant, and knows no size then', () => {
    expect(EveryFeature.size).toBeUndefined();
    expect(EveryFeature.fields.map(({ name }) => name)).not.toContain('extra');
    expect(EveryFeature.at.second).toMatchObject({ offset: 4, size: 4 });
  });
});

it('reads back what a builder wrote by the names of the table', () => {
  const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
  const record = fc.record({
    tag: fc.nat(0xff),
    nested: fc.record({ address: fc.bigInt(0n, 2n ** 64n - 1n), size: fc.nat(0xffffffff) }),
    digest: bytes(5),
    table: fc.tuple(fc.nat(0xffff), fc.nat(0xffff), fc.nat(0xffff)),
  });
  fc.assert(
    fc.property(record, ({ tag, nested, digest, table }) => {
      const { at } = Record;
      const built = writer(24)
        .u8(at.tag, tag)
        .u64(at['nested.address'], nested.address)
        .u32(at['nested.size'], nested.size)
        .bytes(at.digest, digest);
      table.forEach((value, i) => built.u16(at.table.offset + 2 * i, value));
      const upper = Number(nested.address >> 32n);
      expect(parse(Record, built.value)).toEqual({ tag, nested, digest, table, upper });
    }),
  );
});
