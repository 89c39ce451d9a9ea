import { posix } from 'node:path';
import type { Diagnostic } from '@kexec-kit/loader-api';
import { fileMissing, noDefault, notHandedOn, pathBlank, xenEfi } from './codes.js';
import { withoutDefault, type BootEntry, type FileWithArguments } from './entry.js';
import { compareVersions } from './order.js';
import { EFI_FOLDERS, type Read } from './places.js';
import type { Tree } from './tree.js';
import { parseXenConfig, type Settings } from './xen-config.js';

/** As GRUB's menu has it. */
const MOST_ENTRIES = 1000;

/** What a xen.efi would start by itself: one entry for each section of its configuration, as Qubes 4.0 has it. */
export function readXen(tree: Tree): Read {
  const read = EFI_FOLDERS.flatMap((folder) => tree.names(folder).map((name) => `${folder}/${name}`)).flatMap(
    (folder) => readFolder(tree, folder),
  );
  const problems = read.flatMap((one) => one.problems);
  const entries = read.flatMap((one) => one.entries).slice(0, MOST_ENTRIES);
  // Each program has a default of its own: the firmware would start the first.
  const chosen = entries.find((entry) => entry.default === true);
  return { entries: entries.map((entry) => (entry === chosen ? entry : withoutDefault(entry))), problems };
}

function readFolder(tree: Tree, folder: string): readonly Read[] {
  const names = tree.names(folder);
  const done = new Set<string>();
  return names
    .filter((name) => /^xen.*\.efi$/i.test(name))
    .flatMap((program) => {
      const config = configNames(program).find((name) => names.includes(name));
      // Programs of several versions share a configuration as a rule.
      if (config === undefined || done.has(config)) return [];
      done.add(config);
      return [readConfig(tree, folder, program, config)];
    });
}

/** `xen-4.2-unstable.efi` looks for xen-4.2-unstable.cfg, xen-4.2.cfg, xen-4.cfg and xen.cfg. */
function configNames(program: string): readonly string[] {
  const names: string[] = [];
  for (
    let name = program.slice(0, -'.efi'.length);
    name !== '';
    name = name.replace(/(?:^|[._-])[^._-]*$/, '')
  )
    names.push(`${name}.cfg`);
  return names;
}

interface Source {
  readonly tree: Tree;
  readonly folder: string;
  readonly file: string;
  readonly program: string;
}

function readConfig(tree: Tree, folder: string, program: string, config: string): Read {
  const file = posix.join(folder, config);
  const source: Source = { tree, folder, file, program };
  const { sections, global, any } = parseXenConfig(tree.text(file) ?? '');
  const wanted = global.get('default');
  if (wanted === undefined) {
    const entries = entryOf(source, config, any).map((entry) => ({ ...entry, default: true as const }));
    return { entries, problems: [] };
  }
  const entries = [...sections].flatMap(([name, settings]) =>
    // Only a kernel has to be in the section itself.
    entryOf(source, name, new Map([...global, ...settings]), settings.has('kernel')).map((entry) =>
      name === wanted ? { ...entry, default: true as const } : entry,
    ),
  );
  const hasDefault = entries.some((entry) => 'default' in entry);
  return { entries, problems: hasDefault || entries.length === 0 ? [] : [noDefault(wanted)] };
}

function entryOf(source: Source, name: string, settings: Settings, hasKernel = true): readonly BootEntry[] {
  const kernel = hasKernel ? settings.get('kernel') : undefined;
  if (kernel === undefined || kernel === '') return [];
  const from = `${source.file}:[${name}]`;
  const problems: Diagnostic[] = [];
  const [file = '', ...rest] = kernel.split(' ');
  const modules = ['ramdisk', 'xsm'].flatMap((key) => settings.get(key) ?? []);
  if (settings.has('ucode')) problems.push(notHandedOn(from, 'the microcode that xen.efi reads by itself'));
  const located = (path: string): string => locate(source, path, from, problems);
  return [
    {
      id: name,
      title: name,
      within: [],
      kernel: located(file),
      initrds: [],
      commandLine: rest.join(' ').trim(),
      hypervisor: { file: multiboot(source, from, problems), arguments: settings.get('options') ?? '' },
      modules: modules.map((path): FileWithArguments => ({ file: located(path), arguments: '' })),
      from,
      problems,
    },
  ];
}

/** Names count from the folder of the program. */
function locate({ tree, folder }: Source, name: string, from: string, problems: Diagnostic[]): string {
  const path = posix.join(folder, posix.join('/', name.replaceAll('\\', '/')));
  if (tree.sizeOf(path) === undefined) problems.push(fileMissing(from, path, 'no such file'));
  if (/\s/.test(path)) problems.push(pathBlank(from, path));
  return path;
}

/**
 * xen.efi needs the firmware to be started; distributions put the same Xen, for boot loaders with Multiboot, into /boot.
 * Of the same version if the name of the program has one, else the newest.
 */
function multiboot({ tree, folder, program }: Source, from: string, problems: Diagnostic[]): string {
  const version = /^xen-(.+)\.efi$/i.exec(program)?.[1];
  const all = tree
    .names('/boot')
    .filter((name) => /^xen-[0-9].*(?:\.gz|[0-9])$/.test(name))
    .sort((a, b) => compareVersions(b, a));
  const same =
    version === undefined ? all : all.filter((name) => name.replace(/\.gz$/, '') === `xen-${version}`);
  const [found] = same;
  if (found !== undefined) return posix.join('/boot', found);
  const path = posix.join(folder, program);
  problems.push(xenEfi(from, path, version));
  return path;
}
