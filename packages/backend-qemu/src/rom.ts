import { PAGE_SIZE, range, toIndex, type Address, type Range } from '@kexec-kit/loader-api';
import { alignUp } from '@kexec-kit/memory';
import { romPage } from './generated/rom.js';
import { buildPageTables, type PagingLevels } from './page-tables.js';

/** What the ROM does after reset. */
export interface RomInput {
  /** Where it jumps. */
  readonly entry: Address;
  readonly paging: PagingLevels;
  /** Mapped onto itself, page-aligned, besides the page that the ROM runs in. */
  readonly mapped: readonly Range[];
  /** Whether the page tables are mapped too: Linux keeps them in RAM, all of which is mapped; Xen's are not. */
  readonly mapTables: boolean;
}

/**
 * What every general register holds at entry, plus its number (rax 0, rbx 1, rcx, rdx, rsi, rdi, rbp, rsp, r8 … r15):
 * not canonical, so that whoever uses one as a pointer faults.
 */
export const REGISTER_GARBAGE = 0xdbdb_dbdb_dbdb_db00n;

const ROM_END = 1n << 32n;
/** Mapped at hand-over: the code runs here when it turns paging on, as Linux runs in its control page. */
export const ROM_PAGE = range(ROM_END - PAGE_SIZE, ROM_END);
const ROM_UNIT = 1n << 16n; // QEMU takes ROMs of whole 64 KiB

// The block at the start of native/rom.S.
const ENTRY = 0x00;
const GARBAGE = 0x08;
const REGISTERS = 16;
const ROOT = 0x88;
const CR4 = 0x8c;
const CR4_PAE = 1 << 5;
const CR4_LA57 = 1 << 12;

/**
 * The guest's ROM, which ends at 4 GiB: page tables, then the page of code that brings the CPU from reset to hand-over.
 * The tables stand here and not in RAM: no byte of RAM is taken for them, so all of it can be segments or the pattern.
 */
export function buildRom(input: RomInput): Uint8Array {
  const tables = tablesOf(input);
  const rom = new Uint8Array(toIndex(alignUp(BigInt(tables.length) + PAGE_SIZE, ROM_UNIT)));
  rom.set(codePage(input), rom.length - romPage.length);
  rom.set(tables, rom.length - romPage.length - tables.length);
  return rom;
}

function tablesOf({ mapped, mapTables, paging: levels }: RomInput): Uint8Array {
  const build = (own: Range) => buildPageTables({ ranges: [...mapped, own], levels, top: ROM_PAGE.start });
  if (!mapTables) return build(ROM_PAGE);
  // The ROM grows with its tables, and they with the ROM: two or three rounds.
  for (let size = ROM_UNIT; ;) {
    const tables = build(range(ROM_END - size, ROM_END));
    const needed = alignUp(BigInt(tables.length) + PAGE_SIZE, ROM_UNIT);
    if (needed <= size) return tables;
    size = needed;
  }
}

function codePage({ entry, paging }: RomInput): Uint8Array {
  const page = romPage.slice();
  const view = new DataView(page.buffer);
  view.setBigUint64(ENTRY, entry, true);
  for (let n = 0; n < REGISTERS; n++) view.setBigUint64(GARBAGE + 8 * n, REGISTER_GARBAGE + BigInt(n), true);
  view.setUint32(ROOT, toIndex(ROM_PAGE.start - PAGE_SIZE), true);
  view.setUint32(CR4, CR4_PAE | (paging === 5 ? CR4_LA57 : 0), true);
  return page;
}
