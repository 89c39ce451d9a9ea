import type { Stats } from 'node:fs';
import { fail, ok } from '@kexec-kit/loader-api';
import type { Diagnostic, Result } from '@kexec-kit/loader-api';
import { fileTooLarge, fileUntrusted, readFailed, writeFailed } from './codes.js';
import { openFile } from './open-file.js';
import { ANYBODY, OWNER_ONLY, writeOutput } from './output.js';

const WRITABLE_BY_OTHERS = 0o022;
/** A saved plan is text: what is larger than this is none, in bytes. */
const TEXT_LIMIT = 1 << 28;

/**
 * Writes text for its owner's eyes only (mode 0600), all or nothing: into a new file beside it, which then takes the place
 * of what was there, a link too. It is on the disk when this returns. A device or a pipe (`/dev/stdout`, too) is written
 * into as it is; a disk is OUTPUT_IS_DISK.
 *
 * @example
 * ```ts no-run
 * await writePrivately('plan.json', serializeSubmission(submission, nodeEngines));
 * ```
 */
export function writePrivately(path: string, content: string | Uint8Array): Promise<Result<true>> {
  return writeWhole(path, OWNER_ONLY, content);
}

/** Writes, in the same way, what anybody may read, such as a picture. Nothing that decides what runs goes through here. */
export function writePublicly(path: string, content: string): Promise<Result<true>> {
  return writeWhole(path, ANYBODY, content);
}

async function writeWhole(path: string, mode: number, content: string | Uint8Array): Promise<Result<true>> {
  try {
    return await writeOutput(path, mode, async (write) => {
      await write(typeof content === 'string' ? Buffer.from(content) : content);
      return ok(true);
    });
  } catch (error) {
    return fail(writeFailed(path, (error as Error).message));
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
