import { fail, ok } from '@kexec-kit/loader-api';
import type { Diagnostic, Engines, Result } from '@kexec-kit/loader-api';
import { decodeBzip2 } from './bzip2.js';
import { corrupt, tooLarge, trailing, truncated, unknown, unsupported } from './codes.js';
import type { Spot } from './codes.js';
import { detectCompression } from './detect.js';
import type { Compression } from './detect.js';
import { DecodeFailure } from './failure.js';
import { decodeGzip } from './gzip.js';
import { Input } from './input.js';
import { decodeLz4 } from './lz4.js';
import { decodeLzmaAlone } from './lzma-alone.js';
import { decodeLzop } from './lzop.js';
import type { DecompressOptions } from './options.js';
import { decodeXz } from './xz.js';
import { decodeZstd } from './zstd.js';

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
 * Decompresses as `decompress` does, handing out the content piece by piece: needs memory for the compression's window and one piece only.
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
