import { hex, LAST_WORDS_SIZE, PAGE_SIZE, range } from '@kexec-kit/loader-api';
import type {
  Address,
  CheckedRegion,
  Diagnostic,
  Engines,
  FileSubmission,
  Part,
  Piece,
  PlacedSegment,
  Range,
  SegmentsSubmission,
  Source,
  Submission,
} from '@kexec-kit/loader-api';
import { contains, destinations, fingerprint } from '@kexec-kit/memory';
import { savedInconsistent } from './codes.js';
import { shown } from './shown.js';

/** What is wrong, and where; generators give them in the order of the file, and the first is reported. */
type Problems = Generator<readonly [field: string, problem: string], void>;

/** The first contradiction within a submission that a schema cannot see, if any. */
export function inconsistency(submission: Submission, engines: Engines): Diagnostic | undefined {
  for (const [field, problem] of problemsOf(submission, engines)) {
    return savedInconsistent(`submission.${field}`, problem);
  }
  return undefined;
}

function* problemsOf(submission: Submission, engines: Engines): Problems {
  yield* mapProblems(submission, engines);
  yield* sourceProblems(submission.sources);
  yield* submission.method === 'segments' ? segmentsProblems(submission) : fileProblems(submission);
}

function* mapProblems(submission: Submission, engines: Engines): Problems {
  const { architecture, map, method } = submission;
  // kexec_file_load describes the running kernel by itself.
  const purpose = method === 'segments' ? submission.purpose : 'normal';
  yield* ascending('map.told', map.told);
  yield* ascending('map.usable', map.usable);
  for (const [index, { start, end }] of map.usable.entries()) {
    if (!isPageAligned(start) || !isPageAligned(end)) yield [`map.usable.${index}`, 'not page-aligned'];
  }
  if (purpose === 'crash') yield* ascending('map.crashKernel', map.crashKernel ?? []);
  else if (map.crashKernel !== undefined || map.crash !== undefined)
    yield ['map', 'what only a crash kernel depends on'];
  if (map.fingerprint !== fingerprint({ architecture, ...map }, engines, purpose)) {
    yield ['map.fingerprint', 'it is of another memory map'];
  }
}

function* sourceProblems(sources: readonly Source[]): Problems {
  const seen = new Set<string>();
  for (const [index, { id }] of sources.entries()) {
    if (seen.has(id)) yield [`sources.${index}.id`, `${shown(id)} names two sources`];
    seen.add(id);
  }
}

function* fileProblems({ kernel, initrds, sources }: FileSubmission): Problems {
  const known = new Set(sources.map(({ id }) => id));
  if (!known.has(kernel)) yield ['kernel', `no source ${shown(kernel)}`];
  for (const [index, initrd] of initrds.entries())
    if (!known.has(initrd)) yield [`initrds.${index}`, `no source ${shown(initrd)}`];
}

function* segmentsProblems(submission: SegmentsSubmission): Problems {
  const { target, segments, mappings, checked, entry, sources } = submission;
  const taken = segments.map(({ start, memorySize }) => ({ start, end: start + memorySize }));
  if (segments.length + mappings.length > target.maxSegments) {
    yield ['segments', `more than the ${target.maxSegments} that ${target.name} takes`];
  }
  yield* ascending('segments', taken);
  for (const [index, segment] of segments.entries()) {
    yield* segmentProblems(`segments.${index}`, segment, submission);
    yield* partsProblems(`segments.${index}.parts`, segment, sources);
    yield* piecesProblems(`segments.${index}.pieces`, segment);
  }
  if (!taken.some(({ start, end }) => start <= entry && entry < end))
    yield ['entry', `${hex(entry)} lies in no segment`];
  yield* checkedProblems(checked, taken);
  yield* writtenProblems(submission, taken);
  for (const [index, { start, end }] of mappings.entries())
    if (end <= start) yield [`mappings.${index}`, 'an empty range'];
}

function* segmentProblems(
  field: string,
  segment: PlacedSegment,
  { target, purpose, map }: SegmentsSubmission,
): Problems {
  const { start, memorySize } = segment;
  const end = start + memorySize;
  if (!isPageAligned(start) || !isPageAligned(memorySize)) yield [field, 'not page-aligned'];
  if (start < PAGE_SIZE)
    yield [field, `page 0 holds live data, nothing may be placed below ${hex(PAGE_SIZE)}`];
  if (end > target.addressEnd) yield [field, `it ends at ${hex(end)}, beyond ${hex(target.addressEnd)}`];
  const { usable, crashKernel = [] } = map;
  if (!contains(destinations({ usable, crashKernel }, purpose), range(start, end))) {
    yield [
      field,
      purpose === 'normal' ? 'it does not lie in usable RAM' : 'it does not lie in the crash region',
    ];
  }
}

function* partsProblems(
  field: string,
  { parts, memorySize }: PlacedSegment,
  sources: readonly Source[],
): Problems {
  const size = parts.reduce((sum, part) => sum + sizeOfPart(part), 0n);
  if (size > memorySize) yield [field, `${hex(size)} bytes of content in ${hex(memorySize)} bytes of memory`];
  for (const [index, part] of parts.entries()) {
    if (!('source' in part)) continue;
    const source = sources.find(({ id }) => id === part.source);
    if (source === undefined) yield [`${field}.${index}`, `no source ${shown(part.source)}`];
    else if (part.offset + part.length > source.size)
      yield [`${field}.${index}`, `beyond the end of ${source.name}`];
  }
}

function* piecesProblems(field: string, segment: PlacedSegment): Problems {
  const whole = range(segment.start, segment.start + segment.memorySize);
  for (const [index, piece] of segment.pieces.entries()) {
    if (piece.size > piece.memorySize) yield [`${field}.${index}.size`, 'more content than memory'];
    if (!within(whole, piece)) yield [`${field}.${index}`, 'it lies outside its segment'];
  }
}

function* checkedProblems(checked: readonly CheckedRegion[], segments: readonly Range[]): Problems {
  for (const [index, region] of checked.entries()) {
    const { start, length: memorySize } = region;
    if (!segments.some((segment) => within(segment, { start, memorySize }))) {
      yield [`checked.${index}`, `${shown(region.name)} lies in no segment`];
    }
  }
}

/** Purgatory writes into segments only. */
function* writtenProblems(
  { copies = [], lastWords }: SegmentsSubmission,
  segments: readonly Range[],
): Problems {
  const inside = (start: Address, memorySize: bigint) =>
    segments.some((segment) => within(segment, { start, memorySize }));
  for (const [index, { to, length }] of copies.entries())
    if (!inside(to, length)) yield [`copies.${index}.to`, `${hex(to)} lies in no segment`];
  if (lastWords !== undefined && !inside(lastWords, BigInt(LAST_WORDS_SIZE)))
    yield ['lastWords', `${hex(lastWords)} lies in no segment`];
}

/** Ranges that hold something, one after the other. */
function* ascending(field: string, ranges: readonly Range[]): Problems {
  let last = 0n;
  for (const [index, { start, end }] of ranges.entries()) {
    if (end <= start) yield [`${field}.${index}`, `${hex(start)}-${hex(end)} is no range`];
    if (start < last) yield [`${field}.${index}`, `${hex(start)} lies before the end of what precedes it`];
    last = end;
  }
}

function sizeOfPart(part: Part): bigint {
  if ('bytes' in part) return BigInt(part.bytes.length);
  if ('source' in part) return BigInt(part.length);
  return 'zeros' in part ? part.zeros : BigInt(part.fresh);
}

function within(outer: Range, { start, memorySize }: Pick<Piece, 'start' | 'memorySize'>): boolean {
  return start >= outer.start && start + memorySize <= outer.end;
}

function isPageAligned(value: Address): boolean {
  return value % PAGE_SIZE === 0n;
}
