import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, open, rename, unlink } from 'node:fs/promises';
import { fail } from '@kexec-kit/loader-api';
import type { Result } from '@kexec-kit/loader-api';
import { writeFailed } from './codes.js';

/** What comes piece by piece, and then how it ended. */
export type Pieces<T> = Generator<Uint8Array, Result<T>>;
/** The same where a piece has to be read first. A piece is used no longer than until the next one is asked for. */
export type AsyncPieces<T> = AsyncGenerator<Uint8Array, Result<T>>;

/** Who may read and write what is written. */
const ANYBODY = 0o666;
const OWNER_ONLY = 0o600;

/** How a file is written. */
export interface WritePiecesOptions {
  readonly signal?: AbortSignal;
  /** Only its owner may read it. Default: as the umask says. */
  readonly isPrivate?: boolean;
}

/**
 * Writes a file piece by piece, taking one when the one before is written. All or nothing: a new
 * file beside it takes its place once the pieces ended well. What is no regular file (a device, a pipe, a link) is written
 * into as it is.
 *
 * @throws The signal's reason, when it is aborted; nothing is left behind then.
 * @example
 * ```ts no-run
 * const extracted = await writePieces('vmlinux', extractPieces(packed, { engines: nodeEngines }));
 * ```
 */
export async function writePieces<T>(
  path: string,
  pieces: Pieces<T> | AsyncPieces<T>,
  { signal, isPrivate = false }: WritePiecesOptions = {},
): Promise<Result<T>> {
  const isReplaceable = await lstat(path).then(
    (stats) => stats.isFile(),
    () => true, // it is not there, or opening it will say what is wrong
  );
  const target = isReplaceable ? `${path}.${randomBytes(6).toString('hex')}.tmp` : path;
  let placed = !isReplaceable;
  try {
    const mode = isPrivate ? OWNER_ONLY : ANYBODY;
    const result = await writeTo({ path: target, isNew: isReplaceable, mode }, pieces, signal);
    if (result.ok && isReplaceable) {
      await rename(target, path);
      placed = true;
    }
    return result;
  } catch (error) {
    if (signal?.aborted === true) throw error;
    return fail(writeFailed(path, (error as Error).message));
  } finally {
    if (!placed) await unlink(target).catch(() => undefined); // it may never have come into being
  }
}

interface Target {
  readonly path: string;
  readonly isNew: boolean;
  readonly mode: number;
}

async function writeTo<T>(
  { path, isNew, mode }: Target,
  pieces: Pieces<T> | AsyncPieces<T>,
  signal: AbortSignal | undefined,
): Promise<Result<T>> {
  // O_EXCL: never through a link that somebody put there.
  const how = isNew ? constants.O_EXCL : constants.O_TRUNC;
  const handle = await open(path, constants.O_WRONLY | constants.O_CREAT | how, mode);
  try {
    let next = await pieces.next();
    for (; next.done !== true; next = await pieces.next()) {
      signal?.throwIfAborted();
      await handle.writeFile(next.value);
    }
    return next.value;
  } finally {
    await handle.close();
  }
}
