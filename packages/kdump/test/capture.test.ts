import { parseElf } from '@kexec-kit/elf';
import { range, type Machine } from '@kexec-kit/loader-api';
import { standardMachines } from '@kexec-kit/loader-testkit';
import { contains, overlaps } from '@kexec-kit/memory';
import { describe, expect, test } from 'vitest';
import { captureFor, type CaptureInput, captureMap, kdumpCodes } from '../src/index.js';
import { HIGH, SMP } from './machines.js';

const ANYWHERE = 1n << 64n;

function input(changes: Partial<CaptureInput> = {}): CaptureInput {
  return { machine: SMP, purpose: 'crash', commandLine: 'quiet', addressEnd: ANYWHERE, ...changes };
}

function capture(changes: Partial<CaptureInput> = {}) {
  const result = captureFor(input(changes));
  if (!result.ok) throw new Error(result.diagnostics[0].message);
  return result.value;
}

describe('the memory map of a capture kernel', () => {
  test('tells as RAM the first MiB and what is reserved, the low region too', () => {
    const ram = captureMap(HIGH).filter(({ kind }) => kind === 'ram');
    expect(ram).toEqual([
      { ...range(0n, 0x9fc00n), kind: 'ram' },
      { ...range(0x6f000000n, 0x7f000000n), kind: 'ram' },
      { ...range(0x1ef000000n, 0x1ff000000n), kind: 'ram' },
    ]);
  });

  test('keeps all that is no RAM as the firmware told it, in order', () => {
    const machine = { ...standardMachines.uefi, crashKernel: [range(0x4000000n, 0x8000000n)] };
    const map = captureMap(machine);
    expect(map.filter(({ kind }) => kind !== 'ram')).toEqual(
      machine.told.filter(({ kind }) => kind !== 'ram'),
    );
    expect(map).toEqual([...map].sort((a, b) => (a.start < b.start ? -1 : 1)));
    map.forEach((each, i) => {
      expect(map.slice(i + 1).some((other) => overlaps(each, other))).toBe(false);
    });
  });

  test('does not let a driver take memory of the kernel that crashed into use', () => {
    const told = [{ ...range(1n << 32n, 2n << 32n), kind: 'soft-reserved' as const }];
    expect(captureMap({ told, crashKernel: [] })).toEqual([{ ...told[0], kind: 'reserved' }]);
  });

  test('tells of nothing else of the memory that is dumped', () => {
    const ram = captureMap(SMP).filter(({ kind }) => kind === 'ram');
    expect(contains(ram, range(0x35a00000n, 0x35a01000n))).toBe(false);
    expect(ram.some((each) => overlaps(each, range(0x100000n, 0x6f000000n)))).toBe(false);
  });
});

describe('a crash kernel', () => {
  test('is told of its elfcorehdr in front of all else, so that no "--" hides it', () => {
    const { commandLine, commandLineRelocations } = capture({ commandLine: 'ro -- single' });
    expect(commandLine).toBe('elfcorehdr=0x???????????????? ro -- single');
    expect(commandLineRelocations).toMatchObject([{ offset: 13, encoding: 'hex16-text' }]);
    expect(commandLine.slice(13, 29)).toBe('?'.repeat(16));
    expect(capture({ commandLine: '' }).commandLine).toBe('elfcorehdr=0x????????????????');
  });

  test('has the elfcorehdr in pages of its own, within reach', () => {
    const { segments, hole } = capture({ addressEnd: 1n << 32n });
    expect(segments).toMatchObject([
      {
        id: 'elfcorehdr',
        memorySize: 0x1000n,
        placements: [{ within: range(0x100000n, 1n << 32n), align: 0x1000n }],
      },
    ]);
    const [part] = segments[0]!.parts as readonly { bytes: Uint8Array }[];
    expect(parseElf({ name: 'elfcorehdr', bytes: part!.bytes }).ok).toBe(true);
    expect(hole).toEqual({ segment: 'elfcorehdr', within: range(0x6f000000n, 0x7f000000n) });
  });

  test('lies in the higher of two regions', () => {
    expect(capture({ machine: HIGH }).hole?.within).toEqual(range(0x1ef000000n, 0x1ff000000n));
  });

  test('sees a machine of which only the map is another', () => {
    const { machine } = capture();
    expect({ ...machine, told: SMP.told }).toEqual(SMP);
    expect(machine.told).toEqual(captureMap(SMP));
  });

  test.each<[string, Machine, keyof typeof kdumpCodes]>([
    ['no region', standardMachines.small, 'KDUMP_NO_REGION'],
    ['nothing known of the running kernel', without(SMP), 'KDUMP_NO_NOTES'],
    ['no CPU', { ...SMP, crash: { ...SMP.crash!, cpuNotes: [] } }, 'KDUMP_NO_NOTES'],
    ['too many pieces', { ...SMP, crash: { ...SMP.crash!, cpuNotes: many() } }, 'KDUMP_TOO_MANY_PIECES'],
  ])('is refused with %s', (_, machine, code) => {
    const result = captureFor(input({ machine }));
    expect(result).toMatchObject({ ok: false, diagnostics: [{ code, hint: kdumpCodes[code].cure }] });
  });
});

test('an ordinary kernel is told what it would be told anyway', () => {
  const { machine, commandLine, ...rest } = capture({ purpose: 'normal' });
  expect(machine).toBe(SMP);
  expect(commandLine).toBe('quiet');
  expect(rest).toEqual({ commandLineRelocations: [], segments: [], facts: [] });
});

function without({ crash: _, ...machine }: Machine): Machine {
  return machine;
}

function many() {
  return Array.from({ length: 0xffff }, (_, cpu) => ({ cpu, ...range(0n, 368n) }));
}
