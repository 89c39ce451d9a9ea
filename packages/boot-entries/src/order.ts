import type { Tries } from './entry.js';

/** What a menu is sorted by; empty where an entry does not say. */
export interface Sorted {
  readonly id: string;
  /** The ID without the profile of an image: profiles stay in their own order. */
  readonly idOfImage?: string;
  readonly sortKey: string;
  readonly machineId: string;
  readonly version: string;
  readonly tries?: Tries;
}

/**
 * The order of a menu, "Sorting" of the Boot Loader Specification: what has no tries left comes last; by sort key, machine
 * and falling version; entries without a sort key behind those, by falling name.
 */
export function compareEntries(a: Sorted, b: Sorted): number {
  return (
    Number(isBad(a)) - Number(isBad(b)) ||
    compareNames(a, b) ||
    (b.tries?.left ?? 0) - (a.tries?.left ?? 0) ||
    (a.tries?.done ?? 0) - (b.tries?.done ?? 0)
  );
}

export function isBad({ tries }: Sorted): boolean {
  return tries?.left === 0;
}

function compareNames(a: Sorted, b: Sorted): number {
  if ((a.sortKey === '') !== (b.sortKey === '')) return a.sortKey === '' ? 1 : -1;
  if (a.sortKey === '') return compareVersions(b.idOfImage ?? b.id, a.idOfImage ?? a.id);
  return (
    compareText(a.sortKey, b.sortKey) ||
    compareText(a.machineId, b.machineId) ||
    compareVersions(b.version, a.version) ||
    compareVersions(b.idOfImage ?? b.id, a.idOfImage ?? a.id)
  );
}

/** Numbers as numbers, `~` before everything, the rest as text: the specification's "Version Format", as far as kernels use it. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [pieces(a), pieces(b)];
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const order = comparePieces(left[at], right[at]);
    if (order !== 0) return order;
  }
  return 0;
}

/** No version is longer, in characters. */
const LONGEST = 256;

function pieces(version: string): readonly string[] {
  return version.slice(0, LONGEST).match(/[0-9]+|[A-Za-z]+|~/g) ?? [];
}

function comparePieces(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0;
  if (a === '~' || b === '~') return a === '~' ? -1 : 1;
  if (a === undefined || b === undefined) return a === undefined ? -1 : 1;
  const [isNumber, isOther] = [/^[0-9]/.test(a), /^[0-9]/.test(b)];
  if (isNumber !== isOther) return isNumber ? 1 : -1;
  if (!isNumber) return compareText(a, b);
  const [left, right] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')];
  return left.length - right.length || compareText(left, right);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
