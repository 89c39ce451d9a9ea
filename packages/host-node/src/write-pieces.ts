import { fail } from '@kexec-kit/loader-api';
import type { Result } from '@kexec-kit/loader-api';
import { writeFailed } from './codes.js';
import { ANYBODY, OWNER_ONLY, writeOutput, type Write } from './output.js';

/** What comes piece by piece, and then how it ended. */
export type Pieces<T> = Generator<Uint8Array, Result<T>>;
/** The same where a piece has to be read first. A piece is used no longer than until the next one is asked for. */
export type AsyncPieces<T> = AsyncGenerator<Uint8Array, Result<T>>;

/** How a file is written. */
export interface WritePiecesOptions {
  readonly signal?: AbortSignal;
  /** Only its owner may read it. Default: as the umask says. */
  readonly isPrivate?: boolean;
}

/**
 * Writes a file piece by piece, taking one when the one before is written. All or nothing: a new file beside it takes the
 * place of what was there, a link too, once the pieces ended well. A device or a pipe (`/dev/stdout`, too) is written
 * into as it is; a disk is OUTPUT_IS_DISK.
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
  try {
    const mode = isPrivate ? OWNER_ONLY : ANYBODY;
    return await writeOutput(path, mode, (write) => writeEach(pieces, write, signal));
  } catch (error) {
    if (signal?.aborted === true) throw error;
    return fail(writeFailed(path, (error as Error).message));
  }
}

async function writeEach<T>(
  pieces: Pieces<T> | AsyncPieces<T>,
  write: Write,
  signal: AbortSignal | undefined,
): Promise<Result<T>> {
  let next = await pieces.next();
  for (; next.done !== true; next = await pieces.next()) {
    signal?.throwIfAborted();
    await write(next.value);
  }
  return next.value;
}
