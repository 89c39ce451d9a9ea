import { PAGE_SIZE, range, sizeOf, type Address, type Range } from '@kexec-kit/loader-api';

/**
 * A set of addresses as the least list of ranges: ascending, disjoint, touching ones joined, none empty.
 * Every function here takes ranges in any order, overlapping or not, and gives this form.
 *
 * @example
 * ```ts
 * normalize([range(8n, 9n), range(0n, 4n), range(4n, 6n)]); // [range(0n, 6n), range(8n, 9n)]
 * ```
 */
export function normalize(ranges: readonly Range[]): Range[] {
  const ascending = ranges.filter((each) => each.start < each.end).sort(byStart);
  const joined: Range[] = [];
  for (const each of ascending) {
    const last = joined.at(-1);
    if (last === undefined || last.end < each.start) joined.push(range(each.start, each.end));
    else if (last.end < each.end) joined[joined.length - 1] = range(last.start, each.end);
  }
  return joined;
}

/** Every address that is in `a` or in `b`. */
export function union(a: readonly Range[], b: readonly Range[]): Range[] {
  return normalize([...a, ...b]);
}

/** Every address that is in `a` and in `b`. */
export function intersect(a: readonly Range[], b: readonly Range[]): Range[] {
  const left = normalize(a);
  const right = normalize(b);
  const both: Range[] = [];
  let [i, j] = [0, 0];
  for (;;) {
    const [l, r] = [left[i], right[j]];
    if (l === undefined || r === undefined) return both;
    const common = { start: max(l.start, r.start), end: min(l.end, r.end) };
    if (common.start < common.end) both.push(common);
    if (l.end < r.end) i++;
    else j++;
  }
}

/** Every address that is in `a` and not in `b`. */
export function subtract(a: readonly Range[], b: readonly Range[]): Range[] {
  return intersect(a, complement(b));
}

/** Whether every address of `inner` is in `ranges`. An empty range is contained in anything. */
export function contains(ranges: readonly Range[], inner: Range): boolean {
  return subtract([inner], ranges).length === 0;
}

/** Whether two ranges share an address. Ranges that only touch do not, and an empty one never does. */
export function overlaps(a: Range, b: Range): boolean {
  return max(a.start, b.start) < min(a.end, b.end);
}

/** The least multiple of `align` (in bytes, positive) that is not below `value`. */
export function alignUp(value: Address, align: bigint): Address {
  return alignDown(value + align - 1n, align);
}

/** The greatest multiple of `align` (in bytes, positive) that is not above `value`. */
export function alignDown(value: Address, align: bigint): Address {
  return value - (value % align);
}

/** The whole pages inside a set: what may be filled page by page without touching a neighbour. */
export function pageInwards(ranges: readonly Range[]): Range[] {
  return normalize(ranges)
    .map(({ start, end }) => ({ start: alignUp(start, PAGE_SIZE), end: alignDown(end, PAGE_SIZE) }))
    .filter((each) => each.start < each.end);
}

/** The pages that a set touches. */
export function pageOutwards(ranges: readonly Range[]): Range[] {
  const touched = ranges
    .filter((each) => sizeOf(each) > 0n)
    .map(({ start, end }) => range(alignDown(start, PAGE_SIZE), alignUp(end, PAGE_SIZE)));
  return normalize(touched);
}

/** The greater of two addresses: `Math.max` does not take bigint. */
export function max(a: Address, b: Address): Address {
  return a > b ? a : b;
}

/** The lesser of two addresses. */
export function min(a: Address, b: Address): Address {
  return a < b ? a : b;
}

/** Everything outside a set. */
function complement(ranges: readonly Range[]): Range[] {
  const outside: Range[] = [];
  let start = 0n;
  for (const each of normalize(ranges)) {
    outside.push({ start, end: each.start });
    start = each.end;
  }
  return [...outside, { start, end: max(start, BEYOND) }];
}

/** Above every address that any architecture can express: where a complement ends. */
const BEYOND = 1n << 128n;

function byStart(a: Range, b: Range): number {
  return a.start < b.start ? -1 : a.start > b.start ? 1 : 0;
}
