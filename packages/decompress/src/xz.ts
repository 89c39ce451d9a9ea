import type { Engines } from '@kexec-kit/loader-api';
import { BcjX86 } from './bcj-x86.js';
import { crc32, crc32Check, crc64Check, equalBytes, littleEndian } from './crc.js';
import type { Check } from './crc.js';
import type { Input } from './input.js';
import { decodeLzma2 } from './lzma2.js';
import { Window } from './window.js';
import { readBlockHeader, readVariable } from './xz-header.js';
import type { BlockHeader } from './xz-header.js';

/** The .xz File Format, 2.1.1.1 and 2.1.2.4. */
const HEADER_MAGIC = [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00];
const FOOTER_MAGIC = [0x59, 0x5a];
const INDEX_INDICATOR = 0;

/** What the index must say of a block. */
interface BlockSizes {
  readonly unpadded: number;
  readonly uncompressed: number;
}

/** Decodes an .xz file (The .xz File Format 1.2.0): one stream after the other, zero padding between them. */
export function* decodeXz(input: Input, engines?: Engines): Generator<Uint8Array, void> {
  const window = new Window(0);
  do {
    yield* decodeStream(input, window, engines);
    while (input.left >= 4 && input.startsWith([0, 0, 0, 0])) input.take(4);
  } while (input.startsWith(HEADER_MAGIC));
  input.expectPadding();
}

function* decodeStream(
  input: Input,
  window: Window,
  engines: Engines | undefined,
): Generator<Uint8Array, void> {
  if (!equalBytes(input.take(6), Uint8Array.from(HEADER_MAGIC))) throw input.corrupt('no xz header');
  const flags = input.take(2);
  expectCrc32(input, flags, 'stream header');
  if (flags[0] !== 0 || (flags[1] ?? 0) > 0x0f) throw input.unsupported('reserved stream flags');
  const blocks: BlockSizes[] = [];
  while (input.bytes[input.position] !== INDEX_INDICATOR) {
    blocks.push(yield* decodeBlock(input, window, newCheck(flags[1] ?? 0, input, engines)));
  }
  const indexSize = readIndex(input, blocks);
  readFooter(input, flags, indexSize);
}

/** The .xz File Format, 2.1.1.2: None, CRC32, CRC64, SHA-256. */
function newCheck(id: number, input: Input, engines: Engines | undefined): Check {
  if (id === 0x00) return { update: () => undefined, digest: () => new Uint8Array(0) };
  if (id === 0x01) return crc32Check();
  if (id === 0x04) return crc64Check();
  if (id === 0x0a && engines !== undefined) return engines.sha256();
  throw input.unsupported(id === 0x0a ? 'a SHA-256 check, which was given no engine' : `check ${id}`);
}

/** The .xz File Format, 3. */
function* decodeBlock(input: Input, window: Window, check: Check): Generator<Uint8Array, BlockSizes> {
  const start = input.position;
  const header = readBlockHeader(input);
  const dataStart = input.position;
  let uncompressed = 0;
  window.reset(header.dictionary);
  for (const piece of filtered(header, decodeLzma2(input, window))) {
    check.update(piece);
    uncompressed += piece.length;
    yield piece;
  }
  const compressed = input.position - dataStart;
  if (
    (header.compressed ?? compressed) !== compressed ||
    (header.uncompressed ?? uncompressed) !== uncompressed
  ) {
    throw input.corrupt('a block of another size than its header says');
  }
  const unpadded = input.position - start;
  expectZeros(input, -unpadded & 3);
  const expected = check.digest();
  if (!equalBytes(input.take(expected.length), expected)) throw input.corrupt("the content's check differs");
  return { unpadded: unpadded + expected.length, uncompressed };
}

function* filtered({ x86 }: BlockHeader, pieces: Iterable<Uint8Array>): Generator<Uint8Array, void> {
  if (x86 === undefined) {
    yield* pieces;
    return;
  }
  const filter = new BcjX86(x86.start);
  for (const piece of pieces) yield filter.push(piece);
  yield filter.finish();
}

/** The .xz File Format, 4. */
function readIndex(input: Input, blocks: readonly BlockSizes[]): number {
  const start = input.position;
  input.take(1);
  if (readVariable(input) !== blocks.length) throw input.corrupt('the index counts other blocks');
  for (const { unpadded, uncompressed } of blocks) {
    if (readVariable(input) !== unpadded || readVariable(input) !== uncompressed) {
      throw input.corrupt('the index tells other sizes');
    }
  }
  expectZeros(input, -(input.position - start) & 3);
  expectCrc32(input, input.bytes.subarray(start, input.position), 'index');
  return input.position - start;
}

/** The .xz File Format, 2.1.2. */
function readFooter(input: Input, flags: Uint8Array, indexSize: number): void {
  const crc = input.take(4);
  const fields = input.take(6);
  if (!equalBytes(crc, littleEndian([crc32(fields)]))) throw input.corrupt("the footer's CRC32 differs");
  if (!equalBytes(fields.subarray(0, 4), littleEndian([indexSize / 4 - 1])))
    throw input.corrupt('Backward Size differs');
  if (!equalBytes(fields.subarray(4), flags)) throw input.corrupt('header and footer flags differ');
  if (!equalBytes(input.take(2), Uint8Array.from(FOOTER_MAGIC))) throw input.corrupt('no xz footer');
}

function expectZeros(input: Input, count: number): void {
  if (input.take(count).some((byte) => byte !== 0)) throw input.corrupt('padding that is not zero');
}

function expectCrc32(input: Input, over: Uint8Array, what: string): void {
  const expected = crc32(over);
  if (input.u32() !== expected) throw input.corrupt(`the CRC32 of the ${what} differs`);
}
