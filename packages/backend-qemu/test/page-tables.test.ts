import { PAGE_SIZE, range, type Range } from '@kexec-kit/loader-api';
import { normalize } from '@kexec-kit/memory';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildPageTables, type PagingLevels } from '../src/index.js';

const TOP = 0xffff_f000n;
const MIB = 1n << 20n;

/** Every leaf that the CPU would find, by walking all tables as Intel SDM 3A 4.5 says; checks each table entry on the way. */
function leavesOf(tables: Uint8Array, levels: PagingLevels) {
  const view = new DataView(tables.buffer);
  const bottom = TOP - BigInt(tables.length);
  const leaves: { virtual: bigint; physical: bigint; size: bigint; flags: bigint }[] = [];
  const visit = (table: bigint, level: number, base: bigint) => {
    expect(table >= bottom && table < TOP, 'a table lies within the tables').toBe(true);
    for (let index = 0n; index < 512n; index++) {
      const entry = view.getBigUint64(Number(table - bottom + index * 8n), true);
      if (entry === 0n) continue;
      const virtual = base + (index << BigInt(12 + 9 * (level - 1)));
      const [physical, flags] = [entry & 0xf_ffff_ffff_f000n, entry & 0xfffn];
      if (level === 1) leaves.push({ virtual, physical, size: PAGE_SIZE, flags });
      else if (level === 2 && (flags & 0x80n) !== 0n)
        leaves.push({ virtual, physical, size: 2n * MIB, flags });
      else {
        expect(flags, 'present, writable, accessed').toBe(0x23n);
        visit(physical, level - 1, virtual);
      }
    }
  };
  visit(TOP - PAGE_SIZE, levels, 0n);
  return leaves;
}

const pages = (limit: bigint) =>
  fc.bigInt({ min: 0n, max: limit / PAGE_SIZE }).map((page) => page * PAGE_SIZE);
const anyRange: fc.Arbitrary<Range> = fc
  .tuple(fc.oneof(pages(16n * MIB), pages(1n << 40n)), pages(9n * MIB))
  .map(([start, size]) => range(start, start + size));

describe.each([4, 5] as const)('page tables of %d levels', (levels) => {
  it('map every address of the ranges onto itself, and nothing else', () => {
    fc.assert(
      fc.property(fc.array(anyRange, { maxLength: 6 }), (ranges) => {
        const leaves = leavesOf(buildPageTables({ ranges, levels, top: TOP }), levels);

        expect(leaves.every(({ virtual, physical }) => virtual === physical)).toBe(true);
        expect(normalize(leaves.map(({ virtual, size }) => range(virtual, virtual + size)))).toEqual(
          normalize(ranges),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('need no write by the CPU: accessed and dirty are set, all is writable and executable', () => {
    const ranges = [range(0n, 3n * MIB), range(5n << 30n, (5n << 30n) + 0x3000n)];
    for (const { flags, size } of leavesOf(buildPageTables({ ranges, levels, top: TOP }), levels)) {
      expect(flags).toBe(size === PAGE_SIZE ? 0x63n : 0xe3n);
    }
  });

  it('use 2 MiB pages wherever all of one is mapped', () => {
    const leaves = leavesOf(
      buildPageTables({ ranges: [range(0x1ff000n, 6n * MIB + 0x1000n)], levels, top: TOP }),
      levels,
    );
    expect(leaves.map(({ virtual, size }) => [virtual, size])).toEqual([
      [0x1ff000n, PAGE_SIZE],
      [2n * MIB, 2n * MIB],
      [4n * MIB, 2n * MIB],
      [6n * MIB, PAGE_SIZE],
    ]);
  });

  it('are one table per level for one page', () => {
    expect(buildPageTables({ ranges: [range(0n, PAGE_SIZE)], levels, top: TOP })).toHaveLength(levels * 4096);
  });
});

describe('page tables', () => {
  it('refuse a range that is not whole pages', () => {
    expect(() => buildPageTables({ ranges: [range(0n, 0x1001n)], levels: 4, top: TOP })).toThrow(RangeError);
    expect(() => buildPageTables({ ranges: [range(0x10n, 0x1000n)], levels: 4, top: TOP })).toThrow(
      RangeError,
    );
  });

  it('refuse to grow below address 0', () => {
    expect(() => buildPageTables({ ranges: [range(0n, PAGE_SIZE)], levels: 4, top: 3n * PAGE_SIZE })).toThrow(
      RangeError,
    );
  });
});
