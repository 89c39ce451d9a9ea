import type { SetupHeader } from '@kexec-kit/linux-boot';
import { fail, ok, type Payload, type Result } from '@kexec-kit/loader-api';
import { toHex } from '@kexec-kit/structures';
import { noPayload, payloadOutside } from './codes.js';
import type { BzImage } from './image.js';

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

/** Linux appends the size to what a compressor gave, little-endian, unless that ends with it already (gzip's ISIZE). */
const APPENDED_SIZE = 4;

/** Where the kernel proper lies: an ELF file, and behind it the relocations of a kernel that moves itself. */
export function payload({ header, kernel, source }: BzImage, bytes: Uint8Array): Result<Payload> {
  const { payload_offset = 0, payload_length = 0 } = header;
  if (payload_offset === 0 || payload_length <= APPENDED_SIZE) return fail(noPayload(source.name));
  const offset = kernel.offset + payload_offset;
  const end = offset + payload_length;
  if (end > bytes.length) return fail(payloadOutside(source.name, end, bytes.length));
  const what = 'the kernel proper';
  if (payloadFormat(bytes, header, kernel.offset) === 'gzip')
    return ok({ what, offset, length: payload_length });
  const view = new DataView(bytes.buffer, bytes.byteOffset + end - APPENDED_SIZE, APPENDED_SIZE);
  return ok({
    what,
    offset,
    length: payload_length - APPENDED_SIZE,
    unpackedSize: view.getUint32(0, true),
  });
}
