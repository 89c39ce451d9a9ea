import type { Address, Attempt, SegmentId } from '@kexec-kit/loader-api';
import { noPlace } from './codes.js';
import type { LinkFailure, LinkInput } from './input.js';
import { single, type Unit } from './pack.js';
import { memoryOf, search } from './search.js';
import { spaceOf, take, type Space } from './space.js';

/** Where a segment stands, and what was tried for it. */
export interface Place {
  readonly start: Address;
  /** One past its last byte of memory. */
  readonly end: Address;
  readonly search: readonly Attempt[];
  /** Places of one unit may share pages: they are loaded as one. */
  readonly unit: number;
}

/** Where everything stands. */
export type Places = ReadonlyMap<SegmentId, Place>;

/** Places units in their order, each in what the others left. */
export function place(units: readonly Unit[], input: LinkInput): { ok: true; value: Places } | LinkFailure {
  const places = new Map<SegmentId, Place>();
  const waiting = [...units];
  let space = spaceOf(input);
  for (let unit = waiting.shift(), number = 0; unit !== undefined; unit = waiting.shift(), number++) {
    const attempts = search(unit, space, endsOf(places));
    const base = attempts.at(-1)?.chosen;
    if (base !== undefined) space = settle(unit, base, { space, places, attempts, number });
    else if (unit.kind === 'packed') waiting.unshift(...unit.members.map(({ segment }) => single(segment)));
    else return noPlace(unit, attempts, input);
  }
  return { ok: true, value: places };
}

interface Settling {
  readonly space: Space;
  readonly places: Map<SegmentId, Place>;
  readonly attempts: readonly Attempt[];
  readonly number: number;
}

function settle(unit: Unit, base: Address, { space, places, attempts, number }: Settling): Space {
  for (const { segment, offset } of unit.members) {
    const start = base + offset;
    places.set(segment.id, { start, end: start + segment.memorySize, search: attempts, unit: number });
  }
  const names = unit.members.map(({ segment }) => segment.id).join(', ');
  return take(space, memoryOf(unit.members, base), names);
}

function endsOf(places: Places): ReadonlyMap<SegmentId, Address> {
  return new Map([...places].map(([id, { end }]) => [id, end]));
}
