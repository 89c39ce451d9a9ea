import { BackwardBits } from './backward-bits.js';
import { constantTable, FseState, fseTable, readFseTable } from './fse.js';
import type { FseTable } from './fse.js';
import type { Input } from './input.js';

/** One kind of number in a sequence: its codes and how their table may be given. */
interface Kind {
  readonly extra: readonly number[];
  readonly bases: readonly number[];
  readonly largestAccuracy: number;
  readonly predefined: FseTable;
}

/** RFC 8878, 3.1.1.3.2.1.1: extra bits by code; each code begins where the one before ends. */
const LENGTH_EXTRA = [...zeros(16), 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];
const MATCH_EXTRA = [...zeros(32), 1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];
const OFFSET_EXTRA = Array.from({ length: 32 }, (_, code) => code);

/** RFC 8878, 3.1.1.3.2.2: the default distributions. */
const LENGTHS: Kind = {
  extra: LENGTH_EXTRA,
  bases: basesOf(LENGTH_EXTRA, 0),
  largestAccuracy: 9,
  predefined: fseTable(
    [4, 3, ...times(11, 2), 1, 1, 1, ...times(9, 2), 3, 2, ...times(5, 1), ...times(4, -1)],
    6,
  ),
};
const OFFSETS: Kind = {
  extra: OFFSET_EXTRA,
  bases: basesOf(OFFSET_EXTRA, 1),
  largestAccuracy: 8,
  predefined: fseTable([...times(6, 1), 2, 2, 2, ...times(15, 1), ...times(5, -1)], 5),
};
const MATCHES: Kind = {
  extra: MATCH_EXTRA,
  bases: basesOf(MATCH_EXTRA, 3),
  largestAccuracy: 9,
  predefined: fseTable([1, 4, 3, ...times(6, 2), ...times(37, 1), ...times(7, -1)], 6),
};

/** The tables of the last block that had sequences, for one that repeats them. */
export interface SequenceTables {
  readonly lengths?: FseTable;
  readonly offsets?: FseTable;
  readonly matches?: FseTable;
}

/** The three values of one sequence, reused for each. */
export interface Sequence {
  literals: number;
  offset: number;
  match: number;
}

/**
 * Reads a sequences section (RFC 8878, 3.1.1.3.2) to the end of its block, and hands each sequence to `take`.
 *
 * @returns The tables for a later block.
 */
export function readSequences(
  input: Input,
  before: SequenceTables,
  take: (sequence: Sequence) => void,
): SequenceTables {
  const count = readCount(input);
  if (count === 0) {
    if (input.left > 0) throw input.corrupt('something after the literals');
    return before;
  }
  const modes = input.u8();
  if (modes & 3) throw input.corrupt('reserved bits of the symbol modes');
  const lengths = readTable(input, modes >> 6, LENGTHS, before.lengths);
  const offsets = readTable(input, (modes >> 4) & 3, OFFSETS, before.offsets);
  const matches = readTable(input, (modes >> 2) & 3, MATCHES, before.matches);
  const stream = new BackwardBits(input.take(input.left), input);
  const states = [
    new FseState(lengths, stream),
    new FseState(offsets, stream),
    new FseState(matches, stream),
  ] as const;
  decode(stream, states, count, take);
  if (stream.left !== 0) throw input.corrupt('sequences of another size');
  return { lengths, offsets, matches };
}

/** RFC 8878, 3.1.1.3.2.1: offset, match, literals are read in this order; states advance in another. */
function decode(
  stream: BackwardBits,
  [lengths, offsets, matches]: readonly [FseState, FseState, FseState],
  count: number,
  take: (sequence: Sequence) => void,
): void {
  const sequence: Sequence = { literals: 0, offset: 0, match: 0 };
  for (let left = count; left > 0 && stream.left >= 0; left -= 1) {
    sequence.offset = valueOf(stream, OFFSETS, offsets.symbol);
    sequence.match = valueOf(stream, MATCHES, matches.symbol);
    sequence.literals = valueOf(stream, LENGTHS, lengths.symbol);
    take(sequence);
    if (left === 1) return;
    lengths.advance();
    matches.advance();
    offsets.advance();
  }
}

function valueOf(stream: BackwardBits, { bases, extra }: Kind, code: number): number {
  return (bases[code] ?? 0) + stream.read(extra[code] ?? 0);
}

function readCount(input: Input): number {
  const first = input.u8();
  if (first < 128) return first;
  return first < 255 ? ((first - 128) << 8) + input.u8() : input.u16() + 0x7f00;
}

/** RFC 8878, 3.1.1.3.2.1: Predefined_Mode, RLE_Mode, FSE_Compressed_Mode, Repeat_Mode. */
function readTable(input: Input, mode: number, kind: Kind, before: FseTable | undefined): FseTable {
  const largest = kind.extra.length - 1;
  if (mode === 0) return kind.predefined;
  if (mode === 2) return readFseTable(input, largest, kind.largestAccuracy);
  if (mode === 1) {
    const symbol = input.u8();
    if (symbol > largest) throw input.corrupt('a code that stands for nothing');
    return constantTable(symbol);
  }
  if (before === undefined) throw input.corrupt('a table that repeats none');
  return before;
}

function basesOf(extra: readonly number[], first: number): number[] {
  let next = first;
  return extra.map((bits) => (next += 2 ** bits) - 2 ** bits);
}

function times(count: number, value: number): number[] {
  return Array.from({ length: count }, () => value);
}

function zeros(count: number): number[] {
  return times(count, 0);
}
