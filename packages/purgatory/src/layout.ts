import { type HandoffMode, PAGE_SIZE, type Target } from '@kexec-kit/loader-api';
import { Poke, PurgatoryParameters, Region } from './generated/parameters.js';
import { entryOffset, parametersOffset, purgatory64 } from './generated/purgatory64.js';

/** How many entries the parameter block's two tables have. */
export interface Counts {
  readonly regions: number;
  readonly pokes: number;
}

/**
 * Purgatory's segment before it is placed: the blob, zeros up to `parametersOffset` (among them the stack), the parameter
 * block, zeros up to `memorySize`. The stack lies below the block, so that its place is known before the block is believed.
 */
export interface PurgatoryLayout {
  readonly blob: Uint8Array;
  /** In bytes from the segment's start. */
  readonly parametersOffset: number;
  /** In bytes: what `buildParameters` returns for the same counts. */
  readonly parametersSize: number;
  /** In bytes, whole pages. */
  readonly memorySize: bigint;
  /** In bytes. Any such address will do, also above 4 GiB. */
  readonly align: bigint;
  /** In bytes from the segment's start. */
  readonly entryOffset: bigint;
}

/** Most entries of each table: far more than anybody needs, and a bound on what a reader allocates. */
const MOST_ENTRIES = 65536;

const { reserved: lastField } = PurgatoryParameters.at;

/** In bytes: the block without its tables. */
export const HEADER_SIZE = lastField.offset + lastField.size;
/** In bytes. */
export const REGION_SIZE = sizeOfEntry(Region.at.sha256);
/** In bytes. */
export const POKE_ENTRY_SIZE = sizeOfEntry(Poke.at.bytes);

/**
 * Whether purgatory, entered as the running kernel does it, can enter the next kernel in a mode.
 *
 * @example
 * ```ts
 * canEnter('long64', 'long64'); // true
 * canEnter('long64', 'real16'); // false: not yet
 * ```
 */
export function canEnter(handoff: Target['handoff'], mode: HandoffMode): boolean {
  return handoff === 'long64' && mode === 'long64';
}

/**
 * How much room purgatory takes, and what lies where in it.
 *
 * @param handoff - the state in which the running kernel enters purgatory
 * @throws RangeError when there is no purgatory for that state (ask {@link canEnter} first), or a count is not within 0..65536.
 * @example
 * ```ts
 * layoutOf('long64', { regions: 4, pokes: 0 }).memorySize; // 0x4000n
 * ```
 */
export function layoutOf(handoff: Target['handoff'], counts: Counts): PurgatoryLayout {
  if (handoff !== 'long64') throw new RangeError(`there is no purgatory for a hand-over in ${handoff} mode`);
  const parametersSize = HEADER_SIZE + tablesSize(counts);
  return {
    blob: purgatory64,
    parametersOffset,
    parametersSize,
    memorySize: wholePages(BigInt(parametersOffset + parametersSize)),
    align: PAGE_SIZE,
    entryOffset: BigInt(entryOffset),
  };
}

/** In bytes. */
export function tablesSize({ regions, pokes }: Counts): number {
  return checkedCount('regions', regions) * REGION_SIZE + checkedCount('pokes', pokes) * POKE_ENTRY_SIZE;
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
