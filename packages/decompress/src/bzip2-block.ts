import type { BigEndianBits } from './big-endian-bits.js';
import { readCode, readSymbol } from './bzip2-huffman.js';
import type { Bzip2Code } from './bzip2-huffman.js';
import type { Input } from './input.js';

/** So many symbols are coded by one table before a selector names the next. */
const GROUP = 50;
const FEWEST_TABLES = 2;
const MOST_TABLES = 6;
/** Symbols 0 and 1 are the digits 1 and 2 of the length of a run. */
const RUN_B = 1;

/** A block before its transform is undone: `links[i]` is the byte there, and above it where the next one stands. */
export interface Block {
  readonly length: number;
  /** Where the link to the first byte stands. */
  readonly first: number;
}

/** Reads a block behind its magic and CRC, into `links`, which is as long as a block may be. */
export function readBlock(bits: BigEndianBits, input: Input, links: Uint32Array): Block {
  if (bits.take(1) === 1) throw input.unsupported('randomised blocks, as before bzip2 0.9.5');
  const origin = bits.take(24);
  const bytes = readUsedBytes(bits);
  if (bytes.length === 0) throw input.corrupt('a block without content');
  const tables = bits.take(3);
  if (tables < FEWEST_TABLES || tables > MOST_TABLES) throw input.corrupt('an impossible number of tables');
  const selectors = readSelectors(bits, tables, input);
  const codes = Array.from({ length: tables }, () => readCode(bits, bytes.length + 2, input));
  const symbols = symbolReader(bits, input, selectors, codes);
  const length = readBytes(symbols, bytes, links, input);
  if (origin >= length) throw input.corrupt('a block that begins outside of itself');
  link(links, length);
  return { length, first: (links[origin] ?? 0) >>> 8 };
}

/** Sixteen bits say which sixteens of bytes occur, sixteen for each of those which of them. */
function readUsedBytes(bits: BigEndianBits): Uint8Array {
  const sixteens = bits.take(16);
  const used: number[] = [];
  for (let high = 0; high < 16; high += 1) {
    if (!((sixteens >> (15 - high)) & 1)) continue;
    const which = bits.take(16);
    for (let low = 0; low < 16; low += 1) if ((which >> (15 - low)) & 1) used.push(high * 16 + low);
  }
  return Uint8Array.from(used);
}

/** Which table codes each group, as positions in a list that moves to the front. */
function readSelectors(bits: BigEndianBits, tables: number, input: Input): Uint8Array {
  const count = bits.take(15);
  if (count === 0) throw input.corrupt('no selectors');
  const recent = Uint8Array.from({ length: tables }, (_, table) => table);
  const selectors = new Uint8Array(count);
  for (let at = 0; at < count; at += 1) {
    let position = 0;
    for (; bits.take(1) === 1; position += 1)
      if (position + 1 >= tables) throw input.corrupt('a selector of no table');
    selectors[at] = moveToFront(recent, position);
  }
  return selectors;
}

function symbolReader(
  bits: BigEndianBits,
  input: Input,
  selectors: Uint8Array,
  codes: readonly Bzip2Code[],
): () => number {
  let group = 0;
  let left = 0;
  let code: Bzip2Code | undefined;
  return () => {
    if (left === 0) {
      code = codes[selectors[group] ?? codes.length];
      group += 1;
      left = GROUP;
    }
    if (code === undefined || group > selectors.length) throw input.corrupt('more symbols than selectors');
    left -= 1;
    const symbol = readSymbol(bits, code);
    if (symbol < 0) throw input.corrupt('a code that stands for nothing');
    return symbol;
  };
}

/** Undoes runs and move-to-front, up to the symbol that ends the block; gives how many bytes came out. */
function readBytes(next: () => number, bytes: Uint8Array, into: Uint32Array, input: Input): number {
  const end = bytes.length + 1;
  let length = 0;
  let run = 0;
  let digit = 1;
  for (let symbol = next(); ; symbol = next()) {
    if (symbol <= RUN_B) {
      run += digit << symbol;
      digit *= 2;
      if (length + run > into.length) throw input.corrupt('a block of more than its size');
      continue;
    }
    if (run > 0) into.fill(bytes[0] ?? 0, length, length + run);
    length += run;
    run = 0;
    digit = 1;
    if (symbol === end) return length;
    if (length === into.length) throw input.corrupt('a block of more than its size');
    into[length] = moveToFront(bytes, symbol - 1);
    length += 1;
  }
}

/** Undoes the Burrows-Wheeler transform: to each byte the place of the one after it. */
function link(links: Uint32Array, length: number): void {
  const next = new Uint32Array(256);
  for (let at = 0; at < length; at += 1) next[links[at] ?? 0] = (next[links[at] ?? 0] ?? 0) + 1;
  let sum = 0;
  for (let byte = 0; byte < 256; byte += 1) {
    const count = next[byte] ?? 0;
    next[byte] = sum;
    sum += count;
  }
  for (let at = 0; at < length; at += 1) {
    const byte = (links[at] ?? 0) & 0xff;
    const place = next[byte] ?? 0;
    next[byte] = place + 1;
    links[place] = (links[place] ?? 0) | (at << 8);
  }
}

function moveToFront(list: Uint8Array, position: number): number {
  const value = list[position] ?? 0;
  for (let at = position; at > 0; at -= 1) list[at] = list[at - 1] ?? 0;
  list[0] = value;
  return value;
}
