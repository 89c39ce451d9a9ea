import {
  range,
  type Range,
  type Result,
  type SegmentsSubmission,
  type Target,
  ok,
} from '@kexec-kit/loader-api';
import { alignDown, alignUp, intersect, normalize } from '@kexec-kit/memory';
import { outOfReach } from './codes.js';

const GIB = 1n << 30n;
const FOUR_GIB = 4n * GIB;
/** What one table of the third level maps. */
const LEVEL_3 = 512n * GIB;
const PAGE = 0x1000;

/** Pages that start64.S takes, and the top of what page-tables.c builds: one level for each of 4 and 5. */
const FIRST_TABLES = 6n;
const TOP_TABLES = 2n;

/** Where the program can write: with four levels of paging and addresses mapped onto themselves, or without paging. */
const LIMITS = { long64: 1n << 47n, protected32: FOUR_GIB } as const satisfies Record<
  Target['handoff'],
  bigint
>;

/** That the program can fill all segments in the mode in which purgatory begins. */
export function checkReach({ segments, mappings, target }: SegmentsSubmission): Result<true> {
  const limit = LIMITS[target.handoff];
  for (const [n, { start, memorySize }] of segments.entries()) {
    const extent = { start, end: start + memorySize };
    if (extent.end > limit) return outOfReach(`segments[${String(n)}]`, extent, limit);
  }
  for (const [n, mapping] of mappings.entries()) {
    if (mapping.end > limit) return outOfReach(`mappings[${String(n)}]`, mapping, limit);
  }
  return ok(true);
}

/** What is mapped in 64-bit mode, in whole GiB: the first four, as Linux has them too, all RAM, segments and mappings. */
export function mapsOf({ map, segments, mappings, target }: SegmentsSubmission): Range[] {
  if (target.handoff !== 'long64') return [];
  const extents = segments.map(({ start, memorySize }) => range(start, start + memorySize));
  const reached = intersect([...map.usable, ...extents, ...mappings], [range(0n, LIMITS.long64)]);
  const whole = reached.map(({ start, end }) => range(alignDown(start, GIB), alignUp(end, GIB)));
  return normalize([range(0n, FOUR_GIB), ...whole]);
}

/** Room for the page tables that map this, and a bundle of so many bytes wherever it is; in bytes. */
export function sizeOfTables(maps: readonly Range[], own: bigint): bigint {
  if (maps.length === 0) return 0n;
  const mapped = maps.reduce((sum, { start, end }) => sum + tablesFor(start, end), 0n);
  // A range of so many bytes, and of these tables, begins and ends anywhere in a table.
  return (FIRST_TABLES + TOP_TABLES + mapped + tablesFor(0n, own) + 4n) * BigInt(PAGE);
}

/** Tables of the second level, one per GiB, and of the third; more if they are shared. */
function tablesFor(start: bigint, end: bigint): bigint {
  const count = (unit: bigint) => (alignUp(end, unit) - alignDown(start, unit)) / unit;
  return count(GIB) + count(LEVEL_3);
}
