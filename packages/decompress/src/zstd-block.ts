import type { Input } from './input.js';
import type { Window } from './window.js';
import { LARGEST_BLOCK, readLiterals } from './zstd-literals.js';
import type { LiteralCode } from './zstd-literals.js';
import { readSequences } from './zstd-sequences.js';
import type { Sequence, SequenceTables } from './zstd-sequences.js';

/** What one block of a frame leaves to the next. */
export interface FrameState {
  code: LiteralCode | undefined;
  tables: SequenceTables;
  /** RFC 8878, 3.1.1.5: Repeated_Offsets. */
  readonly offsets: [number, number, number];
}

export function newFrameState(): FrameState {
  return { code: undefined, tables: {}, offsets: [1, 4, 8] };
}

/** Decodes one Compressed_Block (RFC 8878, 3.1.1.3) into a window that has room for it. */
export function decodeBlock(input: Input, state: FrameState, window: Window): void {
  const literals = readLiterals(input, state.code);
  state.code = literals.code;
  const end = window.total + LARGEST_BLOCK;
  let used = 0;
  state.tables = readSequences(input, state.tables, (sequence) => {
    const { literals: length, match } = sequence;
    if (used + length > literals.bytes.length) throw input.corrupt('more literals used than there are');
    if (window.total + length + match > end) throw input.corrupt('a block of more than 128 KiB');
    window.append(literals.bytes.subarray(used, used + length));
    used += length;
    const distance = resolveOffset(sequence, state.offsets);
    if (distance === 0 || !window.copy(distance, match))
      throw input.corrupt('a match that reaches before the start');
  });
  const rest = literals.bytes.subarray(used);
  if (window.total + rest.length > end) throw input.corrupt('a block of more than 128 KiB');
  window.append(rest);
}

/** RFC 8878, 3.1.1.5: 1 to 3 repeat a recent offset, one later when there are no literals. */
function resolveOffset({ offset, literals }: Sequence, recent: [number, number, number]): number {
  const index = offset > 3 ? 3 : offset - 1 + (literals === 0 ? 1 : 0);
  const distance = offset > 3 ? offset - 3 : index === 3 ? recent[0] - 1 : (recent[index] ?? 0);
  if (index > 1) recent[2] = recent[1];
  if (index > 0) recent[1] = recent[0];
  recent[0] = distance;
  return distance;
}
