import { BackwardBits } from './backward-bits.js';
import { FseState, readFseTable } from './fse.js';
import type { Input } from './input.js';

/** RFC 8878, 3.1.1.2.4: no block comes to more, in bytes. */
export const LARGEST_BLOCK = 1 << 17;
const LONGEST_CODE = 11;
const WEIGHT_ACCURACY = 6;

/** A Huffman code of zstd by its next bits: `symbol << 4 | length`. */
export interface LiteralCode {
  readonly table: Uint16Array;
  readonly longest: number;
}

/** RFC 8878, 3.1.1.3.1.1: Literals_Block_Type. */
const RAW = 0;
const RLE = 1;
const TREELESS = 3;

/** What a literals section holds, and the code for a later one that has none of its own. */
export interface Literals {
  readonly bytes: Uint8Array;
  readonly code: LiteralCode | undefined;
}

/** RFC 8878, 3.1.1.3.1. */
export function readLiterals(input: Input, before: LiteralCode | undefined): Literals {
  const first = input.bytes[input.position] ?? 0;
  const type = first & 3;
  const format = (first >> 2) & 3;
  if (type === RAW || type === RLE) return { bytes: readPlain(input, type, format), code: before };
  const width = [10, 10, 14, 18][format] ?? 18;
  const header = littleEndian(input.take([3, 3, 4, 5][format] ?? 5));
  const size = Math.floor(header / 16) % 2 ** width;
  const compressed = Math.floor(header / 2 ** (4 + width));
  if (size > LARGEST_BLOCK) throw input.corrupt('more literals than a block may have');
  const content = input.inner(compressed);
  const code = type === TREELESS ? before : readCode(content);
  if (code === undefined) throw input.corrupt('literals without a code');
  return { bytes: decodeStreams(content, code, size, format !== 0), code };
}

function readPlain(input: Input, type: number, format: number): Uint8Array {
  const header = littleEndian(input.take([1, 2, 1, 3][format] ?? 1));
  const size = header >> ([3, 4, 3, 4][format] ?? 3);
  if (size > LARGEST_BLOCK) throw input.corrupt('more literals than a block may have');
  return type === RAW ? input.take(size) : new Uint8Array(size).fill(input.u8());
}

/** RFC 8878, 3.1.1.3.1.6: one stream, or four with a jump table. */
function decodeStreams(content: Input, code: LiteralCode, size: number, four: boolean): Uint8Array {
  const into = new Uint8Array(size);
  if (!four) {
    decodeStream(content, content.take(content.left), code, into);
    return into;
  }
  const sizes = [content.u16(), content.u16(), content.u16()];
  const quarter = Math.ceil(size / 4);
  if (quarter * 3 > size) throw content.corrupt('too few literals for four streams');
  for (const [index, length] of sizes.entries()) {
    decodeStream(content, content.take(length), code, into.subarray(index * quarter, (index + 1) * quarter));
  }
  decodeStream(content, content.take(content.left), code, into.subarray(3 * quarter));
  return into;
}

function decodeStream(
  content: Input,
  bytes: Uint8Array,
  { table, longest }: LiteralCode,
  into: Uint8Array,
): void {
  const stream = new BackwardBits(bytes, content);
  for (let at = 0; at < into.length; at += 1) {
    const entry = table[stream.peek(longest)] ?? 0;
    stream.left -= entry & 15;
    into[at] = entry >> 4;
  }
  if (stream.left !== 0) throw content.corrupt('literals of another size');
}

/** RFC 8878, 4.2.1: the tree as weights. */
function readCode(content: Input): LiteralCode {
  const header = content.u8();
  const weights =
    header < 128 ? readPackedWeights(content.inner(header)) : readPlainWeights(content, header - 127);
  const sum = weights.reduce((total, weight) => total + (weight === 0 ? 0 : 2 ** (weight - 1)), 0);
  if (sum === 0) throw content.corrupt('an empty Huffman tree');
  const longest = 32 - Math.clz32(sum);
  const rest = 2 ** longest - sum;
  // The last weight is what completes the tree: a power of two.
  if (longest > LONGEST_CODE || (rest & (rest - 1)) !== 0)
    throw content.corrupt('an impossible Huffman tree');
  return codeOf([...weights, 32 - Math.clz32(rest)], longest);
}

function codeOf(weights: readonly number[], longest: number): LiteralCode {
  const table = new Uint16Array(1 << longest);
  let at = 0;
  for (let weight = 1; weight <= longest; weight += 1) {
    for (const [symbol, own] of weights.entries()) {
      if (own !== weight) continue;
      table.fill((symbol << 4) | (longest + 1 - weight), at, at + (1 << (weight - 1)));
      at += 1 << (weight - 1);
    }
  }
  return { table, longest };
}

function readPlainWeights(content: Input, count: number): number[] {
  const bytes = content.take((count + 1) >> 1);
  return Array.from({ length: count }, (_, at) =>
    at % 2 === 0 ? (bytes[at >> 1] ?? 0) >> 4 : (bytes[at >> 1] ?? 0) & 15,
  );
}

/** RFC 8878, 4.2.1.2: two states by turns, until the bits are used up. */
function readPackedWeights(content: Input): number[] {
  const table = readFseTable(content, 255, WEIGHT_ACCURACY);
  const stream = new BackwardBits(content.take(content.left), content);
  let [now, other] = [new FseState(table, stream), new FseState(table, stream)];
  const weights: number[] = [];
  while (stream.left >= 0) {
    if (weights.length >= 254) throw content.corrupt('too many weights');
    weights.push(now.symbol);
    now.advance();
    [now, other] = [other, now];
  }
  weights.push(now.symbol);
  return weights;
}

function littleEndian(bytes: Uint8Array): number {
  return bytes.reduceRight((value, byte) => value * 256 + byte, 0);
}
