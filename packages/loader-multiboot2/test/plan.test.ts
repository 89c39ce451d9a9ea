import { type Machine, type Plan, type Result, type Segment, unwrap } from '@kexec-kit/loader-api';
import { standardMachines } from '@kexec-kit/loader-testkit';
import { planMultiboot2, readInfoTags } from '@kexec-kit/multiboot-info';
import { ascii } from '@kexec-kit/structures';
import { describe, expect, test } from 'vitest';
import {
  ENTRY,
  LINKED,
  multiboot2Header,
  multibootElf,
  multibootFlat,
} from '../../../tools/multiboot-file.mjs';
import { loader } from '../src/index.js';
import { ELF, FLAT, kernel, modules, moves, source, WISHES } from './kernels.js';

type Input = Parameters<typeof loader.plan>[1];

const INPUT: Input = {
  machine: standardMachines.above4g,
  purpose: 'normal',
  policy: { efi: true, video: 'auto', console: {} },
  options: { commandLine: undefined, reuseCommandLine: false, module: [], profile: undefined },
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

function texts(result: Result<Plan>): string[] {
  const [part] = segment(result, 'multiboot2-info')!.parts as readonly { bytes: Uint8Array }[];
  const own = readInfoTags(part!.bytes).filter(({ type }) => type <= 3);
  return own.map(({ type, bytes }) => ascii(bytes.subarray(type === 3 ? 16 : 8), { untilNul: true }));
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
      registers: { eax: { terms: [], constant: 0x36d76289n }, ebx: at('multiboot2-info') },
    });
  });

  test('goes where its address tag says, before anything else', () => {
    expect(segment(plan(FLAT), 'image')).toMatchObject({
      parts: [{ source: 'image', offset: 0, length: 0x200 }],
      memorySize: 0x3000n,
      placements: [{ at: 0x300000n }],
    });
    expect(unwrap(plan(FLAT)).handoff.entry).toEqual(at('image', 0x60n));
  });

  test('is the file from its first byte on when load_addr is all ones', () => {
    const tags = [
      { type: 2, data: [0x300020, 0xffffffff, 0, 0] },
      { type: 3, data: [0x300060] },
    ];
    const bytes = multibootFlat(multiboot2Header({ tags }));
    expect(segment(plan(bytes), 'image')).toMatchObject({
      parts: [{ offset: 0, length: bytes.length }],
      placements: [{ at: 0x300000n }],
    });
  });

  test('is entered where its entry address tag says, though it is an ELF file', () => {
    expect(unwrap(plan(kernel({ type: 3, data: [LINKED + 0x40] }))).handoff.entry).toEqual(
      at('load.0', 0x40n),
    );
  });

  test.each([
    ['without a preference stays, if it can', 0, [{ at: 0x200000n }, { from: 'bottom' }]],
    ['that prefers low goes to the lowest place', 1, [{ from: 'bottom' }]],
    ['that prefers high goes to the highest place', 2, [{ from: 'top' }]],
  ])('that may be moved, %s', (_, preference, placements) => {
    const own = placements.map((each) =>
      'from' in each ? { within: { start: 0x100000n, end: 1n << 32n }, align: 0x200000n, ...each } : each,
    );
    expect(unwrap(plan(kernel(moves(preference)))).groups?.[0]?.placements).toEqual(own);
  });

  test('that may be moved within bounds that its own place is not in, goes there', () => {
    const tag = { type: 10, data: [0x1000000, 0x1ffffff, 0, 0] };
    expect(unwrap(plan(kernel(tag))).groups?.[0]?.placements).toEqual([
      { within: { start: 0x1000000n, end: 0x2000000n }, align: 0x1000n, from: 'bottom' },
    ]);
  });

  test('that has to be below 1 MiB may be there; any other is not', () => {
    const within = (max: number) =>
      unwrap(plan(kernel({ type: 10, data: [0x8000, max, 0, 1] }))).groups?.[0]?.placements;
    expect(within(0x8ffff)).toMatchObject([{ within: { start: 0x8000n, end: 0x90000n } }]);
    expect(within(0xffffff)).toMatchObject([{ within: { start: 0x100000n, end: 0x1000000n } }]);
  });

  test('is moved without a tag if it is ET_DYN', () => {
    const bytes = multibootElf(multiboot2Header(), { header: { e_type: 3 } });
    expect(unwrap(plan(bytes)).groups?.[0]?.placements).toMatchObject([
      { at: 0x200000n },
      { from: 'bottom' },
    ]);
  });
});

describe('what the kernel is told', () => {
  test('begins with the name of the image, the reused command line, the text; who boots; the modules', () => {
    const machine = { ...INPUT.machine, commandLine: 'ro quiet' };
    const planned = plan(
      ELF,
      { commandLine: 'a b', reuseCommandLine: true, module: modules(2) },
      { machine },
    );
    expect(texts(planned)).toEqual([
      'kernel ro quiet a b',
      'kexec-kit 0.1.0',
      'm0.bin first "second 0"',
      'm1.bin',
    ]);
  });

  test('has other texts if a loader knows better', () => {
    const input = { ...INPUT, options: { ...INPUT.options, module: modules(1) } };
    const planned = planMultiboot2(unwrap(loader.load(source(ELF))), input, {
      commandLine: 'xen x',
      modules: ['dom0 y'],
    });
    expect(texts(planned)).toEqual(['xen x', 'kexec-kit 0.1.0', 'dom0 y']);
  });

  test('leaves out what this machine has and nobody can hand over, and says why', () => {
    const machine = standardMachines.uefi;
    expect(plan(ELF, {}, { machine }).diagnostics).toMatchObject([
      {
        code: 'MULTIBOOT2_INFORMATION_LEFT_OUT',
        severity: 'info',
        found: '17 (EFI memory map), 13 (SMBIOS tables), 14 (ACPI old RSDP), 15 (ACPI new RSDP)',
        message: expect.stringContaining('of that only the address is known') as string,
      },
    ]);
  });

  test('warns when EFI is there and its kind of kernel is not told', () => {
    const planned = plan(ELF, { profile: 'xen' }, { machine: standardMachines.uefi });
    expect(planned.diagnostics.map(({ code }) => code)).toEqual([
      'MULTIBOOT2_INFORMATION_LEFT_OUT',
      'MULTIBOOT_NO_FIRMWARE_TABLES',
    ]);
  });
});

describe('refused', () => {
  const screenless: Machine = standardMachines.above4g;
  test.each([
    ['EFI boot services', { type: 1, data: [6, 18] }, '18 (EFI boot services not terminated)'],
    ['the RSDP itself', { type: 1, data: [14, 15] }, '14 (ACPI old RSDP), 15 (ACPI new RSDP)'],
    ['a type that nobody defines', { type: 1, data: [4, 4711] }, '4711'],
  ])('a kernel that requires information: %s', (_, tag, found) => {
    expect(plan(kernel(tag))).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'MULTIBOOT2_REQUIRED_INFORMATION', found }],
    });
    expect(plan(kernel({ ...tag, optional: true }))).toMatchObject({
      ok: true,
      diagnostics: [{ code: 'MULTIBOOT2_INFORMATION_LEFT_OUT', found }],
    });
  });

  test('not a kernel that requires what could be there and is not: it is told by its absence', () => {
    expect(plan(kernel({ type: 1, data: [3, 8, 9, 12, 21] })).ok).toBe(true);
  });

  test('a kernel that requires a console, where no screen is known', () => {
    const tag = { type: 4, data: [1] };
    expect(plan(kernel(tag), {}, { machine: screenless })).toMatchObject({
      diagnostics: [{ code: 'MULTIBOOT2_NO_CONSOLE' }],
    });
    expect(plan(kernel({ ...tag, optional: true })).ok).toBe(true);
    expect(plan(kernel({ type: 4, data: [2] })).ok).toBe(true);
  });

  test('an address tag without an entry address tag', () => {
    const bytes = multibootFlat(multiboot2Header({ tags: [{ type: 2, data: [0x300020, 0x300000, 0, 0] }] }));
    expect(loader.load(source(bytes))).toMatchObject({ diagnostics: [{ code: 'MULTIBOOT2_NO_ENTRY' }] });
  });

  test('a file of which nobody says where it goes', () => {
    expect(loader.load(source(multibootFlat(multiboot2Header())))).toMatchObject({
      diagnostics: [{ code: 'MULTIBOOT_NOT_LOADABLE' }],
    });
  });

  test('a crash kernel', () => {
    expect(plan(ELF, {}, { purpose: 'crash' })).toMatchObject({
      diagnostics: [{ code: 'MULTIBOOT_PURPOSE' }],
    });
  });
});

test('symbols that are asked for are loaded beside the image, up to the size of the file', () => {
  const sections = new Uint8Array(3 * 40);
  const view = new DataView(sections.buffer);
  const section = (index: number, fields: readonly number[]) => {
    fields.forEach((value, i) => {
      view.setUint32(index * 40 + 4 * i, value, true);
    });
  };
  section(1, [1, 1, 6, LINKED + 0x10, 0x100, 0x20]);
  section(2, [2, 2, 0, 0, 0x54, 0x30]);
  const bytes = multibootElf(multiboot2Header({ tags: [WISHES] }), {
    tail: 120,
    header: { e_shentsize: 40, e_shnum: 3 },
  });
  bytes.set(sections, bytes.length - 120);
  expect(segment(plan(bytes), 'elf-sections')).toMatchObject({
    parts: [{ source: 'image', offset: 0x54, length: 0x30 }],
    memorySize: 0x30n,
  });
  const values = segment(plan(bytes), 'multiboot2-info')!.relocations!.map((each) =>
    'value' in each ? each.value : each,
  );
  expect(values).toEqual(expect.arrayContaining([at('elf-sections'), at('load.0', 0x10n)]));
  expect(segment(plan(kernel()), 'elf-sections')).toBeUndefined();
});

test('probe says what it looks at, or what it misses', () => {
  expect(loader.probe(ELF)).toEqual({ match: true, detail: 'Multiboot2 kernel, header at 0x60, ELF' });
  expect(loader.probe(FLAT)).toEqual({ match: true, detail: 'Multiboot2 kernel, header at 0x20, no ELF' });
  expect(loader.probe(multibootFlat(multiboot2Header({ checksum: 0 })))).toEqual({
    match: false,
    reason: '0xe85250d6 at 0x20, but its checksum is wrong',
  });
});

test('inspect shows requests, relocation and tags', () => {
  const facts = loader.inspect?.(unwrap(loader.load(source(kernel({ type: 1, data: [4, 6] }, moves(2))))));
  expect(facts?.[0]?.fields.map(({ name, value }) => `${name}: ${value}`)).toEqual([
    'header: 64 bytes at 0x60',
    'information request: 4 (basic memory information), 6 (memory map); required',
    'relocatable image: within 0x100000-0xffffffff, aligned to 0x200000, preference 2',
    'tags: information request, relocatable image',
    'looks like: default',
    'memory: 0x200000-0x205000',
    'entry: 0x200180',
  ]);
});
