import { E820_TYPE, LAST_WORDS_PAGE } from '@kexec-kit/linux-boot';
import { hex, PAGE_SIZE } from '@kexec-kit/loader-api';
import { pieceAt, type Loaded } from '../memory.js';
import type { Looking } from './view.js';

/** One entry of a memory map, of whatever format. */
export interface MapEntry {
  readonly start: bigint;
  readonly end: bigint;
  readonly type: number;
}

/** Said of the page in which our purgatory keeps its record, where the memory map tells of it. */
export const LAST_WORDS_ITEM = 'memory map, page of last words';

/**
 * A memory map, entry by entry: `0x0-0x9fc00 type 1`. A page of last words is an item of its own, so that what is said of it says
 * nothing of the memory around it.
 */
export function putMap(looking: Looking, name: 'e820' | 'mmap', entries: readonly MapEntry[]): void {
  const at = entries.findIndex((_, i) => isPageOfWords(looking, entries, i));
  const whole = at < 0 ? entries : joined(entries, at);
  const page = entries[at];
  if (page !== undefined) {
    looking.name(LAST_WORDS_PAGE, page.start);
    looking.put(LAST_WORDS_ITEM, 'reserved');
  }
  looking.put(`${name}, entries`, whole.length);
  for (const [i, { start, end, type }] of whole.entries()) {
    looking.put(`${name}[${i}]`, `${hex(start)}-${hex(end)} type ${type}`);
  }
}

/** A reserved page in the midst of RAM, of which our plan says what it is for. */
function isPageOfWords({ scene }: Looking, entries: readonly MapEntry[], i: number): boolean {
  const [below, page, above] = [entries[i - 1], entries[i], entries[i + 1]];
  if (page?.type !== E820_TYPE.reserved || page.end - page.start !== PAGE_SIZE) return false;
  const piece = pieceAt(scene.pieces, page.start);
  if (piece?.start !== page.start || idOf(piece) !== LAST_WORDS_PAGE) return false;
  const isRam = (entry: MapEntry | undefined) => entry?.type === E820_TYPE.ram;
  return isRam(below) && isRam(above) && below?.end === page.start && above?.start === page.end;
}

/** Only ours have one. */
function idOf(piece: Loaded & { readonly id?: string }): string | undefined {
  return piece.id;
}

function joined(entries: readonly MapEntry[], at: number): readonly MapEntry[] {
  const around = entries
    .slice(at - 1, at + 2)
    .map((entry) => ({ ...entry, end: entries[at + 1]?.end ?? entry.end }));
  return [...entries.slice(0, at - 1), ...around.slice(0, 1), ...entries.slice(at + 2)];
}
