import { adler32, crc32 } from './crc.js';
import type { Input } from './input.js';

/** The first version whose header has its level, what is needed to extract it, and the upper half of its time. */
const VERSION_WITH_LEVEL = 0x0940;
/** LZO1X-1, LZO1X-1(15), LZO1X-999: one decoder for all. */
const LZO1X_METHODS = [1, 2, 3];
/** Flags. */
const EXTRA_FIELD = 0x0040;
const MULTIPART = 0x0400;
const FILTER = 0x0800;
const HEADER_CRC32 = 0x1000;

/** Reads the header of a member, behind the magic; gives its flags. */
export function readLzopHeader(input: Input): number {
  const start = input.position;
  const version = input.u16be();
  const hasLevel = version >= VERSION_WITH_LEVEL;
  input.skip(hasLevel ? 4 : 2); // of the library, to extract it
  const method = input.u8();
  if (hasLevel) input.skip(1);
  const flags = input.u32be();
  if (flags & FILTER) input.skip(4);
  input.skip(hasLevel ? 12 : 8); // mode, times
  input.skip(input.u8()); // name
  expectChecksum(input, start, flags);
  if (!LZO1X_METHODS.includes(method)) throw input.unsupported(`compression method ${String(method)}`);
  if (flags & FILTER) throw input.unsupported('a filter');
  if (flags & MULTIPART) throw input.unsupported('a file in several parts');
  if (flags & EXTRA_FIELD) skipExtraField(input, flags);
  return flags;
}

function skipExtraField(input: Input, flags: number): void {
  const start = input.position;
  input.skip(input.u32be());
  expectChecksum(input, start, flags);
}

function expectChecksum(input: Input, start: number, flags: number): void {
  const over = input.bytes.subarray(start, input.position);
  const expected = flags & HEADER_CRC32 ? crc32(over) : adler32(over);
  if (input.u32be() !== expected) throw input.corrupt("the header's checksum differs");
}
