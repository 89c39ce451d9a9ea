import { hex, sizeOf, type Address, type Range, type RefusedHole } from '@kexec-kit/loader-api';
import { alignDown, alignUp, max, min, normalize } from './ranges.js';

/** What is looked for: so many bytes, somewhere in these holes. */
export interface HoleQuery {
  /** What is free, in any order. */
  readonly holes: readonly Range[];
  /** In bytes, at least 1. */
  readonly size: bigint;
  /** Nothing outside of this. */
  readonly within: Range;
  /** The start is a multiple of this: a power of two, in bytes. */
  readonly align: bigint;
  /** The lowest place that fits, or the highest. */
  readonly from: 'bottom' | 'top';
  /** Nothing below this. */
  readonly above?: Address;
}

/** The place that was found, or none; and in both cases what refused each hole that was looked at before. */
export type HoleResult =
  | { readonly ok: true; readonly start: Address; readonly refused: readonly RefusedHole[] }
  | { readonly ok: false; readonly refused: readonly RefusedHole[] };

/**
 * Finds the lowest or the highest place that fits, and says of every hole passed over why it did not do.
 * Takes the holes in any order; `refused` is in the order of search.
 *
 * @throws RangeError when `size` is not positive or `align` is no power of two: both are bugs of the caller.
 * @example
 * ```ts
 * findHole({ holes: [range(0x1000n, 0x9f000n)], size: 0x2000n, within: range(0n, 1n << 20n), align: 4096n, from: 'top' });
 * // { ok: true, start: 0x9d000n, refused: [] }
 * ```
 */
export function findHole(query: HoleQuery): HoleResult {
  if (query.size <= 0n) throw new RangeError(`no hole is looked for ${query.size} bytes`);
  if (!isPowerOfTwo(query.align)) throw new RangeError(`${hex(query.align)} is not a power of two`);
  const ascending = normalize(query.holes);
  const refused: RefusedHole[] = [];
  for (const hole of query.from === 'bottom' ? ascending : ascending.reverse()) {
    const usable = clip(hole, query);
    if (fits(usable, query)) return { ok: true, start: startIn(usable, query), refused };
    refused.push({ ...hole, reason: whyNot(hole, usable, query) });
  }
  return { ok: false, refused };
}

/** Whether a value is a power of two; 0 is not. */
export function isPowerOfTwo(value: bigint): boolean {
  return value > 0n && (value & (value - 1n)) === 0n;
}

/** What of a hole is within the bounds; `end <= start` when nothing is. */
function clip(hole: Range, { within, above = 0n }: HoleQuery): Range {
  return { start: max(hole.start, max(within.start, above)), end: min(hole.end, within.end) };
}

function fits(usable: Range, { align, size }: HoleQuery): boolean {
  return alignUp(usable.start, align) + size <= usable.end;
}

function startIn(usable: Range, { align, from, size }: HoleQuery): Address {
  return from === 'bottom' ? alignUp(usable.start, align) : alignDown(usable.end - size, align);
}

function whyNot(hole: Range, usable: Range, query: HoleQuery): string {
  const { within, above = 0n, size, align } = query;
  if (hole.start >= within.end) return `begins at or above ${hex(within.end)}`;
  if (hole.end <= within.start) return `ends at or below ${hex(within.start)}`;
  if (hole.end <= above) return `ends below ${hex(above)}, above which it must lie`;
  const cut = sizeOf(usable) < sizeOf(hole) ? ` within ${hex(usable.start)}-${hex(usable.end)}` : '';
  if (sizeOf(usable) < size) return `${hex(max(sizeOf(usable), 0n))} bytes${cut}, ${hex(size)} needed`;
  const left = max(usable.end - alignUp(usable.start, align), 0n);
  return `${hex(left)} bytes${cut} after aligning to ${hex(align)}, ${hex(size)} needed`;
}
