import {
  type HandoffMode,
  LAST_WORDS_SIZE,
  PAGE_SIZE,
  type Range,
  range,
  type Target,
} from '@kexec-kit/loader-api';
import { Copy, Poke, PurgatoryParameters, Region } from './generated/parameters.js';
import * as from32 from './generated/purgatory32.js';
import * as from64 from './generated/purgatory64.js';

/** How many entries each of the parameter block's tables has. */
export interface Counts {
  readonly regions: number;
  readonly pokes: number;
  /** Default 0. */
  readonly copies?: number;
}

/**
 * Purgatory's segment before it is placed: the blob, zeros up to `parametersOffset` (among them the stack), the parameter
 * block, room for last words, zeros up to `memorySize`. The stack lies below the block, so that its place is known before the block is believed.
 */
export interface PurgatoryLayout {
  readonly blob: Uint8Array;
  /** In bytes from the segment's start. */
  readonly parametersOffset: number;
  /** In bytes: what `buildParameters` returns for the same counts. */
  readonly parametersSize: number;
  /** In bytes from the segment's start: room for a record of how far the hand-over got, where nobody has a better place. */
  readonly lastWordsOffset: number;
  /** In bytes, whole pages. */
  readonly memorySize: bigint;
  /** In bytes. Any such address in `within` will do. */
  readonly align: bigint;
  /** Where the whole segment lies: its last instructions run in the mode in which the next kernel is entered. */
  readonly within: Range;
  /** In bytes from the segment's start. */
  readonly entryOffset: bigint;
}

/** Most entries of each table: far more than anybody needs, and a bound on what a reader allocates. */
const MOST_ENTRIES = 65536;

const { last_words: lastField } = PurgatoryParameters.at;

/** In bytes: the block without its tables. */
export const HEADER_SIZE = lastField.offset + lastField.size;
/** In bytes. */
export const REGION_SIZE = sizeOfEntry(Region.at.sha256);
/** In bytes. */
export const POKE_ENTRY_SIZE = sizeOfEntry(Poke.at.bytes);
/** In bytes. */
export const COPY_ENTRY_SIZE = sizeOfEntry(Copy.at.reserved);

type From = Target['handoff'];

/** What leads from where to where. A 32-bit kernel that starts a 64-bit one uses the 32-bit entry that such kernels have. */
const ways = {
  long64: ['long64', 'protected32', 'real16'],
  protected32: ['protected32', 'real16'],
} as const satisfies Record<From, readonly HandoffMode[]>;

/** The program for each running architecture, chosen by the state in which that hands over. */
const programs = {
  long64: { program: from64.purgatory64, ...from64 },
  protected32: { program: from32.purgatory32, ...from32 },
} as const satisfies Record<From, unknown>;

/** The ends of what can be addressed: in 64 bits the end of a range is a 64-bit number too. */
const ENDS = { long64: (1n << 64n) - 1n, protected32: 1n << 32n } as const satisfies Record<From, bigint>;

/** Below the video memory. */
const CONVENTIONAL_END = 0xa0000n;

/**
 * Whether purgatory, entered as the running kernel does it, can enter the next kernel in a mode.
 *
 * @example
 * ```ts
 * canEnter('long64', 'real16'); // true
 * canEnter('protected32', 'long64'); // false
 * ```
 */
export function canEnter(handoff: Target['handoff'], mode: HandoffMode): boolean {
  return (ways[handoff] as readonly HandoffMode[]).includes(mode);
}

/**
 * The memory that purgatory can verify and poke, entered as the running kernel does it. In 64-bit mode paging has the last
 * word: with four levels nothing beyond 2^47 can be mapped, with five nothing beyond 2^56, and purgatory refuses it.
 *
 * @example
 * ```ts
 * reachOf('protected32').end; // 0x1_0000_0000n: paging is off
 * ```
 */
export function reachOf(handoff: Target['handoff']): Range {
  return range(0n, ENDS[handoff]);
}

/**
 * How much room purgatory takes, what lies where in it, and where it may lie.
 *
 * @param handoff - the state in which the running kernel enters purgatory
 * @param mode - the state in which purgatory enters the next kernel
 * @throws RangeError when nothing leads from the one to the other (ask {@link canEnter} first), or a count is not within
 *   0..65536.
 * @example
 * ```ts
 * layoutOf('long64', 'long64', { regions: 4, pokes: 0 }).memorySize; // 0x6000n
 * layoutOf('long64', 'real16', { regions: 4, pokes: 0 }).within; // 0x1000 to 0xa0000
 * ```
 */
export function layoutOf(handoff: Target['handoff'], mode: HandoffMode, counts: Counts): PurgatoryLayout {
  if (!canEnter(handoff, mode)) throw new RangeError(`no purgatory leads from ${handoff} to ${mode} mode`);
  const { program, entryOffset, parametersOffset } = programs[handoff];
  const blob = program();
  const parametersSize = HEADER_SIZE + tablesSize(counts);
  const lastWordsOffset = parametersOffset + parametersSize;
  return {
    blob,
    parametersOffset,
    parametersSize,
    lastWordsOffset,
    memorySize: wholePages(BigInt(lastWordsOffset + LAST_WORDS_SIZE)),
    align: PAGE_SIZE,
    within: withinOf(handoff, mode),
    entryOffset: BigInt(entryOffset),
  };
}

function withinOf(handoff: From, mode: HandoffMode): Range {
  if (mode === 'real16') return range(PAGE_SIZE, CONVENTIONAL_END);
  return range(PAGE_SIZE, mode === 'protected32' ? ENDS.protected32 : ENDS[handoff]);
}

/** In bytes. */
export function tablesSize({ regions, pokes, copies = 0 }: Counts): number {
  return (
    checkedCount('regions', regions) * REGION_SIZE +
    checkedCount('pokes', pokes) * POKE_ENTRY_SIZE +
    checkedCount('copies', copies) * COPY_ENTRY_SIZE
  );
}

function checkedCount(what: string, count: number): number {
  if (Number.isInteger(count) && count >= 0 && count <= MOST_ENTRIES) return count;
  throw new RangeError(`${String(count)} ${what}: purgatory takes 0 to ${String(MOST_ENTRIES)}`);
}

function sizeOfEntry(lastField: { readonly offset: number; readonly size: number }): number {
  return lastField.offset + lastField.size;
}

function wholePages(size: bigint): bigint {
  return ((size + PAGE_SIZE - 1n) / PAGE_SIZE) * PAGE_SIZE;
}
