import type { SetupHeader } from '@kexec-kit/linux-boot';
import { toHex } from '@kexec-kit/structures';

/** By the first two bytes (Documentation/arch/x86/boot.rst, payload_offset, 0x248/4; LZO: lib/decompress_unlzo.c). */
const FORMATS: Readonly<Record<string, string>> = {
  '1f8b': 'gzip',
  '1f9e': 'gzip',
  '425a': 'bzip2',
  '5d00': 'lzma',
  fd37: 'xz',
  '0221': 'lz4',
  '28b5': 'zstd',
  '894c': 'lzo',
  '7f45': 'none (ELF)',
};

/** How the kernel proper is compressed inside the image; undefined when the header does not say where in the file it is. */
export function payloadFormat(
  bytes: Uint8Array,
  header: SetupHeader,
  kernelOffset: number,
): string | undefined {
  if (header.payload_offset === undefined || header.payload_offset === 0) return undefined;
  const start = kernelOffset + header.payload_offset;
  const magic = toHex(bytes.subarray(start, start + 2));
  if (magic.length < 4) return undefined;
  return FORMATS[magic] ?? `unknown (${magic})`;
}
