import { execFile } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packages, root, scope, type Package } from '../../tools/workspace.mjs';

const run = promisify(execFile);

export const published = packages().filter(({ manifest }) => manifest.private !== true);
const byName = new Map(published.map((one) => [one.manifest.name, one]));

export interface Tarball {
  readonly path: string;
  /** What is in it, relative to the package. */
  readonly files: readonly string[];
}

/** Packs every public package in one run of npm, by the package's name. */
export async function packAll(): Promise<ReadonlyMap<string, Tarball>> {
  const into = await mkdtemp(join(tmpdir(), 'kexec-kit-tarballs-'));
  const workspaces = published.flatMap(({ folder }) => ['--workspace', `packages/${folder}`]);
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', into, ...workspaces], {
    cwd: root,
    maxBuffer: 2 ** 26,
  });
  const packed = JSON.parse(stdout) as { name: string; filename: string; files: { path: string }[] }[];
  return new Map(
    packed.map(({ name, filename, files }) => [
      name,
      {
        path: join(into, filename.replace(/^@/, '').replace('/', '-')),
        files: files.map(({ path }) => path),
      },
    ]),
  );
}

/** A package and all of ours that it needs, directly or not. */
function closure(names: readonly string[]): string[] {
  const found = new Set<string>();
  const visit = (name: string): void => {
    if (found.has(name)) return;
    found.add(name);
    ours(byName.get(name)!).forEach(visit);
  };
  names.forEach(visit);
  return [...found];
}

function ours({ manifest }: Package): string[] {
  const needed = { ...manifest.dependencies, ...manifest.peerDependencies, ...manifest.optionalDependencies };
  return Object.keys(needed).filter((name) => name.startsWith(scope));
}

/**
 * A folder with these packages installed from their tarballs. No registry knows ours, so those that they need are named
 * by path too. `linked`: each package reaches what it declares and nothing else; `hoisted`: as most people have it.
 *
 * @param more - More arguments for npm.
 */
export async function install(
  names: readonly string[],
  tarballs: ReadonlyMap<string, Tarball>,
  strategy: 'linked' | 'hoisted',
  more: readonly string[] = [],
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kexec-kit-install-'));
  const paths = (of: readonly string[]): unknown =>
    Object.fromEntries(of.map((name) => [name, `file:${tarballs.get(name)!.path}`]));
  const others = closure(names).filter((name) => !names.includes(name));
  const manifest = { private: true, type: 'module', dependencies: paths(names), overrides: paths(others) };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  const quiet = ['--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
  await run('npm', ['install', `--install-strategy=${strategy}`, ...quiet, ...more], { cwd: folder });
  return folder;
}

/** Runs a program in such a folder, without what the test's own environment would add. */
export async function runIn(folder: string, command: string, ...args: readonly string[]): Promise<string> {
  const { NODE_OPTIONS, NODE_PATH, ...env } = process.env;
  const { stdout } = await run(command, args, { cwd: folder, env, maxBuffer: 2 ** 26 });
  return stdout;
}
