import {
  hex,
  ok,
  PAGE_SIZE,
  sizeOf,
  type Machine,
  type Part,
  type PlacedSegment,
  type Range,
  type Result,
  type SegmentsSubmission,
  type Submission,
  type Target,
} from '@kexec-kit/loader-api';
import { contains, fingerprint, mapDifference, overlaps } from '@kexec-kit/memory';
import { badSubmission, otherMachine, unsupported } from './codes.js';
import { engines } from './engines.js';

/** More than any target has a use for; it bounds the page tables that a submission can ask for. */
const MOST_MAPPINGS = 64;

/**
 * Whether a guest that is this machine and hands over like this can run a submission.
 * It may come from a file that somebody edited: nothing in it is believed.
 */
export function checkSubmission(
  submission: Submission,
  machine: Machine,
  target: Target,
): Result<SegmentsSubmission> {
  if (submission.method !== 'segments')
    return unsupported('a submission for kexec_file_load', 'segments', target);
  if (submission.target.handoff !== target.handoff) {
    return unsupported(`the hand-over ${submission.target.handoff}`, target.handoff, target);
  }
  return (
    firstFailure(
      () => checkMap(submission, machine),
      () => checkSegments(submission, machine, target),
      () => checkMappings(submission, target),
      () => checkEntry(submission),
    ) ?? ok(submission)
  );
}

type Check = Result<unknown>;

function firstFailure(...checks: readonly (() => Check)[]) {
  for (const check of checks) {
    const result = check();
    if (!result.ok) return result;
  }
  return undefined;
}

/** No kernel runs in the guest that could crash: what a plan for a crash kernel says of one is not compared. */
function checkMap({ architecture, map, purpose }: SegmentsSubmission, machine: Machine): Check {
  const { told, usable } = map;
  const differences = mapDifference({ architecture, told, usable }, machine);
  if (differences.length > 0) return otherMachine(differences);
  if (map.fingerprint === fingerprint({ architecture, ...map }, engines, purpose)) return ok(true);
  return otherMachine(['the fingerprint is not that of the map beside it']);
}

function checkSegments({ segments }: SegmentsSubmission, { usable }: Machine, target: Target): Check {
  if (segments.length > target.maxSegments) {
    return badSubmission('segments', `are ${segments.length}, more than ${target.maxSegments}`);
  }
  const extents = segments.map(extentOf);
  for (const [n, segment] of segments.entries()) {
    const extent = extentOf(segment);
    const wrong =
      whyNotPages(extent) ??
      (contains(usable, extent) ? undefined : `${text(extent)} is not in usable RAM`) ??
      whyOutOfReach(extent, target) ??
      (extents.slice(0, n).some((other) => overlaps(other, extent))
        ? `${text(extent)} overlaps another`
        : undefined) ??
      whyNotContent(segment);
    if (wrong !== undefined) return badSubmission(`segments[${n}]`, wrong);
  }
  return ok(true);
}

function checkMappings({ mappings }: SegmentsSubmission, target: Target): Check {
  if (mappings.length > MOST_MAPPINGS)
    return badSubmission('mappings', `are ${mappings.length}, more than ${MOST_MAPPINGS}`);
  for (const [n, mapping] of mappings.entries()) {
    const wrong = whyNotPages(mapping) ?? whyOutOfReach(mapping, target);
    if (wrong !== undefined) return badSubmission(`mappings[${n}]`, wrong);
  }
  return ok(true);
}

function checkEntry({ entry, segments }: SegmentsSubmission): Check {
  const inside = segments.map(extentOf).some(({ start, end }) => start <= entry && entry < end);
  return inside ? ok(true) : badSubmission('entry', `${hex(entry)} is in no segment`);
}

/** The memory that a segment takes. */
export function extentOf({ start, memorySize }: PlacedSegment): Range {
  return { start, end: start + memorySize };
}

/** The size of a part's content, in bytes. */
export function lengthOf(part: Part): bigint {
  if ('bytes' in part) return BigInt(part.bytes.length);
  if ('source' in part) return BigInt(part.length);
  return 'zeros' in part ? part.zeros : BigInt(part.fresh);
}

/** The content of a segment, in bytes. */
export function contentLength({ parts }: PlacedSegment): bigint {
  return parts.reduce((sum, part) => sum + lengthOf(part), 0n);
}

function whyNotContent(segment: PlacedSegment): string | undefined {
  if (segment.parts.some((part) => lengthOf(part) < 0n)) return 'has a part of negative length';
  return contentLength(segment) > segment.memorySize ? 'has more content than memory' : undefined;
}

function whyOutOfReach(extent: Range, { addressEnd }: Target): string | undefined {
  return extent.end > addressEnd ? `ends above ${hex(addressEnd)}` : undefined;
}

function whyNotPages(extent: Range): string | undefined {
  if (extent.start < 0n || sizeOf(extent) <= 0n) return `${text(extent)} is no range`;
  return extent.start % PAGE_SIZE === 0n && extent.end % PAGE_SIZE === 0n
    ? undefined
    : `${text(extent)} is not whole pages`;
}

function text({ start, end }: Range): string {
  return `${hex(start)}-${hex(end)}`;
}
