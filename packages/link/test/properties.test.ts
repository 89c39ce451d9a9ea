import {
  addressOf,
  PAGE_SIZE,
  range,
  type Part,
  type PlacedSegment,
  type Placement,
  type Plan,
  type Range,
  type Segment,
  type SegmentsSubmission,
} from '@kexec-kit/loader-api';
import { alignUp, contains, normalize, overlaps, pageOutwards, subtract } from '@kexec-kit/memory';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { link } from '../src/index.js';
import { inputOf, machineOf, memoryImage, planOf, segment, sha256, sourceOf, target } from './inputs.js';

/** A machine of so many pages: small enough to try every one of them. */
const PAGES = 40;
const page = (n: number) => BigInt(n) * PAGE_SIZE;
const pages = fc
  .tuple(fc.nat(PAGES), fc.nat(PAGES))
  .map(([a, b]) => range(page(Math.min(a, b)), page(Math.max(a, b))));
const bytes = fc
  .tuple(fc.nat(PAGES * 4096), fc.nat(PAGES * 4096))
  .map(([a, b]) => range(BigInt(Math.min(a, b)), BigInt(Math.max(a, b) + 1)));
const usable = fc
  .array(pages, { minLength: 1, maxLength: 6 })
  .map((ranges) => normalize([range(page(PAGES), page(PAGES + 2)), ...ranges]));

const file = sourceOf(
  'file',
  Uint8Array.from({ length: 5000 }, (_, i) => (i * 7) & 0xff),
);
const sources = new Map([['file', file]]);

const part: fc.Arbitrary<Part> = fc.oneof(
  fc.uint8Array({ maxLength: 40 }).map((own) => ({ bytes: own })),
  fc.constant({ source: 'file', offset: 0, length: 5000 }),
  fc.tuple(fc.nat(2500), fc.nat(2500)).map(([offset, length]) => ({ source: 'file', offset, length })),
  fc.nat(6000).map((zeros) => ({ zeros: BigInt(zeros) })),
  fc.nat(40).map((fresh) => ({ fresh })),
);
const within: fc.Arbitrary<Placement> = fc.record({
  within: bytes,
  align: fc.nat(14).map((bits) => 1n << BigInt(bits)),
  from: fc.constantFrom('bottom' as const, 'top' as const),
});
const roomy: fc.Arbitrary<Placement> = fc.record({
  within: fc.constant(range(0n, 1n << 40n)),
  align: fc.nat(12).map((bits) => 1n << BigInt(bits)),
  from: fc.constantFrom('bottom' as const, 'top' as const),
});
const at: fc.Arbitrary<Placement> = fc.nat(PAGES * 16).map((n) => ({ at: BigInt(n) * 256n }));

function lengthOf(own: Part): bigint {
  return 'bytes' in own
    ? BigInt(own.bytes.length)
    : 'source' in own
      ? BigInt(own.length)
      : 'zeros' in own
        ? own.zeros
        : BigInt(own.fresh);
}

function segments(placement: fc.Arbitrary<Placement>, most: number): fc.Arbitrary<Segment[]> {
  const shape = fc.record({
    parts: fc.array(part, { maxLength: 4 }),
    tail: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 9000 })),
    placements: fc.array(placement, { minLength: 1, maxLength: 3 }),
    checked: fc.boolean(),
  });
  return fc.array(shape, { minLength: 1, maxLength: most }).map((all) =>
    all.map(({ parts, tail, placements, checked }, i) => {
      const memorySize = parts.reduce((total, each) => total + lengthOf(each), BigInt(tail) || 1n);
      return segment(`s${i}`, { parts, memorySize, placements, checked });
    }),
  );
}

const clobbers = fc.array(
  bytes.map((each) => range(each.start, each.start + 5000n)),
  { maxLength: 2 },
);
const policyMemory = fc.option(bytes, { nil: undefined, freq: 4 });

const situation = fc.record({
  segments: segments(fc.oneof(within, roomy, at), 6),
  usable,
  clobbers,
  memory: policyMemory,
});
type Situation = typeof situation extends fc.Arbitrary<infer T> ? T : never;

const roomyTarget = { ...target, maxSegments: 100 };

function linkIn(
  { segments: all, usable: free, clobbers: written, memory }: Situation,
  plan: Plan = planOf(all, { clobbers: written }),
): ReturnType<typeof link> {
  const policy = { efi: true, video: 'auto', console: {}, ...(memory && { memory }) } as const;
  return link(inputOf(plan, { machine: machineOf(free), target: roomyTarget, policy, sources }));
}

const memoryOf = ({ start, memorySize }: Pick<PlacedSegment, 'start' | 'memorySize'>) =>
  range(start, start + memorySize);
const piecesOf = (submission: SegmentsSubmission) => submission.segments.flatMap(({ pieces }) => pieces);

function satisfies(placement: Placement, where: Range): boolean {
  if ('at' in placement) return placement.at === where.start;
  return 'within' in placement && where.start % placement.align === 0n && contains([placement.within], where);
}

describe('whatever is linked', () => {
  it('lies in RAM, in pages, in bounds, disjoint, clear of clobbers, each piece where it may', () => {
    let done = 0;
    fc.assert(
      fc.property(situation, (some) => {
        const result = linkIn(some);
        if (!result.ok) return;
        done++;
        const memory = result.value.segments.map(memoryOf);
        const allowed = [...(some.memory ? [some.memory] : [range(0n, target.addressEnd)])];
        memory.forEach((each, i) => {
          expect(each.start % PAGE_SIZE).toBe(0n);
          expect(each.end % PAGE_SIZE).toBe(0n);
          expect(each.start >= PAGE_SIZE).toBe(true);
          expect(contains(some.usable, each) && contains(allowed, each)).toBe(true);
          expect(some.clobbers.some((clobber) => overlaps(clobber, each))).toBe(false);
          if (i > 0) expect((memory[i - 1] as Range).end <= each.start).toBe(true);
        });
        const pieces = piecesOf(result.value);
        expect(pieces).toHaveLength(some.segments.length + 1);
        pieces.forEach((piece, i) => {
          expect(pieces.slice(0, i).some((other) => overlaps(memoryOf(other), memoryOf(piece)))).toBe(false);
          const planned = some.segments.find(({ id }) => id === piece.id);
          if (planned) expect(planned.placements.some((each) => satisfies(each, memoryOf(piece)))).toBe(true);
        });
      }),
      { numRuns: 300 },
    );
    expect(done).toBeGreaterThan(30);
  });

  it('has in memory what the plan says, with digests that an independent hash of that memory gives', () => {
    fc.assert(
      fc.property(segments(roomy, 6), usable, (all, free) => {
        const machine = machineOf([...free, range(0x10000000n, 0x20000000n)]);
        const result = link(inputOf(planOf(all), { machine, target: roomyTarget, sources }));
        if (!result.ok) throw new Error(result.diagnostics[0].message);
        const memory = memoryImage(result.value, sources);
        for (const { name, start, length, sha256: digest } of result.value.checked) {
          expect([name, sha256(memory(start, length))]).toEqual([name, digest]);
        }
        const verified = result.value.checked.map(({ start, length }) => range(start, start + length));
        for (const piece of piecesOf(result.value).filter(({ id }) => id !== 'purgatory')) {
          const planned = all.find(({ id }) => id === piece.id) as Segment;
          const alone = memoryImage(
            {
              ...result.value,
              segments: [
                {
                  start: 0n,
                  memorySize: alignUp(planned.memorySize, PAGE_SIZE),
                  parts: planned.parts as Part[],
                  pieces: [],
                },
              ],
            },
            sources,
          );
          expect(Buffer.compare(memory(piece.start, planned.memorySize), alone(0n, planned.memorySize))).toBe(
            0,
          );
          const left = subtract(
            [range(piece.start, piece.start + piece.size)],
            [...verified, ...fresh(planned, piece.start)],
          );
          expect(left).toEqual(planned.checked === false ? left : []);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('does not depend on the order of the ranges in the map', () => {
    fc.assert(
      fc.property(situation, fc.infiniteStream(fc.nat()), (some, order) => {
        const shuffled = some.usable
          .map((each) => ({ each, key: order.next().value as number }))
          .sort((a, b) => a.key - b.key);
        const other = linkIn({ ...some, usable: shuffled.map(({ each }) => each) });
        const one = linkIn(some);
        expect(other.ok).toBe(one.ok);
        if (one.ok && other.ok) expect(other.value.segments).toEqual(one.value.segments);
        else expect(other.diagnostics).toEqual(one.diagnostics);
      }),
      { numRuns: 100 },
    );
  });
});

describe('none means none', () => {
  /** Every page position of one segment, by brute force. */
  function places({ memorySize, placements: [placement] }: Segment, free: readonly Range[]): bigint[] {
    const starts = Array.from({ length: PAGES + 2 }, (_, n) => page(n)).filter((start) => start > 0n);
    const fixed = placement && 'at' in placement ? [placement.at] : starts;
    return fixed.filter((start) => {
      const where = range(start, start + memorySize);
      const filled = pageOutwards([where]);
      return (
        placement !== undefined && satisfies(placement, where) && filled.every((each) => contains(free, each))
      );
    });
  }

  const one = fc.record({
    segments: segments(fc.oneof(within, at), 1),
    usable,
    clobbers,
    memory: policyMemory,
  });

  it('for one segment: the lowest or highest place by brute force, or a refusal exactly when there is none', () => {
    const seen = { placed: 0, refused: 0 };
    fc.assert(
      fc.property(one, (some) => {
        const [only] = some.segments.map((each) => ({
          ...each,
          placements: each.placements.slice(0, 1),
        })) as readonly Segment[] as readonly [Segment];
        const top = range(0x10000000n, 0x10100000n);
        const free = subtract(some.usable, [range(0n, PAGE_SIZE), ...pageOutwards(some.clobbers)]);
        const result = linkIn({
          ...some,
          segments: [only],
          usable: [...some.usable, top],
          memory: undefined,
        });
        const right = places(only, free);
        const [placement] = only.placements;
        const expected =
          placement && 'within' in placement && placement.from === 'top' ? right.at(-1) : right[0];
        const found = result.ok ? piecesOf(result.value).find(({ id }) => id === only.id)?.start : undefined;
        expect(found).toBe(expected);
        seen[result.ok ? 'placed' : 'refused']++;
        if (!result.ok) expect(result.search?.segments).toEqual([only.id]);
      }),
      { numRuns: 500 },
    );
    expect(Math.min(seen.placed, seen.refused)).toBeGreaterThan(20);
  });

  it('for a group: the lowest or highest base by brute force, with whatever lies between its members', () => {
    const member = fc.tuple(fc.nat(12), fc.integer({ min: 1, max: 9000 }));
    const alternative = fc.tuple(within, fc.constantFrom('bottom' as const, 'top' as const));
    const seen = { placed: 0, refused: 0 };
    fc.assert(
      fc.property(
        fc.array(member, { minLength: 1, maxLength: 3 }),
        alternative,
        usable,
        (members, [placement], free) => {
          let offset = 0n;
          const all = members.map(([gap, size], i) => {
            const own = { offset: offset + BigInt(gap) * 1024n, size: BigInt(size) };
            offset = own.offset + own.size;
            return segment(`m${i}`, {
              parts: [],
              memorySize: own.size,
              placements: [{ group: 'g', offset: own.offset }],
            });
          });
          const groups = [{ id: 'g', placements: [placement as Exclude<Placement, { group: string }>] }];
          const top = range(0x10000000n, 0x10100000n);
          const result = link(
            inputOf(planOf(all, { groups }), { machine: machineOf([...free, top]), target: roomyTarget }),
          );
          const bases = Array.from({ length: PAGES + 2 }, (_, n) => page(n)).filter((base) =>
            basesFit(base, all, placement, free),
          );
          const expected = 'within' in placement && placement.from === 'top' ? bases.at(-1) : bases[0];
          const [first] = all as [Segment];
          const start = result.ok
            ? piecesOf(result.value).find(({ id }) => id === first.id)?.start
            : undefined;
          const [own] = first.placements;
          expect(start === undefined ? undefined : start - (own && 'group' in own ? own.offset : 0n)).toBe(
            expected,
          );
          seen[result.ok ? 'placed' : 'refused']++;
        },
      ),
      { numRuns: 500 },
    );
    expect(Math.min(seen.placed, seen.refused)).toBeGreaterThan(20);
  });

  function basesFit(
    base: bigint,
    all: readonly Segment[],
    placement: Placement,
    free: readonly Range[],
  ): boolean {
    const memory = all.map(({ memorySize, placements: [own] }) => {
      const offset = own && 'group' in own ? own.offset : 0n;
      return range(base + offset, base + offset + memorySize);
    });
    const real = subtract(free, [range(0n, PAGE_SIZE)]);
    const inBounds =
      'within' in placement &&
      base % placement.align === 0n &&
      memory.every((each) => contains([placement.within], each));
    return inBounds && pageOutwards(memory).every((each) => contains(real, each));
  }
});

describe('packing', () => {
  it('costs no plan its place: what fits one by one fits', () => {
    const small = segments(
      fc.constant({ within: range(0n, page(PAGES)), align: 16n, from: 'bottom' as const }),
      5,
    );
    fc.assert(
      fc.property(small, usable, (all, free) => {
        const top = range(0x10000000n, 0x10100000n);
        const lone = all.map((each, i) => ({
          ...each,
          placements: each.placements.map((own) => ({ ...own, ...(i > 0 && { above: `s${i - 1}` }) })),
        }));
        const machine = machineOf([...free, top]);
        const separately = link(inputOf(planOf(lone), { machine, target: roomyTarget, sources }));
        const together = link(inputOf(planOf(all), { machine, target: roomyTarget, sources }));
        if (separately.ok) expect(together.ok).toBe(true);
        if (separately.ok && together.ok)
          expect(together.value.segments.length <= separately.value.segments.length).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

function fresh({ parts }: Segment, start: bigint): Range[] {
  let offset = start;
  return (parts as readonly Part[]).flatMap((each) => {
    const where = range(offset, offset + lengthOf(each));
    offset = where.end;
    return 'fresh' in each ? [where] : [];
  });
}

describe('relocated plans', () => {
  it('point at where their segments are, whatever the map', () => {
    fc.assert(
      fc.property(segments(roomy, 4), usable, (all, free) => {
        const relocations = all.map(({ id }, i) => ({
          offset: 8 * i,
          value: addressOf(id, 3n),
          encoding: 'u64' as const,
        }));
        const table = segment('table', { relocations });
        const result = link(
          inputOf(planOf([...all, table]), {
            machine: machineOf([...free, range(0x10000000n, 0x20000000n)]),
            target: roomyTarget,
            sources,
          }),
        );
        if (!result.ok) throw new Error(result.diagnostics[0].message);
        const starts = new Map(piecesOf(result.value).map(({ id, start }) => [id, start]));
        const view = Buffer.from(memoryImage(result.value, sources)(starts.get('table') ?? 0n, 64n));
        all.forEach(({ id }, i) => {
          expect(view.readBigUInt64LE(8 * i)).toBe((starts.get(id) ?? 0n) + 3n);
        });
      }),
      { numRuns: 60 },
    );
  });
});
