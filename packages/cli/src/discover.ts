import {
  existsSync,
  lstatSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { API_VERSION, type AnyLoader, type Diagnostic, type LoaderManifest } from '@kexec-kit/loader-api';
import { foldersAbove, whoElseCanWrite, type WhoElseCanWrite } from './who-can-write.js';

/** A loader package that was found beside this program. Nothing of it has run yet. */
export interface InstalledLoader {
  readonly manifest: LoaderManifest;
  readonly packageName: string;
  readonly folder: string;
  readonly entry: string;
}

/** A package that looks like a loader and was not taken, and why. */
export interface SkippedLoader {
  readonly folder: string;
  readonly reason: string;
}

export interface Discovery {
  readonly loaders: readonly InstalledLoader[];
  readonly skipped: readonly SkippedLoader[];
}

const ownName = '@kexec-kit/cli';
/** The package that this is part of: bundled, or as it is written. */
export const ownFolder = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Finds the loaders installed together with this very program: in the `node_modules` that hold it, nowhere else.
 * Never the current directory: this program runs as root, and a folder anybody can write must not decide what it runs.
 */
export function discover(startedAs: string, self: string = ownFolder): Discovery {
  const loaders = new Map<string, InstalledLoader>();
  const skipped: SkippedLoader[] = [];
  const seen = new Set<string>();
  const whoElse = whoElseCanWrite(self);
  for (const root of installRoots(startedAs, self)) {
    for (const folder of candidateFolders(root).flatMap((each) => withMembers(each, root, whoElse))) {
      const real = realpathOrNothing(folder) ?? folder;
      const found = seen.has(real) ? undefined : examine(folder, root, whoElse);
      seen.add(real);
      if (found === undefined) continue;
      if ('reason' in found) skipped.push(found);
      else if (!loaders.has(found.packageName)) loaders.set(found.packageName, found);
    }
  }
  const byName = [...loaders.values()].sort((a, b) => (a.manifest.name < b.manifest.name ? -1 : 1));
  return { loaders: byName, skipped };
}

/** Every `node_modules` above the program, or above a link it was started through, that really holds this program. */
function installRoots(startedAs: string, self: string): readonly string[] {
  const own = realpathSync(self);
  const starts = [...linkChain(startedAs), own];
  const roots = new Set<string>();
  for (const start of starts) {
    for (const folder of foldersAbove(start)) {
      const root = join(folder, 'node_modules');
      if (realpathOrNothing(join(root, ownName)) === own) roots.add(root);
    }
  }
  return [...roots];
}

/** The path, and each path it is a symbolic link to, one step at a time. */
function linkChain(path: string): readonly string[] {
  const chain: string[] = [];
  let at = resolve(path);
  while (chain.length < 40 && !chain.includes(at)) {
    chain.push(at);
    if (!isLink(at)) break;
    at = resolve(dirname(at), readlinkSync(at));
  }
  return chain;
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}

function realpathOrNothing(path: string): string | undefined {
  return statSync(path, { throwIfNoEntry: false }) === undefined ? undefined : realpathSync(path);
}

/** `@kexec-kit/loader-*`, `kexec-loader-*`, `@anybody/kexec-loader-*` and presets: the name makes a candidate, the manifest proves it. */
function candidateFolders(root: string): readonly string[] {
  return list(root).flatMap((name) => {
    if (name.startsWith('kexec-loader-')) return [join(root, name)];
    if (!name.startsWith('@')) return [];
    const prefixes = name === '@kexec-kit' ? ['loader-', 'preset-'] : ['kexec-loader-'];
    return list(join(root, name))
      .filter((member) => prefixes.some((prefix) => member.startsWith(prefix)))
      .map((member) => join(root, name, member));
  });
}

/** A preset stands for its members, wherever its own dependencies are: not every package manager puts them beside it. */
function withMembers(folder: string, root: string, whoElse: WhoElseCanWrite): readonly string[] {
  if (!isPreset(folder)) return [folder];
  try {
    const description = join(folder, 'package.json');
    if (whoElse([root, ...upToModules(folder), description]) !== undefined) return [folder];
    const { kexec } = readJson(description) as { kexec?: { preset?: readonly string[] } };
    const from = realpathSync(description);
    return (kexec?.preset ?? []).map((member) => memberFolder(from, folder, member));
  } catch {
    return [folder]; // half installed, say: looking there says what is wrong with it
  }
}

function isPreset(folder: string): boolean {
  return folder.includes('preset-');
}

/** A folder, and those above it up to the `node_modules` that holds it: who can write to one of them can put another there. */
function upToModules(folder: string): readonly string[] {
  const above = foldersAbove(folder);
  return [folder, ...above.slice(0, above.findIndex((each) => basename(each) === 'node_modules') + 1)];
}

/**
 * Where a member is, or where it would be: then looking there says that it is missing. Packages are looked for as Node does,
 * but without compiling its resolver, and never in NODE_PATH or a home folder.
 */
function memberFolder(from: string, preset: string, member: string): string {
  const places = foldersAbove(from).map((each) => join(each, 'node_modules', member));
  const at = places.find((each) => existsSync(join(each, 'package.json')));
  return at ?? join(preset, 'node_modules', member);
}

function list(folder: string): readonly string[] {
  return statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true
    ? readdirSync(folder).sort()
    : [];
}

function examine(
  folder: string,
  root: string,
  whoElse: WhoElseCanWrite,
): InstalledLoader | SkippedLoader | undefined {
  try {
    const description = readJson(join(folder, 'package.json')) as PackageDescription;
    if (description.kexec === undefined) return undefined;
    const folders = [root, ...upToModules(folder)];
    // Whom a preset names decides what runs: it is believed only from where a loader would be.
    const untrusted = isPreset(folder) ? whoElse([...folders, join(folder, 'package.json')]) : undefined;
    if (untrusted !== undefined) return { folder, reason: untrusted };
    const { api, entry, manifest } = description.kexec;
    if (api !== API_VERSION)
      return {
        folder,
        reason: `made for contract ${String(api)}, this program speaks ${String(API_VERSION)}`,
      };
    const files = [join(folder, 'package.json'), join(folder, manifest), join(folder, entry)];
    const unsafe = whoElse([...folders, dirname(join(folder, entry)), ...files]);
    if (unsafe !== undefined) return { folder, reason: unsafe };
    return {
      manifest: readJson(join(folder, manifest)) as LoaderManifest,
      packageName: description.name,
      folder,
      entry: join(folder, entry),
    };
  } catch (error) {
    return { folder, reason: error instanceof Error ? error.message : String(error) };
  }
}

interface PackageDescription {
  readonly name: string;
  readonly kexec?: { readonly api: number; readonly entry: string; readonly manifest: string };
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** Runs the code of installed loaders: of those that are asked for, no others. */
export async function importLoaders(installed: readonly InstalledLoader[]): Promise<readonly AnyLoader[]> {
  const found = await Promise.all(installed.map(importLoader));
  return found.flat();
}

async function importLoader(installed: InstalledLoader): Promise<readonly AnyLoader[]> {
  const module = (await import(pathToFileURL(installed.entry).href)) as { loaders?: readonly AnyLoader[] };
  if (!Array.isArray(module.loaders)) throw new Error(`${installed.packageName} exports no "loaders"`);
  return module.loaders as readonly AnyLoader[];
}

/** What was skipped, as warnings. */
export function skippedDiagnostics(discovery: Discovery): readonly Diagnostic[] {
  return discovery.skipped.map(({ folder, reason }) => ({
    code: 'CLI_LOADER_SKIPPED',
    severity: 'warning',
    message: `${folder} was not used: ${reason}`,
    hint: 'kexec-kit loaders lists what is used',
  }));
}
