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
/** Of all of them together, in characters. */
const LARGEST_IN_ALL = 8 << 20;
const MOST_NAMES = 1000;
const MOST_PROBLEMS = 100;

export function treeAt(root: string): Tree {
  const problems = new Map<string, Diagnostic>();
  const texts = new Map<string, string | undefined>();
  let inAll = 0;
  const say = (path: string, why: string): void => {
    if (problems.size < MOST_PROBLEMS) problems.set(path, unreadable(path, why));
  };
  const stats = (path: string) => attempt(path, () => statSync(join(root, path), { throwIfNoEntry: false }));
  const attempt = <T>(path: string, use: () => T): T | undefined => {
    try {
      return use();
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code !== 'ENOENT' && code !== 'ENOTDIR' && code !== 'EINVAL') say(path, code ?? message);
      return undefined;
    }
  };
  const readText = (path: string): string | undefined => {
    const size = fileSize(stats(path));
    if (size === undefined) return undefined;
    if (size > LARGEST) say(path, `${String(size)} bytes, at most ${String(LARGEST)}`);
    else if (inAll + size > LARGEST_IN_ALL)
      say(path, `more than ${String(LARGEST_IN_ALL)} bytes of all files`);
    else return attempt(path, () => readFileSync(join(root, path), 'utf8'));
    return undefined;
  };
  return {
    text: (path) => {
      if (texts.has(path)) return texts.get(path);
      const text = readText(path);
      inAll += text?.length ?? 0;
      // Only a file that is there: the names of others may be without number.
      if (text !== undefined) texts.set(path, text);
      return text;
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
    const bytes = new Uint8Array(Math.min(length, Math.max(0, statSync(path).size - offset)));
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, offset));
  } finally {
    closeSync(file);
  }
}
