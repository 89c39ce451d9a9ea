import { ok } from '@kexec-kit/loader-api';
import type { Result } from '@kexec-kit/loader-api';
import { detectCompression } from './detect.js';
import type { DecompressOptions } from './options.js';

/**
 * Decompresses bytes, or chunks as they arrive. Members, frames and streams that follow each other are concatenated,
 * zero padding is ignored, anything else after the end is refused (DECOMPRESS_TRAILING). Checksums are verified.
 * No more than the limit ever comes into being.
 *
 * @example
 * ```ts
 * const content = await decompress(bytes, { limit: 1 << 30 });
 * if (!content.ok) content.diagnostics[0].code; // e.g. 'DECOMPRESS_TRUNCATED'
 * ```
 */
export async function decompress(
  data: Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  options: DecompressOptions,
): Promise<Result<Uint8Array>> {
  const bytes = data instanceof Uint8Array ? data : await gather(data);
  const compression = options.compression ?? detectCompression(bytes);
  const fast = compression && (await options.decompressors?.[compression]?.(bytes, options.limit));
  if (fast !== undefined) return ok(fast);
  // Most that is looked at is not compressed, or the host has a decoder: our own need not even be read.
  const { decompressInto } = await import('./pieces.js');
  const chunks: Uint8Array[] = [];
  const end = decompressInto(bytes, options, (chunk) => chunks.push(chunk));
  return end.ok ? ok(join(chunks)) : end;
}

async function gather(data: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of data) chunks.push(chunk);
  return join(chunks);
}

function join(chunks: readonly Uint8Array[]): Uint8Array {
  const [first] = chunks;
  if (first !== undefined && chunks.length === 1) return first;
  const whole = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
