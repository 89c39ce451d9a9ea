import {
  addressOf,
  type Expr,
  type Range,
  type Region,
  type Relocation,
  type SegmentId,
} from '@kexec-kit/loader-api';
import { contains } from '@kexec-kit/memory';
import { E820_ENTRY_SIZE } from './e820.js';
import { E820Entry } from './generated/boot-params.js';

/** A segment of which the next kernel is not to be told as RAM, and the region of the map that it will lie in. */
export interface MapHole {
  readonly segment: SegmentId;
  readonly within: Range;
}

/** A memory map, and what in it is known only once everything is placed: that is zero in `regions`. */
export interface MapToTell {
  readonly regions: readonly Region[];
  readonly values: readonly MapValue[];
}

/** A number of a memory map: where its `index`th region starts, or how many bytes it has. */
export interface MapValue {
  readonly index: number;
  readonly field: 'start' | 'size';
  readonly value: Expr;
}

/**
 * A map without the memory of one segment: its region becomes two, the one that ends where the segment starts and the one
 * that starts where it ends.
 *
 * @example
 * ```ts
 * mapToTell([{ ...range(0x1000n, 0x9000n), kind: 'ram' }]); // { regions: [{ start: 0x1000n, … }], values: [] }
 * ```
 */
export function mapToTell(told: readonly Region[], hole?: MapHole): MapToTell {
  const index = hole === undefined ? -1 : told.findIndex((region) => contains([region], hole.within));
  const region = told[index];
  if (hole === undefined || region === undefined) return { regions: told, values: [] };
  const { start, end, kind } = region;
  const below = { start, end: start, kind };
  const above = { start: 0n, end: 0n, kind };
  return {
    regions: [...told.slice(0, index), below, above, ...told.slice(index + 1)],
    values: [
      { index, field: 'size', value: { ...addressOf(hole.segment), constant: -start } },
      { index: index + 1, field: 'start', value: addressOf(hole.segment, 0n, 'end') },
      { index: index + 1, field: 'size', value: upTo(end, hole.segment) },
    ],
  };
}

/** How many bytes there are from a segment's end to an address. */
function upTo(end: bigint, segment: SegmentId): Expr {
  return { terms: [{ sign: -1, segment, at: 'end', offset: 0n }], constant: end };
}

/** The values of the regions from `first` on, at most `count`, as relocations into their E820 entries at `offset`. */
export function e820Relocations(
  values: readonly MapValue[],
  first: number,
  count: number,
  offset: number,
): Relocation[] {
  return values
    .filter(({ index }) => first <= index && index < first + count)
    .map(({ index, field, value }) => {
      const at = field === 'start' ? E820Entry.at.addr : E820Entry.at.size;
      return { offset: offset + (index - first) * E820_ENTRY_SIZE + at.offset, value, encoding: 'u64' };
    });
}
