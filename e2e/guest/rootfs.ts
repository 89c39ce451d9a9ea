import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { lstat, mkdir, mkdtemp, readdir, readFile, readlink, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { image } from '../../tools/images.mjs';
import { cpio, parents, type Entry } from '../../tools/initramfs.mjs';
import { packages, root } from '../../tools/workspace.mjs';
import { install, packAll } from '../packages/sandbox.js';
import { guestInit, repack } from './init.js';

const run = promisify(execFile);

const cache = join(root, '.cache/guest');
/** Where the packages are installed in the guest. */
export const INSTALLED = 'opt/kexec-kit';

/** What a user installs who wants everything. */
const wanted = ['@kexec-kit/cli', '@kexec-kit/preset-x86', '@kexec-kit/backend-linux'];

/** Node and the libraries that it needs, in the word size of the guest's programs. */
export interface Userland {
  readonly name: 'x86_64' | 'i386';
  /** Files of the guest, by path without a leading slash. */
  entries(): Promise<Entry[]>;
  /** What npm installs for, besides this machine. */
  readonly cpu?: 'ia32';
}

/**
 * An initramfs, not compressed: busybox, Node with its libraries, our packed tarballs as npm installs them, and an init
 * that runs the commands of a stage. Nothing of kexec-tools is in it. Made anew when anything in it has changed.
 */
export function rootfs(userland: Userland): Promise<string> {
  const building = built.get(userland.name) ?? build(userland);
  built.set(userland.name, building);
  return building;
}

/** Two guests that start at once build it once. */
const built = new Map<Userland['name'], Promise<string>>();

async function build(userland: Userland): Promise<string> {
  const path = join(cache, `${userland.name}-${await fingerprint(userland)}.cpio`);
  if (existsSync(path)) return path;
  await mkdir(cache, { recursive: true });
  const installed = await installPackages(userland);
  try {
    const archive = cpio([
      ...skeleton,
      ...withFolders([...(await userland.entries()), ...(await treeOf(installed, INSTALLED))]),
    ]);
    await forgetOlder(userland);
    const scratch = `${path}.${process.pid}`;
    await writeFile(scratch, archive);
    await rename(scratch, path);
  } finally {
    await rm(installed, { recursive: true });
  }
  return path;
}

/**
 * An initramfs that has only what it takes to fetch the rest from a device's memory: so the kernels of a chain hand little
 * on to each other.
 */
export async function seed(): Promise<Uint8Array> {
  const show = await compiled('show');
  return cpio([...skeleton, await file('bin/busybox', '/bin/busybox'), await file('bin/show', show)]);
}

/** A program of the guest in C. */
async function compiled(name: string): Promise<string> {
  const source = fileURLToPath(new URL(`program/${name}.c`, import.meta.url));
  const digest = createHash('sha256')
    .update(await readFile(source))
    .digest('hex')
    .slice(0, 16);
  const path = join(cache, `${name}-${digest}`);
  if (existsSync(path)) return path;
  await mkdir(cache, { recursive: true });
  const scratch = `${path}.${process.pid}`;
  await run('gcc', ['-static', '-Os', '-Wall', '-Wextra', '-Werror', '-o', scratch, source]);
  await rename(scratch, path);
  return path;
}

const skeleton: readonly Entry[] = [
  ...['bin', 'dev', 'etc', 'proc', 'root', 'run', 'sys', 'tmp'].map((path) => ({ path })),
  // The kernel opens it for init before devtmpfs is there.
  { path: 'dev/console', content: '', mode: 0o020600, device: [5, 1] },
  { path: 'init', content: guestInit, mode: 0o100755 },
  { path: 'bin/repack', content: repack, mode: 0o100755 },
  { path: 'etc/passwd', content: 'root:x:0:0::/root:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\n' },
  { path: 'etc/group', content: 'root:x:0:\nnogroup:x:65534:\n' },
];

/** Everything that ends up in a tarball, Node itself, and how it is put together. */
async function fingerprint({ name }: Userland): Promise<string> {
  const hash = createHash('sha256').update(guestInit).update(repack).update(name).update(process.version);
  for (const file of [fileURLToPath(import.meta.url), join(root, 'package-lock.json')])
    hash.update(await readFile(file));
  for (const { path } of packages()) {
    for (const folder of ['dist', 'bundle', 'bin']) {
      for (const file of await filesIn(join(path, folder))) hash.update(file).update(await readFile(file));
    }
    hash.update(await readFile(join(path, 'package.json')));
  }
  return hash.digest('hex').slice(0, 16);
}

async function filesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return names
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.tsbuildinfo'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Some hundred megabytes each; what is young may be in use by another process. */
async function forgetOlder({ name }: Userland): Promise<void> {
  const files = (await readdir(cache)).filter((file) => file.startsWith(`${name}-`));
  for (const file of files.map((one) => join(cache, one))) {
    const { mtimeMs } = await lstat(file);
    if (mtimeMs < Date.now() - OLD) await rm(file, { force: true });
  }
}

/** In milliseconds. */
const OLD = 1_800_000;

async function installPackages({ cpu }: Userland): Promise<string> {
  const tarballs = await packAll();
  try {
    return await install(wanted, tarballs, 'hoisted', cpu === undefined ? [] : [`--cpu=${cpu}`]);
  } finally {
    await rm(dirname(tarballs.values().next().value!.path), { recursive: true });
  }
}

/** What is in a folder, links and all, to be found in the guest's folder `prefix`. */
async function treeOf(folder: string, prefix: string): Promise<Entry[]> {
  const names = await readdir(folder, { recursive: true });
  const entries = await Promise.all(names.sort().map((name) => entryOf(folder, name, join(prefix, name))));
  return entries.flat();
}

async function entryOf(folder: string, name: string, path: string): Promise<Entry[]> {
  const from = join(folder, name);
  const { mode } = await lstat(from);
  const type = mode & 0o170000;
  if (type === 0o120000) return [{ path, content: await readlink(from), mode }];
  return type === 0o100000 ? [{ path, content: await readFile(from), mode }] : [];
}

/** Files, each after the folders that it is in. */
export function withFolders(files: readonly Entry[]): Entry[] {
  const folders = new Set(files.flatMap(({ path }) => parents(path)));
  const made = new Set(skeleton.map(({ path }) => path));
  return [...[...folders].filter((path) => !made.has(path)).map((path) => ({ path })), ...files];
}

/** This machine's Node, busybox, and what takes capabilities away. */
export const x86_64: Userland = {
  name: 'x86_64',
  entries: async () => {
    const programs = { 'usr/bin/node': process.execPath, 'usr/bin/setpriv': '/usr/bin/setpriv' };
    const libraries = await Promise.all(Object.values(programs).map(librariesOf));
    return Promise.all([
      file('bin/busybox', '/bin/busybox'),
      ...Object.entries(programs).map(([path, from]) => file(path, from)),
      ...[...new Set(libraries.flat())].map((path) => file(path.slice(1), path)),
    ]);
  },
};

/** 32-bit programs, on a kernel of either word size. */
export const i386: Userland = {
  name: 'i386',
  cpu: 'ia32',
  entries: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kexec-kit-userland-'));
    try {
      await run('tar', ['--extract', '--file', (await image('node-i386')).path, '--directory', folder]);
      return [await file('bin/busybox', (await image('busybox-i386')).path), ...(await treeOf(folder, ''))];
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

async function librariesOf(program: string): Promise<string[]> {
  const { stdout } = await run('ldd', [program]);
  return Array.from(stdout.matchAll(/(\/\S+) \(0x/g), ([, path]) => path!);
}

/** A program or a library of this machine, in the guest. */
export async function file(path: string, from: string): Promise<Entry> {
  return { path, content: await readFile(from), mode: 0o100755 };
}
