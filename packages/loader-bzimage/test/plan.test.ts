import { BootParams, readSetupHeader } from '@kexec-kit/linux-boot';
import type { Machine, Plan, Result, Segment } from '@kexec-kit/loader-api';
import { parse } from '@kexec-kit/structures';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type BzImage, loader } from '../src/index.js';
import { bzImage, type HeaderField, MEMTEST, type Shape, source } from './bzimage.js';
import { NOTHING, POLICY } from './inputs.js';
import { BIOS_1_GIB, RANGES_300, UEFI_8_GIB } from './machines.js';

type Input = Parameters<typeof loader.plan>[1];

const FOUR_GIB = 1n << 32n;
const INITRD = { source: 'initrd.0', name: 'initrd.img', size: 0x100000, arguments: '' };

function load(shape: Shape = {}): BzImage {
  const result = loader.load(source(bzImage(shape)));
  if (!result.ok) throw new Error(result.diagnostics[0].code);
  return result.value;
}

function plan(shape: Shape = {}, changes: Partial<Input> = {}): Result<Plan> {
  return loader.plan(load(shape), {
    machine: BIOS_1_GIB,
    purpose: 'normal',
    policy: POLICY,
    options: NOTHING,
    ...changes,
  });
}

function segments(result: Result<Plan>): Record<string, Segment> {
  if (!result.ok) throw new Error(result.diagnostics[0].code);
  return Object.fromEntries(result.value.segments.map((segment) => [segment.id, segment]));
}

function bytesOf(segment: Segment | undefined): Uint8Array {
  return (segment!.parts as { bytes: Uint8Array }[])[0]!.bytes;
}

describe('the kernel', () => {
  test('is the file from the end of its setup code on, with the memory that it asks for', () => {
    expect(segments(plan())['kernel']).toMatchObject({
      parts: [{ source: 'image', offset: 0x800, length: 0x1040 }],
      memorySize: 0x37dc000n,
      placements: [{ within: { start: 0x1000000n, end: 1n << 64n }, align: 0x200000n, from: 'top' }],
    });
  });

  test('asks for whole pages', () => {
    expect(segments(plan({ fields: { init_size: 0x200001 } }))['kernel']?.memorySize).toBe(0x201000n);
  });

  test('asks for at least its file', () => {
    const kernel = segments(plan({ fields: { init_size: 1 }, codeSize: 0x5010 }))['kernel'];
    expect(kernel?.memorySize).toBe(0x6000n);
  });

  test('without a preference lies at 1 MiB or above', () => {
    const kernel = segments(plan({ fields: { pref_address: 0n } }))['kernel'];
    expect(kernel?.placements).toMatchObject([{ within: { start: 0x100000n } }]);
  });

  test('is tried at each alignment down to the least that it bears, which boot_params then says', () => {
    const planned = segments(plan({ fields: { kernel_alignment: 0x200000, min_alignment: 18 } }));
    expect(planned['kernel']?.placements.map((placement) => 'align' in placement && placement.align)).toEqual(
      [0x200000n, 0x100000n, 0x80000n, 0x40000n],
    );
    expect(readSetupHeader(bytesOf(planned['boot-params'])).kernel_alignment).toBe(0x40000);
  });

  test('is never placed at less than a page', () => {
    const planned = segments(plan({ fields: { kernel_alignment: 0x2000, min_alignment: 4 } }));
    expect(planned['kernel']?.placements.map((placement) => 'align' in placement && placement.align)).toEqual(
      [0x2000n, 0x1000n],
    );
    expect(readSetupHeader(bytesOf(planned['boot-params'])).kernel_alignment).toBe(0x1000);
  });

  test('that cannot be relocated goes to its address or nowhere', () => {
    expect(segments(plan(MEMTEST))['kernel']?.placements).toEqual([{ at: 0x100000n }]);
  });

  test('is entered 0x200 after its start with boot_params in rsi', () => {
    const result = plan();
    expect(result.ok && result.value.handoff).toEqual({
      mode: 'long64',
      entry: { terms: [{ sign: 1, segment: 'kernel', at: 'start', offset: 0x200n }], constant: 0n },
      registers: {
        rsi: { terms: [{ sign: 1, segment: 'boot-params', at: 'start', offset: 0n }], constant: 0n },
      },
    });
  });
});

describe('where things may go', () => {
  const options = { ...NOTHING, initrd: [INITRD] };
  const ends = (result: Result<Plan>) =>
    Object.values(segments(result)).flatMap(({ id, placements }) =>
      placements.map((placement) => [id, 'within' in placement ? placement.within.end : undefined]),
    );

  test('a kernel that may lie above 4 GiB has everything anywhere', () => {
    for (const [id, end] of ends(plan({}, { options }))) expect(end, String(id)).toBe(1n << 64n);
  });

  test('a kernel that may not has everything below 4 GiB, and its initrd below initrd_addr_max', () => {
    const fields = { xloadflags: 0x1, initrd_addr_max: 0x37ffffff };
    const found = Object.fromEntries(ends(plan({ fields }, { options, machine: UEFI_8_GIB }))) as Record<
      string,
      bigint
    >;
    expect(found).toEqual({
      kernel: FOUR_GIB,
      'boot-params': FOUR_GIB,
      'command-line': FOUR_GIB,
      'setup-data.rng-seed': FOUR_GIB,
      'setup-data.last-words': FOUR_GIB,
      initrd: 0x38000000n,
    });
  });

  test('nothing is ever allowed below 1 MiB', () => {
    for (const { id, placements } of Object.values(segments(plan({}, { options, machine: RANGES_300 })))) {
      for (const placement of placements) {
        if ('within' in placement) expect(placement.within.start, id).toBeGreaterThanOrEqual(0x100000n);
      }
    }
  });
});

describe('the command line', () => {
  const asked = (commandLine: string | undefined, reuseCommandLine = false) => ({
    options: { ...NOTHING, commandLine, reuseCommandLine },
  });

  test('is handed with its NUL', () => {
    expect(Buffer.from(bytesOf(segments(plan({}, asked('console=ttyS0')))['command-line'])).toString()).toBe(
      'console=ttyS0\0',
    );
  });

  test('is there, empty, when nothing is asked for', () => {
    expect(bytesOf(segments(plan())['command-line'])).toEqual(Uint8Array.of(0));
  });

  test('begins with the running one when that is to be reused', () => {
    const bytes = bytesOf(segments(plan({}, asked('debug', true)))['command-line']);
    expect(Buffer.from(bytes).toString()).toBe('root=/dev/vda1 ro quiet debug\0');
  });

  test('of cmdline_size bytes is right; a byte more is an error, not a truncation', () => {
    expect(plan({}, asked('x'.repeat(2047))).ok).toBe(true);
    expect(plan({}, asked('x'.repeat(2048)))).toMatchObject({
      ok: false,
      diagnostics: [
        { code: 'LINUX_COMMAND_LINE_TOO_LONG', found: '2048 bytes', expected: 'at most 2047 bytes' },
      ],
    });
    expect(plan(MEMTEST, asked('x'.repeat(256))).ok).toBe(false);
  });
});

describe('EFI', () => {
  test('is handed to a kernel that takes it', () => {
    expect(Object.keys(segments(plan({}, { machine: UEFI_8_GIB })))).toContain('efi-runtime-map');
  });

  test('is kept from a kernel that does not, with a warning', () => {
    const result = plan({ fields: { xloadflags: 0x3 } }, { machine: UEFI_8_GIB });
    expect(result).toMatchObject({ ok: true, diagnostics: [{ code: 'LINUX_EFI_NOT_HANDED_ON' }] });
    expect(parse(BootParams, bytesOf(segments(result)['boot-params'])).acpi_rsdp_addr).toBe(0x7e9fc014n);
  });
});

describe('refused, by what is missing', () => {
  const machine: Machine = { ...BIOS_1_GIB, architecture: 'i386' };
  const entry64 = { options: { ...NOTHING, entry: '64' as const } };
  const entry32 = { options: { ...NOTHING, entry: '32' as const } };
  test.each([
    ['64-bit before 2.12', { fields: { version: 0x020b } }, entry64, 'BZIMAGE_PROTOCOL_TOO_OLD', '2.11'],
    ['32-bit before 2.02', { fields: { version: 0x0201 } }, entry32, 'BZIMAGE_PROTOCOL_TOO_OLD', '2.01'],
    ['no 64-bit entry', { fields: { xloadflags: 0x4 } }, entry64, 'BZIMAGE_NO_64BIT_ENTRY', 'xloadflags 0x4'],
    ['a 32-bit running kernel', {}, { machine, ...entry64 }, 'BZIMAGE_RUNNING_KERNEL', 'i386'],
  ] satisfies [string, Shape, Partial<Input>, string, string][])('%s', (_, shape, changes, code, found) => {
    expect(plan(shape, changes)).toMatchObject({ ok: false, diagnostics: [{ code, found }] });
  });
});

describe('a field that no kernel can mean is refused by name', () => {
  test.each([
    ['kernel_alignment', { kernel_alignment: 0 }],
    ['kernel_alignment', { kernel_alignment: 0x300000 }],
    ['min_alignment', { min_alignment: 22 }],
    ['min_alignment', { min_alignment: 255 }],
    ['init_size', { init_size: 0 }],
    ['pref_address', { pref_address: 0xffffffffffffffffn }],
    ['pref_address', { pref_address: FOUR_GIB, xloadflags: 1 }],
    ['pref_address', { pref_address: FOUR_GIB - 0x1000n, xloadflags: 1 }],
    ['pref_address', { pref_address: 0x1000123n, relocatable_kernel: 0 }],
  ] satisfies [HeaderField, Shape['fields']][])('%s: %o', (field, fields) => {
    expect(plan({ fields })).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'BZIMAGE_BAD_FIELD', at: { field: `setup_header.${field}` } }],
    });
  });

  test('initrd_addr_max below 1 MiB, when there is an initrd to place', () => {
    const shape = { fields: { xloadflags: 1, initrd_addr_max: 0 } };
    expect(plan(shape, { options: { ...NOTHING, initrd: [INITRD] } })).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'BZIMAGE_BAD_FIELD', at: { field: 'setup_header.initrd_addr_max' } }],
    });
    expect(plan(shape).ok).toBe(true);
  });

  test('a zImage', () => {
    expect(plan({ fields: { loadflags: 0 } })).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'BZIMAGE_BAD_FIELD', at: { field: 'setup_header.loadflags' } }],
    });
  });

  test('code that ends before the entry', () => {
    expect(plan({ codeSize: 0x200, certificates: 0, fields: { payload_offset: 0 } })).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'BZIMAGE_BAD_FIELD', at: { field: 'setup_header.syssize' } }],
    });
  });

  test('a pref_address that a double cannot hold is kept exactly', () => {
    const kernel = segments(plan({ fields: { pref_address: 0xffffffff81000123n } }))['kernel'];
    expect(kernel?.placements).toMatchObject([{ within: { start: 0xffffffff81000123n } }]);
  });
});

test('whatever the header says, a plan is made or refused with a code of this loader', () => {
  const name = fc.constantFrom<HeaderField>(
    'kernel_alignment',
    'min_alignment',
    'xloadflags',
    'pref_address',
    'init_size',
    'relocatable_kernel',
    'cmdline_size',
    'initrd_addr_max',
    'version',
    'setup_sects',
    'loadflags',
    'jump',
  );
  const bits = {
    kernel_alignment: 32,
    min_alignment: 8,
    xloadflags: 16,
    pref_address: 64,
    init_size: 32,
    relocatable_kernel: 8,
    cmdline_size: 32,
    initrd_addr_max: 32,
    version: 16,
    setup_sects: 8,
    loadflags: 8,
    jump: 16,
  } as Record<HeaderField, number>;
  const change = name.chain((field) =>
    fc.bigInt(0n, (1n << BigInt(bits[field])) - 1n).map((value) => [field, value] as const),
  );
  const anyMachine = fc
    .tuple(fc.constantFrom(BIOS_1_GIB, UEFI_8_GIB, RANGES_300), fc.constantFrom('x86_64', 'i386'))
    .map(([machine, architecture]): Machine => ({ ...machine, architecture }));
  const anyEntry = fc.record({ entry: fc.constantFrom(undefined, '64', '32', '16'), realMode: fc.boolean() });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 4 }), anyMachine, anyEntry, (changes, machine, entry) => {
      const loaded = loader.load(source(bzImage({ fields: Object.fromEntries(changes) })));
      const input = {
        machine,
        purpose: 'normal' as const,
        policy: POLICY,
        options: { ...NOTHING, ...entry, initrd: [INITRD] },
      };
      const result = loaded.ok ? loader.plan(loaded.value, input) : loaded;
      for (const { code } of result.diagnostics) expect(Object.keys(loader.codes)).toContain(code);
    }),
    { numRuns: 2000 },
  );
});

test('equal input gives an equal plan', () => {
  expect(plan({}, { machine: UEFI_8_GIB })).toEqual(plan({}, { machine: UEFI_8_GIB }));
});
