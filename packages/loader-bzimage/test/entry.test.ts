import { readSetupHeader, type SetupHeader } from '@kexec-kit/linux-boot';
import type { Architecture, Machine, Part, Plan, Result } from '@kexec-kit/loader-api';
import { standardMachines } from '@kexec-kit/loader-testkit';
import { writer } from '@kexec-kit/structures';
import { describe, expect, test } from 'vitest';
import { loader } from '../src/index.js';
import { bzImage, I386, MEMTEST, MEMTEST_32, old, type Shape, source } from './bzimage.js';
import { NOTHING, POLICY } from './inputs.js';

type Options = Parameters<typeof loader.plan>[1]['options'];

function plan(
  shape: Shape,
  options: Partial<Options> = {},
  machine: Machine = standardMachines.small,
): Result<Plan> {
  const image = loader.load(source(bzImage(shape)));
  if (!image.ok) throw new Error(image.diagnostics[0].code);
  return loader.plan(image.value, {
    machine,
    purpose: 'normal',
    policy: POLICY,
    options: { ...NOTHING, ...options },
  });
}

const on = (architecture: Architecture): Machine => ({ ...standardMachines.small, architecture });

describe('the entry that is taken', () => {
  test.each([
    ['64-bit Linux from 64-bit', {}, 'x86_64', {}, 'long64'],
    ['64-bit Linux from 32-bit', {}, 'i386', {}, 'protected32'],
    ['32-bit Linux from 64-bit', I386, 'x86_64', {}, 'protected32'],
    ['32-bit Linux from 32-bit', I386, 'i386', {}, 'protected32'],
    ['memtest86+ x64 from 64-bit', MEMTEST, 'x86_64', {}, 'long64'],
    ['memtest86+ x64 from 32-bit', MEMTEST, 'i386', {}, 'protected32'],
    ['memtest86+ ia32 from 64-bit', MEMTEST_32, 'x86_64', {}, 'protected32'],
    ['protocol 2.11 from 64-bit', old(0x20b), 'x86_64', {}, 'protected32'],
    ['what --entry says', {}, 'x86_64', { entry: '32' }, 'protected32'],
    ['what --entry says', {}, 'i386', { entry: '16' }, 'real16'],
    [
      'what --entry-32bit says, whatever an alias presets',
      {},
      'x86_64',
      { entry: '64', entry32bit: true },
      'protected32',
    ],
    [
      'what --real-mode says, whatever an alias presets',
      {},
      'x86_64',
      { entry: '32', realMode: true },
      'real16',
    ],
  ] as const)('%s is right: %o', (_, shape, running, options, mode) => {
    const result = plan(shape, options, on(running));
    expect(result.ok && result.value.handoff.mode).toBe(mode);
  });

  test("is preset by kexec(8)'s names", () => {
    expect(loader.aliases?.map(({ name, presets }) => [name, presets])).toEqual([
      ['bzImage64', { entry: '64' }],
      ['bzImage', { entry: '32' }],
    ]);
  });

  test('is one of two flags, never both', () => {
    expect(plan({}, { entry32bit: true, realMode: true })).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'BZIMAGE_ENTRY_CONFLICT' }],
    });
  });

  test('stands in the facts with the limits that follow from it', () => {
    const result = plan(I386);
    expect(result.ok && result.value.facts?.[0]).toEqual({
      title: 'Linux entry',
      fields: [
        { name: 'entry', value: '32-bit, at its start' },
        { name: 'kernels', value: 'x86_64 running, i386 to be started' },
        {
          name: 'kernel and parameters',
          value:
            'below 0x38000000, since the kernel to be started has no 64-bit entry, as i386 kernels have none',
        },
        { name: 'initrd', value: 'below 0x80000000' },
      ],
    });
  });
});

describe('the 32-bit entry', () => {
  test('is the start of the kernel, with boot_params in esi and zero in ebp, edi and ebx', () => {
    const result = plan({}, { entry: '32' });
    const zero = { terms: [], constant: 0n };
    expect(result.ok && result.value.handoff).toEqual({
      mode: 'protected32',
      entry: at('kernel', 0n),
      registers: { esi: at('boot-params', 0n), ebp: zero, edi: zero, ebx: zero },
    });
  });

  test('has every address that is written in 32 bits below 4 GiB', () => {
    const result = plan({}, { entry: '32', initrd: [INITRD] }, standardMachines.above4g);
    const ends = result.ok ? result.value.segments.flatMap(({ placements }) => placements) : [];
    expect(ends.every((each) => 'within' in each && each.within.end <= 1n << 32n)).toBe(true);
    expect(ends.length).toBeGreaterThan(3);
  });

  test('of a kernel before 2.09 has no setup_data, and a word about a map that is too long', () => {
    const result = plan(old(0x208), {}, standardMachines.manyRanges);
    expect(result).toMatchObject({
      ok: true,
      diagnostics: [{ code: 'LINUX_MEMORY_MAP_CUT', severity: 'warning', found: '300 ranges' }],
    });
    expect(result.ok && result.value.segments.map(({ id }) => id)).toEqual([
      'kernel',
      'boot-params',
      'command-line',
    ]);
  });

  test.each([0x202, 0x203, 0x204, 0x205])('of protocol %i takes 255 bytes of command line', (version) => {
    expect(plan(old(version), { commandLine: 'x'.repeat(255) }).ok).toBe(true);
    expect(plan(old(version), { commandLine: 'x'.repeat(256) })).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'LINUX_COMMAND_LINE_TOO_LONG', expected: 'at most 255 bytes' }],
    });
  });

  test.each([
    [0x202, { at: 0x100000n }, 0x38000000n],
    [0x204, { at: 0x100000n }, 0x38000000n],
    [
      0x205,
      { within: { start: 0x100000n, end: 0x38000000n }, align: 0x200000n, from: 'bottom' },
      0x38000000n,
    ],
    [
      0x20a,
      { within: { start: 0x1000000n, end: 0x38000000n }, align: 0x200000n, from: 'bottom' },
      0x38000000n,
    ],
  ] as const)('of protocol %i has its kernel at %o and its initrd below %i', (version, placement, end) => {
    const result = plan(old(version), { initrd: [INITRD] });
    const found = result.ok ? result.value.segments : [];
    expect(found[0]?.placements[0]).toEqual(placement);
    expect(found.find(({ id }) => id === 'initrd')?.placements[0]).toMatchObject({ within: { end } });
  });

  test('of a kernel that does not say its size has three times its file', () => {
    const result = plan({ ...old(0x209), codeSize: 0x10000 });
    expect(result.ok && result.value.segments[0]?.memorySize).toBe(0x30000n);
  });
});

const INITRD = { source: 'initrd.0', name: 'initrd.img', size: 0x100000, arguments: '' };

describe('the 16-bit entry', () => {
  const entry16 = { entry: '16' as const, commandLine: 'vga=ask', initrd: [INITRD] };

  test('is the real-mode code, one segment of real mode with stack and command line', () => {
    const result = plan({}, entry16);
    const paragraph = (offset: bigint) => ({ ...at('setup-code', offset), shift: 4 });
    expect(result.ok && result.value.handoff).toEqual({
      mode: 'real16',
      entry: at('setup-code', 0x200n),
      registers: {
        cs: paragraph(0x200n),
        ds: paragraph(0n),
        es: paragraph(0n),
        fs: paragraph(0n),
        gs: paragraph(0n),
        ss: paragraph(0n),
        sp: { terms: [], constant: 0xe000n },
      },
    });
    expect(result.ok && result.value.segments.map(({ id }) => id)).toEqual([
      'kernel',
      'setup-code',
      'initrd',
    ]);
  });

  test('finds the kernel, the initrd and the command line in its header', () => {
    const { header, relocations } = setupOf(plan({}, entry16));
    expect(header).toMatchObject({
      type_of_loader: 0xd0,
      loadflags: 0x81,
      heap_end_ptr: 0xde00,
      ramdisk_size: 0x100000,
      kernel_alignment: 0x200000,
    });
    expect(relocations).toEqual([
      { offset: 0x214, value: at('kernel', 0n), encoding: 'u32' },
      { offset: 0x218, value: at('initrd', 0n), encoding: 'u32' },
      { offset: 0x228, value: at('setup-code', 0xe000n), encoding: 'u32' },
    ]);
  });

  test('is told nothing that the BIOS knows', () => {
    const parts = setupOf(plan({}, entry16)).parts.map((part) =>
      'bytes' in part ? part.bytes.length : part,
    );
    expect(parts).toEqual([
      { source: 'image', offset: 0, length: 0x1f1 },
      0x26c - 0x1f1,
      { source: 'image', offset: 0x26c, length: 0x800 - 0x26c },
      { zeros: 0xe000n - 0x800n },
      'vga=ask'.length + 1,
    ]);
  });

  test('before 2.02 lies at 0x90000 and finds its command line by an offset', () => {
    const result = plan(old(0x201), entry16);
    const { header, parts, relocations, placements } = setupOf(result);
    expect(placements).toEqual([{ at: 0x90000n }]);
    expect(parts.slice(0, 3)).toEqual([
      { source: 'image', offset: 0, length: 0x20 },
      { bytes: Uint8Array.of(0x3f, 0xa3, 0x00, 0x98) },
      { source: 'image', offset: 0x24, length: 0x1f1 - 0x24 },
    ]);
    expect(header).toMatchObject({ heap_end_ptr: 0x9600, setup_move_size: 0x9800 + 'vga=ask'.length + 1 });
    expect(relocations.map(({ offset }) => offset)).toEqual([0x214, 0x218]);
    expect(result.ok && result.value.handoff.registers).toMatchObject({ sp: { constant: 0x9800n } });
  });

  test('of 2.00 has no heap', () => {
    expect(setupOf(plan(old(0x200), entry16)).header).toMatchObject({
      loadflags: 1,
      heap_end_ptr: undefined,
    });
  });

  test('takes no more command line than fits behind its stack', () => {
    const shape = { fields: { cmdline_size: 0xffffffff } };
    expect(plan(shape, { ...entry16, commandLine: 'x'.repeat(0x1fff) }).ok).toBe(true);
    expect(plan(shape, { ...entry16, commandLine: 'x'.repeat(0x2000) })).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'LINUX_COMMAND_LINE_TOO_LONG' }],
    });
  });

  test('is refused where the code leaves no room for heap and stack', () => {
    expect(plan({ fields: { setup_sects: 64 } }, entry16)).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'BZIMAGE_BAD_FIELD', at: { field: 'setup_header.setup_sects' } }],
    });
    expect(plan({ fields: { setup_sects: 63 } }, entry16).ok).toBe(true);
  });

  test('is refused on a machine of EFI', () => {
    expect(plan({}, entry16, standardMachines.uefi)).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'BZIMAGE_NO_BIOS', found: 'EFI' }],
    });
  });

  test('is taken with a warning where nothing shows a BIOS, without where it does', () => {
    const bare: Machine = { ...standardMachines.small, firmware: {} };
    expect(plan({}, entry16, bare)).toMatchObject({
      ok: true,
      diagnostics: [{ code: 'BZIMAGE_BIOS_NOT_SEEN', severity: 'warning' }],
    });
    const high: Machine = { ...bare, firmware: { acpiRsdp: 0x7fee0000n } };
    expect(plan({}, entry16, high).diagnostics).toHaveLength(1);
    const low: Machine = { ...bare, firmware: { acpiRsdp: 0xf59d0n } };
    expect(plan({}, entry16, low).diagnostics).toEqual([]);
    expect(plan({}, entry16, standardMachines.small).diagnostics).toEqual([]);
  });
});

test.each(['32', '16'] as const)(
  'an initrd beyond what the %s-bit entry reaches is refused, not cut',
  (entry) => {
    const huge = { ...INITRD, size: 2 ** 32 + 16 };
    expect(plan({}, { entry, initrd: [huge] })).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'LINUX_INITRD_TOO_LARGE', found: '4294967312 bytes' }],
    });
  },
);

function at(segment: string, offset: bigint): object {
  return { terms: [{ sign: 1, segment, at: 'start', offset }], constant: 0n };
}

/** The real-mode code's segment, with its header as the code will read it. */
function setupOf(result: Result<Plan>) {
  const segment = result.ok ? result.value.segments.find(({ id }) => id === 'setup-code') : undefined;
  if (segment === undefined) throw new Error('no setup code');
  const parts = segment.parts as readonly Part[];
  const bytes = parts.flatMap((part) => ('bytes' in part && part.bytes.length > 40 ? [part.bytes] : []))[0];
  const page = writer(0x1f1 + bytes!.length).bytes(0x1f1, bytes!).value;
  const header: SetupHeader = readSetupHeader(page);
  return { header, parts, relocations: segment.relocations ?? [], placements: segment.placements };
}
