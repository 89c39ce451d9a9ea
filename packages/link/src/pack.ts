import {
  PAGE_SIZE,
  range,
  sizeOf,
  type Address,
  type Group,
  type Placement,
  type Segment,
} from '@kexec-kit/loader-api';
import { alignDown, alignUp, intersect } from '@kexec-kit/memory';
import { contentSize } from './content.js';

/** A placement that says where by itself: `at` or `within`. */
export type FreePlacement = Group['placements'][number];
type Within = Extract<Placement, { within: unknown }>;

/** A segment of the plan at its offset from its unit's base, in bytes. */
export interface Member {
  readonly segment: Segment;
  readonly offset: bigint;
}

/** What is placed as one: a segment, a group, or small segments packed together. */
export interface Unit {
  /** `packed` only to save segments: its members may as well be placed one by one. */
  readonly kind: 'single' | 'fixed' | 'group' | 'packed';
  /** Ascending by offset. */
  readonly members: readonly Member[];
  readonly placements: readonly FreePlacement[];
}

/** Up to this size, in bytes, a segment is packed: small enough to fit in most holes together with its like. */
export const SMALL = 0x10000n;

/**
 * Makes units of a plan's segments, in the order in which they are placed: first what can be at one address only
 * (it could not give way later, and what is placed after it goes elsewhere), then by the plan's order.
 */
export function pack(segments: readonly Segment[], groups: readonly Group[] = []): Unit[] {
  const fixed = segments.filter(isFixed);
  const small = segments.filter(isSmall);
  const units = [
    ...groups.map((group) => groupUnit(group, segments)).filter(({ members }) => members.length > 0),
    ...small.reduce(packInto, []),
    ...segments.filter((each) => !isFixed(each) && !isSmall(each) && !isGrouped(each)).map(single),
  ];
  const order = new Map(segments.map(({ id }, i) => [id, i]));
  const first = ({ members }: Unit) => Math.min(...members.map(({ segment }) => order.get(segment.id) ?? 0));
  return [...fixedUnits(fixed), ...units.sort((a, b) => first(a) - first(b))];
}

/** A unit of one segment. */
export function single(segment: Segment): Unit {
  const placements = segment.placements.filter((each): each is FreePlacement => !('group' in each));
  return { kind: 'single', members: [{ segment, offset: 0n }], placements };
}

function isGrouped({ placements }: Segment): boolean {
  return placements.some((each) => 'group' in each);
}

/** A segment that can be at one address only. */
export function isFixed({ placements }: Segment): boolean {
  return placements.length === 1 && placements.some((each) => 'at' in each);
}

function isSmall(segment: Segment): boolean {
  return segment.memorySize <= SMALL && windows(segment) !== undefined;
}

function groupUnit({ id, placements }: Group, segments: readonly Segment[]): Unit {
  const members = segments.flatMap((segment) =>
    segment.placements.flatMap((each) =>
      'group' in each && each.group === id ? [{ segment, offset: each.offset }] : [],
    ),
  );
  return { kind: 'group', members: members.sort(byOffset), placements };
}

/** Fixed segments that share a page (the program headers of a small ELF file do) can only be loaded as one. */
function fixedUnits(fixed: readonly Segment[]): Unit[] {
  const ascending = fixed.map((segment) => ({ segment, offset: fixedAddress(segment) })).sort(byOffset);
  const runs: Member[][] = [];
  let end = -1n;
  for (const member of ascending) {
    const run = runs.at(-1);
    if (run !== undefined && alignDown(member.offset, PAGE_SIZE) < end) run.push(member);
    else runs.push([member]);
    const pageEnd = alignUp(member.offset + member.segment.memorySize, PAGE_SIZE);
    if (pageEnd > end) end = pageEnd;
  }
  return runs.map((run) => {
    const at = run[0]?.offset ?? 0n;
    const members = run.map(({ segment, offset }) => ({ segment, offset: offset - at }));
    return { kind: 'fixed', members, placements: [{ at }] };
  });
}

/** The address of a segment that can be nowhere else. */
export function fixedAddress({ placements }: Segment): Address {
  const [only] = placements;
  return only !== undefined && 'at' in only ? only.at : 0n;
}

/** Adds a small segment to the first pack that suits it, or opens one. */
function packInto(packs: Unit[], segment: Segment): Unit[] {
  for (const [i, unit] of packs.entries()) {
    const joined = join(unit, segment);
    if (joined !== undefined) return [...packs.slice(0, i), joined, ...packs.slice(i + 1)];
  }
  return [...packs, { ...single(segment), placements: windows(segment) ?? [] }];
}

function join(unit: Unit, segment: Segment): Unit | undefined {
  const segments = [...unit.members.map((member) => member.segment), segment];
  const [tail, ...moreTails] = segments.filter(hasZeroTail);
  if (moreTails.length > 0) return undefined;
  const members = stack([...segments.filter((each) => each !== tail), ...(tail === undefined ? [] : [tail])]);
  const placements = combine(unit.placements, windows(segment) ?? [], endOf(members));
  return placements && { kind: 'packed', members, placements };
}

/** A zero tail in the middle of a pack would have to be carried as bytes. */
function hasZeroTail(segment: Segment): boolean {
  return segment.memorySize > contentSize(segment);
}

/** One above the other, each at its own alignment. */
function stack(segments: readonly Segment[]): Member[] {
  let end = 0n;
  return segments.map((segment) => {
    const align = (windows(segment) ?? []).reduce(
      (most, each) => (each.align > most ? each.align : most),
      1n,
    );
    const offset = alignUp(end, align);
    end = offset + segment.memorySize;
    return { segment, offset };
  });
}

/** The alternatives of a segment when all of them can be met anywhere in a page-aligned pack. */
function windows({ placements }: Segment): Within[] | undefined {
  const found = placements.filter((each) => 'within' in each);
  return found.length === placements.length && found.every(({ align }) => align <= PAGE_SIZE)
    ? found
    : undefined;
}

/** Alternative by alternative, what suits both: whoever is within the common part is within each. */
function combine(a: readonly FreePlacement[], b: readonly Within[], size: bigint): Within[] | undefined {
  if (a.length !== b.length) return undefined;
  const both = b.flatMap((right, i): Within[] => {
    const left = a[i];
    if (left === undefined || 'at' in left || left.from !== right.from || left.above !== right.above)
      return [];
    const [within = range(0n, 0n)] = intersect([left.within], [right.within]);
    return sizeOf(within) < size ? [] : [{ ...right, within, align: PAGE_SIZE }];
  });
  return both.length === b.length ? both : undefined;
}

/** Where the highest member ends, in bytes from the unit's base. */
export function endOf(members: readonly Member[]): bigint {
  return members.reduce((end, { segment, offset }) => {
    const own = offset + segment.memorySize;
    return own > end ? own : end;
  }, 0n);
}

function byOffset(a: Member, b: Member): number {
  return a.offset < b.offset ? -1 : a.offset > b.offset ? 1 : 0;
}
