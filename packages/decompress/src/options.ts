import type { Engines } from '@kexec-kit/loader-api';
import type { Compression } from './detect.js';

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
