import {
  PAGE_SIZE,
  sizeOf,
  type Part,
  type Piece,
  type PlacedSegment,
  type Segment,
} from '@kexec-kit/loader-api';
import { alignDown, alignUp } from '@kexec-kit/memory';
import { totalOf, withoutZeroTail } from './content.js';
import type { Contents } from './finish.js';
import type { Place, Places } from './place.js';

interface Placed {
  readonly piece: Piece;
  readonly parts: readonly Part[];
  readonly place: Place;
}

/** What the backend fills: units as contiguous, page-aligned segments, ascending. */
export function assemble(segments: readonly Segment[], contents: Contents, places: Places): PlacedSegment[] {
  const ascending = segments
    .flatMap((segment) => placed(segment, contents, places))
    .sort((a, b) => (a.place.start < b.place.start ? -1 : 1));
  const runs: Placed[][] = [];
  for (const each of ascending) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    if (last !== undefined && belongTogether(last, each)) run?.push(each);
    else runs.push([each]);
  }
  return runs.map(joined);
}

function placed({ id, memorySize, why }: Segment, contents: Contents, places: Places): Placed[] {
  const place = places.get(id);
  if (place === undefined) return [];
  const parts = withoutZeroTail(contents.get(id) ?? []);
  const { start, search } = place;
  const piece = { id, start, size: totalOf(parts), memorySize, ...(why !== undefined && { why }), search };
  return [{ piece, parts, place }];
}

/** Of one unit, and either sharing a page, which has to be loaded at once, or with less than a page of zeros between. */
function belongTogether(low: Placed, high: Placed): boolean {
  if (low.place.unit !== high.place.unit) return false;
  const sharePage = alignUp(low.place.end, PAGE_SIZE) > alignDown(high.place.start, PAGE_SIZE);
  return sharePage || sizeOf({ start: low.piece.start + low.piece.size, end: high.place.start }) < PAGE_SIZE;
}

function joined(run: readonly Placed[]): PlacedSegment {
  const start = alignDown(run[0]?.place.start ?? 0n, PAGE_SIZE);
  const parts: Part[] = [];
  let end = start;
  let memoryEnd = start;
  for (const { piece, parts: own, place } of run) {
    if (piece.start > end && piece.size > 0n) parts.push({ zeros: piece.start - end });
    if (piece.size > 0n) end = piece.start + piece.size;
    parts.push(...own);
    memoryEnd = alignUp(place.end, PAGE_SIZE);
  }
  return { start, memorySize: memoryEnd - start, parts, pieces: run.map(({ piece }) => piece) };
}
