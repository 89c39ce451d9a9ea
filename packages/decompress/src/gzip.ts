import { crc32 } from './crc.js';
import { inflate } from './inflate.js';
import type { Input } from './input.js';
import { Window } from './window.js';

/** RFC 1952, 2.3.1: ID1 and ID2. */
const MAGIC = [0x1f, 0x8b];
const DEFLATE = 8;
/** RFC 1952, 2.3.1: FLG. */
const FHCRC = 2;
const FEXTRA = 4;
const FNAME = 8;
const FCOMMENT = 16;
const RESERVED = 0xe0;
const WINDOW_SIZE = 1 << 15;

/** Decodes a gzip file (RFC 1952): one member after the other. */
export function* decodeGzip(input: Input): Generator<Uint8Array, void> {
  const window = new Window(WINDOW_SIZE);
  do yield* decodeMember(input, window);
  while (input.startsWith(MAGIC));
  input.expectPadding();
}

function* decodeMember(input: Input, window: Window): Generator<Uint8Array, void> {
  readHeader(input);
  let crc = 0;
  let size = 0;
  window.reset();
  for (const piece of inflate(input, window)) {
    crc = crc32(piece, crc);
    size = (size + piece.length) >>> 0;
    yield piece;
  }
  if (input.u32() !== crc) throw input.corrupt('the CRC32 differs');
  if (input.u32() !== size) throw input.corrupt('ISIZE differs');
}

function readHeader(input: Input): void {
  const start = input.position;
  const [id1, id2, method, flags = 0] = input.take(10);
  if (id1 !== MAGIC[0] || id2 !== MAGIC[1]) throw input.corrupt('no gzip header');
  if (method !== DEFLATE) throw input.unsupported(`compression method ${String(method)}`);
  if (flags & RESERVED) throw input.unsupported('reserved flags');
  if (flags & FEXTRA) input.take(input.u16());
  if (flags & FNAME) skipText(input);
  if (flags & FCOMMENT) skipText(input);
  if (!(flags & FHCRC)) return;
  const expected = crc32(input.bytes.subarray(start, input.position)) & 0xffff;
  if (input.u16() !== expected) throw input.corrupt("the header's CRC16 differs");
}

function skipText(input: Input): void {
  while (input.u8() !== 0);
}
