import { fail, ok } from '@kexec-kit/loader-api';
import type { ReadSource, Result, Source, SourceBytes, SourceId } from '@kexec-kit/loader-api';
import { decompressImage } from '@kexec-kit/core';
import { sourceChanged, sourceUnknown } from './codes.js';
import { nodeDecompressors, nodeEngines } from './engines.js';
import { describe, openFile } from './open-file.js';
import { openSource } from './open-source.js';
import { SourceError } from './source-error.js';
import { hashing, readVerified, verifyRest, type Content, type Hashing } from './verified.js';

/** Open sources, to be read by a backend. */
export interface SourceReader {
  /** Rejects with a {@link SourceError}. */
  readonly read: ReadSource;
  /** Hashes what has not been read yet; then every byte of every source is known to be the planned one. */
  readonly verify: () => Promise<Result<true>>;
  readonly close: () => Promise<void>;
}

export interface ReadSourcesOptions {
  /**
   * Hash what is read, on the way, and refuse the last byte of a file whose digest differs. A file of which something is
   * read again is held in memory from then on. Default false.
   */
  readonly verify?: boolean;
  /** Where a source's file lies, when not at its name. */
  readonly pathOf?: (source: Source) => string;
}

/** One source that can be read at any offset. */
interface OpenSource extends Content {
  close(): Promise<void>;
  /** Absent where the digest is known. */
  readonly hashed?: Hashing;
  /** Hash what is read. */
  readonly verify: boolean;
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
    verify: () => verifyAll([...opened.values()]),
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
    // Not mtime, which its owner can set back.
    const { size, ctimeMs } = await handle.stat();
    if (size !== stats.size || ctimeMs !== stats.ctimeMs) {
      throw new SourceError(sourceChanged(path, 'it changed while it was read', 'a file at rest'));
    }
  };
  const content = { source, path, fill };
  return ok({ ...content, close: () => handle.close(), hashed: hashing(content), verify });
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
  return { source, path, fill, close: () => Promise.resolve(), verify: false };
}

async function readChecked(one: OpenSource, offset: number, into: Uint8Array): Promise<void> {
  const { source, path, hashed, verify } = one;
  if (offset < 0 || offset + into.length > source.size) {
    throw new SourceError(sourceChanged(path, `${source.size} bytes`, `${offset + into.length} bytes`));
  }
  return hashed !== undefined && verify ? readVerified(hashed, offset, into) : one.fill(offset, into);
}

async function verifyAll(sources: readonly OpenSource[]): Promise<Result<true>> {
  for (const { path, hashed } of sources) {
    if (hashed === undefined) continue;
    try {
      await verifyRest(hashed);
    } catch (error) {
      return fail(error instanceof SourceError ? error.diagnostic : describe(path, error));
    }
  }
  return ok(true);
}
