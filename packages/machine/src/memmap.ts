import {
  fail,
  ok,
  type Diagnostic,
  type Range,
  type Region,
  type RegionKind,
  type Result,
} from '@kexec-kit/loader-api';
import { normalizeRegions, subtract } from '@kexec-kit/memory';
import { memmapMalformed, memmapOverlap, memmapUnknownType, tooManyRegions } from './codes.js';
import { kindOf, MAX_REGIONS } from './kinds.js';
import { parseHex, quote } from './text.js';

/** The three files of one directory in /sys/firmware/memmap, as text; undefined is a file that is not there. */
export interface MemmapEntry {
  readonly start: string | undefined;
  /** The last byte, included. */
  readonly end: string | undefined;
  readonly type: string | undefined;
}

/**
 * Reads what the firmware told of memory, in any order. An unknown type is reserved, and said so.
 *
 * @example
 * ```ts
 * parseMemmap([{ start: '0x0\n', end: '0x9fbff\n', type: 'System RAM\n' }]);
 * // { ok: true, value: [{ start: 0n, end: 0x9fc00n, kind: 'ram' }], diagnostics: [] }
 * ```
 */
export function parseMemmap(entries: readonly MemmapEntry[]): Result<Region[]> {
  if (entries.length > MAX_REGIONS) return fail(tooManyRegions('/sys/firmware/memmap', MAX_REGIONS));
  const regions: Region[] = [];
  const unknown = new Set<string>();
  for (const [index, { start, end, type }] of entries.entries()) {
    const first = parseHex(start);
    const last = parseHex(end);
    const word = type?.trim();
    if (first === undefined) return fail(memmapMalformed(index, 'start', start));
    if (last === undefined || last < first) return fail(memmapMalformed(index, 'end', end));
    if (word === undefined || word === '') return fail(memmapMalformed(index, 'type', type));
    const kind = kindOf(word);
    if (kind === undefined) unknown.add(word);
    regions.push({ start: first, end: last + 1n, kind: kind ?? 'reserved' });
  }
  const told = disjoint(regions);
  const overlap = told.overlap === undefined ? [] : [memmapOverlap(...told.overlap)];
  return ok(told.regions, [...namedOnce(unknown), ...overlap]);
}

/** When a firmware says two things of one byte, the one that loses least by being wrong is believed. */
const BELIEVED: readonly RegionKind[] = [
  'unusable',
  'reserved',
  'nvs',
  'acpi',
  'persistent',
  'persistent-legacy',
  'soft-reserved',
  'ram',
];

/** Sorts regions, and takes overlaps apart if there are any. */
export function disjoint(regions: readonly Region[]): {
  readonly regions: Region[];
  readonly overlap?: readonly [Range, Range];
} {
  const sorted = [...regions].sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
  const at = sorted.findIndex(
    (region, index) => index > 0 && region.start < (sorted[index - 1] as Region).end,
  );
  if (at === -1) return { regions: sorted };
  const apart: Region[] = [];
  for (const kind of BELIEVED) {
    const rest = subtract(
      sorted.filter((region) => region.kind === kind),
      apart,
    );
    apart.push(...rest.map((each) => ({ ...each, kind })));
  }
  return { regions: normalizeRegions(apart), overlap: [sorted[at - 1] as Region, sorted[at] as Region] };
}

function namedOnce(types: ReadonlySet<string>): Diagnostic[] {
  return [...types].slice(0, 8).map((type) => memmapUnknownType(quote(type).slice(1, -1)));
}
