/** Names one input within a plan, e.g. `image` or `initrd.0`. Unique within the plan. */
export type SourceId = string;

/** One input file as a plan and a submission know it: identity and size, never the bytes. */
export interface Source {
  readonly id: SourceId;
  /** What the user called it: usually a path. */
  readonly name: string;
  /** In bytes, after outer decompression when `decompressed` is set. */
  readonly size: number;
  /** SHA-256 of those bytes, lower-case hexadecimal. */
  readonly sha256: string;
  /** The outer compression that was taken off, if any, e.g. `gzip`. */
  readonly decompressed?: string;
}

/** A source whose bytes are at hand. Only what has to be parsed or sliced is; an initrd never is. */
export interface SourceBytes extends Source {
  readonly bytes: Uint8Array;
}

/** Fills `into` with the bytes of a source from `offset` on. Owned by the host. Rejects when the source is shorter. */
export type ReadSource = (source: SourceId, offset: number, into: Uint8Array) => Promise<void>;
