import { type Diagnostic, range, type Region } from '@kexec-kit/loader-api';
import { describe, expect, test } from 'vitest';
import {
  type HandoverInput,
  linuxBootCodes,
  linuxHandover,
  readSetupHeader,
  realModeHandover,
  setupHeaderBytes,
} from '../src/index.js';
import { BIOS_1_GIB, input, machine, sector, SMALL_EFI } from './fixtures.js';

const initrd = (size: number, name = 'a.img') => ({ source: 'initrd.0', name, size, arguments: '' });

function told(changes: Partial<HandoverInput>): readonly Diagnostic[] {
  return linuxHandover(input(changes)).diagnostics;
}

const ranges = (count: number) =>
  Array.from({ length: count }, (_, i): Region => ({
    ...range(BigInt(i) << 20n, BigInt(i + 1) << 20n),
    kind: 'ram',
  }));

/** One case for each code, with all that it tells but its words. */
const CASES: readonly (readonly [
  keyof typeof linuxBootCodes,
  Partial<HandoverInput>,
  Partial<Diagnostic>,
])[] = [
  [
    'LINUX_COMMAND_LINE_TOO_LONG',
    { commandLine: 'x'.repeat(11), commandLineLimit: 10 },
    { severity: 'error', at: { field: 'setup_header.cmdline_size' } },
  ],
  ['LINUX_COMMAND_LINE_NUL', { commandLine: 'a\0b' }, { severity: 'error' }],
  [
    'LINUX_INITRD_EMPTY',
    { initrds: [initrd(1), initrd(0, 'b.img')] },
    { severity: 'warning', at: { source: 'b.img' } },
  ],
  [
    'LINUX_INITRD_TOO_LARGE',
    { initrds: [initrd(0x1001)], initrdEnd: 0x101000n },
    { severity: 'error', at: { field: 'setup_header.ramdisk_size' }, found: '4097 bytes' },
  ],
  [
    'LINUX_MEMORY_MAP_CUT',
    { machine: machine(ranges(129)), kernelTakesSetupData: false },
    { severity: 'warning', at: { field: 'boot_params.e820_table' } },
  ],
  [
    'LINUX_EFI_NOT_HANDED_ON',
    { machine: machine(BIOS_1_GIB, { efi: SMALL_EFI }), kernelTakesEfi: false },
    { severity: 'warning' },
  ],
  [
    'LINUX_MACHINE_FIELD',
    { machine: machine(BIOS_1_GIB, { acpiRsdp: 1n << 64n }) },
    { severity: 'error', at: { field: 'firmware.acpiRsdp' } },
  ],
];

test.each(CASES)('%s tells its place, its cure and its clause', (code, changes, expected) => {
  const { cure: hint, ...row } = linuxBootCodes[code];
  const spec = 'spec' in row ? { spec: row.spec } : {};
  expect(told(changes)).toMatchObject([{ code, hint, ...spec, ...expected }]);
});

test('every code has a case here, a cause and a cure; a clause is of the kernel’s documentation', () => {
  expect(CASES.map(([code]) => code).sort()).toEqual(Object.keys(linuxBootCodes).sort());
  for (const { cause, cure, ...rest } of Object.values(linuxBootCodes)) {
    expect([cause, cure]).toEqual([expect.stringMatching(/\S/), expect.stringMatching(/\S/)]);
    expect('spec' in rest ? rest.spec : 'Documentation/').toMatch(/^Documentation\//);
  }
});

describe('what just fits is taken', () => {
  test('an initrd that fills all from 1 MiB on', () => {
    expect(told({ initrds: [initrd(0x1000)], initrdEnd: 0x101000n })).toEqual([]);
    expect(told({ initrds: [initrd(0x1001)], initrdEnd: 0x101000n })[0]?.expected).toContain(String(0x1000));
  });

  test('no initrd, though there is no place for one', () => {
    expect(told({ initrdEnd: 0n })).toEqual([]);
  });

  test('6 disks and 16 signatures', () => {
    const edd = { entries: Array<string>(6).fill('0f'.repeat(82)), mbrSignatures: Array<number>(16).fill(1) };
    expect(told({ machine: machine(BIOS_1_GIB, { edd }) })).toEqual([]);
  });

  test('128 ranges for a kernel that knows no more; any number for others, with or without EFI', () => {
    expect(told({ machine: machine(ranges(128)), kernelTakesSetupData: false })).toEqual([]);
    expect(told({ machine: machine(ranges(129)) })).toEqual([]);
    expect(told({ machine: machine(ranges(129), { efi: SMALL_EFI }) })).toEqual([]);
  });
});

test.each(['g' + '0'.repeat(127), '0'.repeat(127) + 'g', '0'.repeat(127), '0'.repeat(129), 'A0'.repeat(64)])(
  'a screen of other than 128 lower-case hexadecimal digits is refused: %s',
  (screenInfo) => {
    const asked = { machine: machine(BIOS_1_GIB, { screen: { screenInfo } }) };
    expect(told(asked)).toMatchObject([
      { code: 'LINUX_MACHINE_FIELD', at: { field: 'firmware.screen.screenInfo' } },
    ]);
    expect(told(asked)[0]?.expected).toMatch(/\b128\b/);
  },
);

test('real-mode code is refused what any kernel is', () => {
  const page = sector();
  const header = readSetupHeader(page);
  const asked = {
    ...{ image: 'image', header, headerBytes: setupHeaderBytes(page, header), kernel: 'kernel' },
    ...{ commandLine: '', commandLineLimit: 255, initrds: [], initrdEnd: 0x101000n },
  };
  expect(realModeHandover({ ...asked, commandLine: 'a\0' }).diagnostics).toMatchObject([
    { code: 'LINUX_COMMAND_LINE_NUL' },
  ]);
  expect(realModeHandover({ ...asked, initrds: [initrd(0x1001)] }).diagnostics).toMatchObject([
    { code: 'LINUX_INITRD_TOO_LARGE' },
  ]);
  expect(realModeHandover({ ...asked, initrds: [initrd(0x1000)] })).toMatchObject({
    ok: true,
    diagnostics: [],
  });
});
