import {
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  statSync,
  type Stats,
} from 'node:fs';
import { basename, join } from 'node:path';
import type { Diagnostic } from '@kexec-kit/loader-api';
import { unreadable } from './codes.js';

/** The files below one root. Paths are absolute, as on the machine itself. */
export interface Tree {
  /** Undefined when there is no such file, and, said once, when it cannot be read. */
  text(path: string): string | undefined;
  /** At most `length` bytes from `offset` on: fewer where the file ends, undefined as for {@link text}. */
  bytes(path: string, offset: number, length: number): Uint8Array | undefined;
  names(path: string): readonly string[];
  sizeOf(path: string): number | undefined;
  isFolder(path: string): boolean;
  /** The last name in what a symbolic link says. */
  linkName(path: string): string | undefined;
  readonly problems: readonly Diagnostic[];
}

/** No boot loader's configuration comes near it. In bytes. */
const LARGEST = 1 << 20;
const MOST_NAMES = 1000;

export function treeAt(root: string): Tree {
  const problems = new Map<string, Diagnostic>();
  const stats = (path: string) => attempt(path, () => statSync(join(root, path), { throwIfNoEntry: false }));
  const attempt = <T>(path: string, use: () => T): T | undefined => {
    try {
      return use();
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code !== 'ENOENT' && code !== 'ENOTDIR' && code !== 'EINVAL')
        problems.set(path, unreadable(path, code ?? message));
      return undefined;
    }
  };
  return {
    text: (path) => {
      const found = stats(path);
      if (found?.isFile() !== true) return undefined;
      if (found.size > LARGEST) {
        problems.set(path, unreadable(path, `${String(found.size)} bytes, at most ${String(LARGEST)}`));
        return undefined;
      }
      return attempt(path, () => readFileSync(join(root, path), 'utf8'));
    },
    bytes: (path, offset, length) =>
      stats(path)?.isFile() === true
        ? attempt(path, () => readPart(join(root, path), offset, length))
        : undefined,
    names: (path) =>
      stats(path)?.isDirectory() === true
        ? (attempt(path, () => readdirSync(join(root, path)))
            ?.sort()
            .slice(0, MOST_NAMES) ?? [])
        : [],
    sizeOf: (path) => fileSize(stats(path)),
    isFolder: (path) => stats(path)?.isDirectory() === true,
    linkName: (path) => attempt(path, () => basename(readlinkSync(join(root, path)))),
    get problems() {
      return [...problems.values()];
    },
  };
}

function fileSize(stats: Stats | undefined): number | undefined {
  return stats?.isFile() === true ? stats.size : undefined;
}

function readPart(path: string, offset: number, length: number): Uint8Array {
  const file = openSync(path, 'r');
  try {
    const bytes = new Uint8Array(length);
    return bytes.subarray(0, readSync(file, bytes, 0, length, offset));
  } finally {
    closeSync(file);
  }
}
