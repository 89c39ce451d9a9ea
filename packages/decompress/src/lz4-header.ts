import type { Input } from './input.js';
import { xxh32Of } from './xxh32.js';

/** What the descriptor of an LZ4 frame says (LZ4 Frame Format 1.6, "Frame Descriptor"). */
export interface FrameHeader {
  readonly independentBlocks: boolean;
  readonly hasBlockChecksums: boolean;
  readonly hasContentChecksum: boolean;
  /** In bytes. */
  readonly contentSize?: bigint;
  /** In bytes. */
  readonly blockMaximum: number;
}

/** FLG. */
const VERSION = 0x40;
const VERSION_MASK = 0xc0;
const INDEPENDENT = 0x20;
const BLOCK_CHECKSUM = 0x10;
const CONTENT_SIZE = 0x08;
const CONTENT_CHECKSUM = 0x04;
const RESERVED = 0x02;
const DICTIONARY = 0x01;
/** BD: bits 4 to 6 are Block MaxSize, the others reserved. */
const BD_RESERVED = 0x8f;
/** Block MaxSize 4 to 7: 64 KiB, 256 KiB, 1 MiB, 4 MiB. */
const SMALLEST_BLOCK_CODE = 4;

export function readFrameHeader(input: Input): FrameHeader {
  const start = input.position;
  const flags = input.u8();
  const block = input.u8();
  const contentSize = flags & CONTENT_SIZE ? input.u64() : undefined;
  if (flags & DICTIONARY) input.skip(4);
  const descriptor = input.bytes.subarray(start, input.position);
  if (input.u8() !== ((xxh32Of(descriptor) >>> 8) & 0xff)) throw input.corrupt('the header checksum differs');
  if ((flags & VERSION_MASK) !== VERSION || flags & RESERVED || block & BD_RESERVED)
    throw input.unsupported('another version, or reserved flags');
  if (flags & DICTIONARY) throw input.unsupported('a dictionary');
  const code = block >> 4;
  if (code < SMALLEST_BLOCK_CODE) throw input.corrupt('an impossible Block Maximum Size');
  return {
    independentBlocks: (flags & INDEPENDENT) !== 0,
    hasBlockChecksums: (flags & BLOCK_CHECKSUM) !== 0,
    hasContentChecksum: (flags & CONTENT_CHECKSUM) !== 0,
    ...(contentSize !== undefined && { contentSize }),
    blockMaximum: 1 << (8 + 2 * code),
  };
}
