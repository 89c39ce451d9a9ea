import type { FileHandle } from 'node:fs/promises';
import { fail, ok } from '@kexec-kit/loader-api';
import type { Progress, Result, Source, SourceBytes, SourceId } from '@kexec-kit/loader-api';
import { fileTooLarge, sourceChanged } from './codes.js';
import { nodeEngines } from './engines.js';
import { rememberFile } from './hashed-file.js';
import { describe, openFile } from './open-file.js';
import type { OpenFile } from './open-file.js';

/** How much is read at once, in bytes: a turn of the event loop costs little beside hashing so much. */
const CHUNK = 2 << 20;
/** The most that is kept of one file, in bytes: 1 GiB, some ten times the largest kernels. */
export const KEEP_LIMIT = 1 << 30;

export interface OpenSourceOptions {
  /** Names the source in plans, e.g. `image` or `initrd.0`. */
  readonly id: SourceId;
  /** Keep the content: only for what has to be parsed. Default false. */
  readonly keepBytes?: boolean;
  /** In bytes, with `keepBytes`. Default {@link KEEP_LIMIT}. */
  readonly limit?: number;
  readonly onProgress?: (progress: Progress) => void;
}

/**
 * Reads a file once and hashes it on the way. Without `keepBytes` it needs four MiB, whatever the file's size; with it, the
 * file's size. What is no regular file with content is refused with a code of its own (FILE_NOT_FOUND,
 * FILE_IS_DIRECTORY, FILE_NOT_REGULAR, FILE_EMPTY, FILE_UNREADABLE, FILE_TOO_LARGE), and so is one that changes meanwhile.
 *
 * @example
 * ```ts
 * const image = await openSource('/boot/vmlinuz', { id: 'image', keepBytes: true });
 * if (!image.ok) image.diagnostics[0].code; // e.g. 'FILE_NOT_FOUND'
 * ```
 */
export function openSource(
  path: string,
  options: OpenSourceOptions & { readonly keepBytes: true },
): Promise<Result<SourceBytes>>;
export function openSource(path: string, options: OpenSourceOptions): Promise<Result<Source>>;
export async function openSource(
  path: string,
  options: OpenSourceOptions,
): Promise<Result<Source | SourceBytes>> {
  const { keepBytes = false, limit = KEEP_LIMIT } = options;
  const file = await openFile(path);
  if (!file.ok) return file;
  const { handle, stats } = file.value;
  try {
    if (keepBytes && stats.size > limit) return fail(fileTooLarge(path, stats.size, limit));
    return await readWhole(path, file.value, options);
  } catch (error) {
    return fail(describe(path, error));
  } finally {
    await handle.close();
  }
}

async function readWhole(
  path: string,
  { handle, stats }: OpenFile,
  options: OpenSourceOptions,
): Promise<Result<Source | SourceBytes>> {
  const { id, keepBytes = false, onProgress } = options;
  const began = Date.now();
  const { size } = stats;
  const hasher = nodeEngines.sha256();
  const buffer = new Uint8Array(keepBytes ? size : Math.min(size, 2 * CHUNK));
  const readAt = (start: number): Promise<Uint8Array> => {
    const at = keepBytes ? start : start % buffer.length;
    return fill(handle, buffer.subarray(at, at + Math.min(CHUNK, size - start)), start);
  };
  let next = readAt(0);
  for (let done = 0; done < size;) {
    const piece = await next;
    done += piece.length;
    if (piece.length === 0 || (done < size && done % CHUNK !== 0))
      return fail(sourceChanged(path, `${done} bytes`, `${size} bytes`));
    // The next piece is read, by another thread, while this one is hashed.
    if (done < size) next = readAt(done);
    hasher.update(piece);
    onProgress?.({ what: path, done, total: size });
  }
  const after = await handle.stat();
  // Not mtime, which its owner can set back.
  if (after.size !== size || after.ctimeMs !== stats.ctimeMs) {
    return fail(sourceChanged(path, 'it changed while it was read', 'a file at rest'));
  }
  const source: Source = { id, name: path, size, sha256: Buffer.from(hasher.digest()).toString('hex') };
  const opened = keepBytes ? { ...source, bytes: buffer } : source;
  rememberFile(opened, stats, began);
  return ok(opened);
}

/** Reads as much of `into` as there is, and gives that. */
async function fill(handle: FileHandle, into: Uint8Array, position: number): Promise<Uint8Array> {
  let done = 0;
  while (done < into.length) {
    const { bytesRead } = await handle.read(into, done, into.length - done, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return into.subarray(0, done);
}
