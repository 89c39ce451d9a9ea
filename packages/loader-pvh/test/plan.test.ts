import { type Machine, range, type Region, unwrap } from '@kexec-kit/loader-api';
import { standardMachines } from '@kexec-kit/loader-testkit';
import { decodeText, parse } from '@kexec-kit/structures';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HvmMemmapTableEntry, HvmModlistEntry, HvmStartInfo, loader } from '../src/index.js';
import { encodeMemoryMap } from '../src/start-info.js';
import {
  bytesOf,
  file,
  GRUB,
  kernel,
  movable,
  NOTHING,
  plan,
  POLICY,
  segments,
  VMLINUX_6_1,
  VMLINUX_6_12,
  VMLINUX_686,
} from './kernels.js';

const FOUR_GIB = 1n << 32n;
const initrd = [file('initrd.0', 0x10001), file('initrd.1', 0x333)];
const module = [file('module.0', 0x2345, 'console=vga debug'), file('module.1', 7)];
const region = (kind: Region['kind'], start: bigint, end: bigint): Region => ({ ...range(start, end), kind });

describe('hvm_start_info', () => {
  const options = { ...NOTHING, commandLine: 'quiet', initrd, module };
  const made = segments(plan(GRUB, { machine: standardMachines.uefi, options }));

  test('is version 1, with what is known without an address', () => {
    expect(parse(HvmStartInfo, bytesOf(made['start-info']))).toEqual({
      ...{ magic: 0x336ec578, version: 1, flags: 0, nr_modules: 3, reserved: 0 },
      ...{
        modlist_paddr: 0n,
        cmdline_paddr: 0n,
        memmap_paddr: 0n,
        rsdp_paddr: 0x1f77e014n,
        memmap_entries: 19,
      },
    });
  });

  test('points to command line, memory map and module list by relocations', () => {
    const { at } = HvmStartInfo;
    const targets = (made['start-info']?.relocations ?? []).map((each) =>
      'value' in each ? [each.offset, each.value.terms[0]?.segment, each.encoding] : [],
    );
    expect(targets).toEqual([
      [at.cmdline_paddr.offset, 'command-line', 'u64'],
      [at.memmap_paddr.offset, 'memory-map', 'u64'],
      [at.modlist_paddr.offset, 'module-list', 'u64'],
    ]);
  });

  test('has the memory map as it was told, in E820 types, and the page of last words as reserved', () => {
    const { told } = standardMachines.uefi;
    const table = bytesOf(made['memory-map']);
    const entries = [...told, 0, 0].map((_, i) => parse(HvmMemmapTableEntry, table.subarray(i * 24)));
    const cut = entries.findIndex(({ addr, size, type }) => addr === 0n && size === 0x1000n && type === 2);
    expect(entries[cut - 1]).toMatchObject({ size: 0n, type: 1 });
    expect(entries[cut + 1]).toMatchObject({ addr: 0n, size: 0n, type: 1 });
    const types: Record<string, number> = { ram: 1, reserved: 2, acpi: 3, nvs: 4 };
    const whole = told.map(({ start, end, kind }) => ({ addr: start, size: end - start, type: types[kind] }));
    const others = entries.map(({ addr, size, type }) => ({ addr, size, type }));
    expect(others.slice(0, cut - 1)).toEqual(whole.slice(0, cut - 1));
    expect(others.slice(cut + 2)).toEqual(whole.slice(cut));
    expect(made['memory-map']?.relocations).toMatchObject(
      [cut * 24 - 16, cut * 24, cut * 24 + 24, cut * 24 + 32].map((offset) => ({ offset, encoding: 'u64' })),
    );
  });

  test('of Linux tells of no page when the map has no room for it', () => {
    const told = (count: number): Region[] =>
      Array.from({ length: count }, (_, i) =>
        region('ram', BigInt(i) << 28n, (BigInt(i) << 28n) + 0x800_0000n),
      );
    const planned = (count: number) => {
      const machine = { ...standardMachines.small, told: told(count), usable: told(count) };
      return unwrap(plan(VMLINUX_6_12, { machine }));
    };
    expect(planned(126)).toHaveProperty('lastWords');
    expect(planned(127)).not.toHaveProperty('lastWords');
    expect(planned(127).segments.map(({ id }) => id)).not.toContain('last-words');
  });

  test('has the initrds as the first module and then each module, with their command lines', () => {
    const table = bytesOf(made['module-list']);
    const sizes = [0, 1, 2].map((i) => parse(HvmModlistEntry, table.subarray(i * 32)).size);
    expect(sizes).toEqual([0x10337n, 0x2345n, 7n]);
    expect(made['module-list']?.relocations).toMatchObject([
      { offset: 0, value: { terms: [{ segment: 'initrd' }] } },
      { offset: 32, value: { terms: [{ segment: 'module.0' }] } },
      { offset: 48, value: { terms: [{ segment: 'module.0.command-line' }] } },
      { offset: 64, value: { terms: [{ segment: 'module.1' }] } },
    ]);
    expect(decodeText(bytesOf(made['module.0.command-line']))).toBe('console=vga debug\0');
    expect(made['initrd']?.parts).toEqual([
      { source: 'initrd.0', offset: 0, length: 0x10001 },
      { zeros: 3n },
      { source: 'initrd.1', offset: 0, length: 0x333 },
    ]);
  });

  test('without modules has no list', () => {
    const bare = segments(plan(GRUB));
    expect(Object.keys(bare)).toEqual([
      ...['load.0', 'load.1', 'start-info', 'memory-map', 'command-line', 'last-words'],
    ]);
    expect(parse(HvmStartInfo, bytesOf(bare['start-info']))).toMatchObject({ nr_modules: 0, rsdp_paddr: 0n });
  });

  test('any memory map is read back as it was', () => {
    const one = fc.tuple(fc.bigInt(0n, (1n << 64n) - 1n), fc.bigInt(0n, (1n << 64n) - 1n));
    fc.assert(
      fc.property(fc.array(one, { maxLength: 200 }), (pairs) => {
        const told = pairs.map(([a, b]) => region('persistent', a < b ? a : b, a < b ? b : a));
        const table = encodeMemoryMap(told);
        const read = told.map((_, i) => parse(HvmMemmapTableEntry, table.subarray(i * 24)));
        expect(read).toEqual(
          told.map(({ start, end }) => ({ addr: start, size: end - start, type: 7, reserved: 0 })),
        );
      }),
    );
  });
});

describe('the entry', () => {
  test('is 32-bit, with hvm_start_info in ebx, and moves with the image', () => {
    const result = plan(VMLINUX_6_12);
    expect(result.ok && result.value.handoff).toEqual({
      mode: 'protected32',
      entry: { terms: [{ sign: 1, segment: 'load.0', at: 'start', offset: 0xa30n }], constant: 0n },
      registers: {
        ebx: { terms: [{ sign: 1, segment: 'start-info', at: 'start', offset: 0n }], constant: 0n },
      },
    });
  });
});

describe('an image that may be moved', () => {
  const groups = (result: ReturnType<typeof plan>) => (result.ok ? (result.value.groups ?? []) : []);

  test('is tried where it was linked, then from the top as its note says', () => {
    expect(groups(plan(VMLINUX_6_12))).toEqual([
      {
        id: 'image',
        placements: [
          { at: 0x1000000n },
          { within: { start: 0x1000000n, end: 0x40000000n }, align: 0x200000n, from: 'top' },
        ],
      },
    ]);
  });

  test('keeps its loads as far from each other as they were linked', () => {
    const offsets = Object.values(segments(plan(VMLINUX_6_12))).flatMap(({ placements: [first] }) =>
      first !== undefined && 'group' in first ? [first.offset] : [],
    );
    expect(offsets).toEqual([0n, 0xc00000n, 0xe00000n, 0xe16000n]);
  });

  test.each([
    ['the note', [0x100000], { p_align: 0x400000 }, 0x100000n],
    ['less than a page, which is a page', [0x10], {}, 0x1000n],
    ['the largest p_align of a page or more', [], { p_align: 0x400000 }, 0x400000n],
    ['a p_align of a page', [], { p_align: 0x1000 }, 0x1000n],
    ['else 2 MiB', [], { p_align: 0x800 }, 0x200000n],
  ])('is aligned by %s', (_, reloc, load, align) => {
    expect(groups(plan(movable(reloc, load)))).toMatchObject([{ placements: [{}, { align }] }]);
  });

  test.each([
    ['nothing', [0x1000], 0x100000n, FOUR_GIB],
    ['the lowest start', [0x1000, 0x2000000], 0x2000000n, FOUR_GIB],
    ['both', [0x1000, 0x2000000, 0x7fffffff], 0x2000000n, 0x80000000n],
  ])('whose note says %s is looked for at 1 MiB or above and below 4 GiB', (_, reloc, start, end) => {
    expect(groups(plan(movable(reloc)))).toMatchObject([{ placements: [{}, { within: { start, end } }] }]);
  });

  test('that was linked above 4 GiB, or in page 0, lies elsewhere', () => {
    for (const p_paddr of [0x100000000n, 0n]) {
      const shape = movable([], { p_paddr });
      const entry = {
        name: 'Xen',
        type: 18,
        desc: new Uint8Array(new BigUint64Array([p_paddr + 0x10n]).buffer),
      };
      const [load, notes] = shape.segments ?? [];
      const moved = {
        ...shape,
        segments: [load ?? {}, { notes: [entry, ...(notes?.notes?.slice(1) ?? [])] }],
      };
      expect(groups(plan(moved))).toMatchObject([{ placements: [{ from: 'top' }] }]);
    }
  });

  test('is looked for below 896 MiB when an i386 kernel runs', () => {
    const machine: Machine = { ...standardMachines.small, architecture: 'i386' };
    expect(groups(plan(movable([]), { machine }))).toMatchObject([
      { placements: [{}, { within: { end: 0x38000000n } }] },
    ]);
  });
});

describe('an image that may not be moved', () => {
  const at16MiB = (kind: Region['kind']): Machine => {
    const told = [
      region('ram', 0x100000n, 0x1800000n),
      region(kind, 0x1800000n, 0x1900000n),
      region('ram', 0x1900000n, 0x8000000n),
    ];
    const usable = told.filter(({ kind: each }) => each === 'ram');
    return { ...standardMachines.small, told, usable };
  };

  test('goes to its own place', () => {
    const { 'load.0': code } = segments(plan(VMLINUX_6_1));
    expect(code?.placements).toEqual([{ at: 0x1000000n }]);
  });

  test('is refused with both ranges where its place is taken', () => {
    expect(plan(VMLINUX_6_1, { machine: at16MiB('reserved') })).toMatchObject({
      ok: false,
      diagnostics: [
        {
          code: 'PVH_ADDRESS_TAKEN',
          message:
            'kernel.elf has to lie at 0x1000000-0x1f00000, and 0x1800000-0x1900000 of it may not be had: the firmware says that 0x1800000-0x1900000 is reserved. Without a note PHYS32_RELOC it cannot be moved.',
          expected: 'usable memory at 0x1000000-0x1f00000',
        },
      ],
    });
  });

  test.each([
    [
      'the policy',
      { policy: { ...POLICY, memory: range(0x2000000n, 0x8000000n) } },
      'only 0x2000000-0x8000000 is allowed (--mem-min, --mem-max)',
    ],
    [
      'the end of RAM',
      { machine: { ...standardMachines.small, usable: [range(0x100000n, 0x1001000n)] } },
      'it is no usable RAM',
    ],
  ])('is refused because of %s', (_, changes, reason) => {
    const result = plan(VMLINUX_6_1, changes);
    expect(result).toMatchObject({ ok: false, diagnostics: [{ code: 'PVH_ADDRESS_TAKEN' }] });
    expect(result.diagnostics.map(({ message }) => message).join('')).toContain(reason);
  });

  test('above 4 GiB is refused', () => {
    const p_paddr = 0xfffff000;
    const entry = { name: 'Xen', type: 18, desc: Uint8Array.of(0x10, 0xf0, 0xff, 0xff) };
    const shape = {
      segments: [{ p_flags: 5, p_paddr, content: new Uint8Array(0x2000) }, { notes: [entry] }],
    };
    expect(plan(shape)).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'PVH_ABOVE_4G', found: '0xfffff000-0x100001000' }],
    });
  });
});

describe('Linux', () => {
  test('has all memory from its first load to its last for its own', () => {
    const loads = Object.values(segments(plan(VMLINUX_6_1))).filter(({ id }) => id.startsWith('load.'));
    expect(loads.map(({ memorySize }) => memorySize)).toEqual([0xc00000n, 0x200000n, 0x16000n, 0xea000n]);
  });

  test('gets what its first page tables do not map nowhere: below 1 GiB, or for i386 below the end of the image', () => {
    const ends = (shape: Parameters<typeof plan>[0], machine: Machine = standardMachines.above4g) =>
      ['start-info', 'memory-map', 'command-line'].map((id) => {
        const [first] = segments(plan(shape, { machine }))[id]?.placements ?? [];
        return first !== undefined && 'within' in first ? [first.within.end, first.from] : [];
      });
    const three = (end: bigint) => [end, end, end].map((each) => [each, 'bottom']);
    expect(ends(VMLINUX_6_12)).toEqual(three(0x40000000n));
    expect(ends(VMLINUX_686)).toEqual(three(0x1401041n));
    expect(ends(GRUB)).toEqual(three(0x38000000n));
    expect(ends(movable([]))).toEqual(three(FOUR_GIB));
    expect(ends(VMLINUX_6_12, { ...standardMachines.above4g, architecture: 'i386' })).toEqual(
      three(0x38000000n),
    );
  });

  test('takes a map of 128 ranges; one more is refused', () => {
    const told = (count: number) =>
      Array.from({ length: count }, (_, i) => region('ram', BigInt(i) << 28n, BigInt(i + 1) << 28n));
    const machine = (count: number): Machine => ({ ...standardMachines.above4g, told: told(count) });
    expect(plan(VMLINUX_6_12, { machine: machine(128) }).ok).toBe(true);
    expect(plan(VMLINUX_6_12, { machine: machine(129) })).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'PVH_MEMORY_MAP_TOO_LONG', found: '129 ranges', expected: 'at most 128 ranges' }],
    });
    expect(plan(GRUB, { machine: machine(129) }).ok).toBe(true);
  });

  test('takes 2047 bytes of command line; one more is refused, for others there is no limit', () => {
    const asked = (length: number) => ({ options: { ...NOTHING, commandLine: 'x'.repeat(length) } });
    expect(plan(VMLINUX_6_12, asked(2047)).ok).toBe(true);
    expect(plan(VMLINUX_6_12, asked(2048))).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'LINUX_COMMAND_LINE_TOO_LONG' }],
    });
    expect(plan(GRUB, asked(100_000)).ok).toBe(true);
  });
});

describe('said or refused', () => {
  test('EFI has no place in hvm_start_info: a warning, unless it was not wanted', () => {
    const machine = standardMachines.uefi;
    expect(plan(GRUB, { machine }).diagnostics).toMatchObject([
      { code: 'PVH_EFI_NOT_HANDED_ON', severity: 'warning' },
    ]);
    expect(plan(GRUB, { machine, policy: { ...POLICY, efi: false } }).diagnostics).toEqual([]);
  });

  test('on EFI a missing RSDP is worth a word', () => {
    const { acpiRsdp: _, ...firmware } = standardMachines.uefi.firmware;
    expect(plan(GRUB, { machine: { ...standardMachines.uefi, firmware } }).diagnostics).toMatchObject([
      { code: 'PVH_EFI_NOT_HANDED_ON' },
      { code: 'PVH_NO_RSDP' },
    ]);
  });

  test.each([
    ['an empty module', { module: [file('module.0', 0)] }, 'PVH_MODULE_EMPTY'],
    [
      'a NUL in the command line of a module',
      { module: [file('module.0', 1, 'a\0b')] },
      'PVH_COMMAND_LINE_NUL',
    ],
    ['a NUL in the command line', { commandLine: 'a\0b' }, 'LINUX_COMMAND_LINE_NUL'],
    ['an initrd beyond 4 GiB', { initrd: [file('initrd.0', 2 ** 32)] }, 'LINUX_INITRD_TOO_LARGE'],
  ])('%s', (_, options, code) => {
    expect(plan(GRUB, { options: { ...NOTHING, ...options } })).toMatchObject({
      ok: false,
      diagnostics: [{ code }],
    });
  });

  test('an empty initrd is left out, with a warning', () => {
    const result = plan(GRUB, { options: { ...NOTHING, initrd: [file('initrd.0', 0)] } });
    expect(result.diagnostics).toMatchObject([{ code: 'LINUX_INITRD_EMPTY' }]);
    expect(segments(result)['initrd']).toBeUndefined();
  });

  test('a crash kernel', () => {
    expect(plan(GRUB, { purpose: 'crash' })).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'PVH_PURPOSE' }],
    });
  });
});

test('the command line begins with the running one when that is to be reused', () => {
  const options = { ...NOTHING, reuseCommandLine: true, commandLine: 'debug' };
  expect(decodeText(bytesOf(segments(plan(GRUB, { options }))['command-line']))).toBe(
    'console=ttyS0 debug\0',
  );
});

test('equal input gives an equal plan', () => {
  const input = {
    machine: standardMachines.small,
    purpose: 'normal' as const,
    policy: POLICY,
    options: { ...NOTHING, initrd, module },
  };
  expect(loader.plan(kernel(VMLINUX_6_12), input)).toEqual(loader.plan(kernel(VMLINUX_6_12), input));
});
