import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ascii, decodeText, encodeText, fromHex, toHex } from '../src/index.js';

describe('UTF-8', () => {
  it('survives a round trip, byte order mark included', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(decodeText(encodeText(text))).toBe(text);
      }),
    );
    expect(decodeText(fromHex('efbbbf41'))).toBe('\ufeffA');
  });

  it('shows invalid sequences and throws for none', () => {
    expect(decodeText(fromHex('41ff42'))).toBe('A\ufffdB');
  });
});

describe('ascii', () => {
  it('gives printable text for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(ascii(bytes)).toMatch(/^[ -~]*$/);
      }),
    );
  });

  it('escapes what a terminal would obey', () => {
    expect(ascii(encodeText('a\x1b[2J\x7f\n'))).toBe('a\\x1b[2J\\x7f\\x0a');
  });

  it('stops at the first NUL only when asked to', () => {
    const bytes = encodeText('6.12\0junk');
    expect(ascii(bytes)).toBe('6.12\\x00junk');
    expect(ascii(bytes, { untilNul: true })).toBe('6.12');
    expect(ascii(encodeText('6.12'), { untilNul: true })).toBe('6.12');
  });
});

describe('hexadecimal', () => {
  it('survives a round trip in either case, with white space', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const text = toHex(bytes);
        expect(fromHex(text)).toEqual(bytes);
        expect(fromHex(` ${text.toUpperCase()}\n`)).toEqual(bytes);
      }),
    );
    expect(fromHex('48 64\n7253')).toEqual(encodeText('HdrS'));
  });

  it.each(['4', '4g', '0x48', '48-64'])('refuses %s', (text) => {
    expect(() => fromHex(text)).toThrow(RangeError);
  });
});
