import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attempt, CheckedStream, encodeText, FormatError, fromHex, placeOf, writer } from '../src/index.js';

const streamOf = (bytes: Uint8Array, offset = 0) => new CheckedStream(bytes, { structure: 'thing', offset });

describe('64-bit integers', () => {
  it('are exact, in both byte orders and signs', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 2n ** 64n - 1n), (value) => {
        const bytes = writer(8).u64(0, value).value;
        const reversed = bytes.slice().reverse();
        expect(streamOf(bytes).readU8le()).toBe(value);
        expect(streamOf(reversed).readU8be()).toBe(value);
        expect(streamOf(bytes).readS8le()).toBe(BigInt.asIntN(64, value));
        expect(streamOf(reversed).readS8be()).toBe(BigInt.asIntN(64, value));
      }),
    );
  });

  it('read 0xffffffff81000123 and move on', () => {
    const stream = streamOf(
      writer(16)
        .u64(0, 0xffffffff81000123n)
        .u64(8, 2n ** 32n + 16n).value,
    );
    expect([stream.readU8le(), stream.readU8le(), stream.pos]).toEqual([
      0xffffffff81000123n,
      0x100000010n,
      16,
    ]);
  });
});

describe('lengths', () => {
  it.each([2n ** 32n + 16n, 2n ** 31n + 16n, 2n ** 64n - 1n, 17n, 17, 2 ** 32 + 16, -1, NaN, Infinity, 1.5])(
    'of %s are refused in a stream of 16 bytes, and nothing is read',
    (length) => {
      const stream = streamOf(new Uint8Array(16));
      expect(() => stream.readBytes(length)).toThrow(FormatError);
      expect(stream.pos).toBe(0);
    },
  );

  it('within the stream give views, not copies', () => {
    const bytes = Uint8Array.of(1, 2, 3, 4);
    const part = streamOf(bytes.subarray(1)).readBytes(2n);
    bytes[1] = 9;
    expect(part).toEqual(Uint8Array.of(9, 3));
  });

  it('end at the bytes given, not at the buffer under them', () => {
    const stream = streamOf(new Uint8Array(16).subarray(4, 8));
    expect(stream.readBytes(4)).toHaveLength(4);
    expect(() => stream.readBytes(1)).toThrow('expected 0x1 bytes, found the end');
  });
});

describe('seek', () => {
  it.each([NaN, Infinity, -1, -1n, 17, 17n, 0.5, 2n ** 32n, 2 ** 53, 2n ** 64n - 1n])(
    'refuses %s',
    (position) => {
      const stream = streamOf(new Uint8Array(16));
      stream.seek(3);
      expect(() => {
        stream.seek(position);
      }).toThrow(FormatError);
      expect(stream.pos).toBe(3);
    },
  );

  it.each([0, 16, 5n])('goes to %s, the end included', (position) => {
    const stream = streamOf(new Uint8Array(16));
    stream.seek(position);
    expect(stream.pos).toBe(Number(position));
  });
});

describe('terminated bytes', () => {
  it('end before the terminator, or with it, or behind it', () => {
    const bytes = encodeText('ab\0c');
    const read = (include: boolean, consume: boolean) => {
      const stream = streamOf(bytes);
      return [stream.readBytesTerm(0, include, consume, true).length, stream.pos];
    };
    expect([read(false, true), read(false, false), read(true, true)]).toEqual([
      [2, 3],
      [2, 2],
      [3, 3],
    ]);
  });

  it('are refused, or all there is, where there is no terminator', () => {
    expect(() => streamOf(encodeText('abc')).readBytesTerm(0, false, true, true)).toThrow(
      'expected a terminator 0x0, found none in 0x3 bytes',
    );
    expect(streamOf(encodeText('abc')).readBytesTerm(0, false, true, false)).toHaveLength(3);
  });
});

describe('a FormatError', () => {
  it('tells structure, path and offset in the image, through substreams', () => {
    const stream = streamOf(fromHex('00 01 02 03 04 05').subarray(1), 0x1f1);
    stream.at('entries');
    stream.at(2);
    stream.readBytes(1);
    const inner = stream.sub(stream.readBytes(2));
    inner.at('type');
    const problem = { structure: 'thing', field: 'entries[2].type', offset: 0x1f2 };
    const result = attempt(
      () => inner.readU8le(),
      (error) => {
        expect(error).toMatchObject({ ...problem, expected: '0x8 bytes', found: '0x2 bytes' });
        return { code: 'X', severity: 'error', message: error.message, at: placeOf(error, 'bzImage') };
      },
    );
    expect(result).toEqual({
      ok: false,
      diagnostics: [
        {
          code: 'X',
          severity: 'error',
          message: 'thing.entries[2].type at 0x1f2: expected 0x8 bytes, found 0x2 bytes',
          at: { source: 'bzImage', offset: 0x1f2, field: 'thing.entries[2].type' },
        },
      ],
    });
  });

  it('names the structure alone while no field is read', () => {
    const stream = streamOf(new Uint8Array(4), 0x10);
    stream.seek(2);
    const error = stream.problem('a', 'b');
    expect(placeOf(error)).toEqual({ offset: 0x12, field: 'thing' });
  });
});

describe('attempt', () => {
  it('gives the value', () => {
    expect(
      attempt(
        () => 7,
        () => {
          throw new Error('not asked');
        },
      ),
    ).toEqual({ ok: true, value: 7, diagnostics: [] });
  });

  it('lets a bug through', () => {
    const bug = () => {
      throw new RangeError('bug');
    };
    expect(() =>
      attempt(bug, () => {
        throw new Error('not asked');
      }),
    ).toThrow('bug');
  });
});
