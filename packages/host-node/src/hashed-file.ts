import type { Stats } from 'node:fs';
import type { Source } from '@kexec-kit/loader-api';

/** Which file a source was hashed from, and when. */
export interface HashedFile {
  /** The file itself, whatever its name leads to later. */
  readonly dev: number;
  readonly ino: number;
  /** When the hashing began, in milliseconds since 1970. */
  readonly at: number;
}

// Beside the sources, not in them: this says nothing in another process, on another day, and has no place in a plan.
const files = new WeakMap<Source, HashedFile>();

/** Remembers it for as long as the source is kept. */
export function rememberFile(source: Source, { dev, ino }: Stats, at: number): void {
  files.set(source, { dev, ino, at });
}

/**
 * Which file this process has hashed to make this very object, if it has.
 *
 * @example
 * ```ts
 * const source = await openSource(process.execPath, { id: 'image' });
 * if (source.ok) hashedFile(source.value)?.ino; // the inode of node
 * ```
 */
export function hashedFile(source: Source): HashedFile | undefined {
  return files.get(source);
}
