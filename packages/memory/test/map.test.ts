import { createHash } from 'node:crypto';
import {
  PAGE_SIZE,
  range,
  type CrashFacts,
  type Engines,
  type Region,
  type RegionKind,
} from '@kexec-kit/loader-api';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  canonicalMap,
  contains,
  destinations,
  fingerprint,
  mapDifference,
  overlaps,
  recordedMap,
  usableFrom,
} from '../src/index.js';

const engines: Engines = {
  sha256() {
    const hash = createHash('sha256');
    return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest() };
  },
};

function region(start: bigint, end: bigint, kind: RegionKind): Region {
  return { start, end, kind };
}

/** QEMU's q35 with 128 MiB, as SeaBIOS tells it. */
const q35 = [
  region(0n, 0x9fc00n, 'ram'),
  region(0x9fc00n, 0xa0000n, 'reserved'),
  region(0xf0000n, 0x100000n, 'reserved'),
  region(0x100000n, 0x7fe0000n, 'ram'),
  region(0x7fe0000n, 0x8000000n, 'reserved'),
];
const q35Ram = [range(0x1000n, 0x9fc00n), range(0x100000n, 0x7fe0000n)];
const machine = {
  architecture: 'x86_64',
  told: q35,
  usable: usableFrom({ told: q35, systemRam: q35Ram }),
} as const;

const at = fc.nat(64).map((quarter) => BigInt(quarter) * 0x400n);
const span = fc.tuple(at, at).map(([a, b]) => range(a < b ? a : b, a < b ? b : a));
const kind = fc.constantFrom<RegionKind>('ram', 'ram', 'reserved', 'acpi');
const told = fc.array(
  fc.tuple(span, kind).map(([each, is]) => ({ ...each, kind: is })),
  { maxLength: 8 },
);
const map = fc.record({
  architecture: fc.constant('x86_64' as const),
  told,
  usable: fc.array(span, { maxLength: 4 }),
});

describe('usableFrom', () => {
  it('takes whole pages of RAM and leaves out page 0 and the page of the EBDA', () => {
    expect(machine.usable).toEqual([range(0x1000n, 0x9f000n), range(0x100000n, 0x7fe0000n)]);
  });

  it('leaves out what the running kernel does not call System RAM, although the firmware told of RAM', () => {
    const systemRam = [range(0x100000n, 0x5000000n), range(0x5003000n, 0x7fe0000n)];
    expect(usableFrom({ told: q35, systemRam })).toEqual(systemRam);
  });

  it('joins RAM that is told in two pieces in the middle of a page', () => {
    const split = [region(0x1000n, 0x2800n, 'ram'), region(0x2800n, 0x4000n, 'ram')];
    expect(usableFrom({ told: split, systemRam: [range(0n, 0x10000n)] })).toEqual([range(0x1000n, 0x4000n)]);
  });

  it('never takes page 0, whatever anybody says of it', () => {
    const all = { told: [region(0n, 0x3000n, 'ram')], systemRam: [range(0n, 0x3000n)] };
    expect(usableFrom(all)).toEqual([range(0x1000n, 0x3000n)]);
  });

  it('takes exactly the pages from 1 on that are System RAM, told as RAM and as nothing else', () => {
    fc.assert(
      fc.property(told, fc.array(span, { maxLength: 5 }), (regions, systemRam) => {
        const usable = usableFrom({ told: regions, systemRam });
        const ram = regions.filter((each) => each.kind === 'ram');
        const other = regions.filter((each) => each.kind !== 'ram');
        for (let start = 0n; start < 0x11000n; start += PAGE_SIZE) {
          const page = range(start, start + PAGE_SIZE);
          const right =
            start > 0n &&
            contains(ram, page) &&
            contains(systemRam, page) &&
            !other.some((each) => overlaps(each, page));
          expect(contains(usable, page)).toBe(right);
        }
      }),
    );
  });
});

describe('fingerprint', () => {
  it('is the SHA-256 of a text that is fixed for ever', () => {
    expect(canonicalMap(machine)).toBe(
      [
        'kexec-kit memory map 1',
        'architecture x86_64',
        'told 0x0-0x9fc00 ram',
        'told 0x9fc00-0xa0000 reserved',
        'told 0xf0000-0x100000 reserved',
        'told 0x100000-0x7fe0000 ram',
        'told 0x7fe0000-0x8000000 reserved',
        'usable 0x1000-0x9f000',
        'usable 0x100000-0x7fe0000',
        '',
      ].join('\n'),
    );
    expect(fingerprint(machine, engines)).toBe(
      createHash('sha256').update(canonicalMap(machine)).digest('hex'),
    );
  });

  it('has regions of several kinds at one place in one order, however they were told', () => {
    const overlapping = [
      region(0x1000n, 0x3000n, 'ram'),
      region(0x1000n, 0x3000n, 'acpi'),
      region(0x1000n, 0x3000n, 'nvs'),
      region(0x1000n, 0x2000n, 'reserved'),
      region(0n, 0x4000n, 'unusable'),
    ];
    const lines = [
      'told 0x0-0x4000 unusable',
      'told 0x1000-0x2000 reserved',
      'told 0x1000-0x3000 acpi',
      'told 0x1000-0x3000 nvs',
      'told 0x1000-0x3000 ram',
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray(overlapping, { minLength: 5 }), (regions) => {
        const text = canonicalMap({ ...machine, told: regions, usable: [] });
        expect(text.trim().split('\n').slice(2)).toEqual(lines);
      }),
    );
  });

  it('does not depend on the order of the ranges or on how they are cut', () => {
    fc.assert(
      fc.property(map, at, (some, cut) => {
        const pieces = some.told.flatMap((each) =>
          each.start < cut && cut < each.end
            ? [
                { ...each, end: cut },
                { ...each, start: cut },
              ]
            : [each],
        );
        const other = { ...some, told: pieces.reverse(), usable: [...some.usable].reverse() };
        expect(fingerprint(other, engines)).toBe(fingerprint(some, engines));
      }),
    );
  });

  it('changes with the architecture, a kind, an address and what is usable', () => {
    const changed = [
      { ...machine, architecture: 'i386' as const },
      { ...machine, told: q35.map((each, i) => (i === 2 ? { ...each, kind: 'acpi' as const } : each)) },
      { ...machine, told: q35.map((each, i) => (i === 4 ? { ...each, end: each.end + 1n } : each)) },
      { ...machine, usable: machine.usable.slice(1) },
    ];
    const names = [machine, ...changed].map((each) => fingerprint(each, engines));
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('a plan for a crash kernel', () => {
  const reserved = [range(0x4000000n, 0x5000000n)];
  const crash: CrashFacts = {
    systemRam: q35Ram,
    cpuNotes: [{ cpu: 0, ...range(0x7000000n, 0x7000170n) }],
    vmcoreinfo: range(0x6000000n, 0x6001024n),
    kernel: { ...range(0x2000000n, 0x3000000n), virtualStart: 0xffffffff82000000n },
    pageOffset: 0xffff888000000000n,
  };
  const crashing = { ...machine, crashKernel: reserved, crash };

  it('goes into the highest of the regions, any other into all usable RAM', () => {
    const both = [range(0x400000n, 0x800000n), range(0x1000000n, 0x2000000n), ...reserved];
    expect(destinations({ ...machine, crashKernel: both }, 'crash')).toEqual(reserved);
    expect(destinations({ ...machine, crashKernel: [] }, 'crash')).toEqual([]);
    expect(destinations({ ...machine, crashKernel: both }, 'normal')).toBe(machine.usable);
  });

  it('has a fingerprint of its own, of which all else knows nothing', () => {
    expect(fingerprint(crashing, engines)).toBe(fingerprint(machine, engines));
    expect(canonicalMap(crashing, 'crash').split('\n').slice(-8)).toEqual([
      'crash 0x4000000-0x5000000 reserved for a crash kernel',
      'crash 0x1000-0x9fc00 System RAM',
      'crash 0x100000-0x7fe0000 System RAM',
      'crash 0x7000000-0x7000170 the notes of CPU 0',
      'crash 0x6000000-0x6001024 vmcoreinfo',
      'crash 0x2000000-0x3000000 the running kernel, mapped at 0xffffffff82000000',
      'crash memory mapped from 0xffff888000000000',
      '',
    ]);
  });

  it('is told apart by what is known, and by nothing when nothing is', () => {
    const little: CrashFacts = { systemRam: [], cpuNotes: [] };
    const linesOf = (map: Parameters<typeof canonicalMap>[0]): string[] =>
      canonicalMap(map, 'crash').split('\n').slice(9, -1);
    expect(linesOf(machine)).toEqual([]);
    expect(linesOf({ ...machine, crashKernel: reserved })).toEqual([
      'crash 0x4000000-0x5000000 reserved for a crash kernel',
    ]);
    expect(linesOf({ ...machine, crashKernel: [], crash: little })).toEqual([]);
  });

  it('is of another machine when one of its facts is not known any more', () => {
    const little: CrashFacts = { systemRam: q35Ram, cpuNotes: crash.cpuNotes };
    const lines = [
      '0x2000000-0x3000000: was the running kernel, mapped at 0xffffffff82000000, is now nothing that a dump depends on',
      '0x6000000-0x6001024: was vmcoreinfo, is now nothing that a dump depends on',
      'the direct mapping of memory: was 0xffff888000000000, is now not known',
    ];
    expect(mapDifference(crashing, { ...crashing, crash: little })).toEqual(lines);
    const { crash: _, ...unknown } = crashing;
    expect(mapDifference(crashing, unknown)).toContain(lines[2]);
    expect(mapDifference(unknown, crashing)).toContain(
      'the direct mapping of memory: was not known, is now 0xffff888000000000',
    );
    expect(mapDifference(unknown, unknown)).toEqual([]);
  });

  it.each([
    ['another region', { crashKernel: [range(0x4000000n, 0x4800000n)] }, 1],
    [
      'another place of the notes',
      { crash: { ...crash, cpuNotes: [{ cpu: 0, ...range(0x7100000n, 0x7100170n) }] } },
      2,
    ],
    ['another CPU', { crash: { ...crash, cpuNotes: [{ cpu: 1, ...range(0x7000000n, 0x7000170n) }] } }, 1],
    ['other RAM', { crash: { ...crash, systemRam: q35Ram.slice(1) } }, 1],
    ['KASLR, which moves the direct mapping', { crash: { ...crash, pageOffset: 0xffff8bfb40000000n } }, 1],
  ])('is of another machine by %s', (_, change, lines) => {
    const now = { ...crashing, ...change };
    expect(mapDifference(crashing, now)).toHaveLength(lines);
    expect(fingerprint(now, engines, 'crash')).not.toBe(fingerprint(crashing, engines, 'crash'));
    expect(mapDifference(machine, now)).toEqual([]);
  });

  it('says what is elsewhere', () => {
    const kernel = { ...range(0x2000000n, 0x3000000n), virtualStart: 0xffffffff84000000n };
    expect(mapDifference(crashing, { ...crashing, crashKernel: [], crash: { ...crash, kernel } })).toEqual([
      '0x4000000-0x5000000: was reserved for a crash kernel, is now not reserved for a crash kernel',
      '0x2000000-0x3000000: was the running kernel, mapped at 0xffffffff82000000, is now the running kernel, mapped at 0xffffffff84000000',
    ]);
  });

  it('is recorded with what it depends on', () => {
    const whole = { ...crashing, commandLine: '', cpus: 1, firmware: {} };
    expect(recordedMap(whole, 'crash')).toEqual({
      told: q35,
      usable: machine.usable,
      crashKernel: reserved,
      crash,
    });
    expect(recordedMap(whole, 'normal')).toEqual({ told: q35, usable: machine.usable });
    const { crash: _, ...unknown } = whole;
    expect(recordedMap(unknown, 'crash')).toStrictEqual({
      told: q35,
      usable: machine.usable,
      crashKernel: reserved,
    });
  });
});

describe('mapDifference', () => {
  it('is empty exactly when the fingerprints are equal', () => {
    fc.assert(
      fc.property(map, map, fc.boolean(), (a, b, same) => {
        const other = same ? { ...a, told: [...a.told].reverse() } : b;
        const equal = fingerprint(a, engines) === fingerprint(other, engines);
        expect(mapDifference(a, other).length === 0).toBe(equal);
      }),
    );
  });

  it('says in one line per stretch what was there and what is', () => {
    const grown = { ...machine, told: [...q35, region(0x100000000n, 0x180000000n, 'ram')] };
    expect(mapDifference(machine, grown)).toEqual(['0x100000000-0x180000000: was not told of, is now ram']);
    const shrunk = { ...machine, usable: [range(0x1000n, 0x9f000n), range(0x100000n, 0x7fd0000n)] };
    expect(mapDifference(machine, shrunk)).toEqual(['0x7fd0000-0x7fe0000: was usable, is now not usable']);
    const reserved = q35.map((each) => (each.start === 0xf0000n ? { ...each, kind: 'nvs' as const } : each));
    expect(mapDifference(machine, { ...machine, told: reserved, architecture: 'i386' })).toEqual([
      'architecture: was x86_64, is now i386',
      '0xf0000-0x100000: was reserved, is now nvs',
    ]);
  });

  it('compares a saved map that does not repeat the architecture', () => {
    expect(mapDifference({ told: q35, usable: machine.usable }, machine)).toEqual([]);
    expect(mapDifference(machine, { told: q35, usable: machine.usable })).toEqual([]);
  });

  it('names every kind that is told of one place, in one order', () => {
    const before = { told: [region(0n, 0x3000n, 'ram')], usable: [] };
    const after = { told: [...before.told, region(0x1000n, 0x2000n, 'acpi')], usable: [] };
    expect(mapDifference(before, after)).toEqual(['0x1000-0x2000: was ram, is now acpi and ram']);
  });
});
