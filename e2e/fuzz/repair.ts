import { adler32, crc32, xxh32Of } from './insides.js';
import type { Random } from './random.js';

const MULTIBOOT = 0x1badb002;
const MULTIBOOT2 = 0xe85250d6;

/** Checksums of Multiboot headers made right again: else hardly a damaged header would be looked at. */
export function repairMultiboot(bytes: Uint8Array, random: Random): void {
  if (random.oneIn(8)) return;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + 16 <= Math.min(bytes.length, 32768); at += 4) {
    const magic = view.getUint32(at, true);
    if (magic !== MULTIBOOT && magic !== MULTIBOOT2) continue;
    const isOne = magic === MULTIBOOT;
    const rest = view.getUint32(at + 4, true) + (isOne ? 0 : view.getUint32(at + 8, true));
    view.setUint32(at + (isOne ? 8 : 12), -(magic + rest) >>> 0, true);
  }
}

const XZ_MAGIC = [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00];
const LZ4_MAGIC = [0x04, 0x22, 0x4d, 0x18];
const LZOP_MAGIC = [0x89, 0x4c, 0x5a, 0x4f, 0x00, 0x0d, 0x0a, 0x1a, 0x0a];

/** Checksums of the headers of compressed streams made right again, where the first of them is still where it was. */
export function repairHeaders(bytes: Uint8Array): void {
  if (startsWith(bytes, XZ_MAGIC)) repairXz(bytes);
  else if (startsWith(bytes, LZ4_MAGIC)) repairLz4(bytes);
  else if (startsWith(bytes, LZOP_MAGIC)) repairLzop(bytes);
}

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, i) => bytes[i] === byte);
}

/** The .xz File Format, 2.1.1.2 and 3.1: the CRC32 of the stream's flags, and that of the first block's header. */
function repairXz(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 13) return;
  view.setUint32(8, crc32(bytes.subarray(6, 8)), true);
  const end = 12 + ((bytes[12] ?? 0) + 1) * 4;
  if (end <= bytes.length) view.setUint32(end - 4, crc32(bytes.subarray(12, end - 4)), true);
}

/** LZ4 Frame Format 1.6, "Header Checksum". */
function repairLz4(bytes: Uint8Array): void {
  const flags = bytes[4] ?? 0;
  const end = 6 + (flags & 8 ? 8 : 0) + (flags & 1 ? 4 : 0);
  if (end < bytes.length) bytes[end] = (xxh32Of(bytes.subarray(4, end)) >>> 8) & 0xff;
}

/** The header of lzop 1.04 has a name of `nameLength` bytes at 34, and its checksum behind that. */
function repairLzop(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 35) return;
  const end = 35 + (bytes[34] ?? 0);
  const over = bytes.subarray(9, end);
  if (end + 4 <= bytes.length) view.setUint32(end, view.getUint32(17) & 0x1000 ? crc32(over) : adler32(over));
}
