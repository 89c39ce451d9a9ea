import type { Diagnostic } from '@kexec-kit/loader-api';
import type { Started } from './boot-files.js';
import type { FileTests } from './condition.js';
import type { Command, Script } from './command.js';

/** The machine as a script sees it: by GRUB's paths, `(device)/path`. */
export interface Files extends FileTests {
  readonly read: (path: string) => string | undefined;
  /** The path that people know the file by. */
  readonly nameOf: (path: string) => string;
  /** What `blscfg` makes of the entries in a folder: scripts, each of one `menuentry`. */
  readonly blsScripts: (variables: ReadonlyMap<string, string>) => readonly BlsScript[];
}

export interface BlsScript {
  readonly name: string;
  readonly id: string;
  readonly title: string;
  readonly device: string;
  readonly text: string;
}

/** One line of GRUB's menu. */
export interface Item {
  readonly title: string;
  readonly id: string;
  /** `FILE:LINE`. */
  readonly from: string;
  readonly problems: readonly Diagnostic[];
  readonly started: Started;
  /** The device that paths without one are on. */
  readonly root: string;
  /** Of a submenu. */
  readonly items?: readonly Item[];
}

export interface Menu {
  readonly items: readonly Item[];
  readonly variables: ReadonlyMap<string, string>;
  readonly problems: readonly Diagnostic[];
}

/** All that one reading may do, in commands and in characters of words: fifty times a real script's. */
export const BUDGET = 500_000;
/** The same for each entry: one that does too much does not hide those behind it. All of them together have another BUDGET. */
export const ENTRY_BUDGET = 50_000;
/** What it costs to look for a file. */
export const FILE_COST = 200;
/** What it costs to look for a folder of entries, and to read it. */
export const FOLDER_COST = 20_000;
/** Functions, conditions, files and submenus within each other. */
export const DEEPEST = 40;
export const MOST_ITEMS = 1000;
const MOST_PROBLEMS = 100;
/** Of variables as of functions: each entry has its own. */
const MOST_NAMES = 1000;

interface Shared {
  readonly files: Files;
  budget: number;
  /** What is left for all entries together. */
  entries: number;
  items: number;
  depth: number;
}

export interface Scope {
  readonly shared: Shared;
  readonly file: string;
  readonly variables: Map<string, string>;
  readonly functions: Map<string, Script>;
  readonly pending: Pending[];
  readonly problems: Diagnostic[];
  readonly arguments: readonly string[];
  readonly boot: { started: Started };
}

/** GRUB runs what is in an entry when it is chosen: with the variables as they are when the whole menu has been read. */
interface Pending {
  readonly scope: Scope;
  readonly title: string;
  readonly id: string;
  readonly line: number;
  readonly body: Script;
  readonly isSubmenu: boolean;
  readonly device?: string;
}

/** Ends a reading that does too much; caught where it began. */
export class Stopped extends Error {}

export function assign(scope: Scope, name: string, value: string): true {
  spend(scope, value.length);
  put(scope.variables, name, value);
  return true;
}

/** Sets a variable, or a function. */
export function put<T>(names: Map<string, T>, name: string, value: T): void {
  if (names.size >= MOST_NAMES && !names.has(name)) throw new Stopped('it has too many names');
  names.set(name, value);
}

/** The text of a file: looking for it, and all that is made of it, has its price. */
export function read(scope: Scope, path: string): string | undefined {
  spend(scope, FILE_COST);
  const text = scope.shared.files.read(path);
  spend(scope, (text ?? '').length);
  return text;
}

export function absolute(scope: Scope, path: string): string {
  return path.startsWith('(') ? path : `(${scope.variables.get('root') ?? ''})${path}`;
}

export function spend({ shared }: Scope, cost: number): void {
  shared.budget -= cost;
  if (shared.budget < 0) throw new Stopped('it does more than any real one');
}

export function within<T>({ shared }: Scope, run: () => T): T {
  if (++shared.depth > DEEPEST * 4) throw new Stopped('it is nested too deep');
  const result = run();
  shared.depth--;
  return result;
}

export function place({ file }: Scope, { line }: Command): string {
  return `${file}:${String(line)}`;
}

export function say({ problems }: Scope, problem: Diagnostic): void {
  const isKnown = problems.some(({ message }) => message === problem.message);
  if (!isKnown && problems.length < MOST_PROBLEMS) problems.push(problem);
}
