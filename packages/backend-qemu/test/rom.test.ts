import { createHash } from 'node:crypto';
import { range } from '@kexec-kit/loader-api';
import { describe, expect, it } from 'vitest';
import { generate } from '../build.mjs';
import { romPage, romPageSha256 } from '../src/generated/rom.js';
import { buildRom, REGISTER_GARBAGE } from '../src/rom.js';

const input = { entry: 0x1_2345_6000n, paging: 4, mapped: [range(0n, 64n << 20n)], mapTables: true } as const;

function blockOf(rom: Uint8Array) {
  const view = new DataView(rom.buffer, rom.length - 4096);
  return {
    entry: view.getBigUint64(0, true),
    rax: view.getBigUint64(8, true),
    r15: view.getBigUint64(8 + 8 * 15, true),
    root: view.getUint32(0x88, true),
    cr4: view.getUint32(0x8c, true),
  };
}

describe('the ROM', () => {
  it('ends with the page that was assembled from the source beside it', () => {
    expect(createHash('sha256').update(romPage).digest('hex')).toBe(romPageSha256);
    expect(generate({ check: true })).toEqual([]);
    expect(buildRom(input).subarray(-4096 + 0x90)).toEqual(romPage.subarray(0x90));
  });

  it('knows where to jump, with what in the registers, and how deep to page', () => {
    const garbage = { rax: REGISTER_GARBAGE, r15: REGISTER_GARBAGE + 15n, root: 0xffffe000 };
    expect(blockOf(buildRom(input))).toEqual({ entry: input.entry, ...garbage, cr4: 0x20 });
    expect(blockOf(buildRom({ ...input, paging: 5 }))).toEqual({
      entry: input.entry,
      ...garbage,
      cr4: 0x1020,
    });
  });

  it.each([64n << 20n, 6n << 30n, 512n << 30n])(
    'is whole 64 KiB with %d bytes mapped, and at most 16 MiB',
    (size) => {
      const { length } = buildRom({ ...input, mapped: [range(0n, size)] });
      expect(length % 0x10000).toBe(0);
      expect(length).toBeLessThanOrEqual(16 << 20);
    },
  );

  it('leaves the assembled page as it is', () => {
    buildRom(input);
    expect(romPage.subarray(0, 0x90).every((byte) => byte === 0)).toBe(true);
  });
});
