import { Decompress } from 'fzstd';
import { equalBytes, littleEndian } from './crc.js';
import { DecodeFailure } from './failure.js';
import type { Input } from './input.js';
import { xxh64 } from './xxh64.js';

/** RFC 8878, 3.1.1: Magic_Number. */
const MAGIC = [0x28, 0xb5, 0x2f, 0xfd];
/** RFC 8878, 3.1.2: 0x184D2A50 to 0x184D2A5F. */
const SKIPPABLE = [0x2a, 0x4d, 0x18];
/** RFC 8878, 3.1.1.2.4: Block_Maximum_Size. */
const LARGEST_BLOCK = 1 << 17;
/** What zstd(1) grants without being asked for more, in bytes; its highest level needs all of it. */
const LARGEST_WINDOW = 1 << 27;
const CHECKSUM_FLAG = 4;
const RLE_BLOCK = 1;
const COMPRESSED_BLOCK = 2;
const RESERVED_BLOCK = 3;

interface FrameHeader {
  /** As it stands, but without the flag that a checksum follows: we take that off and verify it ourselves. */
  readonly bytes: Uint8Array;
  readonly contentSize?: bigint;
  /** In bytes; a frame of a single segment has its content's size instead. */
  readonly window?: number;
  readonly hasChecksum: boolean;
}

/**
 * Decodes a zstd file (RFC 8878): one frame after the other. Frames are taken apart here, so that window, checksum and
 * end are certain; fzstd, which looks at none of these, decodes block after block.
 */
export function* decodeZstd(input: Input): Generator<Uint8Array, void> {
  do {
    if (input.startsWith(MAGIC)) yield* decodeFrame(input);
    else skipFrame(input);
  } while (input.startsWith(MAGIC) || isSkippable(input));
  input.expectPadding();
}

function* decodeFrame(input: Input): Generator<Uint8Array, void> {
  const header = readFrameHeader(input);
  const hash = xxh64();
  let size = 0n;
  for (const piece of decodeBlocks(input, header)) {
    hash.update(piece);
    size += BigInt(piece.length);
    if (size > (header.contentSize ?? size)) break;
    yield piece;
  }
  if ((header.contentSize ?? size) !== size) throw input.corrupt('Frame_Content_Size differs');
  if (!header.hasChecksum) return;
  if (!equalBytes(input.take(4), littleEndian([hash.low32()]))) throw input.corrupt('Content_Checksum differs');
}

function* decodeBlocks(input: Input, header: FrameHeader): Generator<Uint8Array, void> {
  let pieces: Uint8Array[] = [];
  const decoder = new Decompress((piece) => void pieces.push(piece.slice()));
  push(decoder, withinReach(input, header), input);
  for (let last = false; !last; ) {
    const { bytes, isLast } = readBlock(input);
    push(decoder, bytes, input);
    yield* pieces;
    pieces = [];
    last = isLast;
  }
}

/** The frame's header, its window no larger than what its blocks can come to: fzstd allocates what a header says. */
function withinReach(input: Input, { bytes, contentSize, window }: FrameHeader): Uint8Array {
  const start = input.position;
  let most = 0;
  for (let last = false; !last; ) {
    const { isLast, most: ofBlock } = readBlock(input);
    most += ofBlock;
    last = isLast;
  }
  input.position = start;
  if ((contentSize ?? 0n) > most) throw input.corrupt('Frame_Content_Size is more than its blocks can hold');
  if (window === undefined || window <= most) return bytes;
  const exponent = Math.max(10, Math.ceil(Math.log2(most + 1)));
  return bytes.map((byte, at) => (at === 5 ? Math.min(byte, (exponent - 10) << 3) : byte));
}

/** RFC 8878, 3.1.1.2; `most` is what it can come to, in bytes. */
function readBlock(input: Input): { bytes: Uint8Array; isLast: boolean; most: number } {
  const start = input.position;
  const header = input.u16() | (input.u8() << 16);
  const type = (header >> 1) & 3;
  const size = header >> 3;
  if (type === RESERVED_BLOCK) throw input.corrupt('a block of reserved type');
  if (size > LARGEST_BLOCK) throw input.corrupt('a block of more than 128 KiB');
  input.take(type === RLE_BLOCK ? 1 : size);
  const most = type === COMPRESSED_BLOCK ? LARGEST_BLOCK : size;
  return { bytes: input.bytes.subarray(start, input.position), isLast: (header & 1) === 1, most };
}

/** fzstd throws whatever its state makes of damaged data: all of it means that the data is damaged. */
function push(decoder: Decompress, bytes: Uint8Array, input: Input): void {
  try {
    decoder.push(bytes);
  } catch (error) {
    throw new DecodeFailure('corrupt', input.position, error instanceof Error ? error.message : String(error));
  }
}

/** RFC 8878, 3.1.1.1. */
function readFrameHeader(input: Input): FrameHeader {
  const start = input.position;
  input.take(4);
  const descriptor = input.u8();
  const single = (descriptor & 0x20) !== 0;
  if (descriptor & 0x08) throw input.unsupported('reserved frame flags');
  const window = single ? undefined : windowSize(input.u8());
  const dictionary = input.take([0, 1, 2, 4][descriptor & 3] ?? 0);
  if (dictionary.some((byte) => byte !== 0)) throw input.unsupported('a dictionary');
  const contentSize = readContentSize(input, descriptor >> 6, single);
  if (BigInt(window ?? 0) > LARGEST_WINDOW || (single && (contentSize ?? 0n) > LARGEST_WINDOW)) {
    throw input.unsupported('a window of more than 128 MiB');
  }
  const bytes = input.bytes.slice(start, input.position);
  bytes[4] = descriptor & ~CHECKSUM_FLAG;
  const hasChecksum = (descriptor & CHECKSUM_FLAG) !== 0;
  return { bytes, ...(contentSize !== undefined && { contentSize }), ...(window !== undefined && { window }), hasChecksum };
}

/** RFC 8878, 3.1.1.1.2: Window_Descriptor. */
function windowSize(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

/** RFC 8878, 3.1.1.1.4: Frame_Content_Size. */
function readContentSize(input: Input, flag: number, single: boolean): bigint | undefined {
  if (flag === 0) return single ? BigInt(input.u8()) : undefined;
  if (flag === 1) return BigInt(input.u16() + 256);
  return flag === 2 ? BigInt(input.u32()) : input.u64();
}

function isSkippable({ bytes, position }: Input): boolean {
  const first = bytes[position] ?? 0;
  return (first & 0xf0) === 0x50 && SKIPPABLE.every((byte, index) => bytes[position + 1 + index] === byte);
}

function skipFrame(input: Input): void {
  const skippable = isSkippable(input);
  input.take(4);
  if (!skippable) throw input.corrupt('no zstd frame');
  input.take(input.u32());
}
