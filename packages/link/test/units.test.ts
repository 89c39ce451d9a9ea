import { range, type Part, type Segment } from '@kexec-kit/loader-api';
import { describe, expect, it } from 'vitest';
import { endOf, fixedAddress, isFixed, pack, single, SMALL, type Unit } from '../src/pack.js';
import { anywhere, linked, machineOf, planOf, refused, segment, segmentOf, startOf } from './inputs.js';

const named = (units: readonly Unit[]) =>
  units.map(({ kind, members }) => `${kind}: ${members.map((each) => each.segment.id).join(' ')}`);
const offsets = ({ members }: Unit) => members.map(({ offset }) => offset);
const at = (id: string, address: bigint, memorySize = 64n) =>
  segment(id, { memorySize, placements: [{ at: address }] });
const full = (id: string, size: number, change: Partial<Segment> = {}) =>
  segment(id, { parts: [{ bytes: new Uint8Array(size) }], memorySize: BigInt(size), ...change });
const within = (start: bigint, end: bigint) => [{ ...anywhere, within: range(start, end) }];

describe('units', () => {
  it('are the fixed ones by address, then all others by the place of their first member in the plan', () => {
    const units = pack(
      [
        segment('small'),
        segment('large', { memorySize: SMALL + 1n }),
        segment('m1', { placements: [{ group: 'g', offset: 64n }] }),
        at('high', 0x200000n),
        at('low', 0x100000n),
        segment('m0', { placements: [{ group: 'g', offset: 0n }] }),
        segment('choice', { placements: [{ at: 0x300000n }, anywhere] }),
        full('also', 64),
      ],
      [
        { id: 'empty', placements: [anywhere] },
        { id: 'g', placements: [anywhere] },
      ],
    );
    expect(named(units)).toEqual([
      'fixed: low',
      'fixed: high',
      'packed: small also',
      'single: large',
      'group: m0 m1',
      'single: choice',
    ]);
    expect(units.map(offsets)).toEqual([[0n], [0n], [0n, 64n], [0n], [0n, 64n], [0n]]);
  });

  it('of one segment have its placements, but for a group', () => {
    const placements = [{ at: 0x1000n }, { group: 'g', offset: 0n }, anywhere];
    expect(single(segment('a', { placements }))).toMatchObject({
      kind: 'single',
      placements: [{ at: 0x1000n }, anywhere],
    });
  });

  it('end where their highest member does', () => {
    const members = [0n, 0x100n].map((offset, i) => ({
      segment: segment('a', { memorySize: i === 0 ? 0x1000n : 1n }),
      offset,
    }));
    expect(endOf(members)).toBe(0x1000n);
    expect(endOf(members.slice(1))).toBe(0x101n);
    expect(endOf([])).toBe(0n);
  });

  it('are fixed by one address and no alternative', () => {
    const fixed = [[{ at: 1n }], [{ at: 1n }, { at: 2n }], [anywhere], []].map((placements) =>
      isFixed(segment('a', { placements })),
    );
    expect(fixed).toEqual([true, false, false, false]);
    expect(fixedAddress(segment('a', { placements: [{ at: 7n }] }))).toBe(7n);
  });
});

describe('fixed segments', () => {
  it('that share a page are one unit, also by a third that does not begin in it', () => {
    const units = pack([
      at('c', 0x103000n),
      at('b', 0x102fc0n),
      at('a', 0x101000n, 0x1c00n),
      at('d', 0x103fffn, 1n),
      at('e', 0x104000n),
    ]);
    expect(named(units)).toEqual(['fixed: a b', 'fixed: c d', 'fixed: e']);
    expect(units.map(({ placements }) => placements)).toEqual([
      [{ at: 0x101000n }],
      [{ at: 0x103000n }],
      [{ at: 0x104000n }],
    ]);
    expect(offsets(units[0] as Unit)).toEqual([0n, 0x1fc0n]);
  });

  it('are placed where they are, whatever order the plan has', () => {
    const submission = linked(planOf([at('b', 0x100800n), at('a', 0x100000n), at('c', 0x101000n)]));
    expect(['a', 'b', 'c'].map((id) => startOf(submission, id))).toEqual([0x100000n, 0x100800n, 0x101000n]);
    expect(segmentOf(submission, 'a')).toBe(segmentOf(submission, 'b'));
    expect(segmentOf(submission, 'c')).not.toBe(segmentOf(submission, 'b'));
  });
});

describe('small segments', () => {
  const packs = (...segments: Segment[]) => named(pack(segments));

  it('are those of up to 64 KiB', () => {
    expect(packs(segment('a'), full('b', 0x10000))).toEqual(['packed: a b']);
    expect(packs(segment('a'), full('b', 0x10001))).toEqual(['single: a', 'single: b']);
  });

  it('are those that may lie anywhere in a page', () => {
    const aligned = (align: bigint) => segment('b', { placements: [{ ...anywhere, align }] });
    expect(packs(segment('a'), aligned(0x1000n))).toEqual(['packed: a b']);
    expect(packs(segment('a'), aligned(0x2000n))).toEqual(['single: a', 'single: b']);
    const also = segment('b', { placements: [anywhere, { at: 0x1000n }] });
    expect(packs(segment('a'), also)).toEqual(['single: a', 'single: b']);
    const either = (id: string, ...aligns: bigint[]) =>
      full(id, 64, { placements: aligns.map((align) => ({ ...anywhere, align })) });
    expect(packs(either('a', 1n, 1n), either('b', 1n, 0x2000n))).toEqual(['single: a', 'single: b']);
  });

  it('lie each at its own greatest alignment', () => {
    const aligned = (id: string, ...aligns: bigint[]) =>
      full(id, 0x50, { placements: aligns.map((align) => ({ ...anywhere, align })) });
    const [unit] = pack([aligned('a', 1n, 16n), aligned('b', 0x100n, 2n), aligned('c', 4n, 1n)]);
    expect(offsets(unit as Unit)).toEqual([0n, 0x100n, 0x150n]);
    expect(unit?.placements.map((each) => 'align' in each && each.align)).toEqual([0x1000n, 0x1000n]);
  });

  it('have as many alternatives, from the same end, above the same, in this order', () => {
    const b = (change: object, more: object[] = []) =>
      segment('b', { placements: [{ ...anywhere, ...change }, ...(more as (typeof anywhere)[])] });
    const a = segment('a');
    expect(packs(a, b({}))).toEqual(['packed: a b']);
    expect(packs(a, b({ from: 'top' }))).toHaveLength(2);
    expect(packs(a, b({ above: 'a' }))).toHaveLength(2);
    expect(packs(a, b({}, [anywhere]))).toHaveLength(2);
    expect(packs(b({}, [anywhere]), a)).toHaveLength(2);
    const two = (id: string, ...from: ('bottom' | 'top')[]) =>
      segment(id, { placements: from.map((each) => ({ ...anywhere, from: each })) });
    expect(packs(two('a', 'bottom', 'top'), two('b', 'bottom', 'top'))).toEqual(['packed: a b']);
    expect(packs(two('a', 'bottom', 'top'), two('b', 'top', 'bottom'))).toHaveLength(2);
    expect(packs(two('a', 'bottom', 'top'), two('b', 'bottom', 'bottom'))).toHaveLength(2);
  });

  it('go where both may, if both fit there', () => {
    const a = full('a', 0x800, { placements: within(0x1000n, 0x5000n) });
    const b = (start: bigint) => full('b', 0x800, { placements: within(start, 0x9000n) });
    expect(pack([a, b(0x4000n)])[0]?.placements).toEqual([
      { ...anywhere, within: range(0x4000n, 0x5000n), align: 0x1000n },
    ]);
    expect(packs(a, b(0x4000n))).toEqual(['packed: a b']);
    expect(packs(a, b(0x4001n))).toEqual(['single: a', 'single: b']);
    expect(packs(a, b(0x5000n))).toEqual(['single: a', 'single: b']);
  });

  it('are added to the first pack that suits them, which keeps its place', () => {
    const top = (id: string) => full(id, 8, { placements: [{ ...anywhere, from: 'top' }] });
    const segments = [full('a', 8), top('b'), full('c', 8), top('d'), full('e', 8)];
    expect(packs(...segments)).toEqual(['packed: a c e', 'packed: b d']);
  });

  it('have one zero tail at most, at the end; a third may join behind it in the plan', () => {
    const tail = (id: string, zeros: bigint) => full(id, 8, { memorySize: 8n + zeros });
    expect(packs(tail('a', 1n), full('b', 8), full('c', 8))).toEqual(['packed: b c a']);
    expect(packs(tail('a', 1n), tail('b', 1n), full('c', 8))).toEqual(['packed: c a', 'single: b']);
    expect(packs(tail('a', 0n), tail('b', 0n))).toEqual(['packed: a b']);
  });
});

describe('units that are packed', () => {
  const scarce = machineOf([range(0x1000n, 0x2000n), range(0x3000n, 0x4000n), range(0x100000n, 0x200000n)]);

  it('are placed one by one, in their order, before what comes later in the plan', () => {
    const page = (id: string) => full(id, 0x1000, { placements: within(0n, 0x80000n) });
    const other = full('z', 0x1000, { memorySize: SMALL + 1n, placements: [anywhere] });
    const submission = linked(planOf([page('a'), page('b'), other]), { machine: scarce });
    expect(['a', 'b'].map((id) => startOf(submission, id))).toEqual([0x1000n, 0x3000n]);
    const problem = refused(planOf([page('a'), page('b'), page('c')]), { machine: scarce });
    expect(problem.search?.segments).toEqual(['c']);
  });

  it('never share a page with another unit', () => {
    const a = full('a', 8, { placements: [{ ...anywhere, from: 'top' }] });
    const submission = linked(planOf([a, full('b', 8, { placements: [{ ...anywhere, from: 'bottom' }] })]), {
      machine: machineOf([range(0x1000n, 0x20000n)]),
    });
    const starts = submission.segments.map(({ start }) => start);
    expect(new Set(starts).size).toBe(3);
  });
});

describe('what the backend fills', () => {
  const group = (second: bigint, parts: readonly (readonly Part[])[], sizes: readonly bigint[]) => {
    const members = [0n, second].map((offset, i) =>
      segment(`m${i}`, {
        parts: parts[i] ?? [],
        memorySize: sizes[i] ?? 0n,
        placements: [{ group: 'g', offset }],
        ...(i === 0 && { why: 'first' }),
      }),
    );
    const { segments } = linked(planOf(members, { groups: [{ id: 'g', placements: [{ at: 0x100000n }] }] }));
    return segments.filter(({ pieces }) => pieces.some(({ id }) => id !== 'purgatory'));
  };
  const bytes = (length: number): Part => ({ bytes: new Uint8Array(length).fill(1) });

  it('joins members with less than a page of zeros between them, and no others', () => {
    const apart = (content: number) => group(0x3000n, [[bytes(content)], [bytes(8)]], [0x1ff0n, 8n]);
    expect(apart(0x2000 - 0x10).map(({ start, memorySize }) => [start, memorySize])).toEqual([
      [0x100000n, 0x2000n],
      [0x103000n, 0x1000n],
    ]);
    const near = (second: bigint) => group(second, [[bytes(8)], [bytes(8)]], [0x1000n, 8n]);
    expect(near(0x1008n).map(({ memorySize }) => memorySize)).toEqual([0x1000n, 0x1000n]);
    expect(near(0x1007n).map(({ memorySize, parts }) => [memorySize, parts])).toEqual([
      [0x2000n, [bytes(8), { zeros: 0xfffn }, bytes(8)]],
    ]);
  });

  it('joins members that share a page, however many zeros are between them', () => {
    const [joint, ...others] = group(0x8010n, [[bytes(8)], [bytes(8)]], [0x8001n, 8n]);
    expect(others).toEqual([]);
    expect(joint).toMatchObject({ start: 0x100000n, memorySize: 0x9000n });
    expect(joint?.parts).toEqual([bytes(8), { zeros: 0x8008n }, bytes(8)]);
  });

  it('has no zeros in front of what has no content, nor behind the last content', () => {
    const [joint] = group(0x10n, [[bytes(8), { zeros: 8n }], []], [0x10n, 0x4000n]);
    expect(joint).toMatchObject({ memorySize: 0x5000n, parts: [bytes(8)] });
    const [empty] = group(0x10n, [[], [bytes(8)]], [0x10n, 0x10n]);
    expect(empty).toMatchObject({ memorySize: 0x1000n, parts: [{ zeros: 0x10n }, bytes(8)] });
    expect(
      empty?.pieces.map(({ id, start, size, memorySize, why }) => [id, start, size, memorySize, why]),
    ).toEqual([
      ['m0', 0x100000n, 0n, 0x10n, 'first'],
      ['m1', 0x100010n, 8n, 0x10n, undefined],
    ]);
    expect(empty?.pieces.map((piece) => 'why' in piece)).toEqual([true, false]);
  });

  it('has its content where it belongs, also behind a segment that has none', () => {
    const empty = segment('b', { parts: [], memorySize: 8n, placements: [{ at: 0x100100n }] });
    const last = segment('c', { parts: [bytes(8)], memorySize: 8n, placements: [{ at: 0x100200n }] });
    const first = segment('a', { parts: [bytes(8)], memorySize: 8n, placements: [{ at: 0x100000n }] });
    expect(segmentOf(linked(planOf([first, empty, last])), 'a').parts).toEqual([
      bytes(8),
      { zeros: 0x1f8n },
      bytes(8),
    ]);
    expect(segmentOf(linked(planOf([last, empty])), 'c').parts).toEqual([{ zeros: 0x200n }, bytes(8)]);
  });

  it('is ascending by address', () => {
    const submission = linked(planOf([at('c', 0x300000n), at('a', 0x100000n), at('b', 0x200000n)]));
    const starts = submission.segments.map(({ start }) => start);
    expect(starts.slice(0, 3)).toEqual([0x100000n, 0x200000n, 0x300000n]);
    expect(starts).toEqual([...starts].sort((a, b) => (a < b ? -1 : 1)));
  });
});
