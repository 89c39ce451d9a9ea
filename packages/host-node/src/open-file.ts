import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import { fail, ok } from '@kexec-kit/loader-api';
import type { Diagnostic, Result } from '@kexec-kit/loader-api';
import { readFailed, unfit } from './codes.js';

/** A regular file with content, open for reading. */
export interface OpenFile {
  readonly handle: FileHandle;
  readonly stats: Stats;
}

/**
 * Opens a regular, non-empty file for reading, or says in one sentence why it is none. The caller closes it.
 *
 * @example
 * ```ts
 * const file = await openFile('/boot/vmlinuz');
 * if (file.ok) await file.value.handle.close();
 * ```
 */
export async function openFile(path: string): Promise<Result<OpenFile>> {
  let handle: FileHandle | undefined;
  try {
    // O_NONBLOCK: opening a pipe that nobody writes would wait for ever.
    handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = await handle.stat();
    const problem = unfitness(path, stats);
    if (problem === undefined) return ok({ handle, stats });
    await handle.close();
    return fail(problem);
  } catch (error) {
    await handle?.close();
    return fail(describe(path, error));
  }
}

function unfitness(path: string, stats: Stats): Diagnostic | undefined {
  if (stats.isDirectory()) return unfit('FILE_IS_DIRECTORY', path);
  if (!stats.isFile()) return unfit('FILE_NOT_REGULAR', path);
  return stats.size === 0 ? unfit('FILE_EMPTY', path) : undefined;
}

/** An error of the operating system as a diagnostic. */
export function describe(path: string, error: unknown): Diagnostic {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') return unfit('FILE_NOT_FOUND', path, code);
  if (code === 'EACCES' || code === 'EPERM') return unfit('FILE_UNREADABLE', path, code);
  // Sockets, and devices without a driver.
  if (code === 'ENXIO' || code === 'ENODEV') return unfit('FILE_NOT_REGULAR', path, code);
  return readFailed(path, message);
}
