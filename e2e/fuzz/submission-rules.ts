import {
  hex,
  PAGE_SIZE,
  range,
  type Machine,
  type Part,
  type PlacedSegment,
  type Plan,
  type Range,
  type SegmentsSubmission,
} from '@kexec-kit/loader-api';
import { contains, overlaps } from '@kexec-kit/memory';
import { rule } from './finding.js';

/** The rules of the machine, asked of the bytes that a backend would be handed; written apart from what places them. */
export function demandSubmission(submission: SegmentsSubmission, plan: Plan, machine: Machine): void {
  const { segments, target, entry, mappings, sources } = submission;
  const extents = segments.map(extentOf);
  const allowed = submission.purpose === 'crash' ? machine.crashKernel : machine.usable;
  rule(segments.length + mappings.length <= target.maxSegments, 'more segments than the target takes');
  extents.forEach((extent, i) => {
    const what = `the segment ${hex(extent.start)}-${hex(extent.end)}`;
    rule(extent.start % PAGE_SIZE === 0n && extent.end % PAGE_SIZE === 0n, `${what} is not whole pages`);
    rule(extent.start >= PAGE_SIZE && extent.end > extent.start, `${what} is empty, or in page 0`);
    rule(extent.end <= target.addressEnd, `${what} is out of the target's reach`);
    rule(contains(allowed, extent), `${what} is not in usable memory`);
    const next = extents[i + 1];
    rule(next === undefined || next.start >= extent.end, `${what} overlaps the next, or they do not ascend`);
    const clobbered = plan.clobbers?.some((each) => overlaps(each, extent)) ?? false;
    rule(!clobbered, `${what} lies where the image writes at entry`);
  });
  rule(
    extents.some(({ start, end }) => start <= entry && entry < end),
    'the entry lies in no segment',
  );
  const sizes = new Map(sources.map(({ id, size }) => [id, size]));
  for (const segment of segments) demandContent(segment, sizes);
}

export function extentOf({ start, memorySize }: PlacedSegment): Range {
  return range(start, start + memorySize);
}

function demandContent(
  { parts, memorySize, start }: PlacedSegment,
  sizes: ReadonlyMap<string, number>,
): void {
  const content = parts.reduce((sum, part) => sum + lengthOf(part), 0n);
  rule(content <= memorySize, `the segment at ${hex(start)} has more content than memory`);
  for (const part of parts) {
    rule(lengthOf(part) >= 0n, `the segment at ${hex(start)} has a part of negative length`);
    if (!('source' in part)) continue;
    const size = sizes.get(part.source) ?? -1;
    const inside = part.offset >= 0 && part.offset + part.length <= size;
    rule(inside, `the segment at ${hex(start)} takes bytes that ${part.source} does not have`);
  }
}

function lengthOf(part: Part): bigint {
  if ('bytes' in part) return BigInt(part.bytes.length);
  if ('zeros' in part) return part.zeros;
  return BigInt('source' in part ? part.length : part.fresh);
}
