// @ts-check
/**
 * From a fresh clone to a built repository. Node's builtins only: nothing is installed when this starts.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureDebianPackages } from './debian.mjs';
import { execute, Failed } from './execute.mjs';
import { packages, root } from './workspace.mjs';

const stamp = join(root, 'node_modules/.kexec-kit-stamp');

/**
 * Installs npm's packages when the lock file is not the one that was installed, and the Debian packages that `tiers` need.
 *
 * @param {readonly string[]} tiers
 */
export async function setup(tiers) {
  await installPackages();
  const debian = ensureDebianPackages(tiers);
  if (!debian.ok) throw new Failed(`${debian.reason}; run as root:\n\n    ${debian.command}\n`);
}

async function installPackages() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const mark = `${lock} ${process.platform}-${process.arch}\n`;
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === mark) return;
  console.log('Installing what package-lock.json names');
  await execute('npm', ['ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund']);
  writeFileSync(stamp, mark);
}

/**
 * Compiles every package, then bundles those that ship a bundle. `tsc --build` at the root, not `nx run-many -t build`:
 * it knows the same graph from the project references and takes one process instead of one for each package. The nx
 * targets stay for those who change one package: `npx nx build @kexec-kit/memory`.
 */
export async function build() {
  await execute(process.execPath, ['node_modules/typescript/bin/tsc', '--build']);
  for (const { path } of packages()) {
    const bundle = join(path, 'bundle.mjs');
    if (existsSync(bundle)) await execute(process.execPath, [bundle]);
  }
}
