import type { Bits } from './bits.js';

/** A prefix code as one look-up table: `table[next bits] = symbol << 4 | length`, 0 where no code is. */
export interface HuffmanCode {
  readonly table: Uint16Array;
  /** The longest code, in bits. */
  readonly longest: number;
  /** Every sequence of bits stands for something. */
  readonly complete: boolean;
}

/**
 * Builds the canonical code of some lengths (RFC 1951, 3.2.2).
 *
 * @returns undefined when the lengths are over-subscribed, or leave codes unused (no code at all, or one of one bit, may: 3.2.7).
 */
export function huffmanCode(lengths: Uint8Array): HuffmanCode | undefined {
  const longest = lengths.reduce((most, length) => Math.max(most, length), 0);
  const table = new Uint16Array(1 << longest);
  let code = 0;
  let used = 0;
  for (let length = 1; length <= longest; length += 1) {
    for (let symbol = 0; symbol < lengths.length; symbol += 1) {
      if (lengths[symbol] !== length) continue;
      if (code >= 1 << length) return undefined;
      fillTable(table, reverse(code, length), (symbol << 4) | length);
      code += 1;
      used += 1;
    }
    if (length < longest) code <<= 1;
  }
  const complete = code === 1 << longest;
  return complete || (used <= 1 && longest <= 1) ? { table, longest, complete } : undefined;
}

function fillTable(table: Uint16Array, first: number, entry: number): void {
  for (let at = first; at < table.length; at += 1 << (entry & 15)) table[at] = entry;
}

function reverse(code: number, length: number): number {
  let reversed = 0;
  for (let bit = 0; bit < length; bit += 1) reversed |= ((code >> bit) & 1) << (length - 1 - bit);
  return reversed;
}

/** The next symbol, or -1 where no code is. */
export function readSymbol(bits: Bits, { table, longest }: HuffmanCode): number {
  const entry = table[bits.peek(longest)] ?? 0;
  if (entry === 0) return -1;
  bits.drop(entry & 15);
  return entry >> 4;
}
