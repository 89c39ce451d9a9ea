import { range, type Address, type Part, type PlacedSegment, type Range } from '@kexec-kit/loader-api';
import { max, min } from '@kexec-kit/memory';

/** One stretch of memory that the program fills: content, then zeros. */
export interface Run {
  /** The pieces of the plan that it holds, as messages name them. */
  readonly name: string;
  readonly destination: Address;
  readonly memorySize: bigint;
  /** Never `fresh`: where the plan has that, zeros. */
  readonly parts: readonly Part[];
  readonly contentSize: bigint;
  /** What is random; addresses. */
  readonly fresh: readonly Range[];
}

interface PartAt {
  readonly at: Address;
  readonly part: Part;
}

/** So many zeros are not worth their place in a file. In bytes. */
const GAP = 1n << 16n;

/** A segment as runs, which together are all of its memory: a gap of zeros ends one. */
export function runsOf(segment: PlacedSegment): Run[] {
  const groups: PartAt[][] = [];
  let isOpen = false;
  for (const one of partsAt(segment)) {
    const isGap = 'zeros' in one.part && one.part.zeros >= GAP;
    if (!isGap && !isOpen) groups.push([]);
    if (!isGap) groups.at(-1)?.push(one);
    isOpen = !isGap;
  }
  const starts = groups.map(([first]) => first?.at ?? segment.start);
  if (starts[0] !== segment.start) {
    groups.unshift([]);
    starts.unshift(segment.start);
  }
  const end = segment.start + segment.memorySize;
  return groups.map((group, n) => runOf(segment, group, starts[n] ?? end, starts[n + 1] ?? end));
}

function runOf(segment: PlacedSegment, group: readonly PartAt[], start: Address, end: Address): Run {
  return {
    name: nameOf(segment, range(start, end)),
    destination: start,
    memorySize: end - start,
    parts: group.map(({ part }) => ('fresh' in part ? { zeros: BigInt(part.fresh) } : part)),
    contentSize: group.reduce((sum, { part }) => sum + lengthOf(part), 0n),
    fresh: group.flatMap(({ at, part }) => ('fresh' in part ? [range(at, at + lengthOf(part))] : [])),
  };
}

function partsAt({ start, parts }: PlacedSegment): PartAt[] {
  let at = start;
  return parts
    .map((part) => {
      const placed = { at, part };
      at += lengthOf(part);
      return placed;
    })
    .filter(({ part }) => lengthOf(part) > 0n);
}

function nameOf({ pieces }: PlacedSegment, { start, end }: Range): string {
  const inside = pieces.filter((piece) => max(piece.start, start) < min(piece.start + piece.memorySize, end));
  return inside.map(({ id }) => id).join(' ');
}

/** In bytes. */
export function lengthOf(part: Part): bigint {
  if ('bytes' in part) return BigInt(part.bytes.length);
  if ('source' in part) return BigInt(part.length);
  return 'zeros' in part ? part.zeros : BigInt(part.fresh);
}
