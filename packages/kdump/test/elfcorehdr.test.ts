import { type Elf, parseElf, permissions, PT_LOAD, segmentTypeName } from '@kexec-kit/elf';
import { hex, type Machine, range } from '@kexec-kit/loader-api';
import { contains, normalize, overlaps } from '@kexec-kit/memory';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildElfcorehdr, countHeaders, dumpedMemory, MOST_HEADERS } from '../src/index.js';
import { HIGH, SMP } from './machines.js';

function read(machine: Machine): Elf {
  const elf = parseElf({ name: 'elfcorehdr', bytes: buildElfcorehdr(machine) });
  if (!elf.ok) throw new Error(elf.diagnostics[0].message);
  return elf.value;
}

function headers(machine: Machine): string[] {
  return read(machine).programHeaders.map(({ p_type, p_flags, p_paddr, p_memsz, p_vaddr }) => {
    const memory = `${hex(p_paddr)}-${hex(p_paddr + p_memsz)}`;
    return `${segmentTypeName(p_type)} ${permissions(p_flags)} ${memory} at ${hex(p_vaddr)}`;
  });
}

describe('elfcorehdr', () => {
  test('is a core file of the running kernel, without an entry or sections', () => {
    const { header } = read(SMP);
    expect(header).toMatchObject({
      ...{ e_type: 4, e_machine: 62, e_version: 1, e_entry: 0n, e_phoff: 64n, e_shoff: 0n },
      ...{ e_ehsize: 64, e_phentsize: 56, e_phnum: 8, e_shnum: 0, e_shstrndx: 0 },
    });
    expect(header.e_ident).toMatchObject({ ei_class: 2, ei_data: 1, ei_version: 1, ei_osabi: 0 });
  });

  test('has notes of each CPU, vmcoreinfo, the kernel, and memory but for the first MiB and the crash region', () => {
    expect(headers(SMP)).toEqual([
      'PT_NOTE - 0x7fa3d800-0x7fa3d970 at 0x0',
      'PT_NOTE - 0x7fabd800-0x7fabd970 at 0x0',
      'PT_NOTE - 0x7fb3d800-0x7fb3d970 at 0x0',
      'PT_NOTE - 0x7fbbd800-0x7fbbd970 at 0x0',
      'PT_NOTE - 0x7fb74000-0x7fb75024 at 0x0',
      'PT_LOAD R W X 0x35a00000-0x38630000 at 0xffffffff96e00000',
      'PT_LOAD R W X 0x100000-0x6f000000 at 0xffff8bfb40100000',
      'PT_LOAD R W X 0x7f000000-0x7ffe0000 at 0xffff8bfbbf000000',
    ]);
  });

  test('leaves out both crash regions', () => {
    expect(headers(HIGH).slice(3)).toEqual([
      'PT_LOAD R W X 0x100000-0x6f000000 at 0xffff89e7c0100000',
      'PT_LOAD R W X 0x7f000000-0x7ffe0000 at 0xffff89e83f000000',
      'PT_LOAD R W X 0x100000000-0x1ef000000 at 0xffff89e8c0000000',
      'PT_LOAD R W X 0x1ff000000-0x200000000 at 0xffff89e9bf000000',
    ]);
  });

  test('finds everything in the dump at its physical address, whole', () => {
    for (const { p_offset, p_paddr, p_filesz, p_memsz } of read(HIGH).programHeaders) {
      expect(p_offset).toBe(p_paddr);
      expect(p_filesz).toBe(p_memsz);
    }
  });

  test('where /proc/kcore does not say, has no kernel, and memory where it is mapped without KASLR', () => {
    const { systemRam, cpuNotes } = SMP.crash!;
    expect(headers({ ...SMP, crash: { systemRam, cpuNotes: cpuNotes.slice(3) } })).toEqual([
      'PT_NOTE - 0x7fbbd800-0x7fbbd970 at 0x0',
      'PT_LOAD R W X 0x100000-0x6f000000 at 0xffff888000100000',
      'PT_LOAD R W X 0x7f000000-0x7ffe0000 at 0xffff88807f000000',
    ]);
  });

  test('of i386 maps what lies below 896 MiB, and has no virtual address for the rest', () => {
    const crash = {
      systemRam: [range(0x100000n, 0x3ffe0000n), range(1n << 32n, 5n << 30n)],
      cpuNotes: [{ cpu: 0, ...range(0x2000000n, 0x2000170n) }],
    };
    const machine = {
      ...SMP,
      architecture: 'i386' as const,
      crash,
      crashKernel: [range(0x2000000n, 0x6000000n)],
    };
    expect(read(machine).header.e_machine).toBe(3);
    expect(headers(machine).slice(1)).toEqual([
      'PT_LOAD R W X 0x100000-0x2000000 at 0xc0100000',
      'PT_LOAD R W X 0x6000000-0x38000000 at 0xc6000000',
      'PT_LOAD R W X 0x38000000-0x3ffe0000 at 0xffffffffffffffff',
      'PT_LOAD R W X 0x100000000-0x140000000 at 0xffffffffffffffff',
    ]);
  });

  test('cannot count more than 65534 pieces', () => {
    const cpuNotes = Array.from({ length: MOST_HEADERS }, (_, cpu) => ({
      cpu,
      ...range(BigInt(cpu) << 12n, (BigInt(cpu) << 12n) + 0x170n),
    }));
    const machine = { ...SMP, crash: { systemRam: [], cpuNotes } };
    expect(read(machine).programHeaders).toHaveLength(MOST_HEADERS);
    expect(countHeaders({ ...SMP, crash: { ...SMP.crash!, cpuNotes } })).toBe(MOST_HEADERS + 4);
    expect(() => buildElfcorehdr({ ...SMP, crash: { ...SMP.crash!, cpuNotes } })).toThrow(RangeError);
  });
});

describe('on any memory', () => {
  const page = fc.bigInt(0n, 1n << 24n).map((number) => number << 12n);
  const span = fc.tuple(page, page).map(([a, b]) => (a < b ? range(a, b) : range(b, a + 0x1000n)));

  test('what is dumped is System RAM, and neither the first MiB nor reserved; none of the rest is lost', () => {
    fc.assert(
      fc.property(fc.array(span), fc.array(span, { maxLength: 2 }), page, (ram, reserved, at) => {
        const crashKernel = normalize(reserved);
        const machine = { ...SMP, crashKernel, crash: { systemRam: normalize(ram), cpuNotes: [] } };
        const loads = read(machine).programHeaders.filter(({ p_type }) => p_type === PT_LOAD);
        const told = loads.map(({ p_paddr, p_memsz }) => range(p_paddr, p_paddr + p_memsz));
        const one = range(at, at + 0x1000n);
        const wanted =
          at >= 0x100000n && contains(ram, one) && !crashKernel.some((each) => overlaps(each, one));
        expect(contains(told, one)).toBe(wanted);
        expect(told).toEqual(dumpedMemory(machine));
      }),
    );
  });
});
