import { readFileSync } from 'node:fs';
import {
  constant,
  type FileValue,
  type Machine,
  range,
  type Region,
  type RegionKind,
  type Relocation,
} from '@kexec-kit/loader-api';
import type { MapHole } from '@kexec-kit/linux-boot';
import { standardMachines } from '@kexec-kit/loader-testkit';
import { ascii, encodeText, parse, toHex } from '@kexec-kit/structures';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  basicMemory,
  basicMemoryTag,
  BasicMemoryTag,
  BOOT_LOADER_NAME,
  type Body,
  buildMultiboot2Info,
  buildMultibootInfo,
  checkModules,
  efiSystemTableTag,
  type Framebuffer,
  framebufferOf,
  framebufferTag,
  type InfoBlock,
  infoTags,
  kernelText,
  loadBaseTag,
  memoryMapTag,
  MemoryMapTag,
  type Module,
  moduleTag,
  ModuleTag,
  moduleString,
  MultibootInfo,
  MultibootMmap,
  MultibootModule,
  placeModules,
  readInfoTags,
  stringTag,
  typeOf,
} from '../src/index.js';

const POLICY = { efi: true, video: 'auto', console: {} } as const;
const region = (kind: RegionKind, start: bigint, end: bigint): Region => ({ kind, ...range(start, end) });
const { manyRanges, small, uefi } = standardMachines as Record<string, Machine>;
const SCREEN: Framebuffer = {
  ...{ framebuffer_addr: 0x1_c000_0000n, framebuffer_pitch: 4096, framebuffer_width: 1024 },
  ...{ framebuffer_height: 768, framebuffer_bpp: 32, framebuffer_type: 1 },
  color_info: Uint8Array.of(16, 8, 8, 8, 0, 8),
};

const PAGE = 0x1000n;

/** What is written into a block when every segment stands at that address and is a page. */
function settled({ bytes, relocations }: InfoBlock, bases: Readonly<Record<string, bigint>>): Uint8Array {
  const block = bytes.slice();
  const view = new DataView(block.buffer);
  for (const each of relocations as readonly Extract<Relocation, { value: unknown }>[]) {
    const value = each.value.terms.reduce(
      (sum, { sign, segment, at, offset }) =>
        sum + BigInt(sign) * ((bases[segment] ?? 0n) + offset + (at === 'end' ? PAGE : 0n)),
      each.value.constant,
    );
    const written = value >> BigInt(each.value.shift ?? 0);
    if (each.encoding === 'u64') view.setBigUint64(each.offset, written, true);
    else view.setUint32(each.offset, Number(written), true);
  }
  return block;
}

describe('mem_lower and mem_upper', () => {
  test.each([
    ['639 KiB below an EBDA', [region('ram', 0n, 0x9fc00n)], 639n, 0n],
    ['640 KiB at most', [region('ram', 0n, 0x4000000n)], 640n, 0xfc00n],
    [
      'page 0 kept by the firmware',
      [region('reserved', 0n, 0x1000n), region('ram', 0x1000n, 0xa0000n)],
      640n,
      0n,
    ],
    ['no memory at 0', [region('ram', 0x10000n, 0xa0000n)], 0n, 0n],
    [
      'up to the first hole',
      [region('ram', 0x100000n, 0x700000n), region('ram', 0x800000n, 0x900000n)],
      0n,
      0x1800n,
    ],
    [
      'ranges that touch are one',
      [region('ram', 0x100000n, 0x700000n), region('ram', 0x700000n, 0x900000n)],
      0n,
      0x2000n,
    ],
    ['a hole at 1 MiB', [region('ram', 0x200000n, 0x700000n)], 0n, 0n],
    ['more than 4 TiB', [region('ram', 0x100000n, 1n << 44n)], 0n, 0xffffffffn],
  ])('%s', (_, told, mem_lower, mem_upper) => {
    expect(basicMemory(told)).toEqual({ mem_lower, mem_upper });
  });
});

test('every kind of memory has its type', () => {
  const kinds: RegionKind[] = [
    'ram',
    'reserved',
    'acpi',
    'nvs',
    'unusable',
    'persistent',
    'persistent-legacy',
    'soft-reserved',
  ];
  expect(kinds.map(typeOf)).toEqual([1, 2, 3, 4, 5, 7, 12, 0xefffffff]);
});

describe('the block of Multiboot 1', () => {
  const modules: Module[] = [
    { segment: 'm', offset: 0n, size: 0x1234n, string: 'a.bin quick' },
    { segment: 'm', offset: 0x2000n, size: 1n, string: 'ünïcödé' },
  ];
  const contents = {
    ...{
      segment: 'info',
      told: manyRanges!.told,
      commandLine: 'kernel a b',
      bootLoaderName: 'kexec-kit 1',
      modules,
    },
    framebuffer: SCREEN,
  };
  const base = 0x300000n;
  const bytes = settled(buildMultibootInfo(contents), { info: base, m: 0x800000n });
  const info = parse(MultibootInfo, bytes);
  const at = (address: number) => bytes.subarray(address - Number(base));

  test('is read back as it was meant', () => {
    expect(info).toMatchObject({
      flags: 0x124d,
      mem_lower: 639,
      mods_count: 2,
      boot_device: 0,
      drives_length: 0,
    });
    expect(ascii(at(info.cmdline), { untilNul: true })).toBe('kernel a b');
    expect(ascii(at(info.boot_loader_name), { untilNul: true })).toBe('kexec-kit 1');
    expect(info).toMatchObject({
      framebuffer_addr: 0x1_c000_0000n,
      framebuffer_pitch: 4096,
      framebuffer_type: 1,
    });
    expect(toHex(info.color_info)).toBe('100808080008');
  });

  test('has every range of the map, 24 bytes each, whose size says 20', () => {
    expect(info.mmap_length).toBe(manyRanges!.told.length * 24);
    const map = manyRanges!.told.map((_, i) => parse(MultibootMmap, at(info.mmap_addr + i * 24)));
    expect(map).toEqual(
      manyRanges!.told.map(({ start, end, kind }) => {
        return { size: 20, base_addr: start, length: end - start, type: typeOf(kind) };
      }),
    );
  });

  test('names each module with its text', () => {
    const list = modules.map((_, i) => parse(MultibootModule, at(info.mods_addr + i * 16)));
    expect(list).toMatchObject([
      { mod_start: 0x800000, mod_end: 0x801234, reserved: 0 },
      { mod_start: 0x802000, mod_end: 0x802001, reserved: 0 },
    ]);
    const text = encodeText('ünïcödé\0');
    expect(at(list[1]!.string).subarray(0, text.length)).toEqual(text);
  });

  test('without modules or screen says so', () => {
    const plain = buildMultibootInfo({ ...contents, modules: [], framebuffer: undefined });
    expect(parse(MultibootInfo, plain.bytes)).toMatchObject({
      flags: 0x24d,
      mods_count: 0,
      mods_addr: 0,
      framebuffer_addr: 0n,
    });
  });
});

describe('the block of Multiboot 2', () => {
  test('has every tag at a multiple of 8, its size without padding, and an end tag', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 20 })), (texts) => {
        const block = buildMultiboot2Info(texts.map((text) => stringTag(1, text)));
        expect(block.bytes.length % 8).toBe(0);
        expect(new DataView(block.bytes.buffer).getUint32(0, true)).toBe(block.bytes.length);
        const tags = readInfoTags(block.bytes);
        expect(tags.map(({ bytes }) => bytes.length)).toEqual(
          texts.map((text) => 9 + encodeText(text).length),
        );
        for (const { bytes } of tags) expect(bytes.byteOffset % 8).toBe(0);
        expect([...block.bytes.subarray(-8)]).toEqual([0, 0, 0, 0, 8, 0, 0, 0]);
      }),
    );
  });

  test('has the map, whole and as it was told', () => {
    const [tag] = readInfoTags(buildMultiboot2Info([memoryMapTag(manyRanges!.told)]).bytes);
    const map = parse(MemoryMapTag, tag!.bytes);
    expect(map).toMatchObject({ type: 6, entry_size: 24, entry_version: 0 });
    expect(map.entries).toEqual(
      manyRanges!.told.map(({ start, end, kind }) => {
        return { base_addr: start, length: end - start, type: typeOf(kind), reserved: 0 };
      }),
    );
  });

  test('names modules and load base by where they are placed', () => {
    const module = { segment: 'm', offset: 0x1000n, size: 5n, string: 'a' };
    const block = buildMultiboot2Info([
      stringTag(2, 'odd'),
      moduleTag(module),
      loadBaseTag(constant(0x1200000n)),
    ]);
    const [, first, base] = readInfoTags(settled(block, { m: 0x500000n }));
    expect(parse(ModuleTag, first!.bytes)).toMatchObject({
      type: 3,
      size: 18,
      mod_start: 0x501000,
      mod_end: 0x501005,
    });
    expect(toHex(base!.bytes)).toBe('150000000c00000000002001');
  });

  test('has screen and EFI system table of both word sizes', () => {
    const efi = uefi!.firmware.efi!;
    const tags = [
      framebufferTag(SCREEN),
      efiSystemTableTag(efi),
      efiSystemTableTag({ ...efi, bits: 32 }),
      basicMemoryTag(small!.told),
    ];
    expect(readInfoTags(buildMultiboot2Info(tags).bytes).map(({ bytes }) => toHex(bytes))).toEqual([
      '080000002600000' + '0000000c0010000000010000000040000000300002001' + '0000100808080008',
      '0c0000001000000018c05e1f00000000',
      '0b0000000c00000018c05e1f',
      '04000000100000007f02000080fb0100',
    ]);
  });
});

describe('a segment that the map tells of by itself', () => {
  const told = [
    region('ram', 0n, 0x9fc00n),
    region('ram', 0x100000n, 0x700000n),
    region('ram', 0x700000n, 0x900000n),
    region('acpi', 0x900000n, 0xa00000n),
    region('ram', 0x1000000n, 0x2000000n),
  ];
  const hole = (start: bigint, end: bigint): MapHole => {
    return { segment: 'own', within: range(start, end), told: { kind: 'reserved', size: PAGE } };
  };
  const within = { upper: hole(0x701000n, 0x8ff000n), beyond: hole(0x1001000n, 0x1fff000n) };
  const cut = (at: bigint, index: number) => {
    const { start, end } = told[index]!;
    const three = [
      region('ram', start, at),
      region('reserved', at, at + PAGE),
      region('ram', at + PAGE, end),
    ];
    return [...told.slice(0, index), ...three, ...told.slice(index + 1)].map((each) => {
      return { base_addr: each.start, length: each.end - each.start, type: typeOf(each.kind) };
    });
  };

  test.each([
    ['in what is counted as upper memory', within.upper, 0x7ff000n, 2, 0x6ff000 >> 10],
    ['elsewhere', within.beyond, 0x1fff000n - PAGE, 4, 0x800000 >> 10],
  ] as const)('%s is reserved, and is where upper memory ends', (_, own, at, index, mem_upper) => {
    const texts = {
      segment: 'info',
      commandLine: '',
      bootLoaderName: '',
      modules: [],
      framebuffer: undefined,
    };
    const block = settled(buildMultibootInfo({ ...texts, told, hole: own }), { info: 0n, own: at });
    const info = parse(MultibootInfo, block);
    expect(info).toMatchObject({ mem_lower: 639, mem_upper, mmap_length: 7 * 24 });
    const map = cut(at, index);
    expect(map.map((_entry, i) => parse(MultibootMmap, block.subarray(info.mmap_addr + i * 24)))).toEqual(
      map.map((each) => ({ ...each, size: 20 })),
    );
    const tags = settled(buildMultiboot2Info([basicMemoryTag(told, own), memoryMapTag(told, own)]), {
      own: at,
    });
    const [basic, memory] = readInfoTags(tags);
    expect(parse(BasicMemoryTag, basic!.bytes)).toMatchObject({ mem_lower: 639, mem_upper });
    expect(parse(MemoryMapTag, memory!.bytes).entries).toEqual(map.map((each) => ({ ...each, reserved: 0 })));
  });

  test('ends upper memory by a number of 32 bits', () => {
    expect(basicMemoryTag(told, within.upper).relocations).toMatchObject([{ encoding: 'u32' }]);
    expect(basicMemoryTag(told, within.beyond).relocations).toEqual([]);
  });
});

describe('reading a block back ends, whatever is in it', () => {
  test('tags are within it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const tags = readInfoTags(bytes);
        for (const { bytes: own } of tags)
          expect(own.byteOffset + own.length).toBeLessThanOrEqual(bytes.byteOffset + bytes.length);
      }),
    );
  });
});

describe('the screen', () => {
  const machine = (screenInfo: string): Machine => ({ ...small!, firmware: { screen: { screenInfo } } });
  const fields = (isVga: number, more: (view: DataView) => void = () => undefined) => {
    const bytes = new Uint8Array(64);
    bytes[0x0f] = isVga;
    more(new DataView(bytes.buffer));
    return toHex(bytes);
  };
  const graphics = (isVga: number) =>
    fields(isVga, (view) => {
      view.setUint16(0x12, 1024, true);
      view.setUint16(0x14, 768, true);
      view.setUint16(0x16, 32, true);
      view.setUint32(0x18, 0xc0000000, true);
      view.setUint16(0x24, 4096, true);
      [8, 16, 8, 8, 8, 0].forEach((value, i) => {
        view.setUint8(0x26 + i, value);
      });
      view.setUint32(0x36, 2, true);
      view.setUint32(0x3a, 1, true);
    });

  test.each([0x23, 0x70])('of graphics (kind %d) is a frame buffer, its address of 64 bits', (kind) => {
    expect(framebufferOf(machine(graphics(kind)), POLICY)).toEqual(SCREEN);
  });

  test('of text is text', () => {
    const text = fields(1, (view) => {
      view.setUint8(7, 80);
      view.setUint8(14, 25);
    });
    expect(framebufferOf(machine(text), POLICY)).toMatchObject({
      ...{
        framebuffer_addr: 0xb8000n,
        framebuffer_pitch: 160,
        framebuffer_width: 80,
        framebuffer_height: 25,
      },
      ...{ framebuffer_bpp: 16, framebuffer_type: 2 },
    });
  });

  test('that is unknown, of another kind, or not to be handed on is none', () => {
    expect(framebufferOf(machine('00'.repeat(64)), POLICY)).toBeUndefined();
    expect(framebufferOf(machine(fields(0x22)), POLICY)).toBeUndefined();
    expect(framebufferOf(machine(fields(0x70)), POLICY)).toBeUndefined();
    expect(framebufferOf({ ...small!, firmware: {} }, POLICY)).toBeUndefined();
    expect(framebufferOf(machine(graphics(0x70)), { ...POLICY, video: 'none' })).toBeUndefined();
  });
});

describe('modules', () => {
  const file = (n: number, size = 0x1001, own = ''): FileValue => {
    return { source: `module.${n}`, name: `m${n}`, size, arguments: own };
  };
  const chunk = { id: 'load.0', content: { offset: 0, length: 1 }, why: '', ...range(0x100000n, 0x101000n) };
  const body: Body = {
    ...{ chunks: [chunk], span: range(0x100000n, 0x101000n), entry: { chunk, offset: 0n } },
    ...{ movable: false, align: 4096n },
  };

  test('are segments of their own, as long as they are few', () => {
    const { modules, segments } = placeModules(body, [file(0), file(1)]);
    expect(segments.map(({ id }) => id)).toEqual(['module.0', 'module.1']);
    expect(modules).toMatchObject([
      { segment: 'module.0', offset: 0n },
      { segment: 'module.1', offset: 0n },
    ]);
  });

  test('are one segment when they are many, each at a page', () => {
    const { modules, segments } = placeModules(
      body,
      Array.from({ length: 20 }, (_, n) => file(n, 0x1000 + n)),
    );
    expect(segments.length).toBe(1);
    expect(segments[0]?.memorySize).toBe(0x1000n + 19n * 0x2000n - 0x1000n + 0x13n);
    for (const { offset } of modules) expect(offset % 4096n).toBe(0n);
    const parts = segments[0]?.parts as readonly { length?: number; zeros?: bigint }[];
    const size = parts.reduce((sum, part) => sum + BigInt(part.length ?? 0) + (part.zeros ?? 0n), 0n);
    expect(size).toBe(segments[0]?.memorySize);
  });

  test('have the text that boot loaders give them: file and arguments', () => {
    expect(moduleString(file(0))).toBe('m0');
    expect(moduleString(file(0, 1, 'a "b c"'))).toBe('m0 a "b c"');
  });

  test('that are empty, or whose text has a NUL, are refused', () => {
    expect(checkModules([file(0), file(1, 0)])).toMatchObject({
      code: 'MULTIBOOT_MODULE_EMPTY',
      at: { source: 'm1' },
    });
    expect(checkModules([file(0, 1, 'a\0')])).toMatchObject({ code: 'MULTIBOOT_COMMAND_LINE_NUL' });
    expect(checkModules([file(0)])).toBeUndefined();
  });
});

test('a command line begins with the name of the image, then what is reused, then the text', () => {
  const machine = { ...small!, commandLine: 'BOOT_IMAGE=/vmlinuz ro quiet' };
  const text = (reuse: boolean, own?: string) =>
    kernelText({ image: 'k', text: own, reuse, machine, purpose: 'normal' });
  expect([text(false), text(false, 'a'), text(true), text(true, 'a')]).toEqual([
    'k',
    'k a',
    'k ro quiet',
    'k ro quiet a',
  ]);
});

test('the table of information tags has every type of the specification once', () => {
  expect(infoTags.map(({ type }) => type)).toEqual(Array.from({ length: 21 }, (_, i) => i + 1));
});

test('who boots is named with the version of this package', () => {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  expect(BOOT_LOADER_NAME).toBe(`kexec-kit ${version}`);
});
