import { posix } from 'node:path';
import { parseBls, type BlsEntry } from './bls.js';
import type { BlsScript, Files } from './grub/scope.js';
import { mountOf, mountsBy, placesIn, readMounts, type Mount } from './mounts.js';
import { compareEntries } from './order.js';
import type { Tree } from './tree.js';

/** Where a file of a boot loader is on the running machine. */
export type Found =
  | { readonly path: string; readonly isThere: true }
  | { readonly path: string; readonly isThere: false; readonly why: string };

export interface BootFiles {
  /** By a path of the boot loader: `(device)/path`, or a path on `device`. */
  readonly find: (path: string, device: string) => Found;
  /** The same for folders. */
  readonly findFolder: (path: string, device: string) => string | undefined;
}

/** Where boot loaders keep their files, when it is not known on which file system: the likely ones first. */
const LIKELY = ['/boot', '/', '/boot/efi', '/efi'];

/** @param near - A path on the file system that the boot loader calls its own. */
export function bootFiles(tree: Tree, near: string): BootFiles {
  const mounts = readMounts(tree);
  const own = mountOf(mounts, near);
  const likely = [
    ...(own === undefined ? [] : [own]),
    ...LIKELY.map((point) => mountOf(mounts, point) ?? { point, root: '/', device: '', source: '' }),
    ...LIKELY.map((point) => ({ point, root: '/', device: '', source: '' })),
  ];
  const candidates = (path: string, device: string): { places: readonly string[]; why: string } => {
    const [, named, rest] = /^\(([^)]*)\)([^]*)$/.exec(path) ?? [];
    const [on, wanted] = [named ?? device, posix.join('/', rest ?? path)];
    const among = mountsOn(tree, mounts, on);
    const places = (among ?? likely).flatMap((mount) => placesIn(mount, wanted));
    return { places, why: places.length > 0 ? 'no such file' : `the file system ${on} is not mounted` };
  };
  return {
    find: (path, device) => {
      const { places, why } = candidates(path, device);
      const there = places.find((place) => tree.sizeOf(place) !== undefined);
      if (there !== undefined) return { path: there, isThere: true };
      return { path: places[0] ?? path, isThere: false, why };
    },
    findFolder: (path, device) => candidates(path, device).places.find((place) => tree.isFolder(place)),
  };
}

/** The mounts of a device as our `search` names it; undefined where the name tells nothing, e.g. `hd0,gpt1`. */
function mountsOn(tree: Tree, mounts: readonly Mount[], device: string): readonly Mount[] | undefined {
  const [, what, value = ''] = /^(uuid|label|at)=([^]*)$/.exec(device) ?? [];
  // Without /proc nothing is known of any mount.
  if (what === 'at')
    return mounts.every(isUnknown) ? undefined : mounts.filter(({ point }) => point === value);
  return what === 'uuid' || what === 'label' ? mountsBy(tree, mounts, what, value) : undefined;
}

function isUnknown({ device }: Mount): boolean {
  return device === '';
}

/** What a GRUB script that was read from `near` sees of the machine. */
export function grubFiles(tree: Tree, near: string, used: Set<string>): Files {
  const files = bootFiles(tree, near);
  const find = (path: string): string => files.find(path, '').path;
  return {
    sizeOf: (path) => tree.sizeOf(find(path)),
    isFolder: (path) => files.findFolder(path, '') !== undefined,
    read: (path) => tree.text(find(path)),
    nameOf: find,
    blsScripts: (variables) => {
      const folder = blsFolder(files, variables);
      if (folder === undefined) return [];
      used.add(folder);
      const device = `at=${mountOf(readMounts(tree), folder)?.point ?? '/'}`;
      return readBls(tree, folder).map(({ file, entry }) => scriptOf(file, entry, device, variables));
    },
  };
}

function blsFolder(files: BootFiles, variables: ReadonlyMap<string, string>): string | undefined {
  const set = variables.get('blsdir');
  const paths = set === undefined ? ['/loader/entries', '/boot/loader/entries'] : [set];
  const devices = ['boot', 'root'].flatMap((name) => variables.get(name) ?? []);
  const places = [...devices, ''].flatMap((device) => paths.map((path) => files.findFolder(path, device)));
  return places.find((place) => place !== undefined);
}

export interface BlsFile {
  readonly file: string;
  readonly entry: BlsEntry;
}

/** The entries in a folder, in the order of a menu. */
export function readBls(tree: Tree, folder: string): readonly BlsFile[] {
  return tree
    .names(folder)
    .filter((name) => name.endsWith('.conf'))
    .flatMap((name) => {
      const file = posix.join(folder, name);
      const text = tree.text(file);
      return text === undefined ? [] : [{ file, entry: parseBls(name, text) }];
    })
    .sort((a, b) => compareEntries(a.entry, b.entry));
}

/** GRUB puts variables into what an entry says, and falls back on one where it has no options. */
function scriptOf(
  file: string,
  entry: BlsEntry,
  device: string,
  variables: ReadonlyMap<string, string>,
): BlsScript {
  const { id, title, by, starts, initrds, options } = entry;
  const otherwise = variables.has('default_kernelopts') ? '$default_kernelopts' : '$kernelopts';
  const lines = [
    ...(by !== 'linux' || starts === '' ? [] : [`linux ${starts} ${options ?? otherwise}`]),
    ...(initrds.length === 0 ? [] : [`initrd ${initrds.join(' ')}`]),
  ];
  return { name: file, id, title, device, text: lines.join('\n') };
}
