import { PAGE_SIZE, toIndex, type Address, type Range } from '@kexec-kit/loader-api';
import { normalize } from '@kexec-kit/memory';

/** Levels of paging: 4 (48 bits of virtual address) or 5 (57 bits, CR4.LA57). */
export type PagingLevels = 4 | 5;

/** What is mapped onto itself, and where the tables that say so will stand. */
export interface IdentityMap {
  /** Page-aligned, in any order; they may overlap. */
  readonly ranges: readonly Range[];
  readonly levels: PagingLevels;
  /** The tables grow downwards from here: the root is the page just below. */
  readonly top: Address;
}

const ENTRIES = 512;
const LARGE_PAGE = 1n << 21n;

// Intel SDM volume 3A, 4.5.4. Accessed and dirty are set, so that the CPU never writes to a table: it may be in ROM.
const PRESENT = 1n << 0n;
const WRITABLE = 1n << 1n;
const ACCESSED = 1n << 5n;
const DIRTY = 1n << 6n;
const LARGE = 1n << 7n;
const TABLE = PRESENT | WRITABLE | ACCESSED;
const LEAF = TABLE | DIRTY;
const ADDRESS = 0x000f_ffff_ffff_f000n;

/**
 * Builds page tables that map every page of `ranges` onto itself, and nothing else: 2 MiB pages where all of one is
 * mapped, 4 KiB pages elsewhere. Writable, executable, supervisor only.
 *
 * @returns the tables as they stand in memory, the last page being the root at `top - 4096`.
 * @throws RangeError when a range is not page-aligned or a table would fall below address 0.
 * @example
 * ```ts
 * buildPageTables({ ranges: [range(0n, 1n << 20n)], levels: 4, top: 0xfffff000n }).length; // 16384: four tables
 * ```
 */
export function buildPageTables({ ranges, levels, top }: IdentityMap): Uint8Array {
  const tables = [new BigUint64Array(ENTRIES)];
  for (const range of normalize(ranges)) {
    if (range.start % PAGE_SIZE !== 0n || range.end % PAGE_SIZE !== 0n) {
      throw new RangeError('only whole pages can be mapped');
    }
    for (let at = range.start; at < range.end;) {
      const large = at % LARGE_PAGE === 0n && at + LARGE_PAGE <= range.end;
      const table = tableOf(tables, { at, levels, top, bottom: large ? 2 : 1 });
      table[indexAt(at, large ? 2 : 1)] = at | LEAF | (large ? LARGE : 0n);
      at += large ? LARGE_PAGE : PAGE_SIZE;
    }
  }
  return inMemory(tables);
}

/** The table of level `bottom` (1: of 4 KiB pages, 2: of 2 MiB pages) that covers an address; made when there is none. */
function tableOf(
  tables: BigUint64Array[],
  { at, levels, top, bottom }: { at: Address; levels: PagingLevels; top: Address; bottom: 1 | 2 },
): BigUint64Array {
  let table = tables[0] as BigUint64Array;
  for (let level: number = levels; level > bottom; level--) {
    const index = indexAt(at, level);
    table[index] ||= append(tables, top) | TABLE;
    const number = (top - (table[index] & ADDRESS)) / PAGE_SIZE - 1n;
    table = tables[toIndex(number)] as BigUint64Array;
  }
  return table;
}

function append(tables: BigUint64Array[], top: Address): Address {
  const address = top - BigInt(tables.length + 1) * PAGE_SIZE;
  if (address < 0n) throw new RangeError('no room for page tables');
  tables.push(new BigUint64Array(ENTRIES));
  return address;
}

function indexAt(address: Address, level: number): number {
  return toIndex((address >> BigInt(12 + 9 * (level - 1))) & 0x1ffn);
}

/** Little-endian whatever the host; the first table is last, since they grow downwards. */
function inMemory(tables: readonly BigUint64Array[]): Uint8Array {
  const bytes = new Uint8Array(tables.length * ENTRIES * 8);
  const view = new DataView(bytes.buffer);
  tables.forEach((table, number) => {
    const start = (tables.length - 1 - number) * ENTRIES * 8;
    table.forEach((entry, index) => {
      view.setBigUint64(start + index * 8, entry, true);
    });
  });
  return bytes;
}
