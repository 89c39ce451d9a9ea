import { Bits } from './bits.js';
import { huffmanCode, readSymbol } from './huffman.js';
import type { HuffmanCode } from './huffman.js';
import type { Input } from './input.js';
import { BURST } from './window.js';
import type { Window } from './window.js';

interface Codes {
  readonly literals: HuffmanCode;
  readonly distances: HuffmanCode;
}

const END_OF_BLOCK = 256;
/** RFC 1951, 3.2.5: symbols 257..285 and the lengths that they begin at. */
const LENGTH_EXTRA = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const LENGTH_BASE = [...bases(LENGTH_EXTRA.slice(0, -1), 3), 258];
/** RFC 1951, 3.2.5: distance symbols 0..29. */
const DISTANCE_EXTRA = Array.from({ length: 30 }, (_, symbol) => Math.max(0, (symbol >> 1) - 1));
const DISTANCE_BASE = bases(DISTANCE_EXTRA, 1);
/** RFC 1951, 3.2.7: the order in which the lengths of the code length code stand. */
const CODE_LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

function bases(extra: readonly number[], first: number): number[] {
  let next = first;
  return extra.map((bits) => (next += 1 << bits) - (1 << bits));
}

let fixed: Codes | undefined;

/** RFC 1951, 3.2.6; made once, for a stream may be blocks of ten bits and nothing else. */
function fixedCodes(input: Input): Codes {
  return (fixed ??= makeFixedCodes(input));
}

function makeFixedCodes(input: Input): Codes {
  const lengths = Uint8Array.from({ length: 288 }, (_, symbol) =>
    symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8,
  );
  return codesOf(lengths, new Uint8Array(32).fill(5), input);
}

/** Decodes one deflate stream (RFC 1951); afterwards the input stands behind its last byte. */
export function* inflate(input: Input, window: Window): Generator<Uint8Array, void> {
  const bits = new Bits(input);
  for (let last = false; !last;) {
    last = bits.take(1) === 1;
    const type = bits.take(2);
    if (type === 3) throw input.corrupt('a block of reserved type');
    if (type === 0) yield* copyStored(bits, input, window);
    else yield* inflateBlock(bits, type === 1 ? fixedCodes(input) : readCodes(bits, input), input, window);
  }
  bits.release();
  yield window.drain();
}

/** RFC 1951, 3.2.4. */
function* copyStored(bits: Bits, input: Input, window: Window): Generator<Uint8Array, void> {
  bits.release();
  const length = input.u16();
  if ((length ^ 0xffff) !== input.u16()) throw input.corrupt('a stored block whose lengths do not agree');
  window.reserve();
  window.append(input.take(length));
  if (window.pending >= BURST) yield window.drain();
}

function* inflateBlock(bits: Bits, codes: Codes, input: Input, window: Window): Generator<Uint8Array, void> {
  for (let done = false; !done;) {
    window.reserve();
    done = inflateBurst(bits, codes, input, window);
    if (window.pending >= BURST) yield window.drain();
  }
}

/** Decodes until the block ends (true) or a burst is full (false). */
function inflateBurst(bits: Bits, { literals, distances }: Codes, input: Input, window: Window): boolean {
  while (window.pending < BURST) {
    const symbol = readSymbol(bits, literals);
    if (symbol >= 0 && symbol < END_OF_BLOCK) window.put(symbol);
    else if (symbol === END_OF_BLOCK) return true;
    else {
      const length = extended(bits, symbol - 257, LENGTH_BASE, LENGTH_EXTRA, input);
      const distance = extended(bits, readSymbol(bits, distances), DISTANCE_BASE, DISTANCE_EXTRA, input);
      if (!window.copy(distance, length)) throw input.corrupt('a match that reaches before the start');
    }
  }
  return false;
}

function extended(
  bits: Bits,
  symbol: number,
  base: readonly number[],
  extra: readonly number[],
  input: Input,
): number {
  const first = base[symbol];
  if (first === undefined)
    throw input.left === 0 ? input.truncated() : input.corrupt('a code that stands for nothing');
  return first + bits.take(extra[symbol] ?? 0);
}

/** RFC 1951, 3.2.7. */
function readCodes(bits: Bits, input: Input): Codes {
  const literals = bits.take(5) + 257;
  const distances = bits.take(5) + 1;
  const count = bits.take(4) + 4;
  if (literals > 286 || distances > 30) throw input.corrupt('too many codes');
  const order = new Uint8Array(19);
  for (const symbol of CODE_LENGTH_ORDER.slice(0, count)) order[symbol] = bits.take(3);
  const code = huffmanCode(order);
  if (code?.complete !== true) throw input.corrupt('an impossible code length code');
  const lengths = readLengths(bits, code, literals + distances, input);
  return codesOf(lengths.subarray(0, literals), lengths.subarray(literals), input);
}

function readLengths(bits: Bits, code: HuffmanCode, count: number, input: Input): Uint8Array {
  const lengths = new Uint8Array(count);
  for (let at = 0; at < count;) {
    const symbol = readSymbol(bits, code);
    if (symbol < 0)
      throw input.left === 0 ? input.truncated() : input.corrupt('a code that stands for nothing');
    const [value, times] = runOf(bits, symbol, at === 0 ? undefined : lengths[at - 1]);
    if (value === undefined || at + times > count)
      throw input.corrupt('code lengths that run over their count');
    lengths.fill(value, at, at + times);
    at += times;
  }
  return lengths;
}

/** A code length and how often it stands: 16 repeats the previous one, 17 and 18 are runs of zeros. */
function runOf(
  bits: Bits,
  symbol: number,
  previous: number | undefined,
): readonly [number | undefined, number] {
  if (symbol < 16) return [symbol, 1];
  if (symbol === 16) return [previous, 3 + bits.take(2)];
  return symbol === 17 ? [0, 3 + bits.take(3)] : [0, 11 + bits.take(7)];
}

function codesOf(literalLengths: Uint8Array, distanceLengths: Uint8Array, input: Input): Codes {
  const literals = huffmanCode(literalLengths);
  const distances = huffmanCode(distanceLengths);
  if (literals === undefined || distances === undefined || literalLengths[END_OF_BLOCK] === 0) {
    throw input.corrupt('an impossible Huffman code');
  }
  return { literals, distances };
}
