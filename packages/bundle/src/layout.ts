import {
  PAGE_SIZE,
  toIndex,
  type Part,
  type Range,
  type SegmentsSubmission,
  type Target,
} from '@kexec-kit/loader-api';
import { alignUp } from '@kexec-kit/memory';
import { encodeText, writer, type StructureBuilder } from '@kexec-kit/structures';
import { runsOf, type Run } from './contents.js';
import { crc32 } from './crc32.js';
import { BundleHeader, BundleSegment, BundleStretch, Mode } from './generated/bundle.js';
import * as from32 from './generated/program32.js';
import * as from64 from './generated/program64.js';
import { mapsOf, sizeOfTables } from './reach.js';

/** Everything of a bundle that does not depend on where it is loaded: all of a module, and an image but for its front. */
export interface Layout {
  readonly parts: readonly Part[];
  /** In bytes. */
  readonly size: bigint;
  readonly runs: readonly Run[];
  /** Of each run's content, from the header's first byte. */
  readonly offsets: readonly bigint[];
  /** Of the instruction that a boot loader enters. */
  readonly bootEntry: number;
}

const MAGIC = 'kkbundle';
const VERSION = 1;
const STACK_SIZE = 2n * PAGE_SIZE;
const SEGMENT_SIZE = sizeOfEntry(BundleSegment.at.name);
const STRETCH_SIZE = sizeOfEntry(BundleStretch.at.end);
const NAME_SIZE = BundleSegment.at.name.size;

const programs = {
  long64: { bytes: from64.program64, ...from64 },
  protected32: { bytes: from32.program32, ...from32 },
} as const satisfies Record<Target['handoff'], unknown>;

/**
 * Header and program, tables, then from page to page: room for stack and page tables, and the content of each run.
 * There is nothing behind the file: who keeps the file has kept all.
 */
export function layoutOf(submission: SegmentsSubmission): Layout {
  const { handoff } = submission.target;
  const runs = submission.segments.flatMap(runsOf);
  const tables = placeTables(programs[handoff].bytes, runs, mapsOf(submission));
  const contents = runs.reduce((sum, { contentSize }) => sum + alignUp(contentSize, PAGE_SIZE), 0n);
  const room = alignUp(BigInt(tables.end), PAGE_SIZE);
  const tablesSize = sizeOfTables(tables.maps, room + STACK_SIZE + contents);
  const start = room + STACK_SIZE + tablesSize;
  const offsets = offsetsFrom(start, runs);
  const size = start + contents;
  const head = writer(tables.end).bytes(0, programs[handoff].bytes);
  writeTables(head, tables, runs, offsets);
  writeHeader(head, tables, { entry: submission.entry, handoff, size, room, tablesSize });
  const parts = [...padded([{ bytes: head.value }], BigInt(tables.end)), { zeros: start - room }];
  const { bootEntry } = programs[handoff];
  return { parts: [...parts, ...contentsOf(runs)], size, runs, offsets, bootEntry };
}

/** Where the tables stand, behind the program. */
interface Tables {
  readonly segments: number;
  readonly fresh: number;
  readonly maps: readonly Range[];
  readonly mapsAt: number;
  readonly freshRanges: readonly Range[];
  readonly end: number;
}

function placeTables(program: Uint8Array, runs: readonly Run[], maps: readonly Range[]): Tables {
  const freshRanges = runs.flatMap(({ fresh }) => fresh);
  const segments = toIndex(alignUp(BigInt(program.length), 16n));
  const fresh = segments + runs.length * SEGMENT_SIZE;
  const mapsAt = fresh + freshRanges.length * STRETCH_SIZE;
  return { segments, fresh, freshRanges, maps, mapsAt, end: mapsAt + maps.length * STRETCH_SIZE };
}

function offsetsFrom(start: bigint, runs: readonly Run[]): bigint[] {
  let next = start;
  return runs.map(({ contentSize }) => {
    const offset = next;
    next += alignUp(contentSize, PAGE_SIZE);
    return offset;
  });
}

function writeTables(
  head: StructureBuilder,
  { segments, fresh, freshRanges, maps, mapsAt }: Tables,
  runs: readonly Run[],
  offsets: readonly bigint[],
): void {
  runs.forEach((run, n) => head.bytes(segments + n * SEGMENT_SIZE, segmentEntry(run, offsets[n] ?? 0n)));
  freshRanges.forEach((each, n) => head.bytes(fresh + n * STRETCH_SIZE, stretchEntry(each)));
  maps.forEach((each, n) => head.bytes(mapsAt + n * STRETCH_SIZE, stretchEntry(each)));
}

function segmentEntry({ name, destination, memorySize, contentSize }: Run, content: bigint): Uint8Array {
  const { at } = BundleSegment;
  return writer(SEGMENT_SIZE)
    .u64(at.destination, destination)
    .u64(at.memory_size, memorySize)
    .u64(at.content, content)
    .u64(at.content_size, contentSize)
    .bytes(at.name, encodeText(printable(name))).value;
}

/** Ids are the loaders' own: what no console could print becomes a question mark. */
function printable(name: string): string {
  return name.replace(/[^ -~]/g, '?').slice(0, NAME_SIZE);
}

function stretchEntry({ start, end }: Range): Uint8Array {
  return writer(STRETCH_SIZE).u64(BundleStretch.at.start, start).u64(BundleStretch.at.end, end).value;
}

interface HeaderFacts {
  readonly entry: bigint;
  readonly handoff: Target['handoff'];
  readonly size: bigint;
  readonly room: bigint;
  readonly tablesSize: bigint;
}

function writeHeader(head: StructureBuilder, tables: Tables, facts: HeaderFacts): void {
  const { at } = BundleHeader;
  const { handoff, room } = facts;
  const { bootEntry, entry32, entry64 } = programs[handoff];
  head
    .bytes(at.magic, encodeText(MAGIC))
    .u32(at.version, VERSION)
    .u32(at.checked_size, tables.end)
    .u32(at.alignment, PAGE_SIZE)
    .u64(at.size, facts.size)
    .u32(at.mode, Mode[handoff])
    .u32(at.entry32, entry32)
    .u32(at.entry64, entry64)
    .u32(at.boot_entry, bootEntry)
    .u64(at.entry, facts.entry)
    .u32(at.segments, tables.segments)
    .u32(at.segment_count, (tables.fresh - tables.segments) / SEGMENT_SIZE)
    .u32(at.fresh, tables.fresh)
    .u32(at.fresh_count, tables.freshRanges.length)
    .u32(at.maps, tables.mapsAt)
    .u32(at.map_count, tables.maps.length)
    .u32(at.tables, room + STACK_SIZE)
    .u32(at.tables_size, facts.tablesSize)
    .u32(at.stack_end, room + STACK_SIZE);
  // Last, since it covers all that is written above.
  head.u32(at.checksum, crc32(head.value));
}

function contentsOf(runs: readonly Run[]): Part[] {
  return runs.flatMap(({ parts, contentSize }) => padded(parts, contentSize));
}

/** With zeros up to whole pages. */
function padded(parts: readonly Part[], size: bigint): Part[] {
  const zeros = alignUp(size, PAGE_SIZE) - size;
  return zeros === 0n ? [...parts] : [...parts, { zeros }];
}

function sizeOfEntry(lastField: { readonly offset: number; readonly size: number }): number {
  return lastField.offset + lastField.size;
}
