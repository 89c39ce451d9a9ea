import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fail, ok, type Result } from '@kexec-kit/loader-api';
import { overwrites } from './codes.js';

/**
 * Refuses an output that is the very file of an input, or of an output before it, by whatever name: it would take its
 * place without a word. To be asked before anything is written.
 */
export async function checkOutputs(
  outputs: readonly (string | undefined)[],
  inputs: readonly (string | undefined)[],
): Promise<Result<true>> {
  const all = [
    ...inputs.map((path) => ({ path, role: 'input' as const })),
    ...outputs.map((path) => ({ path, role: 'output' as const })),
  ];
  const taken = new Map<string, { readonly path: string; readonly role: 'input' | 'output' }>();
  for (const { path, role } of all) {
    const file = path === undefined ? undefined : await identify(path);
    if (path === undefined || file === undefined) continue;
    const other = taken.get(file);
    if (other !== undefined && role === 'output') return fail(overwrites(path, other.role, other.path));
    taken.set(file, { path, role });
  }
  return ok(true);
}

/** Equal for the same file, and for the same place where none is yet. Nothing for a device or a pipe: nothing there is lost. */
async function identify(path: string): Promise<string | undefined> {
  const stats = await stat(path, { bigint: true }).catch(() => undefined); // not there yet, or it will be said by who opens it
  if (stats !== undefined) return stats.isFile() ? `${stats.dev}:${stats.ino}` : undefined;
  const folder = await realpath(dirname(path)).catch(() => resolve(dirname(path))); // writing will say that there is none
  return join(folder, basename(path));
}
