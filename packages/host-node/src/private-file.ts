import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import type { Stats } from 'node:fs';
import { open, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fail, ok } from '@kexec-kit/loader-api';
import type { Diagnostic, Result } from '@kexec-kit/loader-api';
import { fileTooLarge, fileUntrusted, readFailed, writeFailed } from './codes.js';
import { openFile } from './open-file.js';

const OWNER_ONLY = 0o600;
const WRITABLE_BY_OTHERS = 0o022;
/** A saved plan is text: what is larger than this is none, in bytes. */
const TEXT_LIMIT = 1 << 28;

/**
 * Writes text for its owner's eyes only (mode 0600), all or nothing: into a new file beside it, which then takes its
 * place. It is on the disk when this returns.
 *
 * @example
 * ```ts no-run
 * await writePrivately('plan.json', serializeSubmission(submission, nodeEngines));
 * ```
 */
export async function writePrivately(path: string, content: string | Uint8Array): Promise<Result<true>> {
  const kind = await kindOf(path);
  if (kind === 'disk') return fail(writeFailed(path, 'it is a disk'));
  if (kind === 'stream') return writeInPlace(path, content);
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await writeNew(temporary, content);
    await rename(temporary, path);
    await syncDirectory(dirname(path));
    return ok(true);
  } catch (error) {
    await unlink(temporary).catch(() => undefined); // it may never have come into being
    return fail(writeFailed(path, (error as Error).message));
  }
}

/** `/dev/stdout` or a pipe must not be replaced by a file, and a disk neither replaced nor written to. */
async function kindOf(path: string): Promise<'stream' | 'disk' | 'file'> {
  const stats = await stat(path).catch(() => undefined); // not there yet, or writing will say what is wrong
  if (stats?.isBlockDevice() === true) return 'disk';
  return stats?.isCharacterDevice() === true || stats?.isFIFO() === true ? 'stream' : 'file';
}

async function writeInPlace(path: string, content: string | Uint8Array): Promise<Result<true>> {
  try {
    await writeFile(path, content);
    return ok(true);
  } catch (error) {
    return fail(writeFailed(path, (error as Error).message));
  }
}

async function writeNew(path: string, content: string | Uint8Array): Promise<void> {
  // O_EXCL: never through a link that somebody put there.
  const handle = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, OWNER_ONLY);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A rename is on the disk only when its directory is. */
async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Reads text that only root or this user can have written: anything else is FILE_UNTRUSTED. For saved plans.
 *
 * @example
 * ```ts no-run
 * const text = await readTrusted('plan.json');
 * if (text.ok) parseSubmission(text.value, nodeEngines);
 * ```
 */
export async function readTrusted(path: string): Promise<Result<string>> {
  const file = await openFile(path);
  if (!file.ok) return file;
  const { handle, stats } = file.value;
  try {
    const problem = distrust(path, stats);
    return problem === undefined ? ok(await handle.readFile('utf8')) : fail(problem);
  } catch (error) {
    return fail(readFailed(path, (error as Error).message));
  } finally {
    await handle.close();
  }
}

function distrust(path: string, { uid, mode, size }: Stats): Diagnostic | undefined {
  const user = process.geteuid?.() ?? 0;
  if (size > TEXT_LIMIT) return fileTooLarge(path, size, TEXT_LIMIT);
  if (uid !== 0 && uid !== user) return fileUntrusted(path, `owner ${uid}`, `owner 0 or ${user}`);
  if ((mode & WRITABLE_BY_OTHERS) === 0) return undefined;
  return fileUntrusted(path, `mode ${(mode & 0o777).toString(8)}`, 'writable by its owner only');
}
