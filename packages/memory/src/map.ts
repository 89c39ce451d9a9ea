import { hex, range, PAGE_SIZE, type Architecture, type Range, type Region } from '@kexec-kit/loader-api';
import { crashStretches, type CrashMap, type Stretch } from './crash.js';
import { intersect, normalize, pageInwards, subtract } from './ranges.js';

/**
 * What a plan depends on: the map that the firmware told, and what of it may be filled. Where the plan is for a crash kernel
 * (`crashKernel` is there), what that depends on, too.
 */
export interface MemoryMap extends CrashMap {
  readonly architecture?: Architecture;
  readonly told: readonly Region[];
  readonly usable: readonly Range[];
}

/**
 * Where content may be placed: the running kernel's System RAM as far as the firmware told of RAM there and of nothing else,
 * in whole pages, nothing below 0x1000 (the interrupt vectors and the BIOS data area are live).
 * The EBDA needs no rule of its own: firmware tells of it as reserved, and its page goes with it.
 *
 * @example
 * ```ts
 * usableFrom({ told: [{ ...range(0n, 0x9fc00n), kind: 'ram' }], systemRam: [range(0x1000n, 0x9fc00n)] });
 * // [range(0x1000n, 0x9f000n)]
 * ```
 */
export function usableFrom(map: {
  readonly told: readonly Region[];
  readonly systemRam: readonly Range[];
}): Range[] {
  const other = map.told.filter((region) => region.kind !== 'ram');
  const free = intersect(subtract(map.told, other), map.systemRam);
  return subtract(pageInwards(free), [range(0n, PAGE_SIZE)]);
}

/**
 * The told map in its least form: ascending, touching regions of one kind joined, none empty.
 * Two firmwares that tell the same in other pieces tell the same.
 */
export function normalizeRegions(told: readonly Region[]): Region[] {
  const kinds = [...new Set(told.map((region) => region.kind))];
  return kinds
    .flatMap((kind) =>
      normalize(told.filter((region) => region.kind === kind)).map((each) => ({ ...each, kind })),
    )
    .sort(byAddress);
}

/** No two are equal: of one kind, none share an address. */
function byAddress(a: Region, b: Region): number {
  if (a.start !== b.start) return a.start < b.start ? -1 : 1;
  if (a.end !== b.end) return a.end < b.end ? -1 : 1;
  return a.kind < b.kind ? -1 : 1;
}

/**
 * What changed between two maps, one readable line per stretch, ascending; empty exactly when their fingerprints are equal.
 *
 * @example
 * ```ts
 * mapDifference(saved, now); // ['0x7fe0000-0x8000000: was ram, is now reserved']
 * ```
 */
export function mapDifference(before: MemoryMap, after: MemoryMap): string[] {
  return [
    ...architectureDifference(before, after),
    ...stretchDifference(labelled(before.told), labelled(after.told), 'not told of'),
    ...stretchDifference(usable(before), usable(after), 'not usable'),
    ...crashDifference(before, after),
  ];
}

/** A plan for an ordinary kernel does not depend on any of this. */
function crashDifference(before: MemoryMap, after: MemoryMap): string[] {
  if (before.crashKernel === undefined) return [];
  const was = crashStretches(before);
  const is = crashStretches(after);
  const absent = ['not reserved for a crash kernel', 'no System RAM', 'nothing that a dump depends on'];
  return [
    ...absent.flatMap((words, i) => stretchDifference(was[i] ?? [], is[i] ?? [], words)),
    ...mappingDifference(before.crash?.pageOffset, after.crash?.pageOffset),
  ];
}

function mappingDifference(before: bigint | undefined, after: bigint | undefined): string[] {
  const [was, is] = [before, after].map((each) => (each === undefined ? 'not known' : hex(each)));
  return was === is ? [] : [`the direct mapping of memory: was ${String(was)}, is now ${String(is)}`];
}

function architectureDifference(before: MemoryMap, after: MemoryMap): string[] {
  if (before.architecture === undefined || after.architecture === undefined) return [];
  if (before.architecture === after.architecture) return [];
  return [`architecture: was ${before.architecture}, is now ${after.architecture}`];
}

function labelled(told: readonly Region[]): Stretch[] {
  return normalizeRegions(told).map(({ start, end, kind }) => ({ start, end, label: kind }));
}

function usable(map: MemoryMap): Stretch[] {
  return normalize(map.usable).map((each) => ({ ...each, label: 'usable' }));
}

/** Between two neighbouring cuts nothing changes on either side, so one address of each stretch speaks for all of it. */
function stretchDifference(before: readonly Stretch[], after: readonly Stretch[], absent: string): string[] {
  const cuts = [...new Set([...before, ...after].flatMap(({ start, end }) => [start, end]))].sort((a, b) =>
    a < b ? -1 : 1,
  );
  const changed: string[] = [];
  let start = 0n;
  for (const end of cuts) {
    const [was, is] = [labelOf(before, start, absent), labelOf(after, start, absent)];
    if (was !== is) changed.push(`${hex(start)}-${hex(end)}: was ${was}, is now ${is}`);
    start = end;
  }
  return changed;
}

function labelOf(ranges: readonly Stretch[], address: bigint, absent: string): string {
  const labels = ranges
    .filter(({ start, end }) => start <= address && address < end)
    .map(({ label }) => label);
  return labels.length === 0 ? absent : labels.sort().join(' and ');
}
