import type { BigEndianBits } from './big-endian-bits.js';
import type { Input } from './input.js';

const LONGEST_CODE = 20;

/** A canonical Huffman code, codes of each length in order. */
export interface Bzip2Code {
  readonly shortest: number;
  /** By length: the first value of {@link LONGEST_CODE} bits that begins with no code of it or a shorter one. */
  readonly limits: Int32Array;
  /** By length: what is added to a code of it to give its place in `symbols`. */
  readonly bases: Int32Array;
  readonly symbols: Uint16Array;
}

/** Reads the lengths of a code: a first one, then by steps of one. */
export function readCode(bits: BigEndianBits, count: number, input: Input): Bzip2Code {
  const lengths = new Uint8Array(count);
  let length = bits.take(5);
  for (let symbol = 0; symbol < count; symbol += 1) {
    for (;;) {
      if (length < 1 || length > LONGEST_CODE) throw input.corrupt('an impossible code length');
      if (bits.take(1) === 0) break;
      length += bits.take(1) === 0 ? 1 : -1;
    }
    lengths[symbol] = length;
  }
  return codeOf(lengths);
}

function codeOf(lengths: Uint8Array): Bzip2Code {
  const counts = new Uint16Array(LONGEST_CODE + 1);
  for (const length of lengths) counts[length] = (counts[length] ?? 0) + 1;
  const limits = new Int32Array(LONGEST_CODE + 1);
  const bases = new Int32Array(LONGEST_CODE + 1);
  const places = new Uint16Array(LONGEST_CODE + 1);
  let code = 0;
  let place = 0;
  for (let length = 1; length <= LONGEST_CODE; length += 1) {
    places[length] = place;
    bases[length] = place - code;
    code += counts[length] ?? 0;
    place += counts[length] ?? 0;
    // Of a code with too many members some are never found: their symbols cannot occur.
    limits[length] = Math.min(code * 2 ** (LONGEST_CODE - length), 1 << LONGEST_CODE);
    code *= 2;
  }
  const symbols = new Uint16Array(lengths.length);
  for (const [symbol, length] of lengths.entries()) {
    symbols[places[length] ?? 0] = symbol;
    places[length] = (places[length] ?? 0) + 1;
  }
  return { shortest: Math.min(...lengths), limits, bases, symbols };
}

/** The next symbol, or -1 where no code is. */
export function readSymbol(bits: BigEndianBits, { shortest, limits, bases, symbols }: Bzip2Code): number {
  const value = bits.peek(LONGEST_CODE);
  let length = shortest;
  while (length <= LONGEST_CODE && value >= (limits[length] ?? 0)) length += 1;
  if (length > LONGEST_CODE) return -1;
  bits.drop(length);
  return symbols[(value >> (LONGEST_CODE - length)) + (bases[length] ?? 0)] ?? -1;
}
