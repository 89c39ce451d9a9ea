import {
  sizeOf,
  type Address,
  type Attempt,
  type Piece,
  type Range,
  type SegmentsSubmission,
} from '@kexec-kit/loader-api';
import { subtract } from '@kexec-kit/memory';

/** One stretch of the memory map as both pictures show it: ascending, disjoint, without gaps between firmware ranges. */
export interface Row extends Range {
  readonly kind: 'segment' | 'piece' | 'free' | 'kept' | 'mapping';
  readonly label: string;
  /** Content in bytes, for pieces. */
  readonly content?: bigint;
  /** What it is and why it may stand there: the plan's words. */
  readonly why?: string;
  /** Why it stands exactly here: what the search did. */
  readonly search?: readonly Attempt[];
}

/** The memory map of a submission: every segment with its pieces, every hole left, everything that is not ours. */
export function rowsOf(submission: SegmentsSubmission): readonly Row[] {
  const segments = submission.segments.map(extentOf);
  const rows: Row[] = [
    ...submission.segments.flatMap(segmentRows),
    ...submission.mappings.map((range): Row => ({
      ...range,
      kind: 'mapping',
      label: 'mapped, left as it is',
    })),
    ...free(submission, segments),
    ...kept(submission),
  ];
  return rows.sort((a, b) => compare(a.start, b.start) || compare(b.end, a.end));
}

function compare(a: Address, b: Address): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function extentOf(segment: { start: Address; memorySize: bigint }): Range {
  return { start: segment.start, end: segment.start + segment.memorySize };
}

/** A segment with one piece is one row; a packed one has a row of its own and one for each piece. */
function segmentRows(segment: SegmentsSubmission['segments'][number]): readonly Row[] {
  const [first, ...others] = segment.pieces;
  const extent = extentOf(segment);
  if (first !== undefined && others.length === 0) return [{ ...pieceRow(first), ...extent, kind: 'segment' }];
  const label = `${String(segment.pieces.length)} pieces in one segment`;
  return [{ ...extent, kind: 'segment', label }, ...segment.pieces.map(pieceRow)];
}

function pieceRow(piece: Piece): Row {
  return {
    ...extentOf(piece),
    kind: 'piece',
    label: piece.id,
    content: piece.size,
    ...(piece.why === undefined ? {} : { why: piece.why }),
    search: piece.search,
  };
}

function free({ map, purpose }: SegmentsSubmission, segments: readonly Range[]): readonly Row[] {
  const { usable, crashKernel = [] } = map;
  const [label, places] = purpose === 'crash' ? [RESERVED, crashKernel] : ['free', usable];
  const running = purpose === 'crash' ? subtract(usable, crashKernel) : [];
  return [
    ...subtract(places, segments).map((range): Row => ({ ...range, kind: 'free', label })),
    ...running.map((range): Row => ({ ...range, kind: 'kept', label: RUNNING })),
  ];
}

const RESERVED = 'free: reserved for a crash kernel';
const RUNNING = 'of the running kernel: nothing is placed there';

/** What the firmware told and nobody may use, and the RAM that the running kernel does not call usable. */
function kept(submission: SegmentsSubmission): readonly Row[] {
  return submission.map.told.flatMap((region): readonly Row[] => {
    if (region.kind !== 'ram')
      return [{ start: region.start, end: region.end, kind: 'kept', label: region.kind }];
    return subtract([region], submission.map.usable).map((range) => ({
      ...range,
      kind: 'kept',
      label: keptRam(range),
    }));
  });
}

function keptRam(range: Range): string {
  return range.start < 0x1000n ? 'kept: interrupt vectors, BIOS data' : 'RAM that is not to be used';
}

/** The search of one piece as sentences: what was wanted, what was refused, what was taken. */
export function explainSearch(search: readonly Attempt[]): readonly string[] {
  return search.flatMap((attempt) => [
    `wanted ${attempt.wanted}`,
    ...attempt.refused.map(
      (hole) => `  not 0x${hole.start.toString(16)}-0x${hole.end.toString(16)}: ${hole.reason}`,
    ),
    attempt.chosen === undefined ? '  nothing fits' : `  taken: 0x${attempt.chosen.toString(16)}`,
  ]);
}

export function sizeOfRow(row: Row): bigint {
  return sizeOf(row);
}
