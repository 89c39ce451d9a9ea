import {
  PAGE_SIZE,
  type Address,
  type Part,
  type Range,
  type Region,
  type SegmentsSubmission,
  type Target,
} from '@kexec-kit/loader-api';
import { alignUp, subtract } from '@kexec-kit/memory';
import { encodeText, writer, type StructureBuilder } from '@kexec-kit/structures';
import { runsOf, type Run } from './contents.js';
import { crc32 } from './crc32.js';
import { BundleHeader, Mode } from './generated/bundle.js';
import * as from32 from './generated/program32.js';
import * as from64 from './generated/program64.js';
import { mapsOf, sizeOfTables } from './reach.js';
import { placeTables, writeTables, type Facts, type TablePlaces } from './tables.js';

/** Everything of a bundle that does not depend on where it is loaded: all of a module, and an image but for its front. */
export interface Layout {
  readonly parts: readonly Part[];
  /** In bytes. */
  readonly size: bigint;
  readonly runs: readonly Run[];
  /** Of each run's content, from the header's first byte. */
  readonly contents: readonly bigint[];
  readonly entries: Entries;
}

/** Offsets of first instructions, from the header's first byte. */
export interface Entries {
  /** For a boot loader. */
  readonly boot: number;
  /** For who kept it; in 64-bit mode there may be none. */
  readonly protected32: number;
  readonly long64?: number;
}

const MAGIC = 'kkbundle';
const VERSION = 1;
const STACK_SIZE = 2n * PAGE_SIZE;

/** The program by the state in which purgatory begins. */
const programs: Readonly<Record<Target['handoff'], { bytes: Uint8Array; entries: Entries }>> = {
  long64: {
    bytes: from64.program64,
    entries: { boot: from64.bootEntry, protected32: from64.entry32, long64: from64.entry64 },
  },
  protected32: {
    bytes: from32.program32,
    entries: { boot: from32.bootEntry, protected32: from32.entry32 },
  },
};

/**
 * Header, program and tables; then from page to page room for stack and page tables, and the content of each run.
 * There is nothing behind the file: who keeps the file has kept all.
 */
export function layoutOf(submission: SegmentsSubmission): Layout {
  const { bytes, entries } = programs[submission.target.handoff];
  const facts = factsOf(submission);
  const { runs, maps } = facts;
  const places = placeTables(bytes.length, facts);
  const room = alignUp(BigInt(places.end), PAGE_SIZE);
  const filled = runs.reduce((sum, { contentSize }) => sum + alignUp(contentSize, PAGE_SIZE), 0n);
  const tablesSize = sizeOfTables(maps, room + STACK_SIZE + filled);
  const start = room + STACK_SIZE + tablesSize;
  const contents = contentsFrom(start, runs);
  const head = writer(places.end).bytes(0, bytes);
  writeTables(head, places, facts, contents);
  writeHeader(head, submission, places, { facts, entries, size: start + filled, room, tablesSize });
  const front = [{ bytes: head.value }, { zeros: start - BigInt(places.end) }];
  return { parts: [...front, ...runs.flatMap(paddedContent)], size: start + filled, runs, contents, entries };
}

function factsOf(submission: SegmentsSubmission): Facts {
  const runs = submission.segments.flatMap(runsOf);
  return {
    runs,
    fresh: runs.flatMap(({ fresh }) => fresh),
    maps: mapsOf(submission),
    told: ramOf(submission.map.told),
  };
}

function ramOf(told: readonly Region[]): Range[] {
  const isRam = ({ kind }: Region) => kind === 'ram';
  return subtract(
    told.filter(isRam),
    told.filter((region) => !isRam(region)),
  );
}

function contentsFrom(start: bigint, runs: readonly Run[]): bigint[] {
  let next = start;
  return runs.map(({ contentSize }) => {
    const offset = next;
    next += alignUp(contentSize, PAGE_SIZE);
    return offset;
  });
}

/** With zeros up to whole pages. */
function paddedContent({ parts, contentSize }: Run): Part[] {
  const zeros = alignUp(contentSize, PAGE_SIZE) - contentSize;
  return zeros === 0n ? [...parts] : [...parts, { zeros }];
}

interface Sizes {
  readonly facts: Facts;
  readonly entries: Entries;
  readonly size: bigint;
  /** Where the room begins: the stack, then the page tables. */
  readonly room: Address;
  readonly tablesSize: bigint;
}

function writeHeader(
  head: StructureBuilder,
  { entry, target }: SegmentsSubmission,
  places: TablePlaces,
  { facts, entries, size, room, tablesSize }: Sizes,
): void {
  const { at } = BundleHeader;
  head
    .bytes(at.magic, encodeText(MAGIC))
    .u32(at.version, VERSION)
    .u32(at.checked_size, places.end)
    .u32(at.alignment, PAGE_SIZE)
    .u64(at.size, size)
    .u32(at.mode, Mode[target.handoff])
    .u32(at.entry32, entries.protected32)
    .u32(at.entry64, entries.long64 ?? 0)
    .u32(at.boot_entry, entries.boot)
    .u64(at.entry, entry)
    .u32(at.segments, places.runs)
    .u32(at.segment_count, facts.runs.length)
    .u32(at.fresh, places.fresh)
    .u32(at.fresh_count, facts.fresh.length)
    .u32(at.maps, places.maps)
    .u32(at.map_count, facts.maps.length)
    .u32(at.tables, room + STACK_SIZE)
    .u32(at.tables_size, tablesSize)
    .u32(at.stack_end, room + STACK_SIZE)
    .u32(at.told, places.told)
    .u32(at.told_count, facts.told.length);
  // Last, since it covers all that is written above.
  head.u32(at.checksum, crc32(head.value));
}
