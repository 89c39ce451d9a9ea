import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { hex, range, sizeOf, toIndex } from '@kexec-kit/loader-api';

describe('range', () => {
  it('holds what it was given and knows its size', () => {
    const above4G = range(0x1_0000_0000n, 0x1_8000_0000n);
    expect(above4G).toEqual({ start: 0x1_0000_0000n, end: 0x1_8000_0000n });
    expect(sizeOf(above4G)).toBe(0x8000_0000n);
  });

  it('may be empty, never backwards, never negative', () => {
    expect(sizeOf(range(7n, 7n))).toBe(0n);
    expect(() => range(8n, 7n)).toThrow('not a range: [0x8, 0x7)');
    expect(() => range(-1n, 7n)).toThrow(RangeError);
  });
});

describe('toIndex', () => {
  it('gives every index within its limit exactly and refuses every other number', () => {
    const wide = fc.bigInt({ min: -(1n << 65n), max: 1n << 65n });
    fc.assert(
      fc.property(wide, fc.nat(), (value, limit) => {
        if (value >= 0n && value <= BigInt(limit)) expect(BigInt(toIndex(value, limit))).toBe(value);
        else expect(() => toIndex(value, limit)).toThrow(RangeError);
      }),
    );
  });

  it('refuses what a double cannot hold', () => {
    expect(toIndex(2n ** 53n - 1n)).toBe(2 ** 53 - 1);
    expect(() => toIndex(0xffffffff81000123n)).toThrow(
      '0xffffffff81000123 is not within 0..0x1fffffffffffff',
    );
  });
});

describe('hex', () => {
  it('prints addresses lower-case, unpadded and exactly', () => {
    expect(hex(0xffffffff81000123n)).toBe('0xffffffff81000123');
    expect(hex(0)).toBe('0x0');
    expect(hex(-16n)).toBe('-0x10');
  });
});
