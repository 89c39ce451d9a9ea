import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Machine, Result } from '@kexec-kit/loader-api';
import { readMachine } from '@kexec-kit/machine';

/** The files of a recorded machine by their absolute paths: text, or bytes in base64. */
export type RecordedTree = Readonly<Record<string, string | { readonly base64: string }>>;

export const recorded = [
  'small',
  'holes',
  'above4g',
  'crash',
  'crash-high',
  'crash-smp',
  'uefi',
  'microvm',
] as const;

export function recordedTree(name: (typeof recorded)[number]): RecordedTree {
  const file = new URL(`../fixtures/trees/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as RecordedTree;
}

/** Lays a tree out in a directory of its own, and reads the machine from there. */
export async function readTree(tree: RecordedTree): Promise<Result<Machine>> {
  const root = await mkdtemp(join(tmpdir(), 'kexec-kit-machine-'));
  try {
    for (const [path, content] of Object.entries(tree)) {
      await mkdir(join(root, dirname(path)), { recursive: true });
      await writeFile(
        join(root, path),
        typeof content === 'string' ? content : Buffer.from(content.base64, 'base64'),
      );
    }
    return await readMachine({ root });
  } finally {
    await rm(root, { recursive: true });
  }
}

/** A tree without the files whose paths match. */
export function without(tree: RecordedTree, path: RegExp): RecordedTree {
  return Object.fromEntries(Object.entries(tree).filter(([key]) => !path.test(key)));
}

export function bytesOf(tree: RecordedTree, path: string): Uint8Array {
  const content = tree[path];
  if (content === undefined) throw new Error(`${path} was not recorded`);
  return typeof content === 'string' ? Buffer.from(content) : Buffer.from(content.base64, 'base64');
}
