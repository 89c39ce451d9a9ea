import {
  addressOf,
  type Expr,
  type Range,
  type Region,
  type RegionKind,
  type Relocation,
  type SegmentId,
} from '@kexec-kit/loader-api';
import { contains } from '@kexec-kit/memory';
import { E820_ENTRY_SIZE } from './e820.js';
import { E820Entry } from './generated/boot-params.js';

/** A segment of which the next kernel is not to be told as RAM, and memory of one region of the map that it will lie in. */
export interface MapHole {
  readonly segment: SegmentId;
  readonly within: Range;
  /** As what it is told instead, with its `memorySize`; without this it is not told of at all. */
  readonly told?: { readonly kind: RegionKind; readonly size: bigint };
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
 * A map without the memory of one segment as RAM: its region becomes two, the one that ends where the segment starts and the
 * one that starts where it ends. Between them lies what the segment is told as, if anything.
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
  const between = hole.told === undefined ? [] : [{ start: 0n, end: hole.told.size, kind: hole.told.kind }];
  const above = { start: 0n, end: 0n, kind };
  const last = index + 1 + between.length;
  return {
    regions: [...told.slice(0, index), below, ...between, above, ...told.slice(index + 1)],
    values: [
      { index, field: 'size', value: { ...addressOf(hole.segment), constant: -start } },
      ...between.map(() => ({ index: index + 1, field: 'start', value: addressOf(hole.segment) }) as const),
      { index: last, field: 'start', value: addressOf(hole.segment, 0n, 'end') },
      { index: last, field: 'size', value: upTo(end, hole.segment) },
    ],
  };
}

/** How many bytes there are from a segment's end to an address. */
function upTo(end: bigint, segment: SegmentId): Expr {
  return { terms: [{ sign: -1, segment, at: 'end', offset: 0n }], constant: end };
}

/** Where the entries of a table of a memory map lie, and in each of them the 64-bit fields; all in bytes. */
export interface MapTable {
  readonly offset: number;
  readonly entrySize: number;
  readonly start: number;
  readonly size: number;
}

/** The values of a map as relocations into a table that holds all of it. */
export function mapRelocations(
  values: readonly MapValue[],
  { offset, entrySize, ...fields }: MapTable,
): Relocation[] {
  return values.map(({ index, field, value }) => {
    return { offset: offset + index * entrySize + fields[field], value, encoding: 'u64' };
  });
}

/** The values of the regions from `first` on, at most `count`, as relocations into their E820 entries at `offset`. */
export function e820Relocations(
  values: readonly MapValue[],
  first: number,
  count: number,
  offset: number,
): Relocation[] {
  const { addr, size } = E820Entry.at;
  const held = values.filter(({ index }) => first <= index && index < first + count);
  const table = { offset, entrySize: E820_ENTRY_SIZE, start: addr.offset, size: size.offset };
  return mapRelocations(
    held.map((each) => ({ ...each, index: each.index - first })),
    table,
  );
}
