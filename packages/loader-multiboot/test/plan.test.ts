import { type Machine, type Plan, type Result, type Segment, unwrap } from '@kexec-kit/loader-api';
import { standardMachines } from '@kexec-kit/loader-testkit';
import { MultibootInfo, planMultiboot } from '@kexec-kit/multiboot-info';
import { ascii, parse } from '@kexec-kit/structures';
import { describe, expect, test } from 'vitest';
import { ENTRY, LINKED, multibootFlat, multibootHeader } from '../../../tools/multiboot-file.mjs';
import { loader } from '../src/index.js';
import { DYN, ELF, FLAT, modules, source, VIDEO } from './kernels.js';

type Input = Parameters<typeof loader.plan>[1];

const INPUT: Input = {
  machine: standardMachines.above4g,
  purpose: 'normal',
  policy: { efi: true, video: 'auto', console: {} },
  options: { commandLine: undefined, reuseCommandLine: false, module: [] },
};

function plan(
  bytes: Uint8Array,
  options: Partial<Input['options']> = {},
  changes: Partial<Input> = {},
): Result<Plan> {
  const input = { ...INPUT, ...changes, options: { ...INPUT.options, ...options } };
  return loader.plan(unwrap(loader.load(source(bytes))), input);
}

function segment(result: Result<Plan>, id: string): Segment | undefined {
  return unwrap(result).segments.find((each) => each.id === id);
}

function info(result: Result<Plan>): { bytes: Uint8Array; fields: MultibootInfo; text: string } {
  const [part] = segment(result, 'multiboot-info')!.parts as readonly { bytes: Uint8Array }[];
  return { bytes: part!.bytes, fields: parse(MultibootInfo, part!.bytes), text: ascii(part!.bytes) };
}

const at = (id: string, offset = 0n) => ({
  terms: [{ sign: 1, segment: id, at: 'start', offset }],
  constant: 0n,
});

describe('the image', () => {
  test('goes where its ELF headers say, and is entered in 32-bit mode with its information in ebx', () => {
    expect(segment(plan(ELF), 'load.0')).toMatchObject({
      memorySize: 0x5000n,
      placements: [{ at: BigInt(LINKED) }],
    });
    expect(unwrap(plan(ELF)).handoff).toEqual({
      mode: 'protected32',
      entry: at('load.0', BigInt(ENTRY - LINKED)),
      registers: { eax: { terms: [], constant: 0x2badb002n }, ebx: at('multiboot-info') },
    });
  });

  test('goes where its header says, before anything else', () => {
    expect(segment(plan(FLAT), 'image')).toMatchObject({
      parts: [{ source: 'image', offset: 0, length: 0x200 }],
      memorySize: 0x3000n,
      placements: [{ at: 0x300000n }],
    });
    expect(unwrap(plan(FLAT)).handoff.entry).toEqual(at('image', 0x40n));
  });

  test('is moved if it is ET_DYN, from 1 MiB on and below 4 GiB', () => {
    expect(unwrap(plan(DYN)).groups?.[0]?.placements).toEqual([
      { at: BigInt(LINKED) },
      { within: { start: 0x100000n, end: 1n << 32n }, align: 0x1000n, from: 'bottom' },
    ]);
  });
});

describe('what the kernel is told', () => {
  test('lies behind the image, or else from 1 MiB on, always below 4 GiB', () => {
    const planned = plan(ELF, { module: modules(1) });
    for (const id of ['multiboot-info', 'module.0'])
      expect(segment(planned, id)?.placements).toMatchObject([
        { within: { start: 0x100000n, end: 1n << 32n }, from: 'bottom', above: 'load.0' },
        { within: { start: 0x100000n, end: 1n << 32n }, from: 'bottom' },
      ]);
  });

  test('begins with the name of the image, the reused command line, the text; and who boots', () => {
    const machine = { ...INPUT.machine, commandLine: 'ro quiet' };
    const { text } = info(plan(ELF, { commandLine: 'a b', reuseCommandLine: true }, { machine }));
    expect(text).toContain('kernel ro quiet a b\\x00kexec-kit 0.1.0\\x00');
  });

  test('has modules at pages, each with its file and its arguments', () => {
    const planned = plan(ELF, { module: modules(2) });
    expect(segment(planned, 'module.1')).toMatchObject({
      parts: [{ source: 'module.1', offset: 0, length: 0x1002 }],
      placements: [{ align: 4096n }, { align: 4096n }],
    });
    expect(info(planned).text).toContain('m0.bin first "second 0"\\x00m1.bin\\x00');
  });

  test('has other texts if a loader knows better', () => {
    const input = { ...INPUT, options: { ...INPUT.options, module: modules(1) } };
    const planned = planMultiboot(unwrap(loader.load(source(ELF))), input, {
      commandLine: 'xen x',
      modules: ['dom0 y'],
    });
    expect(info(planned).text).toContain('xen x\\x00kexec-kit 0.1.0\\x00dom0 y\\x00');
  });

  test('has a screen only if the kernel asks for it, and it is known', () => {
    const screenInfo = `${'00'.repeat(7)}50${'00'.repeat(6)}1901${'00'.repeat(48)}`;
    const machine: Machine = { ...standardMachines.small, firmware: { screen: { screenInfo } } };
    expect(info(plan(VIDEO, {}, { machine })).fields).toMatchObject({
      ...{ flags: 0x124d, framebuffer_addr: 0xb8000n, framebuffer_width: 80, framebuffer_height: 25 },
    });
    expect(info(plan(ELF, {}, { machine })).fields.flags).toBe(0x24d);
    const none = plan(VIDEO, {}, { machine: standardMachines.above4g });
    expect(none.diagnostics).toMatchObject([{ code: 'MULTIBOOT_NO_SCREEN', severity: 'warning' }]);
    expect(info(none).fields.flags).toBe(0x24d);
  });

  test('is nothing of EFI: a warning, unless EFI is not wanted', () => {
    const machine = standardMachines.uefi;
    expect(plan(ELF, {}, { machine }).diagnostics).toMatchObject([{ code: 'MULTIBOOT_NO_FIRMWARE_TABLES' }]);
    const policy = { ...INPUT.policy, efi: false };
    expect(plan(ELF, {}, { machine, policy }).diagnostics).toEqual([]);
  });
});

describe('refused', () => {
  test.each([
    ['a crash kernel', {}, { purpose: 'crash' }, 'MULTIBOOT_PURPOSE'],
    [
      'an empty module',
      { module: [{ source: 'm', name: 'm', size: 0, arguments: '' }] },
      {},
      'MULTIBOOT_MODULE_EMPTY',
    ],
    ['a NUL in the command line', { commandLine: 'a\0b' }, {}, 'MULTIBOOT_COMMAND_LINE_NUL'],
    [
      'a NUL in the text of a module',
      { module: [{ source: 'm', name: 'm', size: 1, arguments: '\0' }] },
      {},
      'MULTIBOOT_COMMAND_LINE_NUL',
    ],
  ] as [string, Partial<Input['options']>, Partial<Input>, string][])('%s', (_, options, changes, code) => {
    expect(plan(ELF, options, changes)).toMatchObject({ ok: false, diagnostics: [{ code }] });
  });

  test('a file of which nobody says where it goes', () => {
    expect(loader.load(source(multibootFlat(multibootHeader())))).toMatchObject({
      diagnostics: [{ code: 'MULTIBOOT_NOT_LOADABLE' }],
    });
  });
});

test('probe says what it looks at, or what it misses', () => {
  expect(loader.probe(ELF)).toEqual({ match: true, detail: 'Multiboot kernel, header at 0x60, ELF' });
  expect(loader.probe(FLAT)).toEqual({
    match: true,
    detail: 'Multiboot kernel, header at 0x20, load addresses in it',
  });
  expect(loader.probe(multibootFlat(multibootHeader({ checksum: 0 })))).toEqual({
    match: false,
    reason: '0x1badb002 at 0x20, but its checksum is wrong',
  });
});

test('inspect shows the header by the names of its fields', () => {
  const facts = loader.inspect?.(unwrap(loader.load(source(FLAT))));
  expect(facts?.[0]?.fields).toMatchObject([
    { name: 'header', value: '0x20', offset: 0x20 },
    { name: 'flags', value: '0x10003 (page-aligned modules, memory information, load addresses)' },
    { name: 'header_addr', value: '0x300020', offset: 0x2c },
    { name: 'load_addr', value: '0x300000' },
    { name: 'load_end_addr', value: '0x300200' },
    { name: 'bss_end_addr', value: '0x303000' },
    { name: 'entry_addr', value: '0x300040' },
    { name: 'memory', value: '0x300000-0x303000' },
    { name: 'entry', value: '0x300040' },
  ]);
});
