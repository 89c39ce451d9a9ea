import {
  hex,
  PAGE_SIZE,
  range,
  type Machine,
  type Placement,
  type Plan,
  type Purpose,
  type Range,
  type Segment,
} from '@kexec-kit/loader-api';
import { contains, destinations, findHole, isPowerOfTwo, overlaps, subtract } from '@kexec-kit/memory';
import { demand } from './assert.js';
import { contentOf } from './plan-rules.js';

/** Something that is placed as one: a segment that is in no group, or a group with all its segments. */
interface Body {
  readonly id: string;
  readonly placements: readonly Placement[];
  /** From the base to the end of the last segment, in bytes. */
  readonly size: bigint;
  /** Where the segments lie, from the base. */
  readonly pieces: readonly Range[];
}

function bodies(plan: Plan): Body[] {
  const alone = plan.segments
    .filter((segment) => !segment.placements.some((each) => 'group' in each))
    .map(({ id, placements, memorySize }) => {
      return { id, placements, size: memorySize, pieces: [range(0n, memorySize)] };
    });
  const together = (plan.groups ?? []).map(({ id, placements }) => {
    const pieces = plan.segments.flatMap((segment) => piecesIn(segment, id));
    const size = pieces.reduce((end, piece) => (piece.end > end ? piece.end : end), 0n);
    return { id, placements, size, pieces };
  });
  return [...alone, ...together.filter(({ size }) => size > 0n)];
}

function piecesIn({ placements, memorySize }: Segment, group: string): Range[] {
  return placements.flatMap((each) =>
    'group' in each && each.group === group ? [range(each.offset, each.offset + memorySize)] : [],
  );
}

/** What can only be in one place is not in the place of another, and nothing that must survive lies where the target writes. */
export function fixedPlacementsAreDisjoint(plan: Plan): void {
  const fixed = bodies(plan).flatMap((body) => {
    const [only, ...others] = body.placements;
    if (only === undefined || others.length > 0 || !('at' in only)) return [];
    return body.pieces.map((piece) => ({
      id: body.id,
      ...range(only.at + piece.start, only.at + piece.end),
    }));
  });
  const taken = [
    ...fixed,
    ...(plan.clobbers ?? []).map((each) => ({ id: 'what the target writes at entry', ...each })),
  ];
  fixed.forEach((a, index) => {
    const other = taken.slice(index + 1).find((b) => overlaps(a, b));
    demand(other === undefined, `${a.id} at ${hex(a.start)}-${hex(a.end)} overlaps ${String(other?.id)}`);
  });
  for (const { id, pieces } of bodies(plan)) {
    const within = pieces.find((a, index) => pieces.slice(index + 1).some((b) => overlaps(a, b)));
    demand(
      within === undefined,
      `two segments of the group ${id} overlap at ${hex(within?.start ?? 0n)} from its base`,
    );
  }
}

/** Page 0 holds the interrupt vectors and the BIOS data area, both live: no content goes there, by anybody. */
export function pageZeroIsLeftAlone(plan: Plan): void {
  for (const { id, placements } of [...plan.segments, ...(plan.groups ?? [])]) {
    for (const each of placements) {
      if ('at' in each) demand(each.at >= PAGE_SIZE, `${id} is placed at ${hex(each.at)}, within page 0`);
      if ('within' in each)
        demand(isPowerOfTwo(each.align), `${id} is aligned to ${hex(each.align)}, no power of two`);
    }
  }
}

/** Every body, one after another, finds a place in the machine's usable memory, or for a crash kernel in the region reserved. */
export function findsPlace(plan: Plan, machine: Machine, purpose: Purpose): void {
  let free = subtract(destinations(machine, purpose), [range(0n, PAGE_SIZE), ...(plan.clobbers ?? [])]);
  for (const body of inOrder(plan)) {
    const start = placeOne(body, free);
    demand(start !== undefined, `${body.id} (${hex(body.size)} bytes) finds no place in ${show(free)}`);
    free = subtract(
      free,
      body.pieces.map((piece) => range(start + piece.start, start + piece.end)),
    );
  }
}

/** The fixed first, since they have no choice; then in the loader's order. */
function inOrder(plan: Plan): Body[] {
  const isFixed = ({ placements }: Body) =>
    placements.length === 1 && placements.some((each) => 'at' in each);
  const all = bodies(plan);
  return [...all.filter(isFixed), ...all.filter((body) => !isFixed(body))];
}

function placeOne(body: Body, free: readonly Range[]): bigint | undefined {
  for (const placement of body.placements) {
    if ('at' in placement) {
      const pieces = body.pieces.map((piece) => range(placement.at + piece.start, placement.at + piece.end));
      if (pieces.every((piece) => contains(free, piece))) return placement.at;
    } else if ('within' in placement) {
      const { within, align, from } = placement;
      const found = findHole({ holes: free, size: body.size, within, align, from });
      if (found.ok) return found.start;
    }
  }
  return undefined;
}

function show(free: readonly Range[]): string {
  const listed = free.slice(0, 6).map(({ start, end }) => `${hex(start)}-${hex(end)}`);
  return listed.length === 0 ? 'no memory at all' : `${listed.join(', ')}${free.length > 6 ? ', …' : ''}`;
}

/** What `finish` makes is made by somebody, and is not larger than announced. */
export function deferredIsFinished(plan: Plan, hasFinish: boolean): void {
  const deferred = plan.segments.find(({ parts }) => 'deferred' in parts);
  demand(
    deferred === undefined || hasFinish,
    `${String(deferred?.id)} is deferred, but the loader has no finish`,
  );
  const empty = plan.segments.find((segment) => 'deferred' in segment.parts && contentOf(segment) <= 0n);
  demand(empty === undefined, `${String(empty?.id)} is deferred with a maximum of nothing`);
}
