import { constants } from 'node:fs';
import { mkdir, open, writeFile, type FileHandle } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fail, ok } from '@kexec-kit/loader-api';
import type { Result, Source, SourceId } from '@kexec-kit/loader-api';
import { writeFailed } from './codes.js';
import { readSources, SourceError } from './source-reader.js';

const CHUNK = 1 << 20;
const OWNER_ONLY = { directory: 0o700, file: 0o600 };

/**
 * Copies the sources of a saved plan into `PLAN.files/`, each under its digest, and returns them with their new names:
 * then the plan can be applied when the files it was made from are gone. What was compressed is stored decompressed.
 * A file that is no longer what was planned is SOURCE_CHANGED.
 *
 * @example
 * ```ts no-run
 * const sources = await embedSources('plan.json', submission.sources);
 * ```
 */
export async function embedSources(
  plan: string,
  sources: readonly Source[],
): Promise<Result<readonly Source[]>> {
  const folder = resolve(`${plan}.files`);
  const reader = await readSources(sources, { verify: true });
  if (!reader.ok) return reader;
  try {
    await mkdir(folder, { recursive: true, mode: OWNER_ONLY.directory });
    const embedded: Source[] = [];
    for (const source of sources) embedded.push(await embedOne(folder, source, reader.value.read));
    return ok(embedded);
  } catch (error) {
    return fail(
      error instanceof SourceError ? error.diagnostic : writeFailed(folder, (error as Error).message),
    );
  } finally {
    await reader.value.close();
  }
}

type Read = (source: SourceId, offset: number, into: Uint8Array) => Promise<void>;

async function embedOne(folder: string, { id, size, sha256 }: Source, read: Read): Promise<Source> {
  const name = join(folder, sha256);
  const file = await open(
    name,
    constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW,
    OWNER_ONLY.file,
  );
  try {
    await copy({ id, size }, read, file);
  } finally {
    await file.close();
  }
  return { id, name, size, sha256 };
}

async function copy({ id, size }: Pick<Source, 'id' | 'size'>, read: Read, into: FileHandle): Promise<void> {
  const buffer = new Uint8Array(Math.min(CHUNK, size));
  for (let done = 0; done < size;) {
    const piece = buffer.subarray(0, Math.min(CHUNK, size - done));
    await read(id, done, piece);
    await into.writeFile(piece);
    done += piece.length;
  }
}

/** Writes a file that anybody may read, such as a picture. Nothing that decides what runs goes through here. */
export async function writePublicly(path: string, content: string): Promise<Result<true>> {
  try {
    await writeFile(path, content);
    return ok(true);
  } catch (error) {
    return fail(writeFailed(path, (error as Error).message));
  }
}
