import { PAGE_SIZE, range, type Range } from '@kexec-kit/loader-api';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  alignDown,
  alignUp,
  contains,
  intersect,
  normalize,
  overlaps,
  pageInwards,
  pageOutwards,
  subtract,
  union,
} from '../src/index.js';

const SPACE = 48;
const byteRange = fc
  .tuple(fc.nat(SPACE), fc.nat(SPACE))
  .map(([a, b]) => range(BigInt(Math.min(a, b)), BigInt(Math.max(a, b))));
const byteRanges = fc.array(byteRange, { maxLength: 8 });

/** The model: which of the first SPACE addresses a set holds. */
function bitmap(ranges: readonly Range[]): boolean[] {
  return Array.from({ length: SPACE }, (_, i) =>
    ranges.some((r) => r.start <= BigInt(i) && BigInt(i) < r.end),
  );
}

function isLeast(ranges: readonly Range[]): boolean {
  return ranges.every((each, i) => each.start < each.end && (i === 0 || ranges[i - 1]!.end < each.start));
}

describe('set algebra against a bitmap', () => {
  it.each([
    ['union', union, (a: boolean, b: boolean) => a || b],
    ['intersect', intersect, (a: boolean, b: boolean) => a && b],
    ['subtract', subtract, (a: boolean, b: boolean) => a && !b],
  ] as const)('%s holds exactly the addresses it should, in least form', (_, operation, model) => {
    fc.assert(
      fc.property(byteRanges, byteRanges, (a, b) => {
        const result = operation(a, b);
        const [left, right] = [bitmap(a), bitmap(b)];
        expect(bitmap(result)).toEqual(left.map((bit, i) => model(bit, right[i]!)));
        expect(isLeast(result)).toBe(true);
      }),
    );
  });

  it('normalize keeps the addresses and gives one form per set, whatever the order', () => {
    fc.assert(
      fc.property(byteRanges, (ranges) => {
        const result = normalize(ranges);
        expect(bitmap(result)).toEqual(bitmap(ranges));
        expect(isLeast(result)).toBe(true);
        expect(normalize([...ranges].reverse())).toEqual(result);
        expect(normalize(result)).toEqual(result);
      }),
    );
  });

  it('contains means: every address is in', () => {
    fc.assert(
      fc.property(byteRanges, byteRange, (ranges, inner) => {
        const outer = bitmap(ranges);
        expect(contains(ranges, inner)).toBe(bitmap([inner]).every((bit, i) => !bit || outer[i]));
      }),
    );
  });

  it('overlaps means: an address is in both', () => {
    fc.assert(
      fc.property(byteRange, byteRange, (a, b) => {
        const right = bitmap([b]);
        expect(overlaps(a, b)).toBe(bitmap([a]).some((bit, i) => bit && right[i]));
      }),
    );
  });

  it('mutates none of its arguments', () => {
    const ranges = Object.freeze([range(5n, 9n), range(0n, 6n)].map((each) => Object.freeze(each)));
    expect(union(ranges, ranges)).toEqual([range(0n, 9n)]);
    expect(subtract(ranges, [range(2n, 3n)])).toEqual([range(0n, 2n), range(3n, 9n)]);
    expect(ranges[0]).toEqual(range(5n, 9n));
  });

  it('is exact where a double is not', () => {
    const wide = [range(0xffffffff81000123n, 1n << 64n)];
    expect(subtract(wide, [range(0xffffffff81000124n, (1n << 64n) - 1n)])).toEqual([
      range(0xffffffff81000123n, 0xffffffff81000124n),
      range((1n << 64n) - 1n, 1n << 64n),
    ]);
  });
});

describe('alignment', () => {
  const address = fc.bigInt(0n, (1n << 64n) - 1n);
  const power = fc.nat(40).map((bits) => 1n << BigInt(bits));

  it('moves by less than the alignment, in its direction, to a multiple', () => {
    fc.assert(
      fc.property(address, power, (value, align) => {
        const [down, up] = [alignDown(value, align), alignUp(value, align)];
        expect(down % align).toBe(0n);
        expect(up % align).toBe(0n);
        expect(down <= value && value < down + align).toBe(true);
        expect(up >= value && up < value + align).toBe(true);
      }),
    );
  });

  it('finds no page in what holds none, and none touched by an empty range', () => {
    expect(pageInwards([range(0x100n, 0x200n)])).toEqual([]);
    expect(pageInwards([range(0x800n, 0x1800n)])).toEqual([]);
    expect(pageOutwards([range(0x1800n, 0x1800n)])).toEqual([]);
  });

  it('rounds pages inwards to what is wholly inside and outwards to what is touched', () => {
    const at = fc.nat(5 * 4096).map(BigInt);
    const some = fc.array(fc.tuple(at, at), { maxLength: 5 });
    fc.assert(
      fc.property(some, (pairs) => {
        const ranges = pairs.map(([a, b]) => range(a < b ? a : b, a < b ? b : a));
        const [inside, touched] = [pageInwards(ranges), pageOutwards(ranges)];
        for (let page = 0n; page < 6n; page++) {
          const whole = range(page * PAGE_SIZE, (page + 1n) * PAGE_SIZE);
          expect(contains(inside, whole)).toBe(contains(ranges, whole));
          expect(contains(touched, whole)).toBe(ranges.some((each) => overlaps(each, whole)));
        }
      }),
    );
  });
});
