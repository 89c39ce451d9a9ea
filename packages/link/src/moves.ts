import { range, type Diagnostic, type Range } from '@kexec-kit/loader-api';
import { moved } from './codes.js';
import { endOf, type Unit } from './pack.js';
import type { Places } from './place.js';

/** A word for each unit that has an address of its own, which it could not have: from where it was moved to where. */
export function movesOf(units: readonly Unit[], places: Places): Diagnostic[] {
  return units.flatMap(({ members, placements }) => {
    const [first, ...others] = placements;
    const [member] = members;
    const place = member === undefined ? undefined : places.get(member.segment.id);
    if (first === undefined || !('at' in first) || others.length === 0 || place === undefined) return [];
    const to = place.start - (member?.offset ?? 0n);
    if (to === first.at) return [];
    const spanAt = (base: bigint): Range => range(base + (member?.offset ?? 0n), base + endOf(members));
    const segments = members.map(({ segment }) => segment.id);
    return [
      moved({ segments, from: spanAt(first.at), to: spanAt(to), refused: place.search[0]?.refused ?? [] }),
    ];
  });
}
