import { dirname, posix } from 'node:path';
import type { Diagnostic } from '@kexec-kit/loader-api';
import { bootFiles, grubFiles, type BootFiles } from './boot-files.js';
import { noDefault, pathBlank } from './codes.js';
import type { BootEntry, FileWithArguments } from './entry.js';
import type { Image } from './grub/boot-files.js';
import { defaultItem } from './grub/default.js';
import { runGrub } from './grub/run.js';
import type { Item } from './grub/scope.js';
import { locator } from './locator.js';
import { mountOf, readMounts } from './mounts.js';
import { EFI_FOLDERS, type Read } from './places.js';
import type { Tree } from './tree.js';

/** Where GRUB's configuration is; below EFI, in the folder of a distribution. */
export const GRUB_CONFIGS = ['/boot/grub/grub.cfg', '/boot/grub2/grub.cfg'];

/** No machine has as many distributions. */
const MOST_CONFIGS = 16;

/** The menu of GRUB. @param used - Is told of folders of entries that are in this menu. */
export function readGrub(tree: Tree, used: Set<string>): Read {
  const inEfi = EFI_FOLDERS.flatMap((folder) =>
    tree.names(folder).map((name) => `${folder}/${name}/grub.cfg`),
  );
  const problems: Diagnostic[] = [];
  for (const path of [...GRUB_CONFIGS, ...inEfi.slice(0, MOST_CONFIGS)]) {
    const found = readGrubConfig(tree, path, used);
    if (found.entries.length > 0) return found;
    problems.push(...found.problems);
  }
  return { entries: [], problems };
}

function readGrubConfig(tree: Tree, path: string, used: Set<string>): Read {
  const text = tree.text(path);
  if (text === undefined) return { entries: [], problems: [] };
  const { items, variables, problems } = runGrub(
    text,
    path,
    grubVariables(tree, path),
    grubFiles(tree, path, used),
  );
  const wanted = variables.get('default') ?? '';
  const chosen = defaultItem(items, wanted === '' ? '0' : wanted);
  const entries = entriesOf(items, [], chosen, bootFiles(tree, path));
  const hasDefault = entries.some((entry) => entry.default === true);
  const missing = hasDefault || entries.length === 0 ? [] : [noDefault(wanted)];
  return { entries, problems: [...problems, ...missing] };
}

/** What GRUB sets by itself: it is asked by scripts for what it can do. */
function grubVariables(tree: Tree, path: string): ReadonlyMap<string, string> {
  const mount = mountOf(readMounts(tree), path);
  const folder = dirname(path);
  const within = mount === undefined ? folder : posix.join(mount.root, posix.relative(mount.point, folder));
  const features = [
    '200_final',
    'all_video_module',
    'default_font_path',
    'menuentry_id',
    'ntldr',
    'platform_search_hint',
    'timeout_style',
  ];
  const root = `at=${mount?.point ?? '/'}`;
  return new Map([
    ['root', root],
    ['prefix', `(${root})${within}`],
    ['config_directory', `(${root})${within}`],
    ['config_file', `(${root})${within}/grub.cfg`],
    ['grub_cpu', 'x86_64'],
    ['grub_platform', tree.isFolder('/sys/firmware/efi') ? 'efi' : 'pc'],
    ...features.map((feature) => [`feature_${feature}`, 'y'] as const),
  ]);
}

function entriesOf(
  items: readonly Item[],
  within: readonly string[],
  chosen: Item | undefined,
  files: BootFiles,
): readonly BootEntry[] {
  return items.flatMap((item) => {
    if (item.items !== undefined) return entriesOf(item.items, [...within, item.title], chosen, files);
    const entry = entryOf(item, within, files);
    if (entry === undefined) return [];
    return [item === chosen ? { ...entry, default: true as const } : entry];
  });
}

function entryOf(item: Item, within: readonly string[], files: BootFiles): BootEntry | undefined {
  const { id, title, from, started, root } = item;
  const { kernel, isMultiboot, initrds, modules } = started;
  if (kernel === undefined || kernel.path === '') return undefined;
  const problems: Diagnostic[] = [...item.problems];
  const locate = locator(files, root, from, problems);
  const located = ({ path, arguments: line }: Image): FileWithArguments => ({
    file: locate(path),
    arguments: line,
  });
  const [first, ...rest] = modules.map(located);
  const image = located(kernel);
  const own = isMultiboot && first !== undefined ? { hypervisor: image } : {};
  const { file, arguments: commandLine } = first !== undefined && isMultiboot ? first : image;
  const blank = isMultiboot ? [first, ...rest].filter((one) => /\s/.test(one?.file ?? '')) : [];
  for (const one of blank) problems.push(pathBlank(from, one?.file ?? ''));
  return {
    id,
    title,
    within,
    kernel: file,
    initrds: initrds.map(locate),
    commandLine,
    ...own,
    modules: rest,
    from,
    problems,
  };
}
