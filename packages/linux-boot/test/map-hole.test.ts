import { addressOf, range, type Region } from '@kexec-kit/loader-api';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { e820Relocations, mapRelocations, mapToTell, type MapToTell, type MapValue } from '../src/index.js';
import { evaluate } from './kernel-view.js';

const MIB = 0x100000n;
/** Ten regions that touch, every other one RAM. */
const TOLD = Array.from({ length: 10 }, (_, i): Region => ({
  ...range(BigInt(i) * MIB, BigInt(i + 1) * MIB),
  kind: i % 2 === 0 ? 'ram' : 'acpi',
}));

/** The map as it is told once the segment is placed. */
function placed({ regions, values }: MapToTell, segment: string, address: bigint, size: bigint): Region[] {
  const valueOf = ({ value }: MapValue) =>
    evaluate(value, new Map([[segment, address]]), new Map([[segment, size]]));
  return regions.map(({ start: first, end, kind }, i) => {
    const own = values.filter(({ index }) => index === i);
    const found = (field: MapValue['field'], otherwise: bigint) => {
      const value = own.find((each) => each.field === field);
      return value === undefined ? otherwise : valueOf(value);
    };
    const start = found('start', first);
    return { start, end: start + found('size', end - first), kind };
  });
}

describe('a map with a hole', () => {
  const somewhere = fc
    .tuple(fc.nat(TOLD.length - 1), fc.bigInt(0n, MIB), fc.bigInt(0n, MIB), fc.bigInt(1n, MIB))
    .map(([index, one, other, most]) => {
      const { start } = TOLD[index]!;
      const [low, high] = one < other ? [one, other] : [other, one];
      const size = most < high - low ? most : high - low;
      return { index, within: range(start + low, start + high), size };
    })
    .filter(({ size }) => size > 0n);

  test('tells all but the segment, wherever that lies', () => {
    fc.assert(
      fc.property(somewhere, fc.boolean(), ({ index, within, size }, fromTop) => {
        const at = fromTop ? within.end - size : within.start;
        const { start, end, kind } = TOLD[index]!;
        const told = placed(mapToTell(TOLD, { segment: 'page', within }), 'page', at, size);
        expect(told).toEqual([
          ...TOLD.slice(0, index),
          { start, end: at, kind },
          { start: at + size, end, kind },
          ...TOLD.slice(index + 1),
        ]);
      }),
    );
  });

  test('tells the segment as something else, if it is to be told of', () => {
    fc.assert(
      fc.property(somewhere, ({ index, within, size }) => {
        const hole = { segment: 'page', within, told: { kind: 'reserved', size } } as const;
        const told = placed(mapToTell(TOLD, hole), 'page', within.start, size);
        expect(told.slice(index, index + 3)).toEqual([
          { ...TOLD[index], end: within.start },
          { start: within.start, end: within.start + size, kind: 'reserved' },
          { ...TOLD[index], start: within.start + size },
        ]);
        expect(told.length).toBe(TOLD.length + 2);
      }),
    );
  });

  test('is the map as it was where there is no hole, or no region around it', () => {
    const across = { segment: 'page', within: range(MIB / 2n, 2n * MIB) };
    expect(mapToTell(TOLD)).toEqual({ regions: TOLD, values: [] });
    expect(mapToTell(TOLD, across)).toEqual({ regions: TOLD, values: [] });
  });
});

describe('what is known only once a segment is placed', () => {
  const value = addressOf('page');
  const values = [126, 127, 128, 129, 130].flatMap((index): MapValue[] => [
    { index, field: 'start', value },
    { index, field: 'size', value },
  ]);

  test('is written into its entry of a table, whatever that looks like', () => {
    const table = { offset: 100, entrySize: 24, start: 4, size: 12 };
    expect(mapRelocations(values.slice(1, 3), table)).toEqual([
      { offset: 100 + 126 * 24 + 12, value, encoding: 'u64' },
      { offset: 100 + 127 * 24 + 4, value, encoding: 'u64' },
    ]);
  });

  test('is written into its E820 entry of 20 bytes, in boot_params or behind it, and in no other', () => {
    const offsets = (first: number, count: number) =>
      e820Relocations(values, first, count, 16).map(({ offset }) => offset - 16);
    expect(offsets(0, 128)).toEqual([126 * 20, 126 * 20 + 8, 127 * 20, 127 * 20 + 8]);
    expect(offsets(128, 2)).toEqual([0, 8, 20, 28]);
    expect(offsets(131, 9)).toEqual([]);
  });
});
