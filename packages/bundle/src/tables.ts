import { toIndex, type Range } from '@kexec-kit/loader-api';
import { alignUp } from '@kexec-kit/memory';
import { encodeText, writer, type StructureBuilder } from '@kexec-kit/structures';
import type { Run } from './contents.js';
import { BundleSegment, BundleStretch } from './generated/bundle.js';

/** What the program has to know of a submission. */
export interface Facts {
  readonly runs: readonly Run[];
  /** Filled with random bytes. */
  readonly fresh: readonly Range[];
  /** Mapped in 64-bit mode. */
  readonly maps: readonly Range[];
  /** RAM, as the next kernel is told. */
  readonly told: readonly Range[];
}

/** Where the tables of the facts stand, from the header's first byte, in bytes. */
export interface TablePlaces extends Readonly<Record<keyof Facts, number>> {
  /** Of all of them. */
  readonly end: number;
}

const ALIGN = 16n;
const SEGMENT_SIZE = sizeOfEntry(BundleSegment.at.name);
const STRETCH_SIZE = sizeOfEntry(BundleStretch.at.end);
const NAME_SIZE = BundleSegment.at.name.size;

/** The tables one after the other, behind so many bytes. */
export function placeTables(before: number, facts: Facts): TablePlaces {
  const runs = toIndex(alignUp(BigInt(before), ALIGN));
  const fresh = runs + facts.runs.length * SEGMENT_SIZE;
  const maps = fresh + facts.fresh.length * STRETCH_SIZE;
  const told = maps + facts.maps.length * STRETCH_SIZE;
  return { runs, fresh, maps, told, end: told + facts.told.length * STRETCH_SIZE };
}

/** Writes them; `contents` are the offsets of the runs' contents. */
export function writeTables(
  into: StructureBuilder,
  places: TablePlaces,
  facts: Facts,
  contents: readonly bigint[],
): void {
  facts.runs.forEach((run, n) => {
    into.bytes(places.runs + n * SEGMENT_SIZE, segmentEntry(run, contents[n] ?? 0n));
  });
  for (const table of ['fresh', 'maps', 'told'] as const) {
    facts[table].forEach((stretch, n) => {
      into.bytes(places[table] + n * STRETCH_SIZE, stretchEntry(stretch));
    });
  }
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

function sizeOfEntry(lastField: { readonly offset: number; readonly size: number }): number {
  return lastField.offset + lastField.size;
}
