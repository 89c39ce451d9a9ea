import { BigEndianBits } from './big-endian-bits.js';
import { readBlock } from './bzip2-block.js';
import { crc32High } from './crc.js';
import type { Input } from './input.js';
import { BURST } from './window.js';

/** "BZh", then the block size as a digit, in units of 100,000 bytes. */
const MAGIC = [0x42, 0x5a, 0x68];
const BLOCK_UNIT = 100_000;
/** The first digits of pi begin a block, those of its square root the end. */
const BLOCK = [0x314159, 0x265359] as const;
const END = [0x177245, 0x385090] as const;
/** After four equal bytes a count follows: how many more there are, up to 255. */
const RUN = 4;
const LONGEST_RUN = 255;

/** Decodes a bzip2 file: one stream after the other. */
export function* decodeBzip2(input: Input): Generator<Uint8Array, void> {
  const links = new Links();
  do yield* decodeStream(input, links);
  while (input.startsWith(MAGIC));
  input.expectPadding();
}

/** One for all streams, so that many small ones cost what they hold; none before there is a block. */
class Links {
  private words = new Uint32Array(0);

  /** For a block of so many units. */
  of(level: number): Uint32Array {
    const length = level * BLOCK_UNIT;
    if (this.words.length < length) this.words = new Uint32Array(length);
    return this.words.subarray(0, length);
  }
}

function* decodeStream(input: Input, links: Links): Generator<Uint8Array, void> {
  for (const byte of MAGIC) if (input.u8() !== byte) throw input.corrupt('no bzip2 header');
  const level = input.u8() - 0x30;
  if (level < 1 || level > 9) throw input.corrupt('an impossible block size');
  const bits = new BigEndianBits(input);
  let combined = 0;
  while (!readsEnd(bits, input)) {
    const expected = bits.u32();
    const crc = yield* decodeBlock(bits, input, links.of(level));
    if (crc !== expected) throw input.corrupt('the CRC of a block differs');
    combined = ((combined << 1) | (combined >>> 31)) ^ crc;
  }
  if (bits.u32() !== combined >>> 0) throw input.corrupt('the CRC of all blocks differs');
  bits.release();
}

function readsEnd(bits: BigEndianBits, input: Input): boolean {
  const [high, low] = [bits.take(24), bits.take(24)];
  if (high === END[0] && low === END[1]) return true;
  if (high !== BLOCK[0] || low !== BLOCK[1]) throw input.corrupt('neither a block nor the end');
  return false;
}

/** Undoes the transform, then the run lengths; gives the CRC of what came out. */
function* decodeBlock(bits: BigEndianBits, input: Input, links: Uint32Array): Generator<Uint8Array, number> {
  const { length, first } = readBlock(bits, input, links);
  const output = new Output();
  let crc = 0;
  let at = first;
  for (let left = length; left > 0;) {
    for (; left > 0 && output.length < BURST; left -= 1) {
      at = links[at] ?? 0;
      output.put(at & 0xff);
      at >>>= 8;
    }
    const piece = output.drain();
    crc = crc32High(piece, crc);
    yield piece;
  }
  return crc;
}

/** Undoes the run lengths that come before everything else in bzip2. */
class Output {
  private readonly bytes = new Uint8Array(BURST + LONGEST_RUN);
  length = 0;
  private last = -1;
  private equal = 0;

  put(byte: number): void {
    if (this.equal === RUN) {
      this.bytes.fill(this.last, this.length, this.length + byte);
      this.length += byte;
      this.equal = 0;
      this.last = -1;
      return;
    }
    this.bytes[this.length] = byte;
    this.length += 1;
    this.equal = byte === this.last ? this.equal + 1 : 1;
    this.last = byte;
  }

  drain(): Uint8Array {
    const piece = this.bytes.slice(0, this.length);
    this.length = 0;
    return piece;
  }
}
