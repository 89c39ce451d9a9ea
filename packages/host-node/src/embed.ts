import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fail, ok } from '@kexec-kit/loader-api';
import type { Result, Source, SourceId } from '@kexec-kit/loader-api';
import { writeFailed } from './codes.js';
import { OWNER_ONLY, writeOutput, type Write } from './output.js';
import { SourceError } from './source-error.js';
import { readSources } from './source-reader.js';

const CHUNK = 1 << 20;
const OWNER_ONLY_FOLDER = 0o700;

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
    await mkdir(folder, { recursive: true, mode: OWNER_ONLY_FOLDER });
    const embedded: Source[] = [];
    for (const source of sources) {
      const one = await embedOne(folder, source, reader.value.read);
      if (!one.ok) return one;
      embedded.push(one.value);
    }
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

/** As any other output: what is to be copied may be the very file, from an earlier time. */
async function embedOne(folder: string, { id, size, sha256 }: Source, read: Read): Promise<Result<Source>> {
  const name = join(folder, sha256);
  return writeOutput(name, OWNER_ONLY, async (write) => {
    await copy({ id, size }, read, write);
    return ok({ id, name, size, sha256 });
  });
}

async function copy({ id, size }: Pick<Source, 'id' | 'size'>, read: Read, write: Write): Promise<void> {
  const buffer = new Uint8Array(Math.min(CHUNK, size));
  for (let done = 0; done < size;) {
    const piece = buffer.subarray(0, Math.min(CHUNK, size - done));
    await read(id, done, piece);
    await write(piece);
    done += piece.length;
  }
}
