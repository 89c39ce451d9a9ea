import {
  type Address,
  LAST_WORDS_SIZE,
  type LastWords,
  type Machine,
  PAGE_SIZE,
  type Policy,
  range,
  type Range,
  type Segment,
  type SegmentId,
  sizeOf,
} from '@kexec-kit/loader-api';
import { intersect } from '@kexec-kit/memory';
import type { MapHole } from './map-hole.js';
import { LOWEST } from './placement.js';

/** Purgatory's record in a page that the next kernel is told of as reserved: what a plan needs for that. */
export interface LastWordsPage {
  readonly segment: Segment;
  readonly lastWords: LastWords;
  readonly hole: MapHole;
}

/** The page's segment. */
export const LAST_WORDS_PAGE: SegmentId = 'last-words';

/** What bounds {@link lastWordsPage}. */
export interface PageLimits {
  /** Nothing of it lies at or above. */
  readonly end: Address;
  /** How many regions the next kernel's memory map can have. Default: any number. */
  readonly mostRegions?: number;
  /** What else is to be placed, besides purgatory: where all of it would not fit beside the page, there is none. Default: nothing. */
  readonly beside?: readonly Pick<Segment, 'memorySize'>[];
}

/** The page, and what of its region lies behind it. */
const MORE_REGIONS = 2;
/** In bytes: more than purgatory takes with its tables. */
const PURGATORY_ROOM = 0x10000n;

/**
 * A page for the record of how far the hand-over got, for a kernel that no list tells of it: its memory map says `reserved`.
 * The page lies in the one region of RAM with the most room, so that what the map looks like does not depend on where; and
 * neither first nor last in it, so that no entry of the map is empty.
 *
 * @returns nothing where no RAM between 1 MiB and `end` may be had, the map would grow too long, or the page might take the place of
 *   what is to be started: the record is never worth that.
 * @example
 * ```ts no-run
 * const page = lastWordsPage(machine, policy, { end: 1n << 32n });
 * const map = mapToTell(machine.told, page?.hole);
 * ```
 */
export function lastWordsPage(
  machine: Machine,
  policy: Policy,
  { end, mostRegions = Infinity, beside = [] }: PageLimits,
): LastWordsPage | undefined {
  if (machine.told.length + MORE_REGIONS > mostRegions) return undefined;
  const needed = beside.reduce((sum, { memorySize }) => sum + memorySize, PAGE_SIZE + PURGATORY_ROOM);
  const within = roomiest(machine, policy, end, needed);
  if (within === undefined) return undefined;
  return {
    segment: {
      id: LAST_WORDS_PAGE,
      parts: [],
      memorySize: PAGE_SIZE,
      placements: [{ within, align: PAGE_SIZE, from: 'top' }],
      why: `how far the hand-over got, ${LAST_WORDS_SIZE} bytes that purgatory writes: the memory map says that this page is reserved`,
    },
    lastWords: { segment: LAST_WORDS_PAGE, offset: 0n },
    hole: { segment: LAST_WORDS_PAGE, within, told: { kind: 'reserved', size: PAGE_SIZE } },
  };
}

/** Of the told regions of RAM what may be used of the one that leaves most: its first stretch and its last, and all between. */
function roomiest(
  { told, usable }: Machine,
  { memory }: Policy,
  end: Address,
  needed: bigint,
): Range | undefined {
  let best: { readonly within: Range; readonly room: bigint } | undefined;
  for (const region of told.filter(({ kind }) => kind === 'ram')) {
    const inside = { start: region.start + PAGE_SIZE, end: region.end - PAGE_SIZE };
    if (inside.start >= inside.end) continue;
    const allowed = intersect([inside], [range(LOWEST, end)]);
    const free = intersect(intersect(usable, allowed), memory === undefined ? allowed : [memory]);
    const [first, last] = [free[0], free.at(-1)];
    const room = free.reduce((sum, each) => sum + sizeOf(each), 0n);
    if (first === undefined || last === undefined || room < needed || room <= (best?.room ?? 0n)) continue;
    best = { within: range(first.start, last.end), room };
  }
  return best?.within;
}
