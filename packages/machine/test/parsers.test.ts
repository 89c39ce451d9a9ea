import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { range, type Result } from '@kexec-kit/loader-api';
import {
  layoutOf,
  machineCodes,
  parseBootParams,
  parseCpuList,
  parseCrashNotes,
  parseEddDisk,
  parseEfi,
  parseIomem,
  parseMachine,
  parseMemmap,
  parseSystab,
  parseVmcoreinfo,
} from '@kexec-kit/machine';
import { bytesOf, recordedTree } from './trees.js';

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.diagnostics[0].code);
  return result.value;
}
const codeOf = (result: Result<unknown>) => (result.ok ? 'ok' : result.diagnostics[0].code);

/** Whatever a parser is given, it answers with a Result whose failure is a declared error. */
function demandResult(result: Result<unknown>): void {
  for (const { code, severity } of result.diagnostics) {
    expect(machineCodes).toHaveProperty(code);
    if (result.ok) expect(severity).not.toBe('error');
  }
  if (!result.ok) expect(result.diagnostics[0].severity).toBe('error');
}

describe('parseIomem', () => {
  test('takes System RAM at the top level, what is dumped at any, and nothing that KASLR moves', () => {
    const text = [
      '00001000-0009fbff : System RAM',
      '00100000-3ffdffff : System RAM',
      '  20800000-217fffff : Kernel code',
      '  2f000000-3effffff : Crash kernel',
      '140000000-17fffffff : Persistent Memory',
      '  140000000-17fffffff : dax0.0',
      '    140000000-17fffffff : System RAM (kmem)',
      '180000000-1bfffffff : virtio0',
      '  180000000-1bfffffff : System RAM (virtio_mem)',
    ].join('\n');
    expect(valueOf(parseIomem(text))).toEqual({
      systemRam: [range(0x1000n, 0x9fc00n), range(0x10_0000n, 0x3ffe_0000n)],
      allSystemRam: [
        range(0x1000n, 0x9fc00n),
        range(0x10_0000n, 0x3ffe_0000n),
        range(0x1_4000_0000n, 0x1_c000_0000n),
      ],
      crashKernel: [range(0x2f00_0000n, 0x3f00_0000n)],
      regions: [
        { ...range(0x1000n, 0x9fc00n), kind: 'ram' },
        { ...range(0x10_0000n, 0x3ffe_0000n), kind: 'ram' },
        { ...range(0x1_4000_0000n, 0x1_8000_0000n), kind: 'persistent' },
      ],
    });
  });

  test('knows addresses that are hidden from an unprivileged reader', () => {
    const hidden =
      '00000000-00000000 : Reserved\n00000000-00000000 : System RAM\n  00000000-00000000 : Kernel code\n';
    const result = parseIomem(hidden);
    expect(codeOf(result)).toBe('MACHINE_IOMEM_HIDDEN');
    expect(result.diagnostics[0].hint).toContain('root');
  });

  test.each(['x', '1-0 : a', '-1-2 : a', '10000000000000000-2 : a', '1-2: a', '0x1-0x2 : a'])(
    'refuses the line %j, and says which it is',
    (line) => {
      const result = parseIomem(`00000000-00000fff : Reserved\n${line}\n`);
      expect(codeOf(result)).toBe('MACHINE_IOMEM_MALFORMED');
      expect(result.diagnostics[0].at?.field).toBe('line 2');
    },
  );

  test('keeps all 64 bits', () => {
    const { systemRam } = valueOf(parseIomem('ffffffff81000123-ffffffffffffffff : System RAM'));
    expect(systemRam).toEqual([range(0xffff_ffff_8100_0123n, 1n << 64n)]);
  });

  test('refuses more lines than any machine has', () => {
    expect(codeOf(parseIomem('1-2 : a\n'.repeat(70_000)))).toBe('MACHINE_TOO_MANY_REGIONS');
  });

  test('answers on any text', () => {
    const line = fc
      .tuple(
        fc.bigInt(0n, 1n << 70n),
        fc.bigInt(0n, 1n << 70n),
        fc.constantFrom('System RAM', 'Crash kernel', 'x'),
      )
      .map(([start, end, name]) => `${start.toString(16)}-${end.toString(16)} : ${name}`);
    const text = fc.array(fc.oneof(line, fc.string())).map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(text, (each) => {
        demandResult(parseIomem(each));
      }),
    );
  });
});

describe('parseMemmap', () => {
  const entry = (start: string, end: string, type: string) => ({ start, end, type });

  test.each([
    ['System RAM', 'ram'],
    ['Reserved', 'reserved'],
    ['reserved', 'reserved'],
    ['ACPI Tables', 'acpi'],
    ['ACPI Non-volatile Storage', 'nvs'],
    ['Unusable memory', 'unusable'],
    ['Persistent Memory', 'persistent'],
    ['Persistent Memory (legacy)', 'persistent-legacy'],
    ['Soft Reserved', 'soft-reserved'],
  ])('reads %j as %s', (type, kind) => {
    const result = parseMemmap([entry('0x0\n', '0xfff\n', `${type}\n`)]);
    expect(valueOf(result)).toEqual([{ start: 0n, end: 0x1000n, kind }]);
    expect(result.diagnostics).toEqual([]);
  });

  test.each(['System RAM (kmem)', 'Uncached RAM', 'constructor'])(
    'reserves the unknown type %j, and names it',
    (type) => {
      const result = parseMemmap([entry('0x0', '0xfff', type), entry('0x1000', '0x1fff', type)]);
      expect(valueOf(result).map(({ kind }) => kind)).toEqual(['reserved', 'reserved']);
      expect(result.diagnostics).toHaveLength(1);
      expect(result.diagnostics[0]).toMatchObject({ code: 'MACHINE_MEMMAP_UNKNOWN_TYPE', severity: 'info' });
      expect(result.diagnostics[0].message).toContain(type);
    },
  );

  test('believes the entry that is not RAM where two overlap, and warns', () => {
    const result = parseMemmap([entry('0x0', '0xffff', 'System RAM'), entry('0x4000', '0x7fff', 'Reserved')]);
    expect(valueOf(result)).toEqual([
      { start: 0n, end: 0x4000n, kind: 'ram' },
      { start: 0x4000n, end: 0x8000n, kind: 'reserved' },
      { start: 0x8000n, end: 0x1_0000n, kind: 'ram' },
    ]);
    expect(result.diagnostics[0]).toMatchObject({ code: 'MACHINE_MEMMAP_OVERLAP', severity: 'warning' });
  });

  test.each([
    ['start', { start: undefined, end: '0x1', type: 'Reserved' }],
    ['start', { start: '12', end: '0x1', type: 'Reserved' }],
    ['end', { start: '0x2', end: '0x1', type: 'Reserved' }],
    ['end', { start: '0x2', end: '0x10000000000000000', type: 'Reserved' }],
    ['type', { start: '0x0', end: '0x1', type: ' \n' }],
  ])('refuses an entry whose %s is wrong', (field, wrong) => {
    const result = parseMemmap([wrong]);
    expect(codeOf(result)).toBe('MACHINE_MEMMAP_MALFORMED');
    expect(result.diagnostics[0].at?.field).toBe(`0/${field}`);
  });

  test('refuses more entries than any machine has', () => {
    const entries = Array.from({ length: 4097 }, (_, i) =>
      entry(`0x${i.toString(16)}`, `0x${i.toString(16)}`, 'Reserved'),
    );
    expect(codeOf(parseMemmap(entries))).toBe('MACHINE_TOO_MANY_REGIONS');
  });

  test('answers on anything with a sorted, disjoint map', () => {
    const number = fc.oneof(
      fc.bigInt(0n, 1n << 66n).map((n) => `0x${n.toString(16)}`),
      fc.string(),
    );
    const entries = fc.array(
      fc.record({
        start: number,
        end: number,
        type: fc.oneof(fc.constantFrom('System RAM', 'Reserved'), fc.string()),
      }),
    );
    const small = fc.nat(40).map((n) => `0x${n.toString(16)}`);
    const dense = fc.array(
      fc.record({ start: small, end: small, type: fc.constantFrom('System RAM', 'Reserved', 'ACPI Tables') }),
    );
    fc.assert(
      fc.property(fc.oneof(entries, dense), (each) => {
        const result = parseMemmap(each);
        demandResult(result);
        if (!result.ok) return;
        result.value.forEach((region, i) => {
          expect(region.start < region.end).toBe(true);
          expect(i === 0 || result.value[i - 1]!.end <= region.start).toBe(true);
        });
      }),
      { numRuns: 500 },
    );
  });
});

describe('parseCpuList', () => {
  test.each([
    ['0\n', 1],
    ['0-3', 4],
    ['0-3,8-11\n', 8],
    ['0,2,4', 3],
  ])('counts %j as %d', (text, count) => {
    expect(valueOf(parseCpuList(text))).toBe(count);
  });
  test.each(['', '3-0', '0-3,2', '0-99999', 'a', '0-', '-1', '0,,1'])('refuses %j', (text) => {
    expect(codeOf(parseCpuList(text))).toBe('MACHINE_CPUS_MALFORMED');
  });
  test('answers on any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        demandResult(parseCpuList(text));
      }),
    );
  });
});

describe('firmware', () => {
  const small = recordedTree('small');
  const uefi = recordedTree('uefi');
  const BOOT_PARAMS = '/sys/kernel/boot_params/data';

  test('boot_params that are not 4096 bytes are refused', () => {
    expect(codeOf(parseBootParams(new Uint8Array(4095)))).toBe('MACHINE_BOOT_PARAMS_MALFORMED');
  });

  test('boot_params answer on any bytes, and believe no count', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 4096, maxLength: 4096 }), (bytes) => {
        const { edd } = valueOf(parseBootParams(bytes));
        expect(edd?.entries.length ?? 0).toBeLessThanOrEqual(6);
        expect(edd?.mbrSignatures.length ?? 0).toBeLessThanOrEqual(16);
      }),
    );
    const all = valueOf(parseBootParams(new Uint8Array(4096).fill(0xff)));
    expect(all.edd?.entries).toHaveLength(6);
    expect(all.acpiRsdp).toBe(0xffff_ffff_ffff_ffffn);
  });

  test('the EDD files of a real disk say the same as its boot_params', () => {
    const at = (file: string) => `/sys/firmware/edd/int13_dev80/${file}`;
    const text = (file: string) => new TextDecoder().decode(bytesOf(small, at(file)));
    const disk = valueOf(
      parseEddDisk('int13_dev80', {
        version: text('version'),
        extensions: text('extensions'),
        legacyMaxCylinder: text('legacy_max_cylinder'),
        legacyMaxHead: text('legacy_max_head'),
        legacySectorsPerTrack: text('legacy_sectors_per_track'),
        mbrSignature: text('mbr_signature'),
        rawData: bytesOf(small, at('raw_data')),
      }),
    );
    const { edd } = valueOf(parseBootParams(bytesOf(small, BOOT_PARAMS)));
    expect({ entries: [disk.entry], mbrSignatures: [disk.mbrSignature] }).toEqual(edd);
  });

  const efiFiles = {
    platformSize: '64\n',
    vendor: '0x1000',
    runtime: '0x2000',
    configurationTable: '0x3000',
    systab: '',
    runtimeMap: [
      { type: '0x5', physicalStart: '0x0', virtualStart: '0x0', numberOfPages: '0x1', attribute: '0x0' },
    ],
  };
  const efiInfo = valueOf(parseBootParams(bytesOf(uefi, BOOT_PARAMS))).efi;

  test.each([
    ['boot_params.efi_info', efiFiles, undefined],
    ['fw_platform_size', { ...efiFiles, platformSize: '32' }, efiInfo],
    ['fw_vendor', { ...efiFiles, vendor: 'x' }, efiInfo],
    ['runtime', { ...efiFiles, runtime: undefined }, efiInfo],
    ['config_table', { ...efiFiles, configurationTable: '' }, efiInfo],
    ['runtime-map', { ...efiFiles, runtimeMap: [] }, efiInfo],
    [
      'runtime-map/0',
      { ...efiFiles, runtimeMap: [{ ...efiFiles.runtimeMap[0]!, type: '0x100000000' }] },
      efiInfo,
    ],
  ])('EFI without %s is not handed on', (field, files, info) => {
    const result = parseEfi(files, info);
    expect(codeOf(result)).toBe('MACHINE_EFI_INCOMPLETE');
    expect(result.diagnostics[0].at?.field).toBe(field);
  });

  // As a second kernel on OVMF shows it; the first shows 0x3f5ebb98 and the same map.
  test.each([
    ['virtual', '0xfffffffeff1ebb98'],
    ['physical', '0x3f5ebb98'],
  ])('the pointer to the runtime services is handed on as physical when it is %s', (_kind, runtime) => {
    const map = [
      ['0x5', '0x3f5ec000', '0xfffffffeff1ec000'],
      ['0x6', '0x3f4ec000', '0xfffffffeff0ec000'],
      ['0x6', '0x3eaa0000', '0xfffffffefe6a0000'],
    ].map(([type, physicalStart, virtualStart]) => ({
      ...{ type, physicalStart, virtualStart },
      ...{ numberOfPages: '0x100', attribute: '0x800000000000000f' },
    }));
    const read = valueOf(parseEfi({ ...efiFiles, runtime, runtimeMap: map }, efiInfo));
    expect(read.runtime).toBe(0x3f5e_bb98n);
  });

  test('a 32-bit EFI has no upper half of the system table', () => {
    const bytes = bytesOf(uefi, BOOT_PARAMS).slice();
    bytes.set([0x45, 0x4c, 0x33, 0x32], 0x1c0);
    bytes.set([1, 0, 0, 0], 0x1d8);
    expect(valueOf(parseBootParams(bytes)).efi).toMatchObject({ bits: 32, systemTable: 0x1f5e_c018n });
  });

  test('systab: ACPI 2.0 beats ACPI 1.0, and SMBIOS3 is not SMBIOS', () => {
    expect(parseSystab('ACPI=0x1\nACPI20=0x2\nSMBIOS3=0x3\nSMBIOS=0x4\n')).toEqual({
      acpiRsdp: 2n,
      smbios: 4n,
    });
    expect(parseSystab('ACPI=0x1\n')).toEqual({ acpiRsdp: 1n });
    expect(parseSystab('ACPI20=nonsense\n')).toEqual({});
  });
});

test('parseMachine answers on any text and any JSON', () => {
  const wrapped = fc.json().map((json) => `{"format":"kexec-kit-machine","version":1,"told":${json}}`);
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json(), wrapped), (text) => {
      demandResult(parseMachine(text));
    }),
  );
});

describe('where the CPUs leave their registers', () => {
  test('an address in hexadecimal, a size in decimal', () => {
    expect(parseCrashNotes('3fa3d800\n', '368\n')).toEqual(range(0x3fa3_d800n, 0x3fa3_d970n));
  });

  test('before Linux 3.13 the size is not told', () => {
    expect(parseCrashNotes('1000\n', undefined)).toEqual(range(0x1000n, 0x1400n));
  });

  test.each([
    ['', '368'],
    ['0x1000', '368'],
    ['1000', '0'],
    ['1000', '4097'],
    ['1000', '-1'],
    ['12345678123456781', '368'],
  ])('%o, %o is nothing', (address, size) => {
    expect(parseCrashNotes(address, size)).toBeUndefined();
  });
});

describe('where vmcoreinfo lies', () => {
  test('the size is hexadecimal without 0x, beside an address with it', () => {
    expect(parseVmcoreinfo('0x000000002a780000 1024\n')).toEqual(range(0x2a78_0000n, 0x2a78_1024n));
  });

  test('old kernels wrote the address without 0x', () => {
    expect(parseVmcoreinfo('1d46f00 1000\n')).toEqual(range(0x1d4_6f00n, 0x1d4_7f00n));
  });

  test.each(['', '0x1000', '0x1000 0', '0x1000 0x1024', '0x1000 1024 more'])('%o is nothing', (text) => {
    expect(parseVmcoreinfo(text)).toBeUndefined();
  });

  test('beyond the last address there is nothing', () => {
    expect(parseCrashNotes('fffffffffffff000\n', '4096\n')).toEqual(range(0xffff_ffff_ffff_f000n, 1n << 64n));
    expect(parseCrashNotes('ffffffffffffffff\n', '368\n')).toBeUndefined();
    expect(parseVmcoreinfo('0xffffffffffffffff 2\n')).toBeUndefined();
  });
});

describe('where the kernel maps memory', () => {
  const ram = [range(0x1000n, 0x9fc00n), range(0x10_0000n, 0x3ffe_0000n)];
  const header = (p_vaddr: bigint, p_paddr: bigint, p_memsz = 0x1000n) => ({
    ...{ index: 0, at: 0, p_type: 1, p_flags: 7, p_offset: 0n, p_filesz: p_memsz, p_align: 0n },
    ...{ p_vaddr, p_paddr, p_memsz },
  });

  test('is told by those of its areas that are RAM', () => {
    const headers = [
      header(0xffff_ffff_8400_0000n, 0x27a0_0000n, 0x2c3_0000n),
      header(0xffff_d3e7_8000_0000n, 0xffff_ffff_ffff_ffffn),
      header(0xffff_8c7d_c010_0000n, 0x10_0000n),
    ];
    expect(layoutOf(headers, ram)).toEqual({
      kernel: { ...range(0x27a0_0000n, 0x2a63_0000n), virtualStart: 0xffff_ffff_8400_0000n },
      pageOffset: 0xffff_8c7d_c000_0000n,
    });
  });

  test('is not told where the areas have no physical address: all ones in either class, or zero', () => {
    const nowhere = [0xffff_ffffn, 0xffff_ffff_ffff_ffffn, 0n].map((p_paddr) =>
      header(0xc000_0000n, p_paddr),
    );
    expect(layoutOf(nowhere, [range(0n, 1n << 40n)])).toEqual({});
  });
});
