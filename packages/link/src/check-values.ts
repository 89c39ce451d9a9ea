import {
  API_VERSION,
  hex,
  type Diagnostic,
  type GroupId,
  type Segment,
  type SegmentId,
  type Source,
  type SourceId,
} from '@kexec-kit/loader-api';
import { badKind, badReference, badValue, duplicate } from './codes.js';
import type { LinkInput } from './input.js';

/** What the checks of a plan need to know of it. */
export interface Context {
  readonly loader: LinkInput['loader'];
  /** In the order of placement. */
  readonly order: ReadonlyMap<SegmentId, number>;
  readonly groups: ReadonlySet<GroupId>;
  readonly sources: ReadonlyMap<SourceId, Source>;
  readonly segments: readonly Segment[];
}

export function contextOf({ loader, plan, sources }: LinkInput): Context {
  const segments = isList(plan.segments) ? plan.segments.filter(isObject) : [];
  const groups = isList(plan.groups) ? (plan.groups ?? []).filter(isObject) : [];
  const order = new Map(segments.map(({ id }, i) => [id, i]));
  return { loader, order, groups: new Set(groups.map(({ id }) => id)), sources, segments };
}

/** One past the greatest 64-bit address. */
const END = 1n << 64n;

export function isAddress(found: unknown): boolean {
  return typeof found === 'bigint' && found >= 0n && found <= END;
}

/** A size in bytes that an index can hold. */
export function isCount(found: unknown): boolean {
  return Number.isSafeInteger(found) && (found as number) >= 0;
}

export function isObject(found: unknown): found is object {
  return typeof found === 'object' && found !== null;
}

/** Unlike `Array.isArray`, leaves the type as it was. */
export function isList(found: unknown): boolean {
  return Array.isArray(found);
}

export function isRange(found: unknown): boolean {
  if (!isObject(found)) return false;
  const { start, end } = found as { readonly start?: unknown; readonly end?: unknown };
  return isAddress(start) && isAddress(end) && (start as bigint) <= (end as bigint);
}

export const RANGE = 'a range of addresses whose end is not below its start';
export const ADDRESS = 'a bigint from 0 to 2^64';
export const COUNT = 'a whole number of bytes, not negative';

/** A name that purgatory can print: with `[12345]` or ` padding[12345]` behind it within its 48 characters. */
export function isId(found: unknown): boolean {
  return typeof found === 'string' && /^[!-~]{1,31}$/.test(found);
}

export function value(context: Context, field: string, found: unknown, expected: string): Diagnostic {
  return badValue(context.loader, { field, found: shown(found), expected });
}

export function kind(context: Context, field: string, found: unknown, known: readonly string[]): Diagnostic {
  const shownKind = isObject(found) ? Object.keys(found).join('+') || 'nothing' : shown(found);
  return badKind(context.loader, { field, found: shownKind, expected: known.join(', ') }, API_VERSION);
}

export function reference(context: Context, field: string, found: string, expected: string): Diagnostic {
  return badReference(context.loader, { field, found, expected });
}

/** One diagnostic for each name that was there before. */
export function* unique(context: Context, field: string, names: readonly string[]): Generator<Diagnostic> {
  for (const [i, name] of names.entries()) {
    if (names.indexOf(name) < i) {
      yield duplicate(context.loader, {
        field: `${field}[${i}].id`,
        found: name,
        expected: 'a name of its own',
      });
    }
  }
}

/** A value as it can stand in a sentence, whatever it is. */
export function shown(found: unknown): string {
  if (typeof found === 'bigint') return hex(found);
  if (typeof found === 'string') return JSON.stringify(found);
  if (Array.isArray(found)) return `a list of ${found.length}`;
  if (typeof found === 'function') return 'a function';
  if (!isObject(found)) return String(found);
  const fields = Object.entries<unknown>({ ...found }).map(
    ([name, each]) => `${name}: ${isObject(each) ? 'an object' : shown(each)}`,
  );
  return `{ ${fields.join(', ')} }`;
}
