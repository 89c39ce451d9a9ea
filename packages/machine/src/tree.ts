import { open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, type Failure, type Result } from '@kexec-kit/loader-api';
import { fileUnreadable } from './codes.js';

/** The files below one root, of which only /proc and /sys are read. Paths are absolute, as on the machine itself. */
export interface Tree {
  /** undefined when there is no such file. */
  bytes(path: string): Promise<Uint8Array | undefined>;
  text(path: string): Promise<string | undefined>;
  /** The first bytes, at most so many, of a file that may be endless; undefined also when it may not be read. */
  head(path: string, length: number): Promise<Uint8Array | undefined>;
  /** The names in a directory, shorter ones first, so that `cpu2` is before `cpu10`; empty when there is no such directory. */
  names(path: string): Promise<string[]>;
}

/** A file that is there and cannot be read: the one thing that ends the reading of a machine half-way. */
class Unreadable extends Error {
  readonly failure: Failure;
  constructor(path: string, cause: unknown) {
    super(path, { cause });
    this.failure = fail(fileUnreadable(path, errorCode(cause)));
  }
}

/** Runs `use` on a tree; what cannot be read becomes a failure, here and nowhere else. */
export async function withTree<T>(root: string, use: (tree: Tree) => Promise<Result<T>>): Promise<Result<T>> {
  try {
    return await use(treeAt(root));
  } catch (error) {
    if (error instanceof Unreadable) return error.failure;
    throw error;
  }
}

function treeAt(root: string): Tree {
  const bytes = (path: string) => unlessMissing(path, () => readFile(join(root, path)));
  return {
    bytes,
    text: async (path) => (await bytes(path))?.toString('utf8'),
    head: (path, length) => readHead(join(root, path), length),
    names: async (path) =>
      ((await unlessMissing(path, () => readdir(join(root, path)))) ?? []).sort(naturally),
  };
}

async function readHead(path: string, length: number): Promise<Uint8Array | undefined> {
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(length), 0, length, 0);
    return buffer.subarray(0, bytesRead);
  } catch {
    return undefined;
  } finally {
    await file.close();
  }
}

/** ENODEV and EIO are how sysfs says that a thing without this property was asked for it. */
const MISSING: readonly string[] = ['ENOENT', 'ENOTDIR', 'ENODEV', 'EIO'];

async function unlessMissing<T>(path: string, read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (MISSING.includes(errorCode(error))) return undefined;
    throw new Unreadable(path, error);
  }
}

function errorCode(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}

/** What ends in a number comes in numeric order. No `Intl.Collator`: to load its tables takes 8 ms. */
const naturally = (a: string, b: string): number => a.length - b.length || (a < b ? -1 : Number(a > b));
