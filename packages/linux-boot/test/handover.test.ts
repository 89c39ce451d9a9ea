import {
  type EfiSystem,
  type Firmware,
  LAST_WORDS_SIZE,
  type Part,
  range,
  type Region,
  type RegionKind,
  unwrap,
} from '@kexec-kit/loader-api';
import { decodeText, fromHex, parse, toHex } from '@kexec-kit/structures';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  BootParams,
  E820_TYPE,
  EfiMemoryDescriptor,
  EfiSetupData,
  extendedMemory,
  type HandoverInput,
  linuxHandover,
  SETUP_E820_EXT,
  SETUP_EFI,
  SETUP_LAST_WORDS,
  SETUP_RNG_SEED,
} from '../src/index.js';
import { BIOS_1_GIB, input, machine } from './fixtures.js';
import { kernelView } from './kernel-view.js';

const LOW = 0x10_0000n;
const HIGH = 0x1_2345_0000n;

test('with an empty header and an empty machine everything is zero but what says who loads', () => {
  const bytes = unplaced(input({ machine: machine([]), header: new Uint8Array(0x7b) }));
  expect([...bytes.entries()].filter(([, byte]) => byte !== 0)).toEqual([[0x210, 0xd0]]);
});

test('the header is copied to the same offset; what a loader has to write there is written', () => {
  const { hdr } = kernelView(input(), LOW);
  expect(hdr).toMatchObject({ version: 0x020f, xloadflags: 0x7f, pref_address: 0x1000000n, root_flags: 1 });
  expect(hdr).toMatchObject({ type_of_loader: 0xd0, loadflags: 0, ramdisk_image: 0, ramdisk_size: 0 });
});

test('the sentinel stays 0, however generous the image', () => {
  expect(kernelView(input(), LOW).params.sentinel).toBe(0);
});

describe.each([
  ['below 4 GiB', LOW],
  ['above 4 GiB', HIGH],
])('%s', (_, base) => {
  test('the command line is found through its two pointers', () => {
    const { hdr, params, read } = kernelView(input(), base);
    const address = BigInt(hdr.cmd_line_ptr!) + (BigInt(params.ext_cmd_line_ptr) << 32n);
    expect(decodeText(read(address, 14))).toBe('console=ttyS0\0');
  });

  test('the initrd is found through its two pointers and has its size', () => {
    const view = kernelView(
      input({ initrds: [{ source: 'initrd.0', name: 'a', size: 70000, arguments: '' }] }),
      base,
    );
    const address = BigInt(view.hdr.ramdisk_image) + (BigInt(view.params.ext_ramdisk_image) << 32n);
    expect(address).toBe(view.at('initrd'));
    expect(view.hdr.ramdisk_size).toBe(70000);
  });
});

test('an initrd of 2^32 + 16 bytes has its size exactly, in two halves', () => {
  const bytes = unplaced(
    input({ initrds: [{ source: 'initrd.0', name: 'huge', size: 2 ** 32 + 16, arguments: '' }] }),
  );
  expect(parse(BootParams, bytes).ext_ramdisk_size).toBe(1);
  expect(new DataView(bytes.buffer).getUint32(0x21c, true)).toBe(16);
});

test('several initrds follow each other at multiples of 4 bytes, as slices of their files', () => {
  const sizes = [5, 8, 3, 1];
  const initrds = sizes.map((size, i) => ({ source: `initrd.${i}`, name: `${i}`, size, arguments: '' }));
  const result = linuxHandover(input({ initrds }));
  const segment = result.ok ? result.value.segments.find(({ id }) => id === 'initrd') : undefined;
  expect(segment?.parts).toEqual([
    { source: 'initrd.0', offset: 0, length: 5 },
    { zeros: 3n },
    { source: 'initrd.1', offset: 0, length: 8 },
    { source: 'initrd.2', offset: 0, length: 3 },
    { zeros: 1n },
    { source: 'initrd.3', offset: 0, length: 1 },
  ]);
  expect(segment?.memorySize).toBe(21n);
});

test('an empty initrd is left out with a warning', () => {
  const result = linuxHandover(
    input({ initrds: [{ source: 'initrd.0', name: 'none.img', size: 0, arguments: '' }] }),
  );
  expect(result).toMatchObject({
    ok: true,
    diagnostics: [{ code: 'LINUX_INITRD_EMPTY', severity: 'warning' }],
  });
  expect(result.ok && result.value.segments.some(({ id }) => id === 'initrd')).toBe(false);
});

describe('the memory map', () => {
  const kinds = Object.keys(E820_TYPE) as RegionKind[];
  const map = (count: number): fc.Arbitrary<Region[]> =>
    fc
      .array(
        fc.record({
          gap: fc.bigInt(0n, 1n << 40n),
          size: fc.bigInt(1n, 1n << 50n),
          kind: fc.constantFrom(...kinds),
        }),
        { minLength: count, maxLength: count },
      )
      .map((steps) => {
        let at = 0n;
        return steps.map(({ gap, size, kind }) => {
          const region = { ...range(at + gap, at + gap + size), kind };
          at = region.end;
          return region;
        });
      });

  test('arrives whole and in order, for any map of 1 to 500 ranges: 128 inline, the rest as SETUP_E820_EXT', () => {
    const anyMap = fc.oneof(
      fc.constantFrom(1, 127, 128, 129, 500).chain(map),
      fc.integer({ min: 1, max: 500 }).chain(map),
    );
    fc.assert(
      fc.property(anyMap, (told) => {
        const { params, nodes } = kernelView(input({ machine: machine(told) }), HIGH);
        const inline = params.e820_table.slice(0, params.e820_entries);
        const extension = nodes
          .filter(({ type }) => type === SETUP_E820_EXT)
          .flatMap(({ data }) => entries(data));
        expect(inline.length).toBe(Math.min(told.length, 128));
        expect([...inline, ...extension]).toEqual(
          told.map(({ start, end, kind }) => ({ addr: start, size: end - start, type: E820_TYPE[kind] })),
        );
        expect(nodes.filter(({ type }) => type === SETUP_E820_EXT).length).toBe(told.length > 128 ? 1 : 0);
      }),
      { numRuns: 60 },
    );
  });

  test('is not touched by planning', () => {
    const told = Object.freeze(BIOS_1_GIB.map((region) => Object.freeze({ ...region })));
    expect(linuxHandover(input({ machine: machine(told) })).ok).toBe(true);
  });

  test.each([
    ['nothing at 1 MiB', 0x100000n, 0n, 0n],
    ['1 GiB', 0x40000000n, 0xfc00n, 0xffc00n],
    ['2 MiB and a half KiB', 0x300200n, 0x800n, 0x800n],
    ['more KiB than 32 bits hold', 0x500_0000_0000n, 0xfc00n, 0xffffffffn],
  ])('counts the KiB above 1 MiB: %s', (_, end, ext_mem_k, alt_mem_k) => {
    expect(extendedMemory([{ ...range(0n, end), kind: 'ram' }])).toEqual({ ext_mem_k, alt_mem_k });
  });

  test('counts nothing above a hole', () => {
    const told: Region[] = [{ ...range(0x200000n, 0x40000000n), kind: 'ram' }];
    expect(extendedMemory(told)).toEqual({ ext_mem_k: 0n, alt_mem_k: 0n });
  });
});

describe('setup_data', () => {
  test('the seed is 32 random bytes that stand in no plan', () => {
    const result = linuxHandover(input());
    const seed = result.ok ? result.value.segments.find(({ id }) => id === 'setup-data.rng-seed') : undefined;
    expect(seed?.parts).toEqual([{ bytes: expect.any(Uint8Array) as Uint8Array }, { fresh: 32 }]);
    expect(kernelView(input(), HIGH).nodes[0]).toEqual({
      type: SETUP_RNG_SEED,
      data: new Uint8Array(32).fill(0xf5),
    });
  });

  test('the last node is room for purgatory’s record, behind what is verified of it', () => {
    const result = linuxHandover(input());
    if (!result.ok) throw new Error('no hand-over');
    const { lastWords, segments } = result.value;
    expect(lastWords).toEqual({ segment: 'setup-data.last-words', offset: 16n });
    const [header, ...rest] = segments.find(({ id }) => id === lastWords?.segment)?.parts as readonly Part[];
    expect(header).toEqual({ bytes: fromHex(`${'00'.repeat(8)}6b6b0000a0000000`) });
    expect(rest).toEqual([{ zeros: BigInt(LAST_WORDS_SIZE) }]);
    expect(kernelView(input(), HIGH).nodes.at(-1)).toEqual({
      type: SETUP_LAST_WORDS,
      data: new Uint8Array(LAST_WORDS_SIZE),
    });
  });

  test('is one list, whatever is in it', () => {
    const told = Array.from({ length: 200 }, (_, i): Region => ({
      ...range(BigInt(i) << 20n, BigInt(i + 1) << 20n),
      kind: 'ram',
    }));
    const { nodes } = kernelView(input({ machine: machine(told, { efi: EFI }) }), HIGH);
    expect(nodes.map(({ type }) => type)).toEqual([
      SETUP_E820_EXT,
      SETUP_EFI,
      SETUP_RNG_SEED,
      SETUP_LAST_WORDS,
    ]);
  });
});

const EFI: EfiSystem = {
  bits: 64,
  systemTable: 0x1_7e9e_c018n,
  vendor: 0x7e9e_cf98n,
  runtime: 0x7f9e_db98n,
  configurationTable: 0x7e9e_ab18n,
  smbios: 0x7e9d_0000n,
  descriptorVersion: 1,
  runtimeMap: [
    {
      type: 5,
      physicalStart: 0x7e8e_d000n,
      virtualStart: 0xffff_ffff_eea0_0000n,
      numberOfPages: 256n,
      attribute: 0x8000_0000_0000_000fn,
    },
    {
      type: 6,
      physicalStart: 0x7e9e_d000n,
      virtualStart: 0xffff_ffff_ee80_0000n,
      numberOfPages: 0x1_0000_0001n,
      attribute: 0x8000_0000_0000_000fn,
    },
  ],
};

describe('a kernel that reads no setup_data', () => {
  const old = { kernelTakesSetupData: false };

  test('is given none', () => {
    expect(kernelView(input(old), LOW).nodes).toEqual([]);
    expect(linuxHandover(input(old)).diagnostics).toEqual([]);
  });

  test('has no page for last words that might take the place of what is to be started', () => {
    const ram = range(0x100000n, 0x4000000n);
    const small = { ...machine([{ ...ram, kind: 'ram' }]), usable: [ram] };
    // Its region's first page and last are not to be had, boot_params and the command line take one each; and purgatory its own.
    const free = ram.end - ram.start - 5n * 0x1000n - 0x10000n;
    const pageBeside = (memorySize: bigint, initrd = 0) => {
      const initrds = initrd === 0 ? [] : [{ source: 'initrd', name: 'initrd', size: initrd, arguments: '' }];
      const asked = input({ ...old, machine: small, beside: [{ memorySize }], initrds });
      return unwrap(linuxHandover(asked)).lastWords !== undefined;
    };
    expect(pageBeside(free)).toBe(true);
    expect(pageBeside(free + 1n)).toBe(false);
    expect(pageBeside(free - 0x2000n, 0x1001)).toBe(true);
    expect(pageBeside(free - 0x1000n, 0x1001)).toBe(false);
  });

  test('has a page for last words that its memory map says is reserved', () => {
    const told: Region[] = [
      { ...range(0n, 0x9fc00n), kind: 'ram' },
      { ...range(0x100000n, 0x4000000n), kind: 'ram' },
      { ...range(0x4000000n, 0x4100000n), kind: 'acpi' },
    ];
    const asked = input({
      ...old,
      machine: { ...machine(told), usable: [told[1]!] },
      addressEnd: 0x38000000n,
    });
    expect(linuxHandover(asked)).toMatchObject({
      value: { lastWords: { segment: 'last-words', offset: 0n } },
    });
    const { params, at } = kernelView(asked, 0x200000n);
    const page = at('last-words');
    expect(params.e820_entries).toBe(5);
    expect(params.e820_table.slice(1, 4)).toEqual([
      { addr: 0x100000n, size: page - 0x100000n, type: 1 },
      { addr: page, size: 0x1000n, type: 2 },
      { addr: page + 0x1000n, size: 0x4000000n - page - 0x1000n, type: 1 },
    ]);
    expect(params.alt_mem_k).toBe(0x3f00000 >> 10);
  });

  test('has none where its map has no room for two more ranges, or already has a hole', () => {
    const told = (count: number) =>
      Array.from({ length: count }, (_, i): Region => ({
        ...range(BigInt(i) << 24n, BigInt(i + 1) << 24n),
        kind: i % 2 === 0 ? 'ram' : 'reserved',
      }));
    const roomy = (count: number) => {
      return { ...machine(told(count)), usable: told(count).filter(({ kind }) => kind === 'ram') };
    };
    const words = (more: Partial<HandoverInput>) => {
      const { ok, ...result } = linuxHandover(input({ ...old, addressEnd: 1n << 32n, ...more }));
      expect(ok).toBe(true);
      return 'value' in result && result.value.lastWords !== undefined;
    };
    expect(words({ machine: roomy(126) })).toBe(true);
    expect(words({ machine: roomy(127) })).toBe(false);
    const hole = { segment: 'boot-params', within: told(2)[0]! };
    expect(words({ machine: roomy(2) })).toBe(true);
    expect(words({ machine: roomy(2), hole })).toBe(false);
  });

  test('is told of 128 ranges, with a warning if there are more', () => {
    const told = Array.from({ length: 129 }, (_, i): Region => ({
      ...range(BigInt(i) << 20n, BigInt(i + 1) << 20n),
      kind: 'ram',
    }));
    const asked = input({ ...old, machine: machine(told) });
    expect(kernelView(asked, LOW).params.e820_entries).toBe(128);
    expect(linuxHandover(asked).diagnostics).toMatchObject([
      { code: 'LINUX_MEMORY_MAP_CUT', severity: 'warning', found: '129 ranges' },
    ]);
  });
});

describe('EFI', () => {
  test('the system table, the runtime map and the physical addresses arrive exactly', () => {
    const { params, nodes, read, at } = kernelView(
      input({ machine: machine(undefined, { efi: EFI }) }),
      HIGH,
    );
    const info = params.efi_info;
    expect(toHex(Uint8Array.from([0, 8, 16, 24], (shift) => info.efi_loader_signature >>> shift))).toBe(
      '454c3634',
    );
    expect(BigInt(info.efi_systab) + (BigInt(info.efi_systab_hi) << 32n)).toBe(EFI.systemTable);
    expect(info).toMatchObject({ efi_memdesc_size: 40, efi_memdesc_version: 1, efi_memmap_size: 80 });
    const map = BigInt(info.efi_memmap) + (BigInt(info.efi_memmap_hi) << 32n);
    expect(map).toBe(at('efi-runtime-map'));
    expect([0n, 40n].map((offset) => parse(EfiMemoryDescriptor, read(map + offset, 40)))).toMatchObject(
      EFI.runtimeMap.map((descriptor) => ({
        type: descriptor.type,
        physical_start: descriptor.physicalStart,
        virtual_start: descriptor.virtualStart,
        number_of_pages: descriptor.numberOfPages,
        attribute: descriptor.attribute,
      })),
    );
    expect(parse(EfiSetupData, nodes[0]!.data)).toEqual({
      fw_vendor: EFI.vendor,
      runtime: EFI.runtime,
      tables: EFI.configurationTable,
      smbios: EFI.smbios,
      reserved: [0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n],
    });
  });

  test.each([
    ['the kernel lacks XLF_EFI_KEXEC', { kernelTakesEfi: false }, EFI],
    ['32-bit', {}, { ...EFI, bits: 32 as const }],
    ['version 2', {}, { ...EFI, descriptorVersion: 2 }],
    ['no runtime map', {}, { ...EFI, runtimeMap: [] }],
  ])('is left out whole, with a warning, when it cannot be handed on: %s', (reason, changes, efi) => {
    const asked = input({ machine: machine(undefined, { efi }), ...changes });
    const result = linuxHandover(asked);
    expect(result).toMatchObject({
      ok: true,
      diagnostics: [{ code: 'LINUX_EFI_NOT_HANDED_ON', severity: 'warning' }],
    });
    expect(result.diagnostics[0].message).toContain(reason);
    const { params, nodes } = kernelView(asked, HIGH);
    expect(Object.values(params.efi_info).every((value) => value === 0)).toBe(true);
    expect(nodes.map(({ type }) => type)).toEqual([SETUP_RNG_SEED, SETUP_LAST_WORDS]);
  });

  test('is left out without a word when the policy says so', () => {
    const asked = input({
      machine: machine(undefined, { efi: EFI }),
      policy: { efi: false, video: 'auto', console: {} },
    });
    expect(linuxHandover(asked).diagnostics).toEqual([]);
    expect(kernelView(asked, HIGH).params.efi_info.efi_systab).toBe(0);
  });
});

describe('what the firmware left behind', () => {
  const screenInfo = Array.from({ length: 64 }, (_, i) => (i + 1).toString(16).padStart(2, '0')).join('');

  test('the screen is handed on untouched, but for ext_mem_k', () => {
    const bytes = unplaced(input({ machine: machine(undefined, { screen: { screenInfo } }) }));
    expect(toHex(bytes.subarray(0, 64))).toBe(`${screenInfo.slice(0, 4)}00fc${screenInfo.slice(8)}`);
  });

  test.each([
    ['nobody knows a screen', {}, 'auto'],
    ['the policy says none', { screen: { screenInfo } }, 'none'],
  ] as const)('there is no screen when %s', (_, firmware, video) => {
    const { params } = kernelView(
      input({ machine: machine(undefined, firmware), policy: { efi: true, video, console: {} } }),
      LOW,
    );
    expect(params.screen_info).toMatchObject({
      orig_video_is_vga: 0,
      orig_video_cols: 0,
      orig_video_lines: 0,
    });
  });

  test('RSDP, subarchitecture and EDD arrive exactly', () => {
    const firmware: Firmware = {
      acpiRsdp: 0x1_0000_0001_2344n,
      hardwareSubarch: 2,
      edd: { entries: ['80'.repeat(82), '81'.repeat(82)], mbrSignatures: [0xdeadbeef, 1] },
    };
    const { params, hdr } = kernelView(input({ machine: machine(undefined, firmware) }), LOW);
    expect(params.acpi_rsdp_addr).toBe(0x1_0000_0001_2344n);
    expect(hdr.hardware_subarch).toBe(2);
    expect(params).toMatchObject({ eddbuf_entries: 2, edd_mbr_sig_buf_entries: 2 });
    expect(params.edd_mbr_sig_buffer.slice(0, 3)).toEqual([0xdeadbeef, 1, 0]);
    expect(params.eddbuf.map((entry) => entry[0])).toEqual([0x80, 0x81, 0, 0, 0, 0]);
  });

  test.each([
    ['firmware.screen.screenInfo', { screen: { screenInfo: 'ff' } }],
    ['firmware.edd.entries', { edd: { entries: Array<string>(7).fill('00'.repeat(82)), mbrSignatures: [] } }],
    ['firmware.edd.entries[0]', { edd: { entries: ['00'], mbrSignatures: [] } }],
    ['firmware.edd.mbrSignatures', { edd: { entries: [], mbrSignatures: Array<number>(17).fill(0) } }],
    ['firmware.edd.mbrSignatures[1]', { edd: { entries: [], mbrSignatures: [0, 2 ** 32] } }],
    ['firmware.acpiRsdp', { acpiRsdp: 1n << 64n }],
    ['firmware.hardwareSubarch', { hardwareSubarch: -1 }],
    ['firmware.efi.systemTable', { efi: { ...EFI, systemTable: -1n } }],
    [
      'firmware.efi.runtimeMap[0].type',
      { efi: { ...EFI, runtimeMap: [{ ...EFI.runtimeMap[0]!, type: 1.5 }] } },
    ],
  ] as [string, Firmware][])('%s that does not fit is refused, not cut', (field, firmware) => {
    expect(linuxHandover(input({ machine: machine(undefined, firmware) }))).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'LINUX_MACHINE_FIELD', at: { field } }],
    });
  });

  test('a memory map beyond 64 bits is refused', () => {
    const told: Region[] = [{ ...range(1n << 64n, (1n << 64n) + 1n), kind: 'ram' }];
    expect(linuxHandover(input({ machine: machine(told) }))).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'LINUX_MACHINE_FIELD', at: { field: 'told[0].start' } }],
    });
  });
});

function entries(data: Uint8Array): { addr: bigint; size: bigint; type: number }[] {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return Array.from({ length: data.length / 20 }, (_, i) => ({
    addr: view.getBigUint64(20 * i, true),
    size: view.getBigUint64(20 * i + 8, true),
    type: view.getUint32(20 * i + 16, true),
  }));
}

/** boot_params before any address is known. */
function unplaced(asked: HandoverInput): Uint8Array {
  const result = linuxHandover(asked);
  if (!result.ok) throw new Error(result.diagnostics[0].code);
  return (result.value.segments[0]!.parts as { bytes: Uint8Array }[])[0]!.bytes;
}
