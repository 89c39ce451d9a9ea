import { constant, type Machine, range, type Region, type RegionKind } from '@kexec-kit/loader-api';
import { standardMachines } from '@kexec-kit/loader-testkit';
import { ascii, parse, toHex } from '@kexec-kit/structures';
import { describe, expect, test } from 'vitest';
import {
  basicMemory,
  besides,
  buildMultiboot2Info,
  buildMultibootInfo,
  checkModules,
  checkText,
  efiSystemTableTag,
  framebufferOf,
  loadBaseTag,
  memoryMapTag,
  MemoryMapTag,
  type Module,
  moduleTag,
  MultibootInfo,
  MultibootMmap,
  placeModules,
  readInfoTags,
  STRING_AT,
  stringTag,
  typeOf,
} from '../src/index.js';
import { BARE, bodyOf, module, settled } from './kernels.js';

const region = (kind: RegionKind, start: bigint, end: bigint): Region => ({ kind, ...range(start, end) });
const TOLD: readonly Region[] = [
  region('ram', 0n, 0x9fc00n),
  region('reserved', 0x9fc00n, 0xa0000n),
  region('ram', 0x100000n, 0x4000000n),
];
const { uefi } = standardMachines as Record<string, Machine>;

describe('basic memory', () => {
  test.each<[string, Region[], bigint, bigint]>([
    ['begins in page 0 or behind it', [region('ram', 0x1000n, 0xa0000n)], 640n, 0n],
    ['does not begin behind the next byte', [region('ram', 0x1001n, 0xa0000n)], 0n, 0n],
    ['is no more than 640 KiB', [region('ram', 0n, 0xa0400n)], 640n, 0n],
    ['is none above where it ends at 1 MiB', [region('ram', 0xf0000n, 0x100000n)], 0n, 0n],
    ['is above what is around 1 MiB', [region('ram', 0xf0000n, 0x200000n)], 0n, 0x400n],
    ['is none above where it begins later', [region('ram', 0x100001n, 0x200000n)], 0n, 0n],
    ['is not what others use', [region('reserved', 0n, 0x200000n)], 0n, 0n],
    ['is whole KiB', [region('ram', 0n, 0x7ffn), region('ram', 0x100000n, 0x1007ffn)], 1n, 1n],
  ])('%s', (_, told, mem_lower, mem_upper) => {
    expect(basicMemory(told)).toEqual({ mem_lower, mem_upper });
  });
});

describe('a block of Multiboot', () => {
  const base = 0x300000;
  const built = (modules: readonly Module[] = []) => {
    const contents = { segment: 'info', told: TOLD, commandLine: 'k a', bootLoaderName: 'us', modules };
    const block = buildMultibootInfo({ ...contents, framebuffer: undefined });
    const bytes = settled(block, { info: BigInt(base), m: 0x800000n });
    return {
      bytes,
      info: parse(MultibootInfo, bytes),
      at: (address: number) => bytes.subarray(address - base),
    };
  };

  test('has structure, map, modules, texts in this order and nothing behind them', () => {
    const { bytes, info, at } = built([{ segment: 'm', offset: 0x10n, size: 5n, string: 'one' }]);
    expect(info).toMatchObject({ flags: 0x24d, mem_lower: 639, mem_upper: 0xfc00, mods_count: 1 });
    expect([info.mmap_addr, info.mods_addr, info.cmdline, info.boot_loader_name]).toEqual([
      base + 120,
      base + 120 + 72,
      base + 120 + 72 + 16,
      base + 120 + 72 + 16 + 4,
    ]);
    expect(bytes.length).toBe(120 + 72 + 16 + 4 + 3 + 4);
    expect(ascii(at(info.cmdline), { untilNul: true })).toBe('k a');
    expect(toHex(at(info.mods_addr).subarray(0, 16))).toBe('1000800015008000d700300000000000');
    expect(ascii(bytes.subarray(-4, -1))).toBe('one');
  });

  test('has the map as it was told', () => {
    const { info, at } = built();
    expect(info.mmap_length).toBe(72);
    expect(TOLD.map((_, i) => parse(MultibootMmap, at(info.mmap_addr + 24 * i)))).toEqual(
      TOLD.map(({ start, end, kind }) => {
        return { size: 20, base_addr: start, length: end - start, type: typeOf(kind) };
      }),
    );
  });

  test('without modules points at none', () => {
    expect(built().info).toMatchObject({ mods_count: 0, mods_addr: 0 });
  });
});

describe('a tag of Multiboot2', () => {
  test('of the map has its entries as they were told', () => {
    const map = parse(MemoryMapTag, memoryMapTag(TOLD).bytes);
    expect(map).toMatchObject({ type: 6, size: 16 + 72, entry_size: 24 });
    expect(map.entries.map(({ base_addr, length, type }) => [base_addr, length, type])).toEqual(
      TOLD.map(({ start, end, kind }) => [start, end - start, typeOf(kind)]),
    );
  });

  test('of a module has its text behind its ends', () => {
    const { bytes } = moduleTag({ segment: 'm', offset: 0n, size: 5n, string: 'ab' });
    expect([...bytes.subarray(16)]).toEqual([0x61, 0x62, 0]);
  });

  test('keeps what is written into it where it is in the block', () => {
    const tags = [
      stringTag(2, 'odd'),
      moduleTag({ segment: 'm', offset: 0x1000n, size: 5n, string: 'a' }),
      loadBaseTag(constant(0x1200000n)),
    ];
    const { bytes, relocations } = buildMultiboot2Info(tags);
    expect(relocations.map(({ offset }) => offset)).toEqual([32, 36, 56]);
    const view = new DataView(settled({ bytes, relocations }, { m: 0x500000n }).buffer);
    expect([32, 36, 56].map((at) => view.getUint32(at, true))).toEqual([0x501000, 0x501005, 0x1200000]);
  });

  test('of an EFI system table has 64 bits for one above 4 GiB', () => {
    const efi = { ...uefi!.firmware.efi!, systemTable: 0x1_2345_6789n };
    expect(toHex(efiSystemTableTag(efi).bytes)).toBe('0c000000100000008967452301000000');
  });
});

describe('reading a block back', () => {
  /** A block by its words: what it says of its size, then type and size of tags of 8 bytes. */
  const typesIn = (...words: number[]) => {
    const view = new DataView(new ArrayBuffer(4 * words.length));
    words.forEach((word, i) => {
      view.setUint32(4 * i, word, true);
    });
    return readInfoTags(new Uint8Array(view.buffer)).map(({ type, bytes }) => [type, bytes.length]);
  };

  test('gives each tag with its type and as many bytes as it says, up to the end tag', () => {
    expect(typesIn(40, 0, 5, 8, 0x102, 16, 0, 0, 0, 8)).toEqual([
      [5, 8],
      [0x102, 16],
    ]);
    expect(typesIn(24, 0, 0, 8, 5, 8)).toEqual([]);
    expect(STRING_AT).toBe(8);
  });

  test('needs no end tag, and ends where the block does', () => {
    expect(typesIn(24, 0, 5, 8, 6, 8)).toEqual([
      [5, 8],
      [6, 8],
    ]);
    expect(typesIn(16, 0, 5, 8, 6, 8)).toEqual([[5, 8]]);
    expect(typesIn(0x1000, 0, 5, 8)).toEqual([[5, 8]]);
    expect(typesIn(8, 0)).toEqual([]);
    expect(typesIn(8)).toEqual([]);
  });

  test('ends at a tag that is too short, or that ends behind the block', () => {
    expect(typesIn(32, 0, 5, 8, 6, 7, 7, 8)).toEqual([[5, 8]]);
    expect(typesIn(24, 0, 5, 17, 6, 8)).toEqual([]);
    expect(typesIn(24, 0, 5, 16, 6, 8)).toEqual([[5, 16]]);
  });
});

test('a frame buffer has an address of 32 bits, unless its capabilities say that there is more of it', () => {
  const bytes = new Uint8Array(64);
  const view = new DataView(bytes.buffer);
  view.setUint8(0x0f, 0x23);
  view.setUint32(0x18, 0xc0000000, true);
  view.setUint32(0x3a, 1, true);
  const address = (capabilities: number) => {
    view.setUint32(0x36, capabilities, true);
    const machine = { ...BARE, firmware: { screen: { screenInfo: toHex(bytes) } } };
    return framebufferOf(machine, { efi: true, video: 'auto', console: {} })?.framebuffer_addr;
  };
  expect([address(0), address(0xfffffffd), address(2)]).toEqual([0xc0000000n, 0xc0000000n, 0x1_c0000000n]);
});

describe('modules', () => {
  const body = bodyOf([[0x100000n, 0x101000n]]);
  const many = (count: number) => Array.from({ length: count }, (_, n) => module(n));

  test('are as large as their files, behind the image, and have no text if there is none', () => {
    const { modules, segments } = placeModules(body, many(2), ['own']);
    expect(segments[0]).toEqual({
      id: 'module.0',
      parts: [{ source: 'module.0', offset: 0, length: 0x1001 }],
      memorySize: 0x1001n,
      placements: besides(body, 0x1000n),
      why: expect.stringContaining('m0') as string,
    });
    expect(modules).toEqual([
      { segment: 'module.0', offset: 0n, size: 0x1001n, string: 'own' },
      { segment: 'module.1', offset: 0n, size: 0x1001n, string: '' },
    ]);
  });

  test('have the text of their files by themselves', () => {
    const { modules } = placeModules(body, [module(0), module(1, 1, 'x')]);
    expect(modules.map(({ string }) => string)).toEqual(['m0', 'm1 x']);
  });

  test('are segments of their own up to four, and one segment from five on', () => {
    const ids = (count: number) => placeModules(body, many(count)).segments.map(({ id }) => id);
    expect(ids(4)).toEqual(['module.0', 'module.1', 'module.2', 'module.3']);
    expect(ids(5)).toEqual(['modules']);
    const { modules } = placeModules(body, many(5));
    expect(modules.map(({ segment, offset }) => [segment, offset])).toEqual(
      [0n, 0x2000n, 0x4000n, 0x6000n, 0x8000n].map((offset) => ['modules', offset]),
    );
  });

  test('that fill their pages have nothing between them', () => {
    const sizes = [0x1000, 0xfff, 0x2000, 1, 1];
    const { segments } = placeModules(
      body,
      sizes.map((size, n) => module(n, size)),
    );
    const part = (n: number) => ({ source: `module.${n}`, offset: 0, length: sizes[n] });
    expect(segments).toEqual([
      {
        id: 'modules',
        parts: [part(0), part(1), { zeros: 1n }, part(2), part(3), { zeros: 0xfffn }, part(4)],
        memorySize: 0x5001n,
        placements: besides(body, 0x1000n),
        why: expect.stringContaining('5') as string,
      },
    ]);
  });

  test('have no NUL in their text, be it its first byte', () => {
    expect(checkModules([module(0), module(1, 1, '\0')])?.message).toContain('m1');
    expect(checkText('the kernel', '\0')?.message).toContain('the kernel');
    expect(checkText('the kernel', 'a b')).toBeUndefined();
  });
});
