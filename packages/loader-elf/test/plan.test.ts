import { BootParams, readSetupHeader } from '@kexec-kit/linux-boot';
import { type Machine, type Plan, type Result, type Segment, unwrap } from '@kexec-kit/loader-api';
import { standardMachines } from '@kexec-kit/loader-testkit';
import { parse } from '@kexec-kit/structures';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ElfShape } from '../../../tools/elf-file.mjs';
import { buildBootNotes } from '../src/boot-notes.js';
import { loader } from '../src/index.js';
import { KERNEL32, KERNEL64, MOVABLE32, MOVABLE64, source, VMLINUX, VMLINUX32 } from './kernels.js';

type Input = Parameters<typeof loader.plan>[1];
type Options = Partial<Input['options']>;

const NOTHING: Input['options'] = {
  args: undefined,
  commandLine: undefined,
  reuseCommandLine: false,
  initrd: [],
};
const INITRD = [{ source: 'initrd.0', name: 'initrd.img', size: 0x100000, arguments: '' }];
const POLICY = { efi: true, video: 'auto', console: {} } as const;

function plan(shape: ElfShape, options: Options = {}, changes: Partial<Input> = {}): Result<Plan> {
  return loader.plan(unwrap(loader.load(source(shape))), {
    machine: standardMachines.above4g,
    purpose: 'normal',
    policy: POLICY,
    options: { ...NOTHING, ...options },
    ...changes,
  });
}

function segmentsOf(result: Result<Plan>): Readonly<Record<string, Segment>> {
  return Object.fromEntries(unwrap(result).segments.map((segment) => [segment.id, segment]));
}

function bytesOf(segment: Segment | undefined): Uint8Array {
  const parts = segment!.parts as readonly { bytes?: Uint8Array }[];
  return parts.find(({ bytes }) => bytes !== undefined)!.bytes!;
}

const at = (segment: string, offset = 0n) => ({
  terms: [{ sign: 1, segment, at: 'start', offset }],
  constant: 0n,
});

describe('the image', () => {
  test('that is linked to its place goes there, each load by its physical address, its BSS as memory', () => {
    expect(segmentsOf(plan(KERNEL64))).toMatchObject({
      'load.0': {
        parts: [{ source: 'image', offset: 0xb0, length: 0x123 }],
        memorySize: 0x123n,
        placements: [{ at: 0x100000n }],
      },
      'load.1': { parts: [{ length: 0x41 }], memorySize: 0x1041n, placements: [{ at: 0x102000n }] },
    });
    expect(unwrap(plan(KERNEL64)).groups).toEqual([]);
  });

  test('that may be moved goes as one group, at the largest alignment of its loads', () => {
    const { groups } = unwrap(plan(MOVABLE64));
    expect(groups).toEqual([
      {
        id: 'image',
        placements: [{ within: { start: 0x100000n, end: 1n << 64n }, align: 0x10000n, from: 'bottom' }],
      },
    ]);
    expect(segmentsOf(plan(MOVABLE64))).toMatchObject({
      'load.0': { placements: [{ group: 'image', offset: 0n }] },
      'load.1': { placements: [{ group: 'image', offset: 0x2000n }] },
    });
  });

  test('that may be moved prefers the place it was linked to, and an ELF32 stays below 4 GiB', () => {
    expect(unwrap(plan(MOVABLE32)).groups?.[0]?.placements).toEqual([
      { at: 0x100000n },
      { within: { start: 0x100000n, end: 1n << 32n }, align: 0x1000n, from: 'bottom' },
    ]);
  });

  test('of a 64-bit Linux kernel may be moved upwards by 2 MiB: its 64-bit entry finds out where it runs', () => {
    const { groups } = unwrap(plan(VMLINUX));
    expect(groups?.[0]?.placements).toEqual([
      { at: 0x1000000n },
      { within: { start: 0x1000000n, end: 1n << 64n }, align: 0x200000n, from: 'bottom' },
    ]);
    expect(segmentsOf(plan(VMLINUX))['load.2']?.placements).toEqual([{ group: 'image', offset: 0xe00000n }]);
  });

  test('of a Linux kernel has the memory between its loads too, which it frees as its own', () => {
    const segments = segmentsOf(plan(VMLINUX));
    const sizes = ['load.0', 'load.1', 'load.2', 'load.3'].map((id) => segments[id]?.memorySize);
    expect(sizes).toEqual([0xc00000n, 0x200000n, 0x16000n, 0xeea000n]);
    expect(segmentsOf(plan(KERNEL64))['load.0']?.memorySize).toBe(0x123n);
  });

  test.each([
    ['32-bit Linux kernel', VMLINUX32, {}],
    ['64-bit Linux kernel with other arguments', VMLINUX, { args: 'none' }],
  ] as [string, ElfShape, Options][])('of a %s stays', (_, shape, options) => {
    expect(unwrap(plan(shape, options)).groups).toEqual([]);
  });

  test('to be moved at an alignment that is none is refused by its field', () => {
    const [code, data] = MOVABLE64.segments ?? [];
    expect(plan({ ...MOVABLE64, segments: [{ ...code, p_align: 0x3000 }, { ...data }] })).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'ELF_BAD_FIELD', at: { field: 'programHeaders[0].p_align' } }],
    });
  });
});

describe('Linux arguments', () => {
  test('are what a Linux kernel gets by itself: boot_params in rsi, command line, initrd', () => {
    const planned = plan(VMLINUX, { commandLine: 'console=ttyS0', initrd: INITRD });
    expect(unwrap(planned).handoff).toEqual({
      mode: 'long64',
      entry: at('load.0', 0xb53n),
      registers: { rsi: at('boot-params') },
    });
    const segments = segmentsOf(planned);
    expect(Buffer.from(bytesOf(segments['command-line'])).toString()).toBe('console=ttyS0\0');
    expect(segments['initrd']).toMatchObject({
      parts: [{ source: 'initrd.0', offset: 0, length: 0x100000 }],
    });
    expect(segments['initrd']?.placements).toMatchObject([{ within: { end: 1n << 64n } }]);
  });

  test('say what the kernel looks at: a header of a protocol, a root to mount read-only, the memory map', () => {
    const bytes = bytesOf(segmentsOf(plan(VMLINUX))['boot-params']);
    expect(readSetupHeader(bytes)).toMatchObject({
      boot_flag: 0xaa55,
      header: 0x53726448,
      version: 0x020c,
      type_of_loader: 0xd0,
      root_flags: 1,
    });
    const { told } = standardMachines.above4g;
    expect(parse(BootParams, bytes).e820_entries).toBe(told.length);
  });

  test('of a 32-bit kernel are entered in protected mode with cleared registers, below 896 MiB', () => {
    const planned = plan(VMLINUX32, { initrd: INITRD });
    const zero = { terms: [], constant: 0n };
    expect(unwrap(planned).handoff).toEqual({
      mode: 'protected32',
      entry: at('load.0', 0x10n),
      registers: { esi: at('boot-params'), ebx: zero, ebp: zero, edi: zero },
    });
    for (const { id, placements } of Object.values(segmentsOf(planned))) {
      if (!id.startsWith('load.')) expect(placements, id).toMatchObject([{ within: { end: 0x38000000n } }]);
    }
  });

  test('can be asked for by a kernel that does not say that it is Linux', () => {
    expect(unwrap(plan(KERNEL64, { args: 'linux' })).handoff.registers).toEqual({ rsi: at('boot-params') });
  });

  test('of 2047 bytes of command line are right; a byte more is an error', () => {
    expect(plan(VMLINUX, { commandLine: 'x'.repeat(2047) }).ok).toBe(true);
    expect(plan(VMLINUX, { commandLine: 'x'.repeat(2048) })).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'LINUX_COMMAND_LINE_TOO_LONG' }],
    });
  });

  test('have no EFI, with a warning: a vmlinux does not say whether it takes it over', () => {
    const planned = plan(VMLINUX, {}, { machine: standardMachines.uefi });
    expect(planned).toMatchObject({ ok: true, diagnostics: [{ code: 'LINUX_EFI_NOT_HANDED_ON' }] });
    expect(parse(BootParams, bytesOf(segmentsOf(planned)['boot-params'])).acpi_rsdp_addr).toBe(0x1f77e014n);
  });
});

describe('ELF boot notes', () => {
  test('are what any other kernel gets: in rdi, with a stack whose return address is 0', () => {
    const planned = plan(KERNEL64, { commandLine: 'quiet' });
    expect(unwrap(planned).handoff).toEqual({
      mode: 'long64',
      entry: at('load.0', 0x10n),
      registers: { rdi: at('elf-boot-notes'), rsp: at('stack', 0xfe8n) },
    });
    expect(segmentsOf(planned)['stack']).toMatchObject({ memorySize: 0x1000n, relocations: [] });
  });

  test('of 32-bit code are the argument on its stack', () => {
    const planned = plan(KERNEL32);
    expect(unwrap(planned).handoff).toEqual({
      mode: 'protected32',
      entry: at('load.0', 0x10n),
      registers: { esp: at('stack', 0xfecn) },
    });
    expect(segmentsOf(planned)['stack']?.relocations).toEqual([
      { offset: 0xff0, value: at('elf-boot-notes'), encoding: 'u32' },
    ]);
  });

  test('are the bytes that kexec(8) hands over, all but the checksum, which is written last', () => {
    // Debian's kexec 2.0.25 with --append='quiet ro', its system call intercepted.
    const theirs =
      '07b01f0e4c000000ce790300' +
      '0000000006000000020000006b65786563000000' +
      '000000000700000003000000322e302e32350000' +
      '000000000900000004000000717569657420726f00000000';
    const { bytes, relocations } = buildBootNotes({
      bootLoader: 'kexec',
      version: '2.0.25',
      commandLine: 'quiet ro',
    });
    expect(Buffer.from(bytes).toString('hex')).toBe(theirs.replace('ce79', '0000'));
    expect(relocations).toEqual([
      { offset: 8, checksum: 'internet16', over: { offset: 0, length: bytes.length } },
    ]);
  });

  test('take a command line of any length, but no NUL', () => {
    expect(plan(KERNEL64, { commandLine: 'x'.repeat(10_000) }).ok).toBe(true);
    expect(plan(KERNEL64, { commandLine: 'a\0b' })).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'LINUX_COMMAND_LINE_NUL' }],
    });
  });
});

describe('no arguments', () => {
  test('are the image alone, with nothing in the registers', () => {
    const planned = plan(KERNEL64, { args: 'none' });
    expect(Object.keys(segmentsOf(planned))).toEqual(['load.0', 'load.1']);
    expect(unwrap(planned).handoff.registers).toEqual({});
  });
});

describe('refused, by what is missing', () => {
  const machine: Machine = { ...standardMachines.above4g, architecture: 'i386' };
  test.each([
    [
      'an initrd with boot notes',
      KERNEL64,
      { initrd: INITRD },
      {},
      'ELF_NOT_HANDED_OVER',
      'initrd with --args elf',
    ],
    [
      'an initrd with nothing',
      KERNEL64,
      { args: 'none', initrd: INITRD },
      {},
      'ELF_NOT_HANDED_OVER',
      'initrd with --args none',
    ],
    [
      'a command line with nothing',
      KERNEL64,
      { args: 'none', commandLine: '' },
      {},
      'ELF_NOT_HANDED_OVER',
      'command line with --args none',
    ],
    [
      'the running command line with nothing',
      KERNEL64,
      { args: 'none', reuseCommandLine: true },
      {},
      'ELF_NOT_HANDED_OVER',
      'command line with --args none',
    ],
    ['64-bit code from a 32-bit kernel', KERNEL64, {}, { machine }, 'ELF_RUNNING_KERNEL', 'i386'],
    ['a crash kernel with boot notes', KERNEL64, {}, { purpose: 'crash' }, 'ELF_CRASH_ARGUMENTS', 'elf'],
    [
      'a crash kernel with nothing',
      VMLINUX,
      { args: 'none' },
      { purpose: 'crash' },
      'ELF_CRASH_ARGUMENTS',
      'none',
    ],
    ['a crash kernel without a region', VMLINUX, {}, { purpose: 'crash' }, 'KDUMP_NO_REGION', 'no region'],
  ] as [string, ElfShape, Options, Partial<Input>, string, string][])(
    '%s',
    (_, shape, options, changes, code, found) => {
      expect(plan(shape, options, changes)).toMatchObject({ ok: false, diagnostics: [{ code, found }] });
    },
  );

  test('32-bit code from a 32-bit kernel is not', () => {
    expect(plan(KERNEL32, {}, { machine }).ok).toBe(true);
  });
});

test('whatever the program headers say, a plan is made or refused with a code of this loader', () => {
  const wide = fc.oneof(fc.bigInt(0n, 0x2000n), fc.bigInt(0n, 2n ** 64n - 1n));
  const fields = fc.record(
    { p_paddr: wide, p_vaddr: wide, p_memsz: wide, p_align: wide },
    { requiredKeys: [] },
  );
  const args = fc.constantFrom(undefined, 'elf' as const, 'linux' as const, 'none' as const);
  fc.assert(
    fc.property(fc.constantFrom(MOVABLE64, KERNEL64, VMLINUX), fields, args, (shape, lies, style) => {
      const [first = {}, ...rest] = shape.segments ?? [];
      const loaded = loader.load(source({ ...shape, segments: [{ ...first, ...lies }, ...rest] }));
      const result = loaded.ok
        ? loader.plan(loaded.value, {
            ...{ machine: standardMachines.small, purpose: 'normal', policy: POLICY },
            options: { ...NOTHING, args: style },
          })
        : loaded;
      for (const { code } of result.diagnostics) expect(Object.keys(loader.codes)).toContain(code);
    }),
    { numRuns: 500 },
  );
});
