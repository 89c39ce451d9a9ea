import { toIndex } from '@kexec-kit/loader-api';
import { parse } from 'yaml';
import type { Refuse } from './error.js';

export type Tree = string | number | boolean | null | readonly Tree[] | Mapping;
export interface Mapping {
  readonly [key: string]: Tree;
}

/** The YAML of a .ksy, with every number exact: one that a double cannot hold is refused. */
export function readDocument(text: string, refuse: Refuse): Mapping {
  let document: unknown;
  try {
    document = parse(text, { intAsBigInt: true, prettyErrors: true });
  } catch (error) {
    return refuse('', `not YAML: ${error instanceof Error ? error.message : String(error)}`);
  }
  const tree = exact(document, '', refuse);
  return isMapping(tree) ? tree : refuse('', 'not a mapping');
}

function exact(value: unknown, path: string, refuse: Refuse): Tree {
  if (typeof value === 'bigint') return exactInteger(value, path, refuse);
  if (Array.isArray(value)) return value.map((element, i) => exact(element, `${path}/${String(i)}`, refuse));
  if (typeof value !== 'object' || value === null) return value as Tree;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      if (/^\d+$/.test(key)) exactInteger(BigInt(key), `${path}/${key}`, refuse);
      return [key, exact(inner, `${path}/${key}`, refuse)];
    }),
  );
}

export function exactInteger(value: bigint, path: string, refuse: Refuse): number {
  const magnitude = value < 0n ? -value : value;
  if (magnitude <= BigInt(Number.MAX_SAFE_INTEGER))
    return value < 0n ? -toIndex(magnitude) : toIndex(magnitude);
  return refuse(
    path,
    `${String(value)} is beyond 2^53: JavaScript would round it; compare it in TypeScript, as a bigint`,
  );
}

export function isMapping(tree: Tree | undefined): tree is Mapping {
  return typeof tree === 'object' && tree !== null && !Array.isArray(tree);
}

/** A mapping, or an empty one where there is none. Refuses keys that are not known, but for `-like-this`. */
export function mapping(
  tree: Tree | undefined,
  path: string,
  refuse: Refuse,
  known?: readonly string[],
): Mapping {
  const found = tree ?? {};
  if (!isMapping(found)) return refuse(path, 'not a mapping');
  const unknown = Object.keys(found).find((key) => known?.includes(key) === false && !key.startsWith('-'));
  if (unknown !== undefined) refuse(path, `"${unknown}" is not supported here`);
  return found;
}

export function list(tree: Tree | undefined, path: string, refuse: Refuse): readonly Tree[] {
  if (tree === undefined) return [];
  return Array.isArray(tree) ? (tree as readonly Tree[]) : refuse(path, 'not a list');
}

/** The text of a key, or nothing where it is absent; a list of texts is joined. */
export function textOf(tree: Tree | undefined): string | undefined {
  if (tree === undefined || tree === null) return undefined;
  if (Array.isArray(tree)) return (tree as readonly Tree[]).map(textOf).join('; ');
  return typeof tree === 'object' ? undefined : String(tree).trim();
}
