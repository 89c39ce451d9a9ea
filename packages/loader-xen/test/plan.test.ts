import { type Firmware, type Machine, range, type Region, unwrap } from '@kexec-kit/loader-api';
import { standardMachines } from '@kexec-kit/loader-testkit';
import { MultibootInfo, readInfoTags } from '@kexec-kit/multiboot-info';
import { decodeText, parse } from '@kexec-kit/structures';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { biosOf, trampolineOf } from '../src/bios.js';
import { firstWord, xenText } from '../src/command-lines.js';
import { bytesOf, dom0, dom0Initrd, file, plan, xen, type Request } from './images.js';

const MIB = 1n << 20n;
const region = (start: bigint, end: bigint, kind: Region['kind'] = 'ram'): Region => ({
  ...range(start, end),
  kind,
});
/** As a machine tells that has nothing below 1 MiB but RAM. */
const bare: Machine = {
  ...standardMachines.above4g,
  told: [region(0n, 0x9fc00n), region(0x9fc00n, 0xa0000n, 'reserved'), region(MIB, 1024n * MIB)],
  firmware: {},
};
const { uefi } = standardMachines;

/** The texts of a plan by Multiboot2: Xen's own, then each module's. */
function textsOf(request: Request): string[] {
  const { segments } = unwrap(plan(request));
  const tags = readInfoTags(bytesOf(segments, 'multiboot2-info'));
  const text = (bytes: Uint8Array, from: number) => decodeText(bytes.subarray(from, -1));
  return [
    ...tags.filter(({ type }) => type === 1).map(({ bytes }) => text(bytes, 8)),
    ...tags.filter(({ type }) => type === 3).map(({ bytes }) => text(bytes, 16)),
  ];
}

describe('the protocol', () => {
  const magicOf = (request: Request) => unwrap(plan(request)).handoff.registers;

  test.each<[string, Request, bigint]>([
    ['2 when the image has both', {}, 0x36d76289n],
    ['1 when it is asked for', { options: { protocol: '1' } }, 0x2badb002n],
    ['2 when it is asked for', { options: { protocol: '2' } }, 0x36d76289n],
    ['1 when the image has no other', { image: xen({ multiboot2: false }) }, 0x2badb002n],
    ['2 when the image has no other', { image: xen({ multiboot: false }) }, 0x36d76289n],
  ])('is %s', (_, request, eax) => {
    expect(magicOf(request)).toMatchObject({ eax: { terms: [], constant: eax } });
  });

  test.each([
    ['1', { multiboot: false }, '2'],
    ['2', { multiboot2: false }, '1'],
  ] as const)('%s is refused when the image has no header of it', (protocol, changes, expected) => {
    expect(plan({ image: xen(changes), options: { protocol } })).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'XEN_PROTOCOL', found: protocol, expected }],
    });
  });

  test('2 moves the image as it prefers, 1 leaves it where it was linked', () => {
    const placements = (request: Request) => {
      const { groups = [], segments } = unwrap(plan(request));
      return groups[0]?.placements ?? segments[0]?.placements;
    };
    expect(placements({})).toEqual([
      { within: { start: 0x200000n, end: 1n << 32n }, align: 0x200000n, from: 'top' },
    ]);
    expect(placements({ options: { protocol: '1' } })).toEqual([{ at: 0x200000n }]);
  });

  test('2 gives Xen no EFI system table, at which it stops', () => {
    const { segments } = unwrap(plan({ machine: uefi }));
    const types = readInfoTags(bytesOf(segments, 'multiboot2-info')).map(({ type }) => type);
    expect(types).not.toContain(12);
    expect(types).toEqual(expect.arrayContaining([1, 2, 3, 4, 6]) as number[]);
  });
});

describe('modules', () => {
  const module = [file('ucode', 0x800), file('xsm', 0x900, 'policy=1')];

  test("are dom0's kernel, its initrd, and the others in their order", () => {
    const { segments } = unwrap(plan({ options: { dom0Initrd, module } }));
    const sources = segments.flatMap(({ parts }) =>
      'deferred' in parts ? [] : parts.flatMap((part) => ('source' in part ? [part.source] : [])),
    );
    expect(sources).toEqual(['image', 'dom0', 'dom0-initrd', 'ucode', 'xsm']);
  });

  test('have each a text that begins with the name of the file', () => {
    const options = { commandLine: 'dom0_mem=512M', dom0Arguments: 'console=hvc0', dom0Initrd, module };
    expect(textsOf({ options })).toEqual([
      'xen-4.17-amd64.gz dom0_mem=512M',
      'dom0.img console=hvc0',
      'dom0-initrd.img',
      'ucode.img',
      'xsm.img policy=1',
    ]);
  });

  test('without --dom0 begin with its kernel', () => {
    const options = { dom0: undefined, module: [file('vmlinuz', 0x1000, 'quiet'), file('initrd', 0x1000)] };
    expect(textsOf({ options })).toEqual(['xen-4.17-amd64.gz', 'vmlinuz.img quiet', 'initrd.img']);
  });

  test.each([
    [{ dom0: undefined }, 'neither --dom0 nor --module'],
    [{ dom0: undefined, dom0Arguments: 'quiet' }, '--dom0-args without --dom0'],
    [{ dom0: undefined, dom0Initrd, module }, '--dom0-initrd without --dom0'],
    [{ dom0: undefined, dom0Initrd, dom0Arguments: '' }, '--dom0-args and --dom0-initrd without --dom0'],
  ])('without a kernel for dom0 are refused', (options, found) => {
    expect(plan({ options })).toMatchObject({ ok: false, diagnostics: [{ code: 'XEN_NO_DOM0', found }] });
  });

  test('of nothing are refused', () => {
    const empty = { ...dom0, size: 0 };
    expect(plan({ options: { dom0: empty } })).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'MULTIBOOT_MODULE_EMPTY' }],
    });
  });

  test.each([
    ['--dom0-args', (text: string) => ({ dom0Arguments: text })],
    ['the first --module', (text: string) => ({ dom0: undefined, module: [file('k', 1, text)] })],
  ])('have a command line that Xen hands on whole, by %s', (_, options) => {
    expect(plan({ options: options('x'.repeat(1023)) }).ok).toBe(true);
    expect(plan({ options: options(`${'x'.repeat(1022)}é`) })).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'XEN_DOM0_COMMAND_LINE_TOO_LONG', found: '1024 bytes' }],
    });
  });

  test('have no NUL in their text', () => {
    expect(plan({ options: { dom0Arguments: 'a\0b' } })).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'MULTIBOOT_COMMAND_LINE_NUL' }],
    });
  });
});

describe('the first word, which Xen drops', () => {
  test.each([
    ['/boot/xen-4.17-amd64.gz', 'xen-4.17-amd64.gz'],
    ['xen', 'xen'],
    ['/a path/with blanks.gz', 'with_blanks.gz'],
    ['/boot/', 'boot'],
    ['', 'image'],
  ])('of %j is %j', (name, word) => {
    expect(firstWord(name)).toBe(word);
  });

  test('is one word whatever the name', () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        expect(firstWord(name)).toMatch(/^\S+$/);
      }),
    );
  });

  test("stands in front of the running kernel's command line, too", () => {
    expect(textsOf({ options: { reuseCommandLine: true, commandLine: 'noreboot' } })[0]).toBe(
      'xen-4.17-amd64.gz console=ttyS0 noreboot',
    );
  });
});

describe('no-real-mode', () => {
  const of = (text: string | undefined, realMode: boolean) =>
    xenText({ image: '/boot/xen.gz', text, reuse: false, machine: bare, purpose: 'normal', realMode });

  test.each([
    [undefined, 'xen.gz no-real-mode'],
    ['com1=115200', 'xen.gz no-real-mode com1=115200'],
    ['com1=115200 no-real-mode', 'xen.gz com1=115200 no-real-mode'],
    ['com1=115200 -- no-real-mode', 'xen.gz no-real-mode com1=115200 -- no-real-mode'],
    ['xno-real-mode', 'xen.gz no-real-mode xno-real-mode'],
  ])('is put behind the name where there is no BIOS: %j', (text, expected) => {
    expect(of(text, false)).toBe(expected);
  });

  test('is the user’s own business where there is one', () => {
    expect(of('com1=115200', true)).toBe('xen.gz com1=115200');
    expect(of('no-real-mode', true)).toBe('xen.gz no-real-mode');
  });
});

describe('whether there is a BIOS', () => {
  const rom = region(0xf0000n, 0x100000n, 'reserved');
  const edd = { entries: [], mbrSignatures: [1] };
  test.each<[string, boolean, Firmware, readonly Region[]]>([
    ['an RSDP below 1 MiB', true, { acpiRsdp: 0xf59d0n }, []],
    ['an RSDP in the EBDA', true, { acpiRsdp: 0x9fc10n }, []],
    ['EDD', true, { edd }, []],
    ['what is kept at 0xf0000', true, {}, [rom]],
    ['what is kept from 0xe0000 on', true, {}, [region(0xe0000n, 0x200000n, 'reserved')]],
    ['an RSDP above 1 MiB', false, { acpiRsdp: 0x7fe0000n }, []],
    ['RAM at 0xf0000', false, {}, [region(0n, 64n * MIB)]],
    ['nothing at all', false, {}, []],
    ['EFI', false, { ...uefi.firmware }, []],
    ['EFI, whatever else there is', false, { ...uefi.firmware, acpiRsdp: 0xf59d0n, edd }, [rom]],
  ])('is told by %s', (_, present, firmware, told) => {
    expect(biosOf({ ...bare, firmware, told }, undefined)).toMatchObject({ present });
  });

  test('is told by --bios first of all', () => {
    expect(biosOf(bare, 'present')).toEqual({ present: true, because: '--bios present says so' });
    expect(biosOf(standardMachines.small, 'absent')).toEqual({
      present: false,
      because: '--bios absent says so',
    });
  });
});

describe('below 1 MiB', () => {
  test.each(Object.entries<Machine>(standardMachines))('nothing is placed on %s', (_, machine) => {
    for (const protocol of ['1', '2'] as const) {
      const { segments, groups = [], clobbers } = unwrap(plan({ machine, options: { protocol } }));
      expect(clobbers).toEqual([{ start: 0n, end: MIB }]);
      const placements = [...segments, ...groups].flatMap((each) => each.placements);
      for (const placement of placements) {
        if ('at' in placement) expect(placement.at).toBeGreaterThanOrEqual(MIB);
        if ('within' in placement) expect(placement.within.start).toBeGreaterThanOrEqual(MIB);
      }
    }
  });

  test('with a BIOS everything stays as it is', () => {
    const planned = plan({ machine: standardMachines.small });
    expect(unwrap(planned)).not.toHaveProperty('pokes');
    expect(planned.diagnostics.map(({ code }) => code)).not.toContain('XEN_NO_BIOS');
  });

  test.each<[string, Machine, Request['options']]>([
    ['nothing tells of a BIOS', bare, {}],
    ['there is EFI', uefi, {}],
    ['the user says so', standardMachines.small, { bios: 'absent' }],
  ])('two words are written when %s, in a page that is mapped, and it is said', (_, machine, options) => {
    const planned = plan({ machine, ...(options && { options }) });
    expect(unwrap(planned)).toMatchObject({
      pokes: [
        { at: 0x40en, value: { terms: [], constant: 0x9fc0n }, width: 2 },
        { at: 0x413n, value: { terms: [], constant: 639n }, width: 2 },
      ],
      mappings: [{ start: 0n, end: 0x1000n }],
    });
    const said = planned.diagnostics.find(({ code }) => code === 'XEN_NO_BIOS');
    expect(said).toMatchObject({ severity: 'info' });
    expect(said?.message).toContain(
      'word 0x40e becomes 0x9fc0 and word 0x413 becomes 639 KiB, and no-real-mode is added',
    );
  });

  test.each<[string, Region[], bigint]>([
    ['the words', [region(0n, 0xa0000n)], 0x8f000n],
    ['the words, when they say the same as the map', [region(0n, 0x9fc00n)], 0x8f000n],
    ['mem_lower, when that is less', [region(0n, 0x58000n)], 0x48000n],
    ['the words, when mem_lower is too little to be believed', [region(0n, 0x30000n)], 0x8f000n],
  ])('the trampoline lies below %s', (_, told, start) => {
    expect(trampolineOf(told)).toEqual({ start, end: start + 0x10000n });
  });

  test('a trampoline where there is no RAM is refused, where there is no BIOS', () => {
    const told = [region(0n, 0x30000n), region(MIB, 1024n * MIB)];
    expect(plan({ machine: { ...bare, told } })).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'XEN_NO_TRAMPOLINE', found: '0x8f000-0x9f000 is no RAM' }],
    });
    expect(plan({ machine: { ...bare, told }, options: { bios: 'present' } }).ok).toBe(true);
  });

  test('mem_lower is what the map says, not a KiB less (K7)', () => {
    const { segments } = unwrap(plan({ options: { protocol: '1' } }));
    expect(parse(MultibootInfo, bytesOf(segments, 'multiboot-info'))).toMatchObject({ mem_lower: 639 });
  });
});

describe('ACPI', () => {
  const codes = (request: Request) => plan(request).diagnostics.map(({ code }) => code);

  test('that Xen does not find is warned of, once', () => {
    expect(codes({ machine: uefi }).filter((code) => /ACPI|FIRMWARE/.test(code))).toEqual(['XEN_NO_ACPI']);
    const { acpiRsdp: _, ...unknown } = uefi.firmware;
    expect(codes({ machine: { ...uefi, firmware: unknown } })).toContain('XEN_NO_ACPI');
  });

  test('that it finds by itself, or that is not there, is no matter', () => {
    expect(codes({ machine: standardMachines.small })).toEqual(['MULTIBOOT_NO_SCREEN']);
    expect(codes({ machine: bare })).not.toContain('XEN_NO_ACPI');
  });
});

test('a crash kernel is refused: Xen cannot be one', () => {
  expect(plan({ purpose: 'crash' })).toMatchObject({
    ok: false,
    diagnostics: [{ code: 'MULTIBOOT_PURPOSE' }],
  });
});
