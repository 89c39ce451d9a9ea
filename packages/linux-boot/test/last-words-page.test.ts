import { type Machine, range, type Region, type Segment, sizeOf } from '@kexec-kit/loader-api';
import { standardMachines } from '@kexec-kit/loader-testkit';
import { contains, intersect } from '@kexec-kit/memory';
import { describe, expect, test } from 'vitest';
import { lastWordsPage, mapToTell } from '../src/index.js';

const POLICY = { efi: true, video: 'auto', console: {} } as const;
const FOUR_GIB = 1n << 32n;
const MIB = 1n << 20n;

function machine(...ram: readonly (readonly [bigint, bigint])[]): Machine {
  const told = ram.map(([start, end]): Region => ({ ...range(start, end), kind: 'ram' }));
  return { ...standardMachines.small, told, usable: told };
}

function within(segment: Segment | undefined): unknown {
  return segment?.placements;
}

describe.each(Object.entries<Machine>(standardMachines))('the page of last words on %s', (_, on) => {
  const page = lastWordsPage(on, POLICY, { end: FOUR_GIB });

  test('lies in RAM, and wherever it lies the map tells of the same memory in the same order', () => {
    const low = intersect(on.usable, [range(MIB, FOUR_GIB)]);
    if (page === undefined) {
      expect(low).toEqual([]);
      return;
    }
    const { start, end } = page.hole.within;
    expect(
      contains(
        on.told.filter(({ kind }) => kind === 'ram'),
        page.hole.within,
      ),
    ).toBe(true);
    const { regions, values } = mapToTell(on.told, page.hole);
    for (const at of [start, end - 0x1000n]) {
      const settled = regions.map((region, index) => {
        const valueOf = (field: 'start' | 'size') => {
          const value = values.find((each) => each.index === index && each.field === field)?.value;
          return value?.terms.reduce((sum, term) => {
            return sum + BigInt(term.sign) * (at + term.offset + (term.at === 'end' ? 0x1000n : 0n));
          }, value.constant);
        };
        const from = valueOf('start') ?? region.start;
        return { ...range(from, from + (valueOf('size') ?? sizeOf(region))), kind: region.kind };
      });
      const mine = settled.findIndex((each) => each.start === at && each.kind === 'reserved');
      expect(sizeOf(settled[mine]!)).toBe(0x1000n);
      expect(settled[mine - 1]).toMatchObject({ end: at, kind: 'ram' });
      expect(settled[mine + 1]).toMatchObject({ start: at + 0x1000n, kind: 'ram' });
      for (const each of settled) expect(each.start).toBeLessThan(each.end);
      const whole = { ...settled[mine - 1]!, end: settled[mine + 1]!.end };
      expect([...settled.slice(0, mine - 1), whole, ...settled.slice(mine + 2)]).toEqual(on.told);
    }
  });

  test('is a page without content, for the record alone', () => {
    if (page === undefined) return;
    expect(page.segment).toMatchObject({ id: 'last-words', parts: [], memorySize: 0x1000n });
    expect(page.lastWords).toEqual({ segment: 'last-words', offset: 0n });
  });
});

describe('the page of last words', () => {
  test('lies in the region with most room, from 1 MiB on and below the end, at neither edge', () => {
    const on = machine([0n, 0x9f000n], [MIB, 16n * MIB], [32n * MIB, 64n * MIB], [FOUR_GIB, 4n * FOUR_GIB]);
    const placement = {
      within: range(32n * MIB + 0x1000n, 64n * MIB - 0x1000n),
      align: 0x1000n,
      from: 'top',
    };
    expect(within(lastWordsPage(on, POLICY, { end: FOUR_GIB })?.segment)).toEqual([placement]);
    expect(within(lastWordsPage(on, POLICY, { end: 8n * MIB })?.segment)).toMatchObject([
      { within: range(MIB + 0x1000n, 8n * MIB) },
    ]);
  });

  test('counts as room what may be used, and spans all of it', () => {
    const on = machine([MIB, 17n * MIB], [32n * MIB, 64n * MIB]);
    const ends = (each: bigint) => [range(33n * MIB, 33n * MIB + each), range(63n * MIB - each, 63n * MIB)];
    const chosen = (each: bigint) => {
      const usable = [range(MIB, 17n * MIB), ...ends(each)];
      return lastWordsPage({ ...on, usable }, POLICY, { end: FOUR_GIB })?.hole.within;
    };
    expect(chosen(2n * MIB)).toEqual(range(MIB + 0x1000n, 17n * MIB - 0x1000n));
    expect(chosen(9n * MIB)).toEqual(range(33n * MIB, 63n * MIB));
  });

  test('lies in the lower of two regions that leave the same room', () => {
    const on = machine([16n * MIB, 32n * MIB], [48n * MIB, 64n * MIB]);
    expect(lastWordsPage(on, POLICY, { end: FOUR_GIB })?.hole.within.start).toBe(16n * MIB + 0x1000n);
  });

  test('needs a page below it and a page above it, and room for purgatory', () => {
    const pageIn = (pages: bigint) =>
      lastWordsPage(machine([MIB, MIB + pages * 0x1000n]), POLICY, { end: FOUR_GIB })?.hole.within;
    expect([0n, 1n, 2n, 18n, 19n].map(pageIn)).toEqual([
      ...[undefined, undefined, undefined, undefined],
      range(MIB + 0x1000n, MIB + 0x12000n),
    ]);
  });

  test('keeps to the memory that the policy allows', () => {
    const on = machine([MIB, 64n * MIB]);
    const memory = range(4n * MIB, 5n * MIB);
    expect(within(lastWordsPage(on, { ...POLICY, memory }, { end: FOUR_GIB })?.segment)).toMatchObject([
      { within: memory },
    ]);
  });

  test('is not there where there is no room, in memory or in the map', () => {
    expect(lastWordsPage(machine([0n, MIB]), POLICY, { end: FOUR_GIB })).toBeUndefined();
    expect(lastWordsPage(machine([MIB, MIB + 0x2000n]), POLICY, { end: FOUR_GIB })).toBeUndefined();
    expect(lastWordsPage(machine([FOUR_GIB, 2n * FOUR_GIB]), POLICY, { end: FOUR_GIB })).toBeUndefined();
    const on = machine([MIB, 64n * MIB]);
    const told = on.told.map((region): Region => ({ ...region, kind: 'reserved' }));
    expect(lastWordsPage({ ...on, told }, POLICY, { end: FOUR_GIB })).toBeUndefined();
    expect(lastWordsPage(on, POLICY, { end: FOUR_GIB, mostRegions: 3 })).toBeDefined();
    expect(lastWordsPage(on, POLICY, { end: FOUR_GIB, mostRegions: 2 })).toBeUndefined();
  });

  test('never takes the place of what is to be started', () => {
    const on = machine([MIB, 2n * MIB], [4n * MIB, 8n * MIB]);
    const room = 4n * MIB - 3n * 0x1000n - 0x10000n;
    const beside = (...sizes: readonly bigint[]) =>
      lastWordsPage(on, POLICY, { end: FOUR_GIB, beside: sizes.map((memorySize) => ({ memorySize })) });
    expect(beside(room - MIB, MIB)?.hole.within).toEqual(range(4n * MIB + 0x1000n, 8n * MIB - 0x1000n));
    expect(beside(room - MIB, MIB + 1n)).toBeUndefined();
  });
});
