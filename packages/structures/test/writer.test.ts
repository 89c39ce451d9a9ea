import { describe, expect, it } from 'vitest';
import { toHex, writer } from '../src/index.js';

describe('writer', () => {
  it('writes little-endian at the offsets given, and zero elsewhere', () => {
    const built = writer(20).u8(0, 0x12).u16(1, 0x3456).u32(4, 0x789abcden).u64(9, 0xffffffff81000123n);
    expect(toHex(built.bytes(18, Uint8Array.of(1, 2)).value)).toBe(
      '12563400debc9a780023010081ffffffff000102',
    );
  });

  it('writes the largest value of each width', () => {
    expect(toHex(writer(1).u8(0, 0xff).value)).toBe('ff');
    expect(toHex(writer(2).u16(0, 0xffff).value)).toBe('ffff');
    expect(toHex(writer(4).u32(0, 0xffffffff).value)).toBe('ffffffff');
    expect(toHex(writer(8).u64(0, 2n ** 64n - 1n).value)).toBe('ffffffffffffffff');
  });

  const whole = writer(16);
  it.each([
    ['a u8 too large', () => whole.u8(0, 0x100)],
    ['a u16 too large', () => whole.u16(0, 0x10000)],
    ['a u32 too large', () => whole.u32(0, 2 ** 32)],
    ['a u32 too large as a bigint', () => whole.u32(0, 2n ** 32n)],
    ['a u64 too large', () => whole.u64(0, 2n ** 64n)],
    ['a negative number', () => whole.u8(0, -1)],
    ['a negative bigint', () => whole.u64(0, -1n)],
    ['a fraction', () => whole.u32(0, 1.5)],
    ['no number', () => whole.u32(0, NaN)],
    ['a number that is not exact', () => whole.u32(0, 2 ** 53)],
    ['a place that begins before', () => whole.u8(-1, 0)],
    ['a place that ends behind', () => whole.u64(9, 0n)],
    ['a place that is no integer', () => whole.u8(0.5, 0)],
    ['a place that is no number', () => whole.u8(NaN, 0)],
    ['bytes that end behind', () => whole.bytes(15, new Uint8Array(2))],
    ['zeros that end behind', () => whole.zeros(8, 9)],
    ['a negative length', () => whole.zeros(8, -1)],
  ])('throws for %s, and writes nothing', (_, write) => {
    expect(write).toThrow(RangeError);
    expect(whole.value).toEqual(new Uint8Array(16));
  });

  describe('at a field of a table', () => {
    const init_size = { name: 'init_size', offset: 4, size: 4 };

    it('writes at its offset', () => {
      expect(toHex(writer(8).u32(init_size, 1).value)).toBe('0000000001000000');
    });

    it('refuses a value of another width, naming the field', () => {
      expect(() => writer(16).u64(init_size, 1n)).toThrow(
        'init_size at 0x4: 8 bytes written to a field of 4',
      );
      expect(() => writer(16).u16(init_size, 1)).toThrow(RangeError);
      expect(() => writer(16).u32(init_size, 2 ** 32)).toThrow('init_size at 0x4: 0x100000000 does not fit');
    });

    it('takes fewer bytes and zeros than it has, never more', () => {
      const built = writer(8)
        .bytes(init_size, Uint8Array.of(1, 2, 3))
        .zeros(init_size, 1);
      expect(toHex(built.value)).toBe('0000000000020300');
      expect(() => writer(16).bytes(init_size, new Uint8Array(5))).toThrow(RangeError);
    });
  });
});
