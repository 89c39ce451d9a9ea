import { type Facts, type Firmware, range, type Region } from '@kexec-kit/loader-api';
import { describe, expect, test } from 'vitest';
import {
  flagNames,
  type HandoverInput,
  linuxHandover,
  LOADFLAGS,
  readSetupHeader,
  realModeHandover,
  setupHeaderBytes,
  SetupHeader,
  setupHeaderFacts,
  XLOADFLAGS,
} from '../src/index.js';
import { BIOS_1_GIB, input, machine, sector, SMALL_EFI } from './fixtures.js';

const INITRD = { source: 'initrd.0', name: 'a', size: 70_000, arguments: '' };

function byName(facts: Facts): Readonly<Record<string, string>> {
  const named = facts.flatMap(({ title, fields }) =>
    fields.map(({ name, value }) => ({ title, name, value })),
  );
  for (const each of named) {
    expect(Object.values(each), JSON.stringify(each)).toEqual(Array(3).fill(expect.stringMatching(/\S/)));
  }
  return Object.fromEntries(named.map(({ name, value }) => [name, value]));
}

describe('facts of a hand-over', () => {
  const factsOf = (changes: Partial<HandoverInput>) => {
    const result = linuxHandover(input(changes));
    if (!result.ok) throw new Error(result.diagnostics[0].code);
    return byName(result.value.facts);
  };
  const withFirmware = (firmware: Firmware) => factsOf({ machine: machine(BIOS_1_GIB, firmware) });
  const screen = { screenInfo: '00'.repeat(64) };

  test('say what there is not', () => {
    expect(factsOf({})).toMatchObject({
      'command line': 'console=ttyS0',
      initrd: 'none',
      screen: 'none',
      EFI: 'none',
      acpi_rsdp_addr: '0x0',
    });
  });

  test('say how large the initrd is and where the RSDP', () => {
    expect(factsOf({ initrds: [INITRD] })['initrd']).toMatch(/^70000\b/);
    expect(withFirmware({ acpiRsdp: 0xe0000n })['acpi_rsdp_addr']).toBe('0xe0000');
  });

  test('say that a screen is handed on, if it is', () => {
    expect(withFirmware({ screen })['screen']).not.toBe('none');
    const policy = { efi: true, video: 'none', console: {} } as const;
    expect(factsOf({ machine: machine(BIOS_1_GIB, { screen }), policy })['screen']).toBe('none');
  });

  test('count the EFI runtime ranges', () => {
    const runtimeMap = Array.from({ length: 11 }, () => SMALL_EFI.runtimeMap).flat();
    const efi = { ...SMALL_EFI, runtimeMap };
    expect(withFirmware({ efi })['EFI']).toMatch(/\b11\b/);
  });

  test('count the ranges of memory, in boot_params and beyond; an old kernel has none beyond', () => {
    const told = Array.from({ length: 131 }, (_, i): Region => ({
      ...range(BigInt(i) << 20n, BigInt(i + 1) << 20n),
      kind: 'ram',
    }));
    const counts = (changes: Partial<HandoverInput>) =>
      factsOf({ machine: machine(told), ...changes })['memory map']?.match(/\b\d+\b/g);
    expect(counts({})).toEqual(['128', '3']);
    expect(counts({ kernelTakesSetupData: true })).toEqual(['128', '3']);
    expect(counts({ kernelTakesSetupData: false })).toEqual(['128', '0']);
  });
});

test('facts of real-mode code say command line and initrd; the rest the code asks for itself', () => {
  const page = sector();
  const header = readSetupHeader(page);
  const factsOf = (initrds: readonly (typeof INITRD)[]) => {
    const result = realModeHandover({
      ...{ image: 'image', header, headerBytes: setupHeaderBytes(page, header), kernel: 'kernel', initrds },
      ...{ commandLine: 'ro', commandLineLimit: 255, initrdEnd: 0x80000000n },
    });
    if (!result.ok) throw new Error(result.diagnostics[0].code);
    return byName(result.value.facts);
  };
  const facts = factsOf([]);
  expect(Object.keys(facts).length).toBe(3);
  expect(facts).toMatchObject({ 'command line': 'ro', initrd: 'none' });
  expect(factsOf([INITRD])['initrd']).toMatch(/^70000\b/);
});

describe('facts of a setup header', () => {
  const factsOf = (changes: Parameters<typeof sector>[0]) =>
    Object.fromEntries(
      setupHeaderFacts(readSetupHeader(sector(changes))).map(({ name, value }) => [name, value]),
    );

  test('are its fields and nothing else', () => {
    const fields = Object.keys(SetupHeader.at).filter((name) => name !== 'before');
    expect(Object.keys(factsOf({}))).toEqual(fields);
  });

  test('decode flags, and say no words where none is set', () => {
    expect(factsOf({ loadflags: 0x81, xloadflags: 0 })).toMatchObject({
      version: '0x20f (2.15)',
      loadflags: '0x81 (LOADED_HIGH | CAN_USE_HEAP)',
      xloadflags: '0x0',
      vid_mode: '0xffff',
    });
  });
});

test('flags have the names of boot.rst and bootparam.h, from the lowest bit on', () => {
  expect(flagNames(0x7f, XLOADFLAGS)).toEqual([
    ...['XLF_KERNEL_64', 'XLF_CAN_BE_LOADED_ABOVE_4G', 'XLF_EFI_HANDOVER_32', 'XLF_EFI_HANDOVER_64'],
    ...['XLF_EFI_KEXEC', 'XLF_5LEVEL', 'XLF_5LEVEL_ENABLED'],
  ]);
  expect(flagNames(0xff, LOADFLAGS)).toEqual([
    ...[
      'LOADED_HIGH',
      'KASLR_FLAG',
      'bit 2',
      'bit 3',
      'bit 4',
      'QUIET_FLAG',
      'KEEP_SEGMENTS',
      'CAN_USE_HEAP',
    ],
  ]);
  expect(flagNames(0x80000000, [])).toEqual(['bit 31']);
});
