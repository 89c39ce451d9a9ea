import { addressOf, type Relocation, unwrap } from '@kexec-kit/loader-api';
import { parse } from '@kexec-kit/structures';
import { describe, expect, test } from 'vitest';
import { LINKED, multibootElf, multibootHeader } from '../../../tools/multiboot-file.mjs';
import { ElfSectionsTag, elfSectionsTag, readElfBody, readSections, type Sections } from '../src/index.js';

/** gABI, "Sections": type, address, offset and size. */
type Row = readonly [sh_type: number, sh_addr: number, sh_offset: number, sh_size: number];
type Bits = 32 | 64;

const PROGBITS = 1;
const SYMTAB = 2;
const STRTAB = 3;
const NOBITS = 8;
const NONE: Row = [0, 0, 0, 0];
/** Where the image that `multibootElf` makes ends in memory. */
const END = LINKED + 0x5000;
/** Where sh_addr stands in a section header. */
const ADDRESS = { 32: 12, 64: 16 };

function fileOf(rows: readonly Row[], bits: Bits, header: Readonly<Record<string, number>> = {}): Uint8Array {
  const entsize = bits === 32 ? 40 : 64;
  const bytes = multibootElf(multibootHeader(), {
    bits,
    tail: rows.length * entsize,
    header: { e_shentsize: entsize, e_shnum: rows.length, e_shstrndx: 2, ...header },
  });
  const view = new DataView(bytes.buffer);
  rows.forEach(([type, ...fields], i) => {
    const at = bytes.length - (rows.length - i) * entsize;
    view.setUint32(at + 4, type, true);
    fields.forEach((value, n) => {
      if (bits === 32) view.setUint32(at + 12 + 4 * n, value, true);
      else view.setBigUint64(at + 16 + 8 * n, BigInt(value), true);
    });
  });
  return bytes;
}

function sectionsIn(bytes: Uint8Array): Sections | undefined {
  return readSections({ id: 'image', bytes }, unwrap(readElfBody({ name: 'kernel', bytes }, { wide: true })));
}
const sectionsOf = (rows: readonly Row[], bits: Bits = 32) => sectionsIn(fileOf(rows, bits));

describe.each<Bits>([32, 64])('the sections of an ELF%d image', (bits) => {
  const entsize = bits === 32 ? 40 : 64;
  const pointer = (section: number, id: string, offset: bigint): Relocation => ({
    offset: section * entsize + ADDRESS[bits],
    value: addressOf(id, offset),
    encoding: bits === 32 ? 'u32' : 'u64',
  });

  test('are their headers, as they stand in the file', () => {
    const bytes = fileOf([NONE, [PROGBITS, LINKED, 0x60, 8], NONE], bits);
    expect(sectionsIn(bytes)?.headers).toMatchObject({ num: 3, entsize, shndx: 2 });
    expect(sectionsIn(bytes)?.headers.bytes).toEqual(bytes.subarray(bytes.length - 3 * entsize));
  });

  test('are copied: what is written into the headers is not written into the file', () => {
    const bytes = fileOf([[PROGBITS, LINKED, 0x60, 8]], bits);
    sectionsIn(bytes)?.headers.bytes.fill(0xff);
    expect(bytes.at(-1)).toBe(0);
  });

  test('go with the chunk that they were linked into, from its first byte to its last', () => {
    const rows: Row[] = [
      [PROGBITS, LINKED, 0x60, 8],
      [NOBITS, END - 1, 0, 8],
      [PROGBITS, END, 0x60, 8],
      [PROGBITS, LINKED - 1, 0x60, 8],
    ];
    const { headers, parts, size } = sectionsOf(rows, bits)!;
    expect(headers.relocations).toEqual([pointer(0, 'load.0', 0n), pointer(1, 'load.0', 0x4fffn)]);
    expect({ parts, size }).toEqual({ parts: [], size: 0n });
  });

  test('that are not in memory are loaded one behind the other, each at a multiple of 16', () => {
    const rows: Row[] = [
      [PROGBITS, LINKED, 0x60, 8],
      [SYMTAB, 0, 0x70, 0x31],
      [STRTAB, 0, 0xb0, 0x10],
      [STRTAB, 0, 0xc0, 1],
    ];
    const { headers, parts, size } = sectionsOf(rows, bits)!;
    const part = (offset: number, length: number) => ({ source: 'image', offset, length });
    expect(parts).toEqual([part(0x70, 0x31), { zeros: 0xfn }, part(0xb0, 0x10), part(0xc0, 1)]);
    expect(size).toBe(0x51n);
    expect(headers.relocations).toEqual([
      pointer(1, 'elf-sections', 0n),
      pointer(2, 'elf-sections', 0x40n),
      pointer(3, 'elf-sections', 0x50n),
      pointer(0, 'load.0', 0n),
    ]);
  });

  test('that are empty, or have no bytes in the file, are not loaded', () => {
    const rows: Row[] = [
      [0, 0, 0x60, 8],
      [NOBITS, 0, 0x60, 8],
      [SYMTAB, 0, 0x60, 0],
    ];
    expect(sectionsOf(rows, bits)).toMatchObject({ headers: { relocations: [] }, parts: [], size: 0n });
  });
});

test('a section without an address is not one of an image that was linked at address 0', () => {
  const content = new Uint8Array(0x100);
  content.set(multibootHeader());
  const bytes = multibootElf(multibootHeader(), {
    segments: [{ content, p_flags: 5, p_paddr: 0, p_vaddr: 0 }],
    header: { e_entry: 0x10, e_shentsize: 40, e_shnum: 2 },
    tail: 80,
  });
  new DataView(bytes.buffer).setUint32(bytes.length - 40 + 12, 0x10, true);
  expect(sectionsIn(bytes)?.headers.relocations).toEqual([
    { offset: 40 + 12, value: addressOf('load.0', 0x10n), encoding: 'u32' },
  ]);
});

describe('section headers that lie', () => {
  test.each<[string, Bits, Record<string, number>]>([
    ['that there are none', 32, { e_shnum: 0 }],
    ['of an ELF64 size', 32, { e_shentsize: 64 }],
    ['of an ELF32 size', 64, { e_shentsize: 40 }],
    ['of more than the file holds', 32, { e_shnum: 4 }],
  ])('%s are none', (_, bits, header) => {
    expect(sectionsIn(fileOf([NONE, NONE, NONE], bits, header))).toBeUndefined();
  });

  test('of a section that ends behind the file leave it out; up to its last byte it is taken', () => {
    const { length } = fileOf([NONE, NONE], 32);
    const rows = (size: number): Row[] => [
      [SYMTAB, 0, 0x100, size],
      [STRTAB, 0, 0x60, 4],
    ];
    expect(sectionsOf(rows(length - 0xff))).toMatchObject({ parts: [{ offset: 0x60 }], size: 4n });
    expect(sectionsOf([rows(length - 0x100)[0]!, NONE])?.parts).toMatchObject([
      { offset: 0x100, length: length - 0x100 },
    ]);
  });

  test('may want bytes twice, up to the size of the file', () => {
    const { length } = fileOf([NONE, NONE], 32);
    const half = Math.floor(length / 32) * 16;
    const twice = (more: number) =>
      sectionsOf([
        [SYMTAB, 0, 0, half],
        [SYMTAB, 0, 0, length - half + more],
      ]);
    expect(twice(0)?.size).toBe(BigInt(length));
    expect(twice(1)).toBeUndefined();
  });
});

test('tag 9 has number, size and names of the headers, the headers, and what is written into them', () => {
  const { headers } = sectionsOf([NONE, [PROGBITS, LINKED, 0x60, 8]])!;
  const { bytes, relocations } = elfSectionsTag(headers);
  expect(parse(ElfSectionsTag, bytes)).toMatchObject({
    type: 9,
    size: 20 + 80,
    num: 2,
    entsize: 40,
    shndx: 2,
  });
  expect(bytes.subarray(20)).toEqual(headers.bytes);
  expect(relocations).toEqual([{ offset: 20 + 40 + 12, value: addressOf('load.0'), encoding: 'u32' }]);
});
