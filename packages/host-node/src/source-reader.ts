import { fail, ok } from '@kexec-kit/loader-api';
import type {
  Diagnostic,
  Hasher,
  ReadSource,
  Result,
  Source,
  SourceBytes,
  SourceId,
} from '@kexec-kit/loader-api';
import { decompressImage } from '@kexec-kit/core';
import { sourceChanged, sourceUnknown } from './codes.js';
import { nodeDecompressors, nodeEngines } from './engines.js';
import { describe, openFile } from './open-file.js';
import { openSource } from './open-source.js';

const CHUNK = 1 << 20;

/** What {@link SourceReader.read} rejects with. */
export class SourceError extends Error {
  readonly diagnostic: Diagnostic;

  constructor(diagnostic: Diagnostic) {
    super(diagnostic.message);
    this.name = 'SourceError';
    this.diagnostic = diagnostic;
  }
}

/** Open sources, to be read by a backend. */
export interface SourceReader {
  /** Rejects with a {@link SourceError}. */
  readonly read: ReadSource;
  /** Hashes what has not been read yet; then every byte of every source is known to be the planned one. */
  verify(): Promise<Result<true>>;
  close(): Promise<void>;
}

export interface ReadSourcesOptions {
  /** Hash what is read, on the way, and refuse the last byte of a file whose digest differs. Default false. */
  readonly verify?: boolean;
  /** Where a source's file lies, when not at its name. */
  readonly pathOf?: (source: Source) => string;
}

/** One source that can be read at any offset. */
interface OpenSource {
  readonly source: Source;
  readonly path: string;
  /** Fills `into`, or throws. */
  fill(offset: number, into: Uint8Array): Promise<void>;
  close(): Promise<void>;
  /** What has been hashed so far, from the start; `sha256` once that is all. Absent where the digest is known. */
  readonly hashed?: {
    readonly hasher: Hasher;
    readonly onTheWay: boolean;
    position: number;
    sha256?: string;
  };
}

/**
 * Opens the sources of a submission for reading. A file that is not as long as planned, or that changes while it is
 * open, is SOURCE_CHANGED. Sources whose bytes are at hand are read from there; compressed ones are decompressed again.
 *
 * @example
 * ```ts no-run
 * const sources = await readSources(submission.sources, { verify: true });
 * if (sources.ok) await backend.apply(submission, sources.value.read);
 * ```
 */
export async function readSources(
  sources: Iterable<Source | SourceBytes>,
  { verify = false, pathOf = ({ name }) => name }: ReadSourcesOptions = {},
): Promise<Result<SourceReader>> {
  const opened = new Map<SourceId, OpenSource>();
  const close = async (): Promise<void> => {
    await Promise.all([...opened.values()].map((source) => source.close()));
  };
  for (const source of sources) {
    const one = await openOne(source, pathOf(source), verify);
    if (!one.ok) {
      await close();
      return one;
    }
    opened.set(source.id, one.value);
  }
  return ok({
    read: async (id, offset, into) => {
      const source = opened.get(id);
      if (source === undefined) throw new SourceError(sourceUnknown(id));
      await readChecked(source, offset, into);
    },
    verify: () => verifyRest([...opened.values()]),
    close,
  });
}

async function openOne(
  source: Source | SourceBytes,
  path: string,
  verify: boolean,
): Promise<Result<OpenSource>> {
  if ('bytes' in source) return ok(ofBytes(source, path, source.bytes));
  if (source.decompressed !== undefined) return openCompressed(source, path);
  const file = await openFile(path);
  if (!file.ok) return file;
  const { handle, stats } = file.value;
  if (stats.size !== source.size) {
    await handle.close();
    return fail(sourceChanged(path, `${stats.size} bytes`, `${source.size} bytes`));
  }
  const fill = async (offset: number, into: Uint8Array): Promise<void> => {
    for (let done = 0; done < into.length;) {
      const { bytesRead } = await handle.read(into, done, into.length - done, offset + done);
      if (bytesRead === 0)
        throw new SourceError(sourceChanged(path, 'it ended early', `${source.size} bytes`));
      done += bytesRead;
    }
    const { size, mtimeMs } = await handle.stat();
    if (size !== stats.size || mtimeMs !== stats.mtimeMs) {
      throw new SourceError(sourceChanged(path, 'it changed while it was read', 'a file at rest'));
    }
  };
  const hashed = { hasher: nodeEngines.sha256(), onTheWay: verify, position: 0 };
  return ok({ source, path, fill, close: () => handle.close(), hashed });
}

/** A file that is stored compressed has to be held whole, as when it was planned. */
async function openCompressed(source: Source, path: string): Promise<Result<OpenSource>> {
  const file = await openSource(path, { id: source.id, keepBytes: true });
  if (!file.ok) return file;
  const content = await decompressImage(file.value, {
    engines: nodeEngines,
    decompressors: nodeDecompressors,
  });
  if (!content.ok) return content;
  const { sha256, bytes } = content.value;
  return sha256 === source.sha256
    ? ok(ofBytes(source, path, bytes))
    : fail(sourceChanged(path, sha256, source.sha256));
}

function ofBytes(source: Source, path: string, bytes: Uint8Array): OpenSource {
  const fill = (offset: number, into: Uint8Array): Promise<void> => {
    into.set(bytes.subarray(offset, offset + into.length));
    return Promise.resolve();
  };
  return { source, path, fill, close: () => Promise.resolve() };
}

async function readChecked(one: OpenSource, offset: number, into: Uint8Array): Promise<void> {
  const { source, path, hashed } = one;
  if (offset < 0 || offset + into.length > source.size) {
    throw new SourceError(sourceChanged(path, `${source.size} bytes`, `${offset + into.length} bytes`));
  }
  if (hashed?.onTheWay !== true) return one.fill(offset, into);
  if (hashed.position < offset) await hashUpTo(one, offset);
  await one.fill(offset, into);
  hashPiece(one, offset, into);
}

/** Hashes what of a piece was not hashed yet, and compares once nothing is left. */
function hashPiece(one: OpenSource, offset: number, piece: Uint8Array): void {
  const { source, hashed } = one;
  if (hashed === undefined || hashed.position < offset || offset + piece.length <= hashed.position) return;
  hashed.hasher.update(piece.subarray(hashed.position - offset));
  hashed.position = offset + piece.length;
  if (hashed.position < source.size) return;
  hashed.sha256 = Buffer.from(hashed.hasher.digest()).toString('hex');
  refuseChanged(one);
}

function refuseChanged({ source, path, hashed }: OpenSource): void {
  const actual = hashed?.sha256;
  if (actual !== undefined && actual !== source.sha256)
    throw new SourceError(sourceChanged(path, actual, source.sha256));
}

async function hashUpTo(one: OpenSource, end: number): Promise<void> {
  const { hashed } = one;
  if (hashed === undefined) return;
  const buffer = new Uint8Array(Math.min(CHUNK, end - hashed.position));
  while (hashed.position < end) {
    const piece = buffer.subarray(0, Math.min(CHUNK, end - hashed.position));
    const { position } = hashed;
    await one.fill(position, piece);
    hashPiece(one, position, piece);
  }
}

async function verifyRest(sources: readonly OpenSource[]): Promise<Result<true>> {
  for (const one of sources) {
    try {
      await hashUpTo(one, one.source.size);
      refuseChanged(one);
    } catch (error) {
      return fail(error instanceof SourceError ? error.diagnostic : describe(one.path, error));
    }
  }
  return ok(true);
}
