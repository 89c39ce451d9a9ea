import { dirname, posix } from 'node:path';
import { fail, ok, type Diagnostic, type Result } from '@kexec-kit/loader-api';
import { bootFiles, grubFiles, readBls, type BootFiles } from './boot-files.js';
import { defaultBls } from './bls.js';
import { fileMissing, noDefault, none, notHandedOn, pathBlank } from './codes.js';
import type { BootEntry, FileWithArguments } from './entry.js';
import type { Image } from './grub/boot-files.js';
import { defaultItem } from './grub/default.js';
import { runGrub } from './grub/run.js';
import type { Item } from './grub/scope.js';
import { mountOf, readMounts } from './mounts.js';
import { treeAt, type Tree } from './tree.js';

/** Where GRUB's configuration is; below EFI, in the folder of a distribution. */
const GRUB_CONFIGS = ['/boot/grub/grub.cfg', '/boot/grub2/grub.cfg'];
const EFI_FOLDERS = ['/boot/efi/EFI', '/efi/EFI', '/boot/EFI'];
/** Where Boot Loader Specification entries are. */
const BLS_FOLDERS = ['/boot/loader', '/efi/loader', '/boot/efi/loader'];

/**
 * What this machine's boot loader could start, in the order of its menu: by GRUB's configuration, which comes first, and by
 * Boot Loader Specification entries. Nothing is changed, and no file is trusted: what is not understood is said in the
 * entry's `problems`.
 *
 * @param options.root - Where the machine's files are. Default `/`.
 * @example
 * ```ts no-run
 * const found = readBootEntries();
 * if (found.ok) for (const { id, kernel } of found.value) console.log(id, kernel);
 * ```
 */
export function readBootEntries(options: { readonly root?: string } = {}): Result<readonly BootEntry[]> {
  const tree = treeAt(options.root ?? '/');
  const used = new Set<string>();
  const grub = readGrub(tree, used);
  const bls = BLS_FOLDERS.filter((folder) => !used.has(`${folder}/entries`)).map((folder) =>
    readFolder(tree, folder),
  );
  const [first, ...others] = [grub, ...bls].filter(({ entries }) => entries.length > 0);
  const problems = [...tree.problems, ...(first ?? grub).problems];
  if (first === undefined) return fail(none([...GRUB_CONFIGS, ...BLS_FOLDERS]), ...problems);
  // One boot loader only is in charge: the one that is listed first.
  const more = others.flatMap(({ entries }) => entries.map(withoutDefault));
  return ok([...first.entries, ...more], problems);
}

interface Read {
  readonly entries: readonly BootEntry[];
  readonly problems: readonly Diagnostic[];
}

function withoutDefault(entry: BootEntry): BootEntry {
  const { default: isDefault, ...others } = entry;
  return isDefault === true ? others : entry;
}

function readGrub(tree: Tree, used: Set<string>): Read {
  const inEfi = EFI_FOLDERS.flatMap((folder) =>
    tree.names(folder).map((name) => `${folder}/${name}/grub.cfg`),
  );
  const all = [...GRUB_CONFIGS, ...inEfi].map((path) => readGrubConfig(tree, path, used));
  const found = all.find(({ entries }) => entries.length > 0);
  return found ?? { entries: [], problems: all.flatMap(({ problems }) => problems) };
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

/** Turns a boot loader's paths into the machine's, and notes those that lead nowhere. */
function locator(files: BootFiles, device: string, from: string, problems: Diagnostic[]) {
  return (path: string): string => {
    const found = files.find(path, device);
    if (!found.isThere) problems.push(fileMissing(from, found.path, found.why));
    return found.path;
  };
}

/** By systemd-boot's rules: text is taken as it stands, and paths count from the file system's root. */
function readFolder(tree: Tree, folder: string): Read {
  const read = readBls(tree, `${folder}/entries`).filter(({ entry }) => entry.linux !== '');
  const chosen = defaultBls(
    read.map(({ entry }) => entry),
    tree.text(`${folder}/loader.conf`) ?? '',
  );
  const device = `at=${mountOf(readMounts(tree), folder)?.point ?? '/'}`;
  const files = bootFiles(tree, folder);
  const entries = read.map(({ file, entry }): BootEntry => {
    const from = `${file}:1`;
    const problems: Diagnostic[] = entry.others.map((key) =>
      notHandedOn(from, `what the key "${key}" names`),
    );
    const locate = locator(files, device, from, problems);
    return {
      id: entry.id,
      title: entry.title,
      within: [],
      kernel: locate(entry.linux),
      initrds: entry.initrds.map(locate),
      commandLine: entry.options ?? '',
      modules: [],
      ...(entry === chosen && { default: true as const }),
      from,
      problems,
    };
  });
  const missing = chosen !== undefined || entries.length === 0 ? [] : [noDefault(undefined)];
  return { entries, problems: missing };
}
