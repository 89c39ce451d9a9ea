import { loaderVariable } from './efi-variables.js';
import { isBad, type Sorted } from './order.js';
import { matches } from './pattern.js';
import type { Tree } from './tree.js';

/**
 * What systemd-boot would start next, by its rules: an entry for one start, then the preferred one unless it is bad, then the
 * default; each as a variable of the firmware before what loader.conf says. Where none of them fits, the first.
 */
export function defaultEntry<Entry extends Sorted>(
  entries: readonly Entry[],
  loaderConf: string,
  tree: Tree,
): Entry | undefined {
  const variable = (name: string): string | undefined => loaderVariable(tree, name);
  const find = (pattern: string | undefined): Entry | undefined => findEntry(entries, pattern);
  const saved = (pattern: string | undefined): string | undefined =>
    pattern === '@saved' ? variable('LoaderEntryLastBooted') : pattern;
  const unlessBad = (entry: Entry | undefined): Entry | undefined =>
    entry === undefined || isBad(entry) ? undefined : entry;
  return (
    find(variable('LoaderEntryOneShot')) ??
    unlessBad(find(variable('LoaderEntryPreferred'))) ??
    unlessBad(find(setting(loaderConf, 'preferred'))) ??
    find(saved(variable('LoaderEntryDefault'))) ??
    find(saved(setting(loaderConf, 'default'))) ??
    entries[0]
  );
}

/** The last one counts, as systemd-boot reads it. */
function setting(loaderConf: string, name: string): string | undefined {
  const lines = loaderConf.split('\n').map((line) => line.trim().split(/[ \t]+/, 2));
  return lines.reverse().find(([key]) => key === name)?.[1];
}

/** No pattern for the name of a file is longer, in characters. */
const LONGEST = 1024;

/** By a pattern for the file's name; a file system of EFI makes no difference between letters of either case. */
function findEntry<Entry extends Sorted>(
  entries: readonly Entry[],
  pattern: string | undefined,
): Entry | undefined {
  if (pattern === undefined || pattern.length > LONGEST) return undefined;
  const wanted = pattern.toLowerCase();
  const names = ({ id }: Entry): readonly string[] => [id.toLowerCase(), `${id.toLowerCase()}.conf`];
  return entries.find((entry) => names(entry).some((name) => matches(name, wanted)));
}
