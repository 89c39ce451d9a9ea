import {
  addressOf,
  constant,
  range,
  type Region,
  type Relocation,
  type Segment,
} from '@kexec-kit/loader-api';
import { describe, expect, test } from 'vitest';
import {
  BootParams,
  concatenateInitrds,
  extendedMemory,
  type HandoverInput,
  linuxHandover,
  type RealModeInput,
  readSetupHeader,
  realModeHandover,
  SetupHeader,
  setupHeaderBytes,
} from '../src/index.js';
import { input, machine, sector, SMALL_EFI } from './fixtures.js';

const initrd = (size: number, i = 0) => ({ source: `initrd.${i}`, name: `${i}`, size, arguments: '' });

describe('the segments of a hand-over', () => {
  const segmentsOf = (changes: Partial<HandoverInput>) => {
    const result = linuxHandover(input(changes));
    if (!result.ok) throw new Error(result.diagnostics[0].code);
    return new Map(result.value.segments.map((segment): [string, Segment] => [segment.id, segment]));
  };
  const told = Array.from({ length: 129 }, (_, i): Region => ({
    ...range(BigInt(i) << 20n, BigInt(i + 1) << 20n),
    kind: 'ram',
  }));
  const all = segmentsOf({
    machine: machine(told, { efi: SMALL_EFI }),
    initrds: [initrd(5)],
    addressEnd: 0x1_0000_0000n,
    initrdEnd: 0x8000_0000n,
  });
  const placed = (end: bigint, align: bigint) => [{ within: range(0x100000n, end), align, from: 'top' }];

  test('have names that stay, since submissions and goldens tell of them', () => {
    expect([...all.keys()]).toEqual([
      ...['boot-params', 'command-line', 'setup-data.e820', 'setup-data.efi', 'setup-data.rng-seed'],
      ...['setup-data.last-words', 'efi-runtime-map', 'initrd'],
    ]);
  });

  test('lie from 1 MiB on, as high as the kernel can look', () => {
    const below4g = (align: bigint) => placed(0x1_0000_0000n, align);
    const small = [...all].filter(([id]) => id.startsWith('setup-data') || id === 'efi-runtime-map');
    expect(all.get('boot-params')?.placements).toEqual(below4g(0x1000n));
    expect(all.get('command-line')?.placements).toEqual(below4g(1n));
    expect(small.map(([, { placements }]) => placements)).toEqual(Array(5).fill(below4g(16n)));
    expect(all.get('initrd')?.placements).toEqual(placed(0x8000_0000n, 0x1000n));
  });

  test('are linked by relocations of the width that each field has', () => {
    const half = (offset: number, segment: string, part: 'low32' | 'high32'): Relocation => {
      return { offset, value: { ...addressOf(segment), part }, encoding: 'u32' };
    };
    const { at } = BootParams;
    const header = SetupHeader.at;
    expect(all.get('boot-params')?.relocations).toEqual([
      half(header.cmd_line_ptr.offset, 'command-line', 'low32'),
      half(at.ext_cmd_line_ptr.offset, 'command-line', 'high32'),
      half(header.ramdisk_image.offset, 'initrd', 'low32'),
      half(at.ext_ramdisk_image.offset, 'initrd', 'high32'),
      { offset: header.setup_data.offset, value: addressOf('setup-data.e820'), encoding: 'u64' },
      half(at['efi_info.efi_memmap'].offset, 'efi-runtime-map', 'low32'),
      half(at['efi_info.efi_memmap_hi'].offset, 'efi-runtime-map', 'high32'),
    ]);
  });

  test('are the same whether or not there is memory for a page of last words: a kernel that has a list needs none', () => {
    const [told] = machine().told.filter(({ start }) => start === 0x100000n);
    const roomy = segmentsOf({ machine: { ...machine(), usable: [told!] } });
    expect([...roomy.keys()]).toEqual([...segmentsOf({}).keys()]);
    expect(roomy.has('setup-data.last-words')).toBe(true);
  });

  test('hand on addresses that belong into the command line', () => {
    const relocations: Relocation[] = [{ offset: 3, value: addressOf('elfcorehdr'), encoding: 'u64' }];
    expect(segmentsOf({ commandLineRelocations: relocations }).get('command-line')).toMatchObject({
      relocations,
    });
    expect(all.get('command-line')).not.toHaveProperty('relocations');
  });

  test('tell the kernel’s alignment, if it is not the image’s own', () => {
    const alignment = (changes: Partial<HandoverInput>) => {
      const [part] = segmentsOf(changes).get('boot-params')?.parts as { bytes: Uint8Array }[];
      return readSetupHeader(part?.bytes ?? new Uint8Array()).kernel_alignment;
    };
    expect([alignment({}), alignment({ kernelAlignment: 0x1000 })]).toEqual([0x200000, 0x1000]);
  });
});

describe('real-mode code', () => {
  const handover = (version: number, changes: Partial<RealModeInput> = {}) => {
    const page = sector({ version, setup_sects: 31, heap_end_ptr: 0x1234 });
    const header = readSetupHeader(page);
    const result = realModeHandover({
      ...{
        image: 'image',
        header,
        headerBytes: setupHeaderBytes(page, header),
        kernel: 'kernel',
        initrds: [],
      },
      ...{ commandLine: 'ro', commandLineLimit: 255, initrdEnd: 0x8000_0000n },
      ...changes,
    });
    if (!result.ok) throw new Error(result.diagnostics[0].code);
    return result.value;
  };

  test.each([
    [0x201, { at: 0x90000n }, 0xa000n, 0x9800n],
    [0x202, { within: range(0x10000n, 0x9a000n), align: 0x1000n, from: 'top' }, 0x10000n, 0xe000n],
  ])(
    'of protocol %i lies where boot.rst has it, and is entered so',
    (version, placement, memorySize, stack) => {
      const { segments, handoff } = handover(version);
      expect(segments).toMatchObject([{ id: 'setup-code', placements: [placement], memorySize }]);
      const code = { ...addressOf('setup-code', 0x200n), shift: 4 };
      const data = { ...addressOf('setup-code'), shift: 4 };
      expect(handoff).toEqual({
        mode: 'real16',
        entry: addressOf('setup-code', 0x200n),
        registers: { cs: code, ds: data, es: data, fs: data, gs: data, ss: data, sp: constant(stack) },
      });
    },
  );

  test('is told of the kernel, the initrd and the command line by addresses of 32 bits', () => {
    const to = (offset: number, segment: string, within = 0n) => {
      return { offset, value: addressOf(segment, within), encoding: 'u32' };
    };
    const commandLine = to(0x228, 'setup-code', 0xe000n);
    const [code, ramdisk] = handover(0x20f, { initrds: [initrd(5)] }).segments;
    expect(code?.relocations).toEqual([to(0x214, 'kernel'), to(0x218, 'initrd'), commandLine]);
    expect(ramdisk).toMatchObject({
      id: 'initrd',
      memorySize: 5n,
      placements: [{ within: range(0x100000n, 0x8000_0000n), align: 0x1000n, from: 'top' }],
    });
    expect(handover(0x20f).segments[0]?.relocations).toEqual([to(0x214, 'kernel'), commandLine]);
    expect(handover(0x201).segments[0]?.relocations).toEqual([to(0x214, 'kernel')]);
  });

  test.each([0x201, 0x202, 0x20f])(
    'of protocol %i fills its segment up to the command line’s end',
    (version) => {
      const parts = handover(version).segments[0]?.parts as readonly object[];
      const sizes = parts.map((part) =>
        'bytes' in part ? (part.bytes as Uint8Array).length : Number(Object.values(part).at(-1)),
      );
      expect(sizes.reduce((sum, size) => sum + size)).toBe((version < 0x202 ? 0x9800 : 0xe000) + 3);
    },
  );

  test('is told the kernel’s alignment, if it is not the image’s own', () => {
    const alignment = (kernelAlignment?: number) => {
      const [, header] = handover(0x20f, kernelAlignment === undefined ? {} : { kernelAlignment }).segments[0]
        ?.parts as { bytes: Uint8Array }[];
      return new DataView(Uint8Array.from(header?.bytes ?? []).buffer).getUint32(0x230 - 0x1f1, true);
    };
    expect([alignment(), alignment(0x1000)]).toEqual([0x200000, 0x1000]);
  });

  test('keeps its boot sector from protocol 2.02 on; before, that tells of the command line', () => {
    const slice = (offset: number, length: number) => ({ source: 'image', offset, length });
    expect(handover(0x202).segments[0]?.parts).toMatchObject([slice(0, 0x1f1), {}, {}, {}, {}]);
    expect(handover(0x201).segments[0]?.parts).toMatchObject([
      ...[slice(0, 0x20), { bytes: Uint8Array.of(0x3f, 0xa3, 0x00, 0x98) }, slice(0x24, 0x1f1 - 0x24)],
      ...[{}, {}, {}, {}],
    ]);
  });

  test('is told from protocol 2.01 on where its heap ends', () => {
    const told = (version: number) => {
      const parts = handover(version).segments[0]?.parts as { bytes?: Uint8Array }[];
      const header = Uint8Array.from(
        parts.find(({ bytes }) => bytes !== undefined && bytes.length > 4)?.bytes ?? [],
      );
      const heapEnd =
        header.length < 0x226 - 0x1f1 ? undefined : header[0x225 - 0x1f1]! * 256 + header[0x224 - 0x1f1]!;
      return [header[0x211 - 0x1f1], heapEnd];
    };
    expect([0x200, 0x201, 0x202].map(told)).toEqual([
      [0x01, undefined],
      [0x81, 0x9800 - 0x200],
      [0x81, 0xe000 - 0x200],
    ]);
  });

  test('before protocol 2.02 is moved with its command line', () => {
    const moved = (version: number) => {
      const parts = handover(version).segments[0]?.parts as { bytes?: Uint8Array }[];
      const header = parts.find(({ bytes }) => bytes !== undefined && bytes.length > 4)?.bytes ?? [];
      return new DataView(Uint8Array.from(header).buffer).getUint16(0x212 - 0x1f1, true);
    };
    expect([moved(0x201), moved(0x202)]).toEqual([0x9800 + 3, 0]);
  });
});

test('a file without a byte leaves no trace between others, nor behind them', () => {
  const { parts, size } = concatenateInitrds([initrd(5, 0), initrd(0, 1), initrd(6, 2), initrd(0, 3)]);
  expect(parts).toEqual([
    { source: 'initrd.0', offset: 0, length: 5 },
    { zeros: 3n },
    { source: 'initrd.2', offset: 0, length: 6 },
  ]);
  expect(size).toBe(14n);
});

test('memory above 1 MiB is of the RAM that is there, whatever lies below or stands before it', () => {
  const below: Region = { ...range(0n, 0x100000n), kind: 'ram' };
  const above: Region = { ...range(0x100000n, 0x200000n), kind: 'ram' };
  expect(extendedMemory([below, above]).alt_mem_k).toBe(1024n);
  expect(extendedMemory([{ ...above, kind: 'reserved' }]).alt_mem_k).toBe(0n);
});
