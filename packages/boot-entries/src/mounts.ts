import { posix } from 'node:path';
import type { Tree } from './tree.js';

export interface Mount {
  /** Where it is mounted. */
  readonly point: string;
  /** What of the file system is: `/`, or e.g. a subvolume of btrfs. */
  readonly root: string;
  /** MAJOR:MINOR. */
  readonly device: string;
  /** e.g. /dev/vda1. */
  readonly source: string;
}

const MOST = 4096;

/** The mounted file systems, from /proc/self/mountinfo; the root alone where that is not there. */
export function readMounts(tree: Tree): readonly Mount[] {
  const mounts = known.get(tree) ?? parseMounts(tree);
  known.set(tree, mounts);
  return mounts;
}

const known = new WeakMap<Tree, readonly Mount[]>();

function parseMounts(tree: Tree): readonly Mount[] {
  const lines = (tree.text('/proc/self/mountinfo') ?? '').split('\n', MOST);
  const mounts = lines.flatMap(parseMount);
  return mounts.length > 0 ? mounts : [{ point: '/', root: '/', device: '', source: '' }];
}

/** `36 35 98:0 /root /point options [fields] - type source options`, by proc_pid_mountinfo(5). */
function parseMount(line: string): readonly Mount[] {
  const [before = '', after = ''] = line.split(' - ', 2);
  const [, , device, root, point] = before.split(' ').map(unescaped);
  const [, source = ''] = after.split(' ').map(unescaped);
  if (device === undefined || root === undefined || point?.startsWith('/') !== true) return [];
  return [{ device, root, point, source }];
}

function unescaped(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number(`0o${digits}`)));
}

/** The mount that holds a path. */
export function mountOf(mounts: readonly Mount[], path: string): Mount | undefined {
  const holding = mounts.filter(({ point }) => path === point || path.startsWith(slashed(point)));
  return holding.reduce<Mount | undefined>(
    (best, one) => (best === undefined || one.point.length >= best.point.length ? one : best),
    undefined,
  );
}

/** Where a path within a file system is, by one of its mounts: a boot loader may count from above a subvolume, or from within. */
export function placesIn({ point, root }: Mount, path: string): readonly string[] {
  const plain = posix.join(point, path);
  if (root === '/' || !path.startsWith(slashed(root))) return [plain];
  return [posix.join(point, path.slice(root.length)), plain];
}

function slashed(path: string): string {
  return path.endsWith('/') ? path : `${path}/`;
}

/**
 * The mounts of the file system with this UUID or label. Undefined when /dev/disk does not say which it is at all, as in a
 * container.
 */
export function mountsBy(
  tree: Tree,
  mounts: readonly Mount[],
  by: 'uuid' | 'label',
  value: string,
): readonly Mount[] | undefined {
  const folder = `/dev/disk/by-${by}`;
  if (!tree.isFolder(folder)) return undefined;
  if (!/^[^/\0]{1,255}$/.test(value) || value === '..') return [];
  const device = tree.linkName(`${folder}/${value}`);
  if (device === undefined) return [];
  const number = tree.text(`/sys/class/block/${device}/dev`)?.trim();
  const mapped = tree.text(`/sys/class/block/${device}/dm/name`)?.trim();
  const sources = [`/dev/${device}`, ...(mapped === undefined ? [] : [`/dev/mapper/${mapped}`])];
  return mounts.filter((mount) => mount.device === number || sources.includes(mount.source));
}
