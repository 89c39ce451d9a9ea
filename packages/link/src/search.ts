import {
  hex,
  PAGE_SIZE,
  range,
  type Address,
  type Attempt,
  type Range,
  type SegmentId,
} from '@kexec-kit/loader-api';
import { findHole, intersect, max, pageOutwards, type HoleResult } from '@kexec-kit/memory';
import { endOf, type FreePlacement, type Member, type Unit } from './pack.js';
import { missing, type Space } from './space.js';

const NO_LIMIT = 1n << 64n;

type Within = Extract<FreePlacement, { within: unknown }>;

/** Where placed segments end: what `above` refers to. */
export type Ends = ReadonlyMap<SegmentId, Address>;

/** Tries the alternatives of a unit in order; the last attempt has the address, or none has. */
export function search(unit: Unit, space: Space, ends: Ends): Attempt[] {
  const attempts: Attempt[] = [];
  for (const placement of unit.placements) {
    const attempt =
      'at' in placement ? tryAt(unit, placement.at, space) : tryWithin(unit, placement, space, ends);
    attempts.push(attempt);
    if (attempt.chosen !== undefined) break;
  }
  return attempts;
}

/** The memory of a unit's members when its base is at an address. */
export function memoryOf(members: readonly Member[], base: Address): Range[] {
  return members.map(({ segment, offset }) => range(base + offset, base + offset + segment.memorySize));
}

function tryAt(unit: Unit, at: Address, space: Space): Attempt {
  const refused = missing(space, pageOutwards(memoryOf(unit.members, at)));
  const wanted = `at ${hex(at)}${company(unit)}`;
  return refused.length === 0 ? { wanted, chosen: at, refused } : { wanted, refused };
}

function tryWithin(unit: Unit, placement: Within, { holes }: Space, ends: Ends): Attempt {
  const align = max(placement.align, PAGE_SIZE);
  const above = placement.above === undefined ? 0n : (ends.get(placement.above) ?? 0n);
  const found = findBase(unit.members, holes, { ...placement, align, above });
  const wanted = describe(unit, placement);
  return found.ok
    ? { wanted, chosen: found.start, refused: found.refused }
    : { wanted, refused: found.refused };
}

/** A {@link Within} for which `above` has become an address. */
interface Bounds extends Omit<Within, 'above'> {
  readonly above: Address;
}

function findBase(members: readonly Member[], holes: readonly Range[], bounds: Bounds): HoleResult {
  const size = endOf(members);
  const pages = pageOutwards(memoryOf(members, 0n));
  const solid = findHole({ ...bounds, holes, size });
  if (members[0]?.offset === 0n && pages.length === 1) return solid;
  const scattered = findHole({
    holes: basesOf(members, holes, bounds),
    size: 1n,
    within: range(0n, 1n << 64n),
    align: bounds.align,
    from: bounds.from,
  });
  return scattered.ok ? { ...scattered, refused: [] } : { ok: false, refused: solid.refused };
}

/** Every base at which all members of a scattered group lie in holes and in bounds: what lies between them may be taken. */
function basesOf(members: readonly Member[], holes: readonly Range[], { within, above }: Bounds): Range[] {
  const bounded = memoryOf(members, 0n).map((each) =>
    bases([{ start: max(within.start, above), end: within.end }], each),
  );
  const free = pageOutwards(memoryOf(members, 0n)).map((each) => bases(holes, each));
  return [...bounded, ...free].reduce(intersect);
}

/** The addresses which, added to `part`, put it inside one of the ranges. */
function bases(ranges: readonly Range[], part: Range): Range[] {
  return ranges
    .map(({ start, end }) => ({ start: max(start - part.start, 0n), end: end - part.end + 1n }))
    .filter(({ start, end }) => start < end);
}

function describe(unit: Unit, { within, align, from, above }: Within): string {
  const over = above === undefined ? '' : `, above ${above}`;
  const where = `${bounds(within)}, aligned to ${hex(align)}, from the ${from}${over}`;
  return `${where}${company(unit)}`;
}

/** A bound that bounds nothing is not worth a word. */
function bounds({ start, end }: Range): string {
  if (end >= NO_LIMIT) return start === 0n ? 'anywhere' : `at or above ${hex(start)}`;
  return start === 0n ? `below ${hex(end)}` : `within ${hex(start)}-${hex(end)}`;
}

function company({ kind, members }: Unit): string {
  if (members.length === 1) return '';
  const names = members.map(({ segment }) => segment.id).join(', ');
  return kind === 'group' ? `, as one group: ${names}` : `, packed together: ${names}`;
}
