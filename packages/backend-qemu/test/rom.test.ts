import { createHash } from 'node:crypto';
import { range } from '@kexec-kit/loader-api';
import { describe, expect, it } from 'vitest';
import { generate } from '../build.mjs';
import { optionRom, optionRomSha256 } from '../src/generated/option-rom.js';
import { romPage, romPageSha256 } from '../src/generated/rom.js';
import { buildOptionRom } from '../src/option-rom.js';
import { buildRom, REGISTER_GARBAGE, ROM_PAGE, type Rom, type RomInput } from '../src/rom.js';

const input: RomInput = {
  entry: 0x1_2345_6000n,
  architecture: 'x86_64',
  paging: 4,
  mapped: [range(0n, 64n << 20n)],
  mapTables: true,
};
const i386: RomInput = { ...input, entry: 0x10_0000n, architecture: 'i386' };
const bios = { image: new Uint8Array(256 << 10).fill(0xb1), descriptors: new Uint8Array(32).fill(0xde) };
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

const END = 0xb9; // of the block

function pageOf({ bytes, page }: Rom): Uint8Array {
  const start = bytes.length - Number((1n << 32n) - page);
  return bytes.subarray(start, start + 4096);
}

function blockOf(rom: Rom) {
  const { buffer, byteOffset } = pageOf(rom);
  const view = new DataView(buffer, byteOffset);
  const [base, cr0, cr3, cr4, efer] = [0x88, 0x8c, 0x90, 0x94, 0x98].map((at) => view.getUint32(at, true));
  return {
    ...{ entry: view.getBigUint64(0, true), rax: view.getBigUint64(8, true) },
    ...{ r15: view.getBigUint64(8 + 8 * 15, true), base, cr0, cr3, cr4, efer },
  };
}

describe('the ROM', () => {
  it('ends with the page that was assembled from the source beside it', () => {
    expect([sha256(romPage), sha256(optionRom)]).toEqual([romPageSha256, optionRomSha256]);
    expect(generate({ check: true })).toEqual([]);
    const rom = buildRom(input);
    expect(rom.page).toBe(ROM_PAGE.start);
    expect(pageOf(rom).subarray(END)).toEqual(romPage.subarray(END));
  });

  it('knows where to jump, with what in the registers, and how deep to page', () => {
    const same = {
      ...{ entry: input.entry, rax: REGISTER_GARBAGE, r15: REGISTER_GARBAGE + 15n },
      ...{ base: 0xfffff000, cr0: 0x80000033, cr3: 0xffffe000, efer: 0x901 },
    };
    expect(blockOf(buildRom(input))).toEqual({ ...same, cr4: 0x20 });
    expect(blockOf(buildRom({ ...input, paging: 5 }))).toEqual({ ...same, cr4: 0x1020 });
  });

  it('for i386 has no page tables, and a jump to the entry', () => {
    const rom = buildRom(i386);
    expect(blockOf(rom)).toMatchObject({ cr0: 0x33, cr3: 0, cr4: 0, efer: 0x800 });
    expect(rom.bytes.length).toBe(0x10000);
    expect(rom.bytes.subarray(0, -4096).every((byte) => byte === 0)).toBe(true);
    const page = pageOf(rom);
    expect(page[END - 5], 'jmp rel32').toBe(0xe9);
    const distance = new DataView(page.buffer, page.byteOffset).getInt32(END - 4, true);
    expect((0xfffff000 + END + distance) >>> 0).toBe(Number(i386.entry));
  });

  it('ends with the BIOS where there is one; below it the page, the descriptors, the tables', () => {
    const rom = buildRom({ ...input, bios });
    expect(rom.page).toBe(0xfffbf000n);
    expect(rom.descriptors).toBe(0xfffbe000n);
    expect(blockOf(rom)).toMatchObject({ base: 0xfffbf000, cr3: 0xfffbd000 });
    expect(sha256(rom.bytes.subarray(-bios.image.length))).toBe(sha256(bios.image));
    const at = rom.bytes.length - Number((1n << 32n) - rom.descriptors);
    expect(rom.bytes.subarray(at, at + 33)).toEqual(Uint8Array.of(...bios.descriptors, 0));
  });

  it.each([64n << 20n, 6n << 30n, 512n << 30n])(
    'is whole 64 KiB with %d bytes mapped, and at most 16 MiB',
    (size) => {
      for (const more of [{}, { bios }]) {
        const { length } = buildRom({ ...input, mapped: [range(0n, size)], ...more }).bytes;
        expect(length % 0x10000).toBe(0);
        expect(length).toBeLessThanOrEqual(16 << 20);
      }
    },
  );

  it('leaves the assembled page as it is', () => {
    buildRom(input);
    expect(sha256(romPage)).toBe(romPageSha256);
  });
});

describe('the option ROM', () => {
  const next = buildRom({ ...input, bios });
  const sum = (bytes: Uint8Array) => bytes.reduce((total, byte) => total + byte, 0) & 0xff;

  it('is one that a BIOS takes: signature, length, checksum, expansion header with a bootstrap entry', () => {
    for (const rom of [
      buildOptionRom({ descriptors: 0n, count: 0 }),
      buildOptionRom({ descriptors: 1n, count: 9, next }),
    ]) {
      const view = new DataView(rom.buffer);
      expect([...rom.subarray(0, 3)]).toEqual([0x55, 0xaa, rom.length / 512]);
      expect(sum(rom)).toBe(0);
      const header = view.getUint16(0x1a, true);
      expect(Buffer.from(rom.subarray(header, header + 4)).toString()).toBe('$PnP');
      expect(view.getUint16(header + 0x1a, true)).toBeGreaterThan(header);
    }
  });

  it('goes on to the page in the ROM, by its own table and pointer', () => {
    const view = new DataView(buildOptionRom({ descriptors: next.descriptors, count: 2, next }).buffer);
    expect([0x20, 0x24, 0x28].map((at) => view.getUint32(at, true))).toEqual([0xfffbf000, 0xfffbe000, 2]);
    expect(view.getUint32(0x2c, true)).toBeGreaterThan(0xfffbf000);
    expect(view.getUint16(0x30, true), 'the selector of 32-bit code').toBe(8);
    expect(view.getUint16(0x32, true), 'the limit of the table').toBe(14 * 8 - 1);
    expect(view.getUint32(0x34, true)).toBeGreaterThan(0xfffbf000);
  });
});
