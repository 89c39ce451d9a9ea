import type { FileHandle } from 'node:fs/promises';
import type { Failure } from '@kexec-kit/loader-api';
import { noRoom } from './codes.js';
import { BackendFailure } from './failure.js';
import { openNameless, scratchDirectory } from './files.js';
import { writeAll } from './ram.js';

/** What a nameless file will hold. */
export interface Content {
  /** In bytes: where there is room for as much. */
  readonly size: bigint;
  readonly write: (file: FileHandle) => Promise<void>;
}

/** Bytes at hand. */
export function contentOf(bytes: Uint8Array): Content {
  return { size: BigInt(bytes.length), write: (file) => writeAll(file, bytes, 0) };
}

/** Fills a nameless file with each content, and closes them all once they have been used. A {@link BackendFailure} is returned. */
export async function withFiles<T>(
  contents: readonly Content[],
  use: (files: readonly FileHandle[]) => Promise<T>,
): Promise<T | Failure> {
  const files: FileHandle[] = [];
  try {
    for (const content of contents) await fill(files, content);
    return await use(files);
  } catch (error) {
    if (error instanceof BackendFailure) return error.failure;
    throw error;
  } finally {
    await Promise.all(files.map((file) => file.close()));
  }
}

async function fill(files: FileHandle[], { size, write }: Content): Promise<void> {
  const directory = await scratchDirectory(size);
  try {
    const file = await openNameless(directory);
    files.push(file);
    await write(file);
  } catch (error) {
    throw error instanceof BackendFailure ? error : new BackendFailure(noRoom(directory, error));
  }
}
