/** Every compression that kernels and their files come in. */
export type Compression = 'gzip' | 'zstd' | 'xz' | 'lzma' | 'bzip2' | 'lz4' | 'lzo';

const MAGICS: readonly { readonly compression: Compression; readonly magic: readonly number[] }[] = [
  // RFC 1952, 2.3.1: ID1, ID2, and the only CM there is
  { compression: 'gzip', magic: [0x1f, 0x8b, 0x08] },
  // RFC 8878, 3.1.1
  { compression: 'zstd', magic: [0x28, 0xb5, 0x2f, 0xfd] },
  // The .xz File Format 1.2.0, 2.1.1.1
  { compression: 'xz', magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00] },
  // "BZh", before the block size as a digit
  { compression: 'bzip2', magic: [0x42, 0x5a, 0x68] },
  // LZ4 Frame Format 1.6: LZ4 frames, and legacy frames, which Linux uses
  { compression: 'lz4', magic: [0x04, 0x22, 0x4d, 0x18] },
  { compression: 'lz4', magic: [0x02, 0x21, 0x4c, 0x18] },
  // lzop(1): what Linux calls LZO
  { compression: 'lzo', magic: [0x89, 0x4c, 0x5a, 0x4f, 0x00, 0x0d, 0x0a, 0x1a, 0x0a] },
];

/** The header of an LZMA-alone file: properties, dictionary size (u32), uncompressed size (u64). */
export const LZMA_HEADER_SIZE = 13;

/**
 * By what some bytes are compressed, from their first ones. LZMA-alone files have no magic: only what every known
 * encoder writes is taken for one (lc/lp/pb in range, a dictionary of 2^n or 2^n + 2^(n-1) bytes, a sane size).
 *
 * @example
 * ```ts
 * detectCompression(Uint8Array.of(0x1f, 0x8b, 0x08)); // 'gzip'
 * ```
 */
export function detectCompression(bytes: Uint8Array): Compression | undefined {
  const known = MAGICS.find(({ magic }) => magic.every((byte, index) => bytes[index] === byte));
  return known?.compression ?? (isLzmaAlone(bytes) ? 'lzma' : undefined);
}

function isLzmaAlone(bytes: Uint8Array): boolean {
  if (bytes.length < LZMA_HEADER_SIZE + 5 || (bytes[0] ?? 255) >= 9 * 5 * 5) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const dictionary = view.getUint32(1, true);
  const size = view.getBigUint64(5, true);
  const isSize = size === 0xffffffffffffffffn || (size > 0n && size < 1n << 38n);
  // The range coder's first byte is always 0 (LZMA specification, "The main loop").
  return isDictionary(dictionary) && isSize && bytes[LZMA_HEADER_SIZE] === 0;
}

function isDictionary(size: number): boolean {
  if (size < 4096) return false;
  const rest = size - 2 ** Math.floor(Math.log2(size));
  return rest === 0 || rest * 3 === size;
}
