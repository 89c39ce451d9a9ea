import { fail, ok } from '@kexec-kit/loader-api';
import type { Diagnostic, Engines, Result } from '@kexec-kit/loader-api';
import { corrupt, tooLarge, trailing, truncated, unknown, unsupported } from './codes.js';
import type { Spot } from './codes.js';
import { detectCompression } from './detect.js';
import type { Compression } from './detect.js';
import { DecodeFailure } from './failure.js';
import { decodeBzip2 } from './bzip2.js';
import { decodeGzip } from './gzip.js';
import { Input } from './input.js';
import { decodeLz4 } from './lz4.js';
import { decodeLzmaAlone } from './lzma-alone.js';
import { decodeLzop } from './lzop.js';
import { decodeXz } from './xz.js';
import { decodeZstd } from './zstd.js';

/**
 * A decoder of the host, faster than ours: all of `bytes` to at most `limit` bytes. It gives undefined when it cannot,
 * or when something is left over: then ours decides, and says what is wrong. So results are equal with and without it.
 */
export type Decompressor = (
  bytes: Uint8Array,
  limit: number,
) => Uint8Array | undefined | Promise<Uint8Array | undefined>;
export type Decompressors = Readonly<Partial<Record<Compression, Decompressor>>>;

export interface DecompressOptions {
  /** The most bytes that may come out; one more is DECOMPRESS_TOO_LARGE. */
  readonly limit: number;
  /** Default: detected. */
  readonly compression?: Compression;
  /** What the data is called in diagnostics. */
  readonly source?: string;
  readonly decompressors?: Decompressors;
  /** For xz files that carry a SHA-256; without it these are DECOMPRESS_UNSUPPORTED. */
  readonly engines?: Engines;
}

const DECODERS: Readonly<
  Record<Compression, (input: Input, engines: Engines | undefined) => Generator<Uint8Array, void>>
> = {
  gzip: decodeGzip,
  zstd: decodeZstd,
  xz: decodeXz,
  lzma: decodeLzmaAlone,
  bzip2: decodeBzip2,
  lz4: decodeLz4,
  lzo: decodeLzop,
};

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
  const chunks: Uint8Array[] = [];
  const end = decompressInto(bytes, options, (chunk) => chunks.push(chunk));
  return end.ok ? ok(join(chunks)) : end;
}

/**
 * The same, handing out the content piece by piece: needs memory for the compression's window and one piece only.
 *
 * @param sink - Gets each piece once, in order; the pieces are its own.
 * @returns How many bytes came out.
 * @example
 * ```ts
 * const size = decompressInto(bytes, { limit: 1 << 30 }, (piece) => hasher.update(piece));
 * ```
 */
export function decompressInto(
  bytes: Uint8Array,
  options: DecompressOptions,
  sink: (piece: Uint8Array) => void,
): Result<number> {
  const pieces = decompressPieces(bytes, options);
  for (;;) {
    const next = pieces.next();
    if (next.done === true) return next.value;
    sink(next.value);
  }
}

/**
 * The same for a caller that takes each piece when it is ready for it, e.g. once the piece before is on the disk.
 *
 * @returns When no more comes: how many bytes came out, or why it ended.
 * @example
 * ```ts
 * const pieces = decompressPieces(bytes, { limit: 1 << 30 });
 * let next = pieces.next();
 * for (; next.done !== true; next = pieces.next()) hasher.update(next.value);
 * if (!next.value.ok) next.value.diagnostics[0].code; // e.g. 'DECOMPRESS_TRUNCATED'
 * ```
 */
export function* decompressPieces(
  bytes: Uint8Array,
  { limit, compression = detectCompression(bytes), source = 'the data', engines }: DecompressOptions,
): Generator<Uint8Array, Result<number>> {
  if (compression === undefined) return fail(unknown(source));
  const input = new Input(bytes);
  let total = 0;
  try {
    for (const piece of DECODERS[compression](input, engines)) {
      total += piece.length;
      if (total > limit) return fail(tooLarge({ source, compression, offset: input.position }, limit));
      yield piece;
    }
  } catch (error) {
    if (!(error instanceof DecodeFailure)) throw error;
    return fail(describe(error, { source, compression, offset: error.offset }));
  }
  return ok(total);
}

function describe({ kind, message }: DecodeFailure, spot: Spot): Diagnostic {
  if (kind === 'truncated') return truncated(spot);
  if (kind === 'trailing') return trailing(spot);
  return kind === 'corrupt' ? corrupt(spot, message) : unsupported(spot, message);
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
