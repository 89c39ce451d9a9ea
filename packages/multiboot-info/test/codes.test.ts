import type { Diagnostic } from '@kexec-kit/loader-api';
import { parseElf } from '@kexec-kit/elf';
import { unwrap } from '@kexec-kit/loader-api';
import { describe, expect, test } from 'vitest';
import { multibootElf, multibootHeader } from '../../../tools/multiboot-file.mjs';
import * as codes from '../src/codes.js';
import * as codes1 from '../src/codes1.js';
import * as codes2 from '../src/codes2.js';
import { headerTagName } from '../src/index.js';

const table: Readonly<Record<string, { cause: string; cure: string; spec?: string }>> = {
  ...codes.multibootCodes,
  ...codes1.multiboot1Codes,
  ...codes2.multiboot2Codes,
};

const header = (change: Readonly<Record<string, number>>) =>
  unwrap(parseElf({ name: 'kernel', bytes: multibootElf(multibootHeader(), { header: change }) })).header;
const missing = [
  { name: '13 (SMBIOS tables)', why: 'reasons' },
  { name: '4711', why: 'nobody' },
];
const tag = { source: 'kernel', offset: 0x70, type: 7 };
const MISSING = ['13 (SMBIOS tables)', 'reasons', '4711', 'nobody'];

/** What is made, its code, where it points, and the facts that people find in it. */
const made: readonly [() => Diagnostic, string, Diagnostic['at'], readonly string[]][] = [
  [
    () => codes.wrongMachine('kernel', header({ e_machine: 40 }), 'EM_386'),
    'MULTIBOOT_MACHINE',
    { source: 'kernel', offset: 0x12, field: 'e_machine' },
    ['kernel', 'ei_class 1', 'EM_ARM', 'EM_386'],
  ],
  [
    () => codes.notExecutable('kernel', header({ e_type: 4 })),
    'MULTIBOOT_NOT_EXECUTABLE',
    { source: 'kernel', offset: 0x10, field: 'e_type' },
    ['kernel', 'ET_CORE'],
  ],
  [
    () => codes.notLoadable('kernel', 0x20, 'flag 16'),
    'MULTIBOOT_NOT_LOADABLE',
    { source: 'kernel', offset: 0x20 },
    ['kernel', 'flag 16'],
  ],
  [
    () => codes.badAddress('kernel', { field: 'load_addr', offset: 0x30 }, 0xff000, 'at least 0x100000'),
    'MULTIBOOT_BAD_ADDRESS',
    { source: 'kernel', offset: 0x30, field: 'load_addr' },
    ['kernel', 'load_addr', '0xff000', 'at least 0x100000'],
  ],
  [
    () => codes.truncated('kernel', 100, 0x80n),
    'MULTIBOOT_TRUNCATED',
    { source: 'kernel', offset: 100, field: 'load_end_addr' },
    ['kernel', '0x80', '100', '128'],
  ],
  [
    () => codes.entryOutside('kernel', 0x18, 'e_entry', 0x1234n),
    'MULTIBOOT_ENTRY_OUTSIDE',
    { source: 'kernel', offset: 0x18, field: 'e_entry' },
    ['kernel', '0x1234'],
  ],
  [
    () => codes.above4G('kernel', { start: 0xffff0000n, end: 0x100010000n }),
    'MULTIBOOT_ABOVE_4G',
    { source: 'kernel' },
    ['kernel', '0xffff0000-0x100010000', '0x100000000'],
  ],
  [
    () => codes.commandLineNul('the kernel', 7),
    'MULTIBOOT_COMMAND_LINE_NUL',
    { field: 'options' },
    ['the kernel', '7'],
  ],
  [
    () => codes.moduleEmpty('m1'),
    'MULTIBOOT_MODULE_EMPTY',
    { source: 'm1', field: 'options.module' },
    ['m1', '0 bytes'],
  ],
  [
    () => codes.noScreen('bit 2', 'warning'),
    'MULTIBOOT_NO_SCREEN',
    { field: 'machine.firmware.screen' },
    ['bit 2'],
  ],
  [
    () => codes.noFirmwareTables('reasons'),
    'MULTIBOOT_NO_FIRMWARE_TABLES',
    { field: 'machine.firmware.efi' },
    ['reasons'],
  ],
  [() => codes.purposeNotSupported('crash'), 'MULTIBOOT_PURPOSE', undefined, ['crash', 'normal']],
  [
    () => codes1.noHeader('kernel', 'reasons'),
    'MULTIBOOT_NO_HEADER',
    { source: 'kernel', field: 'multiboot_header.magic' },
    ['kernel', 'reasons', '0x1badb002', '8192'],
  ],
  [
    () => codes1.requiredFlag('kernel', 0x24, [3, 15]),
    'MULTIBOOT_REQUIRED_FLAG',
    { source: 'kernel', offset: 0x24, field: 'multiboot_header.flags' },
    ['kernel', 'bit 3, bit 15 (0x8008)'],
  ],
  [
    () => codes2.noHeader2('kernel', 'reasons'),
    'MULTIBOOT2_NO_HEADER',
    { source: 'kernel', field: 'multiboot2_header.magic' },
    ['kernel', 'reasons', '0xe85250d6', '32768'],
  ],
  [
    () => codes2.wrongArchitecture('kernel', 0x24, 4),
    'MULTIBOOT2_ARCHITECTURE',
    { source: 'kernel', offset: 0x24, field: 'multiboot2_header.architecture' },
    ['kernel', '4 (MIPS)', '0 (i386)'],
  ],
  [
    () => codes2.wrongArchitecture('kernel', 0x24, 0x99),
    'MULTIBOOT2_ARCHITECTURE',
    { source: 'kernel', offset: 0x24, field: 'multiboot2_header.architecture' },
    ['kernel', '0x99', '0 (i386)'],
  ],
  [
    () => codes2.headerLength('kernel', 0x28, 5, 1000),
    'MULTIBOOT2_HEADER_LENGTH',
    { source: 'kernel', offset: 0x28, field: 'multiboot2_header.header_length' },
    ['kernel', '5 bytes', '16', '1000'],
  ],
  ...(
    [
      'MULTIBOOT2_TAG_SIZE',
      'MULTIBOOT2_TAG_OVERLAP',
      'MULTIBOOT2_TAG_PAST_END',
      'MULTIBOOT2_TAG_TWICE',
    ] as const
  ).map((code): (typeof made)[number] => [
    () => codes2.badTag(code, tag, '9 bytes', 'at most 8'),
    code,
    { source: 'kernel', offset: 0x70, field: 'header_tag.size' },
    ['kernel', '7 (EFI boot services)', '9 bytes', 'at most 8'],
  ]),
  [
    () => codes2.noEndTag('kernel', 0x80),
    'MULTIBOOT2_NO_END_TAG',
    { source: 'kernel', offset: 0x80, field: 'header_tag.type' },
    ['kernel', 'type 0'],
  ],
  [
    () => codes2.requiredTag(tag, 'reasons'),
    'MULTIBOOT2_REQUIRED_TAG',
    { source: 'kernel', offset: 0x70, field: 'header_tag.type' },
    ['kernel', '7 (EFI boot services)', 'reasons'],
  ],
  [
    () => codes2.tagIgnored(tag, 'reasons'),
    'MULTIBOOT2_TAG_IGNORED',
    { source: 'kernel', offset: 0x70, field: 'header_tag.type' },
    ['kernel', '7 (EFI boot services)', 'reasons'],
  ],
  [
    () => codes2.requiredInformation('kernel', 0x70, missing),
    'MULTIBOOT2_REQUIRED_INFORMATION',
    { source: 'kernel', offset: 0x70, field: 'information_request_tag.mbi_tag_types' },
    ['kernel', '13 (SMBIOS tables), 4711', ...MISSING],
  ],
  [
    () => codes2.informationLeftOut(missing),
    'MULTIBOOT2_INFORMATION_LEFT_OUT',
    undefined,
    ['13 (SMBIOS tables), 4711', ...MISSING],
  ],
  [
    () => codes2.noConsole('kernel', 0x70),
    'MULTIBOOT2_NO_CONSOLE',
    { source: 'kernel', offset: 0x70, field: 'console_flags_tag.console_flags' },
    ['kernel'],
  ],
  [
    () => codes2.noEntryTag('kernel', 0x70),
    'MULTIBOOT2_NO_ENTRY',
    { source: 'kernel', offset: 0x70, field: 'address_tag' },
    ['kernel', '3'],
  ],
  ...(['max_addr', 'align', 'preference'] as const).map((field): (typeof made)[number] => [
    () => codes2.badRelocation('kernel', 0x70, field, 0x3000, 'a power of two'),
    'MULTIBOOT2_RELOCATION',
    { source: 'kernel', offset: 0x70, field: `relocatable_tag.${field}` },
    ['kernel', '0x3000', 'a power of two'],
  ]),
];

/** Of what does not end the load. */
const severities: Readonly<Record<string, Diagnostic['severity']>> = {
  MULTIBOOT_NO_SCREEN: 'warning',
  MULTIBOOT_NO_FIRMWARE_TABLES: 'warning',
  MULTIBOOT2_NO_END_TAG: 'warning',
  MULTIBOOT2_TAG_IGNORED: 'info',
  MULTIBOOT2_INFORMATION_LEFT_OUT: 'info',
};

/** What people read: a sentence with every fact in it, none of its parts empty, none a half of one. */
describe('a diagnostic', () => {
  test.each(made.map((each) => [each[1], each] as const))(
    '%s says what, where, why and what helps',
    (code, [make, , at, facts]) => {
      const diagnostic = make();
      const { cause, cure, spec } = table[code]!;
      expect(diagnostic).toMatchObject({ code, severity: severities[code] ?? 'error', hint: cure });
      expect(diagnostic.at).toEqual(at);
      expect(diagnostic.spec).toBe(spec);
      const { message, found, expected } = diagnostic;
      for (const fact of facts) expect([message, found, expected].join('\n')).toContain(fact);
      for (const words of [message, cause, cure]) expect(words).toMatch(/^\S.+\.$/);
      expect([found, expected, spec]).not.toContain('');
      expect(JSON.stringify(diagnostic)).not.toMatch(/undefined|,\s*[,;.]|: \./);
    },
  );

  test('is made of every code in the tables', () => {
    expect(new Set(made.map(([, code]) => code))).toEqual(new Set(Object.keys(table)));
  });

  test('has a clause of a specification wherever one is obeyed', () => {
    const without = Object.entries(table).filter(([, { spec }]) => spec === undefined);
    expect(without.map(([code]) => code)).toEqual(['MULTIBOOT_PURPOSE']);
  });

  test('of a screen is a word only, where it is a wish', () => {
    expect(codes.noScreen('a tag', 'info').severity).toBe('info');
  });
});

test('a header tag is named by its number, and by its name if it has one', () => {
  const names = Array.from({ length: 10 }, (_, i) => headerTagName(i + 1));
  expect(new Set(names).size).toBe(10);
  names.forEach((name, i) => {
    expect(name).toMatch(/^\w/);
    expect(codes2.tagWords(i + 1)).toBe(`${i + 1} (${name})`);
  });
  expect([headerTagName(0), headerTagName(11)]).toEqual([undefined, undefined]);
  expect(codes2.tagWords(4711)).toBe('4711');
});
