import { randomBytes } from 'node:crypto';
import { constants, write as writeSome } from 'node:fs';
import type { Stats } from 'node:fs';
import { lstat, open, readlink, realpath, rename, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { promisify } from 'node:util';
import { fail } from '@kexec-kit/loader-api';
import type { Result } from '@kexec-kit/loader-api';
import { outputIsDisk } from './codes.js';

/** Who may read and write a new file; the umask takes from it. */
export const ANYBODY = 0o666;
export const OWNER_ONLY = 0o600;

/** Takes the next bytes of an output. */
export type Write = (bytes: Uint8Array) => Promise<void>;

/** Writes everything, and says how it ended. */
export type Fill<T> = (write: Write) => Promise<Result<T>>;

/**
 * Writes an output. Whatever writes for a user goes through here, so that one rule holds for what a path may be:
 *
 * - A file appears whole or not at all: a new one, of this mode, is written beside it and takes its place. It is on the
 *   disk when this returns.
 * - A link to a file, or to nothing, is replaced like a file. Where it leads, nothing is written: somebody else may have
 *   put it there.
 * - A device, a pipe, and an open file of a process (`/dev/stdout`, `/dev/fd/3`, or a link to it) is written into.
 * - A disk is refused with OUTPUT_IS_DISK.
 *
 * @throws What the system says, and what `fill` throws; no new file is left behind then.
 */
export async function writeOutput<T>(path: string, mode: number, fill: Fill<T>): Promise<Result<T>> {
  const place = await placeOf(path);
  if (place === 'disk') return fail(outputIsDisk(path));
  if (place === 'stream') return intoStream(path, mode, fill);
  return place === 'file' ? asNewFile(path, mode, fill) : fill((bytes) => writeAll(place.descriptor, bytes));
}

type Place = 'file' | 'stream' | 'disk' | { readonly descriptor: number };

/** The most links that Linux follows, one after the other. */
const MOST_LINKS = 40;

async function placeOf(path: string): Promise<Place> {
  let at = path;
  for (let links = 0; links < MOST_LINKS; links++) {
    const stats = await lstat(at).catch(() => undefined); // not there yet, or writing will say what is wrong
    if (stats?.isSymbolicLink() !== true) return kindOf(stats);
    const folder = await realpath(dirname(at));
    const descriptor = descriptorIn(folder, basename(at));
    if (descriptor !== undefined) return descriptor;
    at = resolve(folder, await readlink(at));
  }
  return 'stream'; // opening says that it is a loop
}

/** What is neither file nor stream, a directory or a socket, cannot be opened for writing: that says what is wrong. */
function kindOf(stats: Stats | undefined): Place {
  if (stats === undefined || stats.isFile()) return 'file';
  return stats.isBlockDevice() ? 'disk' : 'stream';
}

/**
 * proc_pid_fd(5): links that look like links to files, and are the open files themselves. One of our own is not opened
 * again: that would begin at the start of the file, where what else goes to stdout would overwrite it.
 */
function descriptorIn(folder: string, name: string): Place | undefined {
  const process_ = /^\/proc\/(\d+)(?:\/task\/\d+)?\/fd$/.exec(folder)?.[1];
  if (process_ === undefined) return undefined;
  return Number(process_) === process.pid ? { descriptor: Number(name) } : 'stream';
}

const writeTo = promisify(writeSome);

/** A write may be short; then the rest follows. */
async function writeAll(descriptor: number, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;)
    done += (await writeTo(descriptor, bytes, done, bytes.length - done)).bytesWritten;
}

async function intoStream<T>(path: string, mode: number, fill: Fill<T>): Promise<Result<T>> {
  // O_CREAT: only with it does the kernel refuse a pipe that somebody else has put into /tmp (protected_fifos).
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC;
  return withFile(await open(path, flags, mode), (file) => fill((bytes) => file.writeFile(bytes)));
}

async function asNewFile<T>(path: string, mode: number, fill: Fill<T>): Promise<Result<T>> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  // O_EXCL: never through a link that somebody put there.
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;
  const file = await open(temporary, flags, mode);
  let placed = false;
  try {
    const result = await withFile(file, async (file) => {
      const filled = await fill((bytes) => file.writeFile(bytes));
      if (filled.ok) await file.sync();
      return filled;
    });
    if (!result.ok) return result;
    await rename(temporary, path);
    placed = true;
    await syncDirectory(dirname(path));
    return result;
  } finally {
    if (!placed) await unlink(temporary).catch(() => undefined); // somebody else may have taken it away
  }
}

/** A rename is on the disk only when its directory is. */
async function syncDirectory(path: string): Promise<void> {
  await withFile(await open(path, constants.O_RDONLY), (directory) => directory.sync());
}

async function withFile<T>(file: FileHandle, use: (file: FileHandle) => Promise<T>): Promise<T> {
  try {
    return await use(file);
  } finally {
    await file.close();
  }
}
