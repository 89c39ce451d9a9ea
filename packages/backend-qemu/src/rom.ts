import {
  PAGE_SIZE,
  range,
  toIndex,
  type Address,
  type Architecture,
  type Range,
} from '@kexec-kit/loader-api';
import { alignUp } from '@kexec-kit/memory';
import { romPage } from './generated/rom.js';
import { buildPageTables, type PagingLevels } from './page-tables.js';

/** What the ROM does after reset, or once SeaBIOS has started. */
export interface RomInput {
  /** Where it jumps. */
  readonly entry: Address;
  /** In whose state. */
  readonly architecture: Architecture;
  /** For x86_64; i386 Linux hands over with paging off. */
  readonly paging: PagingLevels;
  /** Mapped onto itself, page-aligned, besides the page that the ROM runs in. */
  readonly mapped: readonly Range[];
  /** Whether the page tables are mapped too: Linux keeps them in RAM, all of which is mapped; Xen's are not. */
  readonly mapTables: boolean;
  /** What the CPU runs at reset, at the end of the ROM, and a page for what QEMU is to copy. Absent: the page of code itself. */
  readonly bios?: { readonly image: Uint8Array; readonly descriptors: Uint8Array };
}

/** A ROM that ends at 4 GiB. */
export interface Rom {
  readonly bytes: Uint8Array;
  /** Where its page of code is. */
  readonly page: Address;
  /** What whoever brings the CPU to that page in real mode needs: the operands of LGDT and of the far jump, 6 bytes each. */
  readonly gdtr: Uint8Array;
  readonly start: Uint8Array;
  /** Where the page of descriptors is, with a BIOS. */
  readonly descriptors: Address;
}

/**
 * What every general register holds at entry, plus its number (rax 0, rbx 1, rcx, rdx, rsi, rdi, rbp, rsp, r8 … r15):
 * not canonical, so that whoever uses one as a pointer faults. The 32-bit registers hold the lower half.
 */
export const REGISTER_GARBAGE = 0xdbdb_dbdb_dbdb_db00n;

const ROM_END = 1n << 32n;
/** Mapped at hand-over: the code runs here when it turns paging on, as Linux runs in its control page. Without a BIOS. */
export const ROM_PAGE = range(ROM_END - PAGE_SIZE, ROM_END);
const ROM_UNIT = 1n << 16n; // QEMU takes ROMs of whole 64 KiB

// The block at the start of native/rom.S.
const ENTRY = 0x00;
const GARBAGE = 0x08;
const REGISTERS = 16;
const BASE = 0x88;
const CR0 = 0x8c;
const CR3 = 0x90;
const CR4 = 0x94;
const EFER = 0x98;
const TO_32 = 0x9c;
const TO_64 = 0xa2;
const TO_I386 = 0xa8;
const GDTR = 0xae;
const LEAVE_END = 0xb9;
const POINTER_SIZE = 6;
const CR4_PAE = 1 << 5;
const CR4_LA57 = 1 << 12;

/** Control registers as Linux 6.x leaves them: relocate_kernel_64.S and relocate_kernel_32.S. */
const registersOf: Readonly<Record<Architecture, { readonly cr0: number; readonly efer: number }>> = {
  x86_64: { cr0: 0x8000_0033, efer: 0x901 }, // PG, NE, ET, MP, PE; NXE, LME, SCE: paging adds LMA, 0xd01
  i386: { cr0: 0x33, efer: 0x800 }, // NE, ET, MP, PE; NXE
};

/**
 * The guest's ROM, which ends at 4 GiB: page tables, then the page of code that brings the CPU to hand-over, then the BIOS.
 * The tables stand here and not in RAM: no byte of RAM is taken for them, so all of it can be segments or the pattern.
 */
export function buildRom(input: RomInput): Rom {
  const { image, descriptors } = input.bios ?? { image: new Uint8Array(0), descriptors: new Uint8Array(0) };
  if (descriptors.length > PAGE_SIZE) throw new RangeError('more descriptors than a page holds');
  const page = ROM_END - BigInt(image.length) - PAGE_SIZE;
  const low = input.bios === undefined ? page : page - PAGE_SIZE;
  const tables = input.architecture === 'i386' ? new Uint8Array(0) : tablesOf(input, page, low);
  const bytes = new Uint8Array(toIndex(sizeOfRom(tables, low)));
  const indexOf = (address: Address) => bytes.length - toIndex(ROM_END - address);
  const code = codePage(input, page, low - PAGE_SIZE);
  bytes.set(image, bytes.length - image.length);
  bytes.set(code, indexOf(page));
  bytes.set(descriptors, indexOf(low));
  bytes.set(tables, indexOf(low) - tables.length);
  const [gdtr, start] = [GDTR, TO_32].map((at) => code.slice(at, at + POINTER_SIZE)) as [
    Uint8Array,
    Uint8Array,
  ];
  return { bytes, page, gdtr, start, descriptors: low };
}

function tablesOf({ mapped, mapTables, paging: levels }: RomInput, page: Address, top: Address): Uint8Array {
  const build = (own: Range) => buildPageTables({ ranges: [...mapped, own], levels, top });
  if (!mapTables) return build(range(page, page + PAGE_SIZE));
  // The ROM grows with its tables, and they with the ROM: two or three rounds.
  for (let size = ROM_UNIT; ;) {
    const tables = build(range(ROM_END - size, ROM_END));
    const needed = sizeOfRom(tables, top);
    if (needed <= size) return tables;
    size = needed;
  }
}

/** With everything that stands from `low` on. */
function sizeOfRom(tables: Uint8Array, low: Address): bigint {
  return alignUp(BigInt(tables.length) + ROM_END - low, ROM_UNIT);
}

function codePage({ entry, architecture, paging }: RomInput, base: Address, root: Address): Uint8Array {
  const page = romPage.slice();
  const view = new DataView(page.buffer);
  view.setBigUint64(ENTRY, entry, true);
  for (let n = 0; n < REGISTERS; n++) view.setBigUint64(GARBAGE + 8 * n, REGISTER_GARBAGE + BigInt(n), true);
  const { cr0, efer } = registersOf[architecture];
  const isPaging = architecture === 'x86_64';
  view.setUint32(BASE, toIndex(base), true);
  view.setUint32(CR0, cr0, true);
  view.setUint32(CR3, isPaging ? toIndex(root) : 0, true);
  view.setUint32(CR4, isPaging ? CR4_PAE | (paging === 5 ? CR4_LA57 : 0) : 0, true);
  view.setUint32(EFER, efer, true);
  for (const at of [TO_32, TO_64, TO_I386, GDTR + 2]) {
    view.setUint32(at, view.getUint32(at, true) + toIndex(base), true);
  }
  view.setUint32(LEAVE_END - 4, toIndex(BigInt.asUintN(32, entry - base - BigInt(LEAVE_END))), true);
  return page;
}
