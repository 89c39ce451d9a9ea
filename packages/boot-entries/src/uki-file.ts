import { basename } from 'node:path';
import type { Result } from '@kexec-kit/loader-api';
import { readUki, type Uki } from '@kexec-kit/uki';
import type { Tree } from './tree.js';

/** Headers and the section table of a PE file are far smaller. In bytes. */
const HEAD = 1 << 16;

/** What a unified kernel image says of itself; of the file, only that is read. Undefined where there is no such file. */
export function ukiFile(tree: Tree, path: string): Result<Uki> | undefined {
  const size = tree.sizeOf(path);
  const head = tree.bytes(path, 0, HEAD);
  if (size === undefined || head === undefined) return undefined;
  return readUki({
    name: basename(path),
    size,
    head,
    read: ({ offset, size: length }) => tree.bytes(path, offset, length) ?? new Uint8Array(),
  });
}
