import { machine as unameMachine } from 'node:os';
import { fail, ok, type Architecture, type Result } from '@kexec-kit/loader-api';
import { architectureUnknown } from './codes.js';
import { withTree, type Tree } from './tree.js';

/**
 * The architecture of the running kernel, whatever program asks.
 *
 * @example
 * ```ts
 * const architecture = await readArchitecture();
 * if (architecture.ok) architecture.value; // e.g. 'x86_64'
 * ```
 */
export function readArchitecture({ root = '/' }: { readonly root?: string } = {}): Promise<
  Result<Architecture>
> {
  return withTree(root, (tree) => architectureOf(tree, root === '/' ? unameMachine() : undefined));
}

/** The kernel's own word is asked first: `uname` says i686 under `setarch i386`, on a kernel that is x86_64. */
export async function architectureOf(tree: Tree, uname: string | undefined): Promise<Result<Architecture>> {
  const name = (await tree.text('/proc/sys/kernel/arch'))?.trim() ?? uname;
  if (name === 'x86_64') return ok('x86_64');
  if (name !== undefined && /^i[3-6]86$/.test(name)) return ok('i386');
  return fail(architectureUnknown(name));
}
