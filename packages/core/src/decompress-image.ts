import { ok } from '@kexec-kit/loader-api';
import type { Engines, Result, SourceBytes } from '@kexec-kit/loader-api';
import { decompress, detectCompression } from '@kexec-kit/decompress';
import type { Decompressors } from '@kexec-kit/decompress';
import { toHex } from '@kexec-kit/structures';

/** The most that an image may be when decompressed, in bytes: 1 GiB, some ten times the largest kernels. */
export const IMAGE_LIMIT = 1 << 30;

export interface DecompressImageOptions {
  readonly engines: Engines;
  /** Faster decoders of the host, with equal results. */
  readonly decompressors?: Decompressors;
  /** In bytes, of what comes out. Default {@link IMAGE_LIMIT}. */
  readonly limit?: number;
}

/**
 * Takes an outer compression off an image: `vmlinux.gz` becomes what it holds, with size and digest of that; any other
 * image comes back as it is. One layer only.
 *
 * @example
 * ```ts
 * const image = await decompressImage(source, { engines });
 * if (image.ok) image.value.decompressed; // 'gzip'
 * ```
 */
export async function decompressImage(
  image: SourceBytes,
  { engines, decompressors, limit = IMAGE_LIMIT }: DecompressImageOptions,
): Promise<Result<SourceBytes>> {
  const compression = detectCompression(image.bytes);
  if (compression === undefined) return ok(image);
  const content = await decompress(image.bytes, {
    compression,
    limit,
    source: image.name,
    engines,
    ...(decompressors && { decompressors }),
  });
  if (!content.ok) return content;
  const hasher = engines.sha256();
  hasher.update(content.value);
  const { value: bytes } = content;
  return ok({
    id: image.id,
    name: image.name,
    size: bytes.length,
    sha256: toHex(hasher.digest()),
    decompressed: compression,
    bytes,
  });
}
