import type { Input } from './input.js';
import { readFrameHeader } from './lz4-header.js';
import type { FrameHeader } from './lz4-header.js';
import { runSteps, storedSteps } from './steps.js';
import { Window } from './window.js';
import { xxh32, xxh32Of } from './xxh32.js';

/** LZ4 Frame Format 1.6: an LZ4 frame, a legacy frame, and 0x184D2A50 to 0x184D2A5F, which are skipped. */
const MAGIC = 0x184d2204;
const LEGACY_MAGIC = 0x184c2102;
const SKIPPABLE_MAGIC = 0x184d2a50;
/** "Legacy frame": what each block but the last holds, and the most that this can be compressed to, in bytes. */
const LEGACY_BLOCK = 8 << 20;
const LEGACY_COMPRESSED = LEGACY_BLOCK + Math.floor(LEGACY_BLOCK / 255) + 16;
/** LZ4 Block Format: offsets are 16 bits, lengths 4 and then whole bytes, and no match is shorter. */
const WINDOW_SIZE = 1 << 16;
const LENGTH_GOES_ON = 15;
const SHORTEST_MATCH = 4;
const STORED = 0x80000000;

/** Decodes an lz4 file (LZ4 Frame Format 1.6): one frame after the other, of either kind. */
export function* decodeLz4(input: Input): Generator<Uint8Array, void> {
  const window = new Window(WINDOW_SIZE);
  do {
    const magic = input.u32();
    window.reset();
    if (magic === LEGACY_MAGIC) yield* decodeLegacy(input, window);
    else if (magic === MAGIC) yield* decodeFrame(input, window);
    else if (isSkippable(magic)) input.skip(input.u32());
    else throw input.corrupt('no lz4 frame');
  } while (isMagic(peek(input)));
  input.expectPadding();
}

/** As Linux is compressed, by `lz4 -l`: blocks and nothing else, so that the end of the file is the end. */
function* decodeLegacy(input: Input, window: Window): Generator<Uint8Array, void> {
  while (input.left > 0 && !isMagic(peek(input))) {
    const size = input.u32();
    if (size === 0) break;
    if (size > LEGACY_COMPRESSED) throw input.corrupt('a block of more than 8 MiB');
    window.reset();
    yield* decodeBlock(input.inner(size), window, LEGACY_BLOCK);
    yield window.drain();
  }
}

function* decodeFrame(input: Input, window: Window): Generator<Uint8Array, void> {
  const header = readFrameHeader(input);
  const hash = xxh32();
  let size = 0n;
  for (const piece of decodeBlocks(input, header, window)) {
    if (header.hasContentChecksum) hash.update(piece);
    size += BigInt(piece.length);
    if (size > (header.contentSize ?? size)) break;
    yield piece;
  }
  if ((header.contentSize ?? size) !== size) throw input.corrupt('Content Size differs');
  if (header.hasContentChecksum && input.u32() !== hash.digest())
    throw input.corrupt('the content checksum differs');
}

/** "Data Blocks", to the EndMark. */
function* decodeBlocks(input: Input, header: FrameHeader, window: Window): Generator<Uint8Array, void> {
  for (let word = input.u32(); word !== 0; word = input.u32()) {
    const size = word % STORED;
    if (size > header.blockMaximum) throw input.corrupt('a block of more than Block Maximum Size');
    const block = input.inner(size);
    if (header.hasBlockChecksums && input.u32() !== xxh32Of(block.bytes))
      throw input.corrupt('a block checksum differs');
    if (header.independentBlocks) window.reset();
    if (word >= STORED) yield* runSteps(block, window, header.blockMaximum, storedSteps(block));
    else yield* decodeBlock(block, window, header.blockMaximum);
  }
  yield window.drain();
}

/** LZ4 Block Format. */
function decodeBlock(block: Input, window: Window, most: number): Generator<Uint8Array, void> {
  return runSteps(block, window, most, (step) => {
    if (block.left === 0) {
      if (step.distance !== 0) throw block.corrupt('a block that does not end with literals');
      return false;
    }
    const token = block.u8();
    step.literals = readLength(block, token >> 4);
    step.from = block.position;
    block.skip(step.literals);
    const isLast = block.left === 0;
    step.distance = isLast ? 0 : block.u16();
    step.match = isLast ? 0 : readLength(block, token & 15) + SHORTEST_MATCH;
    if (!isLast && step.distance === 0) throw block.corrupt('a match with itself');
    return true;
  });
}

function readLength(block: Input, length: number): number {
  if (length !== LENGTH_GOES_ON) return length;
  let total = length;
  for (let byte = 255; byte === 255; total += byte) byte = block.u8();
  return total;
}

function peek({ bytes, position }: Input): number {
  const [a = 0, b = 0, c = 0, d = 0] = bytes.subarray(position, position + 4);
  return (a | (b << 8) | (c << 16) | (d << 24)) >>> 0;
}

function isMagic(word: number): boolean {
  return word === MAGIC || word === LEGACY_MAGIC || isSkippable(word);
}

function isSkippable(word: number): boolean {
  return (word & ~15) >>> 0 === SKIPPABLE_MAGIC;
}
