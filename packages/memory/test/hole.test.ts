import { range, type Range } from '@kexec-kit/loader-api';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contains, findHole, normalize, type HoleQuery } from '../src/index.js';

const SPACE = 64;
const address = fc.nat(SPACE).map(BigInt);
const someRange = fc.tuple(address, address).map(([a, b]) => range(a < b ? a : b, a < b ? b : a));
const query: fc.Arbitrary<HoleQuery> = fc.record(
  {
    holes: fc.array(someRange, { maxLength: 6 }),
    size: fc.integer({ min: 1, max: 20 }).map(BigInt),
    within: someRange,
    align: fc.constantFrom(1n, 2n, 4n, 8n, 16n),
    from: fc.constantFrom('bottom' as const, 'top' as const),
    above: address,
  },
  { requiredKeys: ['holes', 'size', 'within', 'align', 'from'] },
);

/** Every start that is right, by trying all of them. */
function allStarts({ holes, size, within, align, above = 0n }: HoleQuery): bigint[] {
  return Array.from({ length: SPACE + 1 }, (_, i) => BigInt(i)).filter((start) => {
    const wanted = range(start, start + size);
    return start % align === 0n && start >= above && contains([within], wanted) && contains(holes, wanted);
  });
}

describe('findHole', () => {
  it('takes the lowest or highest of all the right places, and says none only when there is none', () => {
    fc.assert(
      fc.property(query, (wanted) => {
        const result = findHole(wanted);
        const right = allStarts(wanted);
        expect(result.ok ? result.start : undefined).toBe(wanted.from === 'bottom' ? right[0] : right.at(-1));
      }),
      { numRuns: 1000 },
    );
  });

  it('gives a reason with numbers for every hole that it passed over, in the order of search', () => {
    fc.assert(
      fc.property(query, (wanted) => {
        const result = findHole(wanted);
        const holes = normalize(wanted.holes);
        const order = wanted.from === 'bottom' ? holes : holes.reverse();
        const bare = result.refused.map(({ start, end }) => ({ start, end }));
        expect(bare).toEqual(order.slice(0, bare.length));
        expect(result.refused.every(({ reason }) => /0x[0-9a-f]/.test(reason))).toBe(true);
        if (!result.ok) expect(bare).toHaveLength(holes.length);
      }),
    );
  });

  it('gives the same result whatever the order of the holes', () => {
    fc.assert(
      fc.property(query, (wanted) => {
        expect(findHole({ ...wanted, holes: [...wanted.holes].reverse() })).toEqual(findHole(wanted));
      }),
    );
  });

  const base = { size: 0x3f8001n, within: range(0n, 1n << 32n), align: 0x200000n, from: 'bottom' } as const;
  it.each<[string, Range, Partial<HoleQuery>, string]>([
    ['too small', range(0x1000n, 0x2000n), {}, '0x1000 bytes, 0x3f8001 needed'],
    [
      'too small once aligned',
      range(0x1000n, 0x5f8000n),
      {},
      '0x3f8000 bytes after aligning to 0x200000, 0x3f8001 needed',
    ],
    [
      'without a multiple',
      range(0x1000n, 0x5000n),
      { size: 0x1000n },
      '0x0 bytes after aligning to 0x200000, 0x1000 needed',
    ],
    [
      'cut by the bounds',
      range(0n, 0x1000000n),
      { within: range(0x800000n, 0xa00000n) },
      '0x200000 bytes within 0x800000-0xa00000, 0x3f8001 needed',
    ],
    ['above the bounds', range(1n << 32n, 1n << 33n), {}, 'begins at or above 0x100000000'],
    [
      'below the bounds',
      range(0x1000n, 0x800000n),
      { within: range(0x800000n, 0x8000000n) },
      'ends at or below 0x800000',
    ],
    [
      'below what it must be above',
      range(0x1000n, 0x800000n),
      { above: 0x900000n },
      'ends below 0x900000, above which it must lie',
    ],
    [
      'up to what it must be above',
      range(0x1000n, 0x800000n),
      { above: 0x800000n },
      'ends below 0x800000, above which it must lie',
    ],
    [
      'the size to the byte, but for the alignment',
      range(0x1010n, 0x1010n + 0x3f8001n),
      {},
      '0x1f9011 bytes after aligning to 0x200000, 0x3f8001 needed',
    ],
    [
      'not enough above it',
      range(0x1000n, 0x800000n),
      { above: 0x700000n },
      '0x100000 bytes within 0x700000-0x800000, 0x3f8001 needed',
    ],
  ])('says why a hole is refused: %s', (_, hole, change, reason) => {
    expect(findHole({ ...base, holes: [hole], ...change })).toEqual({
      ok: false,
      refused: [{ ...hole, reason }],
    });
  });

  it('refuses a size of 0 and an alignment that is no power of two, as bugs', () => {
    expect(() => findHole({ ...base, holes: [], size: 0n })).toThrow(RangeError);
    expect(() => findHole({ ...base, holes: [], align: 0x3000n })).toThrow(RangeError);
    expect(() => findHole({ ...base, holes: [], align: 0n })).toThrow(RangeError);
  });

  it('finds places of exact size at the end of a 64-bit space', () => {
    const top = 1n << 64n;
    const result = findHole({
      ...base,
      holes: [range(top - 0x400000n, top)],
      within: range(0n, top),
      from: 'top',
    });
    expect(result).toEqual({ ok: true, start: top - 0x400000n, refused: [] });
  });
});
