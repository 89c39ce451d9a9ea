import { type Codes, type Diagnostic, fail, ok, type Result } from '@kexec-kit/loader-api';
import { FormatError, parse, toHex } from '@kexec-kit/structures';
import { LastWords, State } from './generated/last-words.js';

/**
 * How far a hand-over got: `entered`, then `verifying` region after region, `verified`, for the narrower modes `switched` (32-bit
 * mode without paging is reached), `jumped`. Or it ended at a `mismatch`, or `refused` to do what it was told.
 */
export type HandoverState = keyof typeof State;

/** What purgatory wrote of a hand-over, at the plan's `lastWords`. */
export interface HandoverRecord {
  readonly state: HandoverState;
  /** The version of the parameter block that this purgatory understands. */
  readonly version: number;
  /** How many regions were to be verified. */
  readonly regions: number;
  /** The number, from 0, of the region whose verification began last, or which differs; absent, none of them. */
  readonly region?: number;
  /** The CPU's time-stamp counter when purgatory was entered; of the others when they were reached. */
  readonly entered: bigint;
  readonly verified?: bigint;
  readonly jumped?: bigint;
  readonly mismatch?: Mismatch;
}

/** What did not have its digest. */
export interface Mismatch {
  /** The region, as a message names it; or purgatory's own tables. */
  readonly name: string;
  /** SHA-256, lower-case hexadecimal. */
  readonly expected: string;
  readonly found: string;
}

const NO_REGION = 0xffffffff;

/** Every code that {@link readLastWords} gives. */
export const lastWordsCodes = {
  LAST_WORDS_NONE: {
    cause: 'The place for the last words of a hand-over holds zeros: purgatory has not written there.',
    cure: 'Look on the serial line: either purgatory was never entered, or its own parameter block was damaged.',
  },
  LAST_WORDS_UNKNOWN: {
    cause: 'What stands at the place for the last words of a hand-over is no record that this version knows.',
    cure: 'Read it with the version of kexec-kit that made the hand-over.',
  },
} as const satisfies Codes;

/**
 * Reads what purgatory wrote of a hand-over. Bytes behind it are left alone.
 *
 * @example
 * ```ts
 * const record = readLastWords(new Uint8Array(160));
 * if (!record.ok) record.diagnostics[0].code; // 'LAST_WORDS_NONE'
 * ```
 */
export function readLastWords(bytes: Uint8Array): Result<HandoverRecord> {
  if (bytes.every((byte) => byte === 0)) return fail(none());
  try {
    return recordOf(parse(LastWords, bytes));
  } catch (error) {
    if (error instanceof FormatError) return fail(unknown(error.message));
    throw error;
  }
}

function recordOf(read: LastWords): Result<HandoverRecord> {
  const state = stateOf(read.state);
  if (state === undefined) return fail(unknown(`a state of 0x${read.state.toString(16)}`));
  return ok({
    state,
    version: read.version,
    regions: read.region_count,
    ...(read.region !== NO_REGION && { region: read.region }),
    entered: read.entered,
    ...(read.verified !== 0n && { verified: read.verified }),
    ...(read.jumped !== 0n && { jumped: read.jumped }),
    ...(state === 'mismatch' && { mismatch: mismatchOf(read) }),
  });
}

function mismatchOf({ name, expected, found }: LastWords): Mismatch {
  return { name, expected: toHex(expected), found: toHex(found) };
}

function stateOf(value: number): HandoverState | undefined {
  const names = Object.keys(State) as HandoverState[];
  return names.find((name) => State[name] === value);
}

function none(): Diagnostic {
  return {
    code: 'LAST_WORDS_NONE',
    severity: 'error',
    message: 'there are no last words: purgatory has not written any',
    hint: lastWordsCodes.LAST_WORDS_NONE.cure,
  };
}

function unknown(found: string): Diagnostic {
  return {
    code: 'LAST_WORDS_UNKNOWN',
    severity: 'error',
    message: `these are no last words that this version knows: ${found}`,
    found,
    hint: lastWordsCodes.LAST_WORDS_UNKNOWN.cure,
  };
}
