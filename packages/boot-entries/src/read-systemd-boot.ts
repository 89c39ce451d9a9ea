import { posix } from 'node:path';
import type { Diagnostic } from '@kexec-kit/loader-api';
import { bootFiles, readBls, type BlsFile } from './boot-files.js';
import { noDefault, notHandedOn } from './codes.js';
import type { BootEntry } from './entry.js';
import { locator } from './locator.js';
import { mountOf, readMounts } from './mounts.js';
import { compareEntries } from './order.js';
import { BOOT_FOLDERS, type Read } from './places.js';
import { defaultEntry } from './systemd-default.js';
import type { Tree } from './tree.js';
import { readType2, type Candidate } from './type2.js';
import { ukiFile } from './uki-file.js';

/**
 * The menu of systemd-boot: the entries of both types, of the EFI system partition and of the extended boot loader partition,
 * in one order.
 *
 * @param used - Folders of entries that are in another menu.
 */
export function readSystemdBoot(tree: Tree, used: ReadonlySet<string>): Read {
  const folders = distinct(tree, BOOT_FOLDERS);
  const candidates = folders
    .flatMap((folder) => [
      ...readType2(tree, `${folder}/EFI/Linux`),
      ...(used.has(`${folder}/loader/entries`) ? [] : readType1(tree, `${folder}/loader/entries`)),
    ])
    .sort(compareEntries);
  const configurations = folders.map((folder) => tree.text(`${folder}/loader/loader.conf`));
  const loaderConf = configurations.find((text) => text !== undefined) ?? '';
  const chosen = defaultEntry(candidates, loaderConf, tree);
  const entries = candidates.map(({ entry }) =>
    entry === chosen?.entry ? { ...entry, default: true as const } : entry,
  );
  return { entries, problems: chosen !== undefined || entries.length === 0 ? [] : [noDefault(undefined)] };
}

/** A partition may be mounted at two of them. */
function distinct(tree: Tree, folders: readonly string[]): readonly string[] {
  const mounts = readMounts(tree);
  const identity = (folder: string): string => {
    const mount = mountOf(mounts, folder);
    if (mount === undefined || mount.device === '') return folder;
    return `${mount.device} ${posix.join(mount.root, posix.relative(mount.point, folder))}`;
  };
  const seen = new Map([...folders].reverse().map((folder) => [identity(folder), folder]));
  return folders.filter((folder) => seen.get(identity(folder)) === folder);
}

/** Text is taken as it stands, and paths count from the file system's root. */
function readType1(tree: Tree, folder: string): readonly Candidate[] {
  return readBls(tree, folder)
    .filter(({ entry }) => entry.starts !== '' && isForThis(entry.architecture))
    .flatMap((one) => candidates(tree, folder, one));
}

/** By the names of EFI's architectures. */
function isForThis(architecture: string): boolean {
  return ['', 'x64', 'ia32'].includes(architecture.toLowerCase());
}

function candidates(tree: Tree, folder: string, { file, entry }: BlsFile): readonly Candidate[] {
  const from = `${file}:1`;
  const problems: Diagnostic[] = entry.others.map((key) => notHandedOn(from, `what the key "${key}" names`));
  const device = `at=${mountOf(readMounts(tree), folder)?.point ?? '/'}`;
  const locate = locator(bootFiles(tree, folder), device, from, problems);
  const kernel = locate(entry.starts);
  const uki = entry.by === 'linux' ? undefined : ukiFile(tree, kernel);
  // Other EFI programs, such as a shell, are for the firmware to start.
  if (entry.by === 'efi' && uki?.ok !== true) return [];
  const started: BootEntry = {
    id: entry.id,
    title: entry.title,
    ...(entry.version !== '' && { version: entry.version }),
    ...(entry.tries && { tries: entry.tries }),
    within: [],
    kernel,
    initrds: entry.initrds.map(locate),
    commandLine: entry.options ?? (uki?.ok === true ? (uki.value.profiles[0].commandLine ?? '') : ''),
    modules: [],
    ...(entry.profile !== '' && { options: { 'uki-profile': entry.profile } }),
    from,
    problems,
  };
  return [{ ...entry, entry: started }];
}
