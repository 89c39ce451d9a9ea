import { toIndex } from '@kexec-kit/loader-api';
import { equalBytes, littleEndian } from './crc.js';
import type { Input } from './input.js';
import { Window } from './window.js';
import { xxh64 } from './xxh64.js';
import { decodeBlock, newFrameState } from './zstd-block.js';
import { LARGEST_BLOCK } from './zstd-literals.js';

/** RFC 8878, 3.1.1: Magic_Number. */
const MAGIC = [0x28, 0xb5, 0x2f, 0xfd];
/** RFC 8878, 3.1.2: 0x184D2A50 to 0x184D2A5F. */
const SKIPPABLE = [0x2a, 0x4d, 0x18];
/** What zstd(1) grants without being asked for more, in bytes; its highest level needs all of it. */
const LARGEST_WINDOW = 1n << 27n;
const CHECKSUM_FLAG = 4;
const RLE_BLOCK = 1;
const COMPRESSED_BLOCK = 2;
const RESERVED_BLOCK = 3;

interface FrameHeader {
  readonly contentSize?: bigint;
  /** In bytes; of a frame of a single segment its content's size. */
  readonly window: number;
  readonly hasChecksum: boolean;
}

/** Decodes a zstd file (RFC 8878): one frame after the other. */
export function* decodeZstd(input: Input): Generator<Uint8Array, void> {
  const window = new Window(0);
  do {
    if (input.startsWith(MAGIC)) yield* decodeFrame(input, window);
    else skipFrame(input);
  } while (input.startsWith(MAGIC) || isSkippable(input));
  input.expectPadding();
}

function* decodeFrame(input: Input, window: Window): Generator<Uint8Array, void> {
  const header = readFrameHeader(input);
  const hash = xxh64();
  let size = 0n;
  window.reset(header.window);
  for (const piece of decodeBlocks(input, window)) {
    hash.update(piece);
    size += BigInt(piece.length);
    if (size > (header.contentSize ?? size)) break;
    yield piece;
  }
  if ((header.contentSize ?? size) !== size) throw input.corrupt('Frame_Content_Size differs');
  if (!header.hasChecksum) return;
  if (!equalBytes(input.take(4), littleEndian([hash.low32()])))
    throw input.corrupt('Content_Checksum differs');
}

/** RFC 8878, 3.1.1.2: raw, of one byte, or compressed. */
function* decodeBlocks(input: Input, window: Window): Generator<Uint8Array, void> {
  const state = newFrameState();
  for (let last = false; !last;) {
    const header = input.u16() | (input.u8() << 16);
    last = (header & 1) === 1;
    const type = (header >> 1) & 3;
    const size = header >> 3;
    if (type === RESERVED_BLOCK) throw input.corrupt('a block of reserved type');
    if (size > LARGEST_BLOCK) throw input.corrupt('a block of more than 128 KiB');
    window.reserve(LARGEST_BLOCK);
    if (type === COMPRESSED_BLOCK) decodeBlock(input.inner(size), state, window);
    else window.append(type === RLE_BLOCK ? new Uint8Array(size).fill(input.u8()) : input.take(size));
    yield window.drain();
  }
}

/** RFC 8878, 3.1.1.1. */
function readFrameHeader(input: Input): FrameHeader {
  input.take(4);
  const descriptor = input.u8();
  const single = (descriptor & 0x20) !== 0;
  if (descriptor & 0x08) throw input.unsupported('reserved frame flags');
  const declared = single ? undefined : windowSize(input.u8());
  const dictionary = input.take([0, 1, 2, 4][descriptor & 3] ?? 0);
  if (dictionary.some((byte) => byte !== 0)) throw input.unsupported('a dictionary');
  const contentSize = readContentSize(input, descriptor >> 6, single);
  const window = declared ?? contentSize ?? 0n;
  if (window > LARGEST_WINDOW) throw input.unsupported('a window of more than 128 MiB');
  const hasChecksum = (descriptor & CHECKSUM_FLAG) !== 0;
  return { window: toIndex(window), ...(contentSize !== undefined && { contentSize }), hasChecksum };
}

/** RFC 8878, 3.1.1.1.2: Window_Descriptor. */
function windowSize(descriptor: number): bigint {
  const base = 1n << BigInt(10 + (descriptor >> 3));
  return base + (base >> 3n) * BigInt(descriptor & 7);
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
