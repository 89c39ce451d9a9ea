import {
  addressOf,
  constant,
  LAST_WORDS_SIZE,
  ok,
  range,
  type Part,
  type Plan,
  type Policy,
  type Segment,
} from '@kexec-kit/loader-api';
import { layoutOf, ParameterBlock } from '@kexec-kit/purgatory';
import { parse } from '@kexec-kit/structures';
import { describe, expect, it } from 'vitest';
import {
  anywhere,
  i386,
  inputOf,
  linked,
  machineOf,
  memoryImage,
  planOf,
  q35,
  refused,
  region,
  segment,
  segmentOf,
  sha256,
  sourceOf,
  startOf,
  target,
  withoutBytes,
} from './inputs.js';
import { link } from '../src/index.js';

const fill = (length: number, seed = 1) => Uint8Array.from({ length }, (_, i) => (i * 31 + seed) & 0xff);
const at = (address: bigint, memorySize = 64n, id = 'kernel') =>
  segment(id, { memorySize, placements: [{ at: address }] });
const large = machineOf([range(0x1000n, 0x9f000n), range(0x100000n, 1n << 33n)]);
const policyOf = (change: Partial<Policy>): Policy => ({ efi: true, video: 'auto', console: {}, ...change });

describe('what was tried', () => {
  const tried = (own: Segment, change: Parameters<typeof linked>[1] = {}) =>
    segmentOf(linked(planOf([own]), change), own.id).pieces[0]?.search.map(({ wanted }) => wanted);
  const within = (start: bigint, end: bigint) =>
    segment('k', { memorySize: 0x20000n, placements: [{ ...anywhere, within: range(start, end) }] });

  it.each([
    ['anywhere', 0n, 1n << 64n],
    ['at or above 0x2000', 0x2000n, 1n << 64n],
    ['below 0x2000000', 0n, 0x2000000n],
    ['within 0x2000-0x2000000', 0x2000n, 0x2000000n],
    ['below 0xffffffffffffffff', 0n, (1n << 64n) - 1n],
  ])('is said in words: %s', (words, start, end) => {
    expect(tried(within(start, end))).toEqual([`${words}, aligned to 0x1, from the bottom`]);
  });

  it('names whom it lies above, and who goes with it', () => {
    const members = ['m0', 'm1'].map((id, i) =>
      segment(id, { placements: [{ group: 'g', offset: BigInt(i) * 64n }] }),
    );
    const placements = [{ ...anywhere, above: 'k', from: 'top' as const }];
    const submission = linked(
      planOf([at(0x100000n, 64n, 'k'), ...members], { groups: [{ id: 'g', placements }] }),
    );
    const wanted = (id: string) => segmentOf(submission, id).pieces[0]?.search.map((each) => each.wanted);
    expect(wanted('m0')).toEqual(['anywhere, aligned to 0x1, from the top, above k, as one group: m0, m1']);
    expect(wanted('k')).toEqual(['at 0x100000']);
    const packed = linked(planOf([segment('a'), segment('b', { parts: [{ bytes: fill(64) }] })]));
    expect(segmentOf(packed, 'a').pieces[0]?.search[0]?.wanted).toMatch(/, packed together: a, b$/);
    const two = planOf([at(0x100000n, 64n, 'x'), at(0x100040n, 64n, 'y')]);
    expect(segmentOf(linked(two), 'x').pieces[0]?.search[0]?.wanted).toMatch(/^at 0x100000, .*: x, y$/);
  });

  it('ends with what fits: no alternative behind it is looked at', () => {
    const placements = [{ at: 0xa0000n }, { at: 0x200000n }, { at: 0x300000n }];
    const search = segmentOf(linked(planOf([segment('k', { placements })])), 'k').pieces[0]?.search;
    expect(search?.map(({ wanted, chosen }) => [wanted, chosen])).toEqual([
      ['at 0xa0000', undefined],
      ['at 0x200000', 0x200000n],
    ]);
    expect(search?.map((each) => 'chosen' in each)).toEqual([false, true]);
  });

  it('has as many attempts as alternatives where none fits, and none of them chosen', () => {
    const placements = [{ at: 0xa0000n }, { ...anywhere, within: range(0xa0000n, 0xf0000n) }];
    const { search } = refused(planOf([segment('k', { placements })]));
    expect(search?.attempts.map((each) => 'chosen' in each)).toEqual([false, false]);
    expect(search?.attempts.every(({ refused: holes }) => holes.length > 0)).toBe(true);
  });
});

describe('a group', () => {
  const member = (id: string, offset: bigint, memorySize = 0x1000n) =>
    segment(id, { memorySize, placements: [{ group: 'g', offset }] });
  const placed = (members: Segment[], change: object, free: ReturnType<typeof range>[]) =>
    linked(planOf(members, { groups: [{ id: 'g', placements: [{ ...anywhere, ...change }] }] }), {
      machine: machineOf([...free, range(0x10000000n, 0x10100000n)]),
    });

  it('lies above what it is to lie above, by its lowest member', () => {
    const groups = [{ id: 'g', placements: [{ ...anywhere, above: 'k' }] }];
    const plan = planOf([at(0x100000n, 0x1800n, 'k'), member('a', 0x3000n), member('b', 0x6000n)], {
      groups,
    });
    const free = [range(0x100000n, 0x103000n), range(0x104000n, 0x105000n), range(0x106000n, 0x110000n)];
    const submission = linked(plan, { machine: machineOf([...free, range(0x10000000n, 0x10100000n)]) });
    expect(startOf(submission, 'a')).toBe(0x104000n);
    expect(startOf(submission, 'b')).toBe(0x107000n);
    expect(segmentOf(submission, 'a').pieces[0]?.search).toMatchObject([{ chosen: 0x101000n, refused: [] }]);
  });

  it('that begins behind its base may have that where nothing is free', () => {
    const submission = placed([member('a', 0x2000n)], { align: 0x10000n }, [range(0x12000n, 0x13000n)]);
    expect(startOf(submission, 'a')).toBe(0x12000n);
  });

  it('ends where its bounds do, by its highest member', () => {
    const bounds = (end: bigint) => ({ within: range(0n, end), from: 'top' });
    const members = () => [member('a', 0n), member('b', 0x3000n, 0x800n)];
    const free = [range(0x1000n, 0x80000n)];
    expect(startOf(placed(members(), bounds(0x23800n), free), 'a')).toBe(0x20000n);
    expect(startOf(placed(members(), bounds(0x237ffn), free), 'a')).toBe(0x1f000n);
  });

  it('without a place names what the whole of it would have needed', () => {
    const groups = [{ id: 'g', placements: [{ ...anywhere, within: range(0n, 0x80000n) }] }];
    const plan = planOf([member('a', 0n), member('b', 0x100000n)], { groups });
    const { search } = refused(plan);
    expect(search?.segments).toEqual(['a', 'b']);
    expect(search?.attempts[0]?.refused.length).toBeGreaterThan(0);
    expect(search?.attempts.map((each) => 'chosen' in each)).toEqual([false]);
  });
});

describe('memory', () => {
  /** Nothing for what is free. */
  const whyNot = (address: bigint, change: Parameters<typeof inputOf>[1] = {}, more: Partial<Plan> = {}) => {
    const result = link(inputOf(planOf([at(address)], more), change));
    return result.ok ? undefined : result.search?.attempts[0]?.refused;
  };

  it('is refused at the page, with the reason that counts', () => {
    const end = { ...target, addressEnd: 0x2000000n };
    expect(whyNot(0x2000000n, { target: end })).toMatchObject([
      { start: 0x2000000n, end: 0x2001000n, reason: expect.stringContaining('0x2000000') as string },
    ]);
    expect(whyNot(0x1fff000n, { target: end })).toBeUndefined();
    const policy = policyOf({ memory: range(0x200000n, 0x300000n) });
    expect(whyNot(0x1ff000n, { policy })).toMatchObject([
      { reason: expect.stringContaining('policy') as string },
    ]);
    expect(whyNot(0x300000n, { policy })).toMatchObject([
      { reason: expect.stringContaining('policy') as string },
    ]);
    const machine = machineOf(
      [range(0x1000n, 0x9f000n), range(0x100000n, 0x7fe0000n)],
      [region(0x80000n, 0x81000n, 'nvs')],
    );
    const without = { ...machine, usable: [range(0x1000n, 0x80000n), range(0x100000n, 0x7fe0000n)] };
    expect(whyNot(0x80000n, { machine: without })).toMatchObject([
      { reason: expect.stringContaining('nvs') as string },
    ]);
    expect(whyNot(0x90000n, { machine: without })).toMatchObject([
      { reason: expect.stringContaining('not in usable RAM') as string },
    ]);
  });

  it('of the first page is refused as that, whether the map has it or not', () => {
    for (const machine of [q35, machineOf([range(0n, 0x8000000n)])])
      expect(whyNot(0x500n, { machine })).toMatchObject([
        { start: 0n, end: 0x1000n, reason: expect.stringContaining('page 0') as string },
      ]);
  });

  it('has the reasons of a crash only in one', () => {
    const crash = {
      machine: { ...q35, crashKernel: [range(0x4000000n, 0x5000000n)] },
      purpose: 'crash',
    } as const;
    expect(whyNot(0x8000000n)?.[0]?.reason).not.toContain('crash');
    expect(whyNot(0x5000000n, crash)?.[0]?.reason).toContain('crash');
    expect(whyNot(0x4000000n, crash)).toBeUndefined();
    expect(whyNot(0x4fff000n, crash)?.[0]?.reason).toContain('control pages');
    expect(whyNot(0x4fff000n, { machine: crash.machine })).toBeUndefined();
  });

  it('of the crash region is left to the running kernel by what RAM was told, and nothing else', () => {
    const crashing = (told: typeof q35.told) =>
      linked(planOf([segment('kernel', { placements: [{ ...anywhere, from: 'top' }] })]), {
        machine: { ...q35, told, crashKernel: [range(0x4000000n, 0x5000000n)] },
        purpose: 'crash',
      }).segments.at(-1);
    const endOf = (told: typeof q35.told) => {
      const { start = 0n, memorySize = 0n } = crashing(told) ?? {};
      return 0x5000000n - 0x100000n - (start + memorySize);
    };
    const [ram] = q35.told.filter(({ kind }) => kind === 'ram');
    expect(endOf([{ ...ram!, end: 1n << 30n }])).toBe(0x1000n);
    expect(endOf([{ ...ram!, end: (1n << 30n) + 1n }])).toBe(0x2000n);
    expect(endOf([{ ...ram!, end: 3n << 30n }, ram!, region(5n << 30n, 6n << 30n, 'reserved')])).toBe(
      0x3000n,
    );
  });

  it('that the image writes at entry, and that purgatory copies, are whole pages', () => {
    const clobbers = [range(0x100fffn, 0x101001n)];
    expect(whyNot(0x100000n, {}, { clobbers })).toHaveLength(1);
    expect(whyNot(0x101000n, {}, { clobbers })).toHaveLength(1);
    expect(whyNot(0x102000n, {}, { clobbers })).toBeUndefined();
  });
});

describe('mappings', () => {
  const strict = { ...target, maps: 'segments' as const };

  it('are the RAM and the first MiB for a kernel that maps RAM: all else is refused', () => {
    const mapping = (start: bigint, end: bigint) =>
      planOf([at(0x100000n)], { mappings: [range(start, end)] });
    expect(linked(mapping(0n, 0x7fe0000n)).mappings).toEqual([]);
    const beyond = refused(mapping(0x7fdf000n, 0x7fe0001n)).diagnostics[0];
    expect(beyond).toMatchObject({ code: 'LINK_MAPPING_UNREACHABLE', found: '0x7fe0000-0x7fe1000' });
    expect(linked(planOf([at(0x100000n)]), { target: strict }).mappings).toEqual([]);
  });

  it('count among the segments that a kernel takes', () => {
    const mappings = [range(0x200000n, 0x201000n), range(0x300000n, 0x301000n)];
    const plan = planOf([at(0x100000n)], { mappings });
    expect(linked(plan, { target: { ...strict, maxSegments: 4 } }).mappings).toEqual(mappings);
    expect(refused(plan, { target: { ...strict, maxSegments: 3 } }).diagnostics[0]).toMatchObject({
      ...{ code: 'LINK_TOO_MANY_SEGMENTS', found: '4', expected: 'at most 3' },
    });
  });

  it('are refused, not counted, where the kernel runs without paging', () => {
    const handoff = { mode: 'protected32', entry: addressOf('kernel'), registers: {} } as const;
    const mappings = [range(1n << 32n, (1n << 32n) + 1n)];
    for (const maps of ['ram', 'segments'] as const) {
      const result = refused(
        { ...planOf([at(0x100000n)], { handoff }), mappings },
        { target: { ...i386, maps } },
      );
      expect(result.diagnostics[0].code).toBe('LINK_MAPPING_UNREACHABLE');
    }
  });
});

describe('finish', () => {
  const deferred = (id: string, maximum = 10) => segment(id, { parts: { deferred: { maximum } } });

  it('is not asked where nothing is deferred', () => {
    const never = () => {
      throw new Error('asked');
    };
    expect(linked(planOf([segment('a')]), { finish: never }).segments.length).toBeGreaterThan(0);
  });

  it('may make as much as was promised, of each segment, and say what it has to', () => {
    const said = { code: 'FLAT_ODD', severity: 'info', message: 'odd' } as const;
    const made = new Map([
      ['b', fill(10)],
      ['a', fill(5)],
    ]);
    const submission = linked(planOf([segment('code'), deferred('a'), deferred('b')]), {
      finish: () => ok(made, [said]),
    });
    const memory = memoryImage(submission, new Map());
    for (const [id, bytes] of made)
      expect(memory(startOf(submission, id), BigInt(bytes.length))).toEqual(bytes);
    expect(submission.diagnostics).toEqual([said]);
  });

  it('is told of everything that it did not keep', () => {
    const made = new Map([
      ['b', fill(11)],
      ['code', fill(1)],
      ['x', fill(1)],
    ]);
    const plan = planOf([segment('code'), deferred('a'), deferred('b')]);
    const { diagnostics } = refused(plan, { finish: () => ok(made) });
    expect(diagnostics.map(({ code, at: place }) => [code, place?.field])).toEqual(
      ['a', 'code', 'x', 'b'].map((id) => ['LINK_BAD_PLAN_FINISH', id]),
    );
    expect(diagnostics.at(-1)).toMatchObject({ found: '11 bytes', expected: 'at most 10' });
  });

  it('knows where everything lies, and how large it is', () => {
    const plan = planOf([at(0x200000n, 0x123n), deferred('a')]);
    linked(plan, {
      finish: (layout) => {
        expect(layout.get('kernel')).toEqual({ start: 0x200000n, memorySize: 0x123n });
        return ok(new Map([['a', fill(1)]]));
      },
    });
  });
});

describe('digests', () => {
  const file = sourceOf('file', fill(100));
  const sources = new Map([['file', file]]);
  const checkedOf = (parts: Part[], change: Parameters<typeof linked>[1] = {}) =>
    linked(planOf([segment('k', { parts, memorySize: 0x100000n })]), { sources, ...change }).checked;

  it.each([0xffff, 0x10000, 0x10001, 0x20000, 0x20005])('of %d zeros among content are right', (zeros) => {
    const [only] = checkedOf([{ bytes: fill(3) }, { zeros: BigInt(zeros) }, { bytes: fill(2) }]);
    expect(only?.sha256).toBe(sha256(Buffer.concat([fill(3), new Uint8Array(zeros), fill(2)])));
  });

  it('are cut where a source is whole and where bytes are fresh, each at its own place', () => {
    const whole: Part = { source: 'file', offset: 0, length: 100 };
    const checked = checkedOf([
      { bytes: fill(8) },
      whole,
      { bytes: fill(4) },
      { fresh: 5 },
      { zeros: 3n },
      whole,
    ]);
    const { start = 0n } = checked[0] ?? {};
    expect(checked.map((each) => [each.name, each.start - start, each.length])).toEqual([
      ['k[0]', 0n, 8n],
      ['k[1]', 8n, 100n],
      ['k[2]', 108n, 4n],
      ['k padding[0]', 117n, 3n],
      ['k[3]', 120n, 100n],
    ]);
    expect(checked.map(({ sha256: digest }) => digest)).toEqual([
      ...[sha256(fill(8)), file.sha256, sha256(fill(4)), sha256(new Uint8Array(3)), file.sha256],
    ]);
  });

  it('of what is no whole source are of its bytes', () => {
    for (const [offset, length] of [
      [0, 99],
      [1, 99],
    ] as const)
      expect(checkedOf([{ source: 'file', offset, length }])[0]?.sha256).toBe(
        sha256(file.bytes.subarray(offset, offset + length)),
      );
    const plan = planOf([
      segment('k', { parts: [{ source: 'file', offset: 1, length: 99 }], memorySize: 100n }),
    ]);
    expect(refused(plan, { sources: new Map([['file', withoutBytes(file)]]) }).diagnostics[0].code).toBe(
      'LINK_SOURCE_NOT_AT_HAND',
    );
  });

  it('are of nothing where there is no content', () => {
    expect(checkedOf([{ bytes: new Uint8Array() }, { zeros: 5n }])).toEqual([]);
    expect(checkedOf([{ bytes: new Uint8Array() }, { fresh: 5 }, { zeros: 5n }])).toEqual([]);
    expect(checkedOf([{ bytes: new Uint8Array() }, { bytes: fill(3) }])).toMatchObject([
      { name: 'k', length: 3n, sha256: sha256(fill(3)) },
    ]);
    expect(checkedOf([{ bytes: fill(1) }, { zeros: 0n }, { bytes: new Uint8Array() }])).toMatchObject([
      { name: 'k', length: 1n },
    ]);
  });

  it('are ascending by address, and as many as purgatory has room for', () => {
    const plan = planOf([at(0x300000n, 64n, 'c'), at(0x100000n, 64n, 'a'), at(0x200000n, 64n, 'b')]);
    const submission = linked(plan);
    expect(submission.checked.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    const { start } = segmentOf(submission, 'purgatory');
    const { parametersOffset, parametersSize } = layoutOf('long64', 'long64', { regions: 3, pokes: 0 });
    const memory = memoryImage(submission, new Map())(
      start + BigInt(parametersOffset),
      BigInt(parametersSize),
    );
    expect(parse(ParameterBlock, memory).regions).toHaveLength(3);
  });

  it('are none where the policy wants none, though a slice is not at hand', () => {
    const plan = planOf([
      segment('k', { parts: [{ source: 'file', offset: 1, length: 9 }], memorySize: 100n }),
    ]);
    const submission = linked(plan, {
      sources: new Map([['file', withoutBytes(file)]]),
      policy: policyOf({ checks: false }),
    });
    expect(submission.checked).toEqual([]);
  });
});

describe('purgatory', () => {
  const enter = (mode: 'long64' | 'protected32' | 'real16', change: object = {}) =>
    ({ mode, entry: addressOf('kernel'), registers: {}, ...change }) as Plan['handoff'];

  it('enters a segment from its first byte to its last', () => {
    const entered = (entry: bigint) =>
      planOf([at(0x100000n, 0x123n)], { handoff: enter('long64', { entry: constant(entry) }) });
    linked(entered(0x100000n));
    linked(entered(0x100122n));
    for (const entry of [0xfffffn, 0x100123n])
      expect(refused(entered(entry)).diagnostics[0]).toMatchObject({ code: 'LINK_ENTRY_OUTSIDE' });
    const { entry } = linked(entered(0x100000n));
    expect(refused(entered(entry)).diagnostics[0].code).toBe('LINK_ENTRY_OUTSIDE');
  });

  it('refuses an entry and a register that the layout makes negative', () => {
    const negative = constant(-1n);
    expect(
      refused(planOf([at(0x100000n)], { handoff: enter('long64', { entry: negative }) })).diagnostics[0],
    ).toMatchObject({ code: 'LINK_VALUE_OVERFLOW', at: { field: 'handoff.entry' }, expected: 'u64' });
    const registers = { rsi: negative };
    const [problem] = refused(
      planOf([at(0x100000n)], { handoff: enter('long64', { registers }) }),
    ).diagnostics;
    expect(problem).toMatchObject({ at: { field: 'handoff.registers.rsi' }, expected: 'u64' });
    expect(problem.found).toMatch(/\w/);
  });

  it('names the value of a register that does not fit', () => {
    const registers = { esi: constant(1n << 32n) };
    const plan = planOf([at(0x100000n)], { handoff: enter('protected32', { registers }) });
    expect(refused(plan).diagnostics[0]).toMatchObject({ found: '0x100000000', expected: 'u32' });
  });

  it.each([
    [1, 0xffn],
    [2, 0xffffn],
    [4, 0xffffffffn],
    [8, (1n << 64n) - 1n],
  ] as const)('pokes %d bytes, which hold up to %d', (width, most) => {
    const poking = (value: bigint) =>
      planOf([at(0x100000n)], {
        pokes: [
          { at: 0x500n, value: Uint8Array.of(1) },
          { at: 0x413n, value: constant(value), width },
        ],
      });
    const submission = linked(poking(most));
    const { start } = segmentOf(submission, 'purgatory');
    const { parametersOffset, parametersSize } = layoutOf('long64', 'long64', { regions: 1, pokes: 2 });
    const block = parse(
      ParameterBlock,
      memoryImage(submission, new Map())(start + BigInt(parametersOffset), BigInt(parametersSize)),
    );
    expect(block.pokes).toMatchObject([
      { at: 0x500n, length: 1 },
      { at: 0x413n, length: width },
    ]);
    expect(refused(poking(most + 1n)).diagnostics[0]).toMatchObject({
      ...{ code: 'LINK_VALUE_OVERFLOW', at: { field: 'pokes[1]' }, expected: `u${8 * width}` },
    });
  });

  it('keeps its record behind its own block, unless a plan has a better place', () => {
    const own = linked(planOf([at(0x100000n)]));
    const { lastWordsOffset } = layoutOf('long64', 'long64', { regions: 1, pokes: 0 });
    expect(own.lastWords).toBe(segmentOf(own, 'purgatory').start + BigInt(lastWordsOffset));
    const words = at(0x200000n, 0x1000n, 'words');
    const plan = planOf([at(0x100000n), words], { lastWords: { segment: 'words', offset: 0x48n } });
    expect(linked(plan).lastWords).toBe(0x200048n);
  });

  it.each([
    ['by default', {}, 1],
    ['that are wanted', { checks: true }, 1],
    ['that are not wanted', { checks: false }, 0],
  ])('has room for as many regions as it verifies: checks %s', (_, change, regions) => {
    const submission = linked(planOf([at(0x100000n)]), { policy: policyOf(change) });
    expect(submission.checked).toHaveLength(regions);
    const { lastWordsOffset } = layoutOf('long64', 'long64', { regions, pokes: 0 });
    expect(submission.lastWords).toBe(segmentOf(submission, 'purgatory').start + BigInt(lastWordsOffset));
  });

  it('keeps its record below 4 GiB to the last byte, on the way to the narrower modes', () => {
    const size = BigInt(LAST_WORDS_SIZE);
    const words = (mode: 'protected32' | 'long64', start: bigint, offset: bigint) =>
      planOf([at(0x100000n), at(start, 0x2000n, 'words')], {
        ...{ handoff: enter(mode), lastWords: { segment: 'words', offset } },
      });
    const below = (1n << 32n) - 0x1000n;
    linked(words('protected32', below, 0x1000n - size), { machine: large });
    linked(words('long64', below, 0x1008n - size), { machine: large });
    expect(
      refused(words('protected32', below, 0x1008n - size), { machine: large }).diagnostics[0],
    ).toMatchObject({ code: 'LINK_VALUE_OVERFLOW', at: { field: 'lastWords' } });
  });

  it('copies from where the plan says to where its segments went', () => {
    const backup = (id: string) => segment(id, { parts: [], memorySize: 0x1000n });
    const copies = [
      { from: range(0x1000n, 0x1800n), to: 'b' },
      { from: range(0n, 0x1000n), to: 'a' },
    ];
    const submission = linked(planOf([at(0x100000n), backup('a'), backup('b')], { copies }));
    expect(submission.copies).toEqual([
      { from: 0x1000n, to: startOf(submission, 'b'), length: 0x800n },
      { from: 0n, to: startOf(submission, 'a'), length: 0x1000n },
    ]);
    expect('copies' in linked(planOf([at(0x100000n)]))).toBe(false);
  });

  it('lies below what the target can address, and says in words how far it reaches', () => {
    const why = (mode: 'long64' | 'protected32' | 'real16') =>
      segmentOf(
        linked(planOf([at(0x8000n)], { handoff: enter(mode, { entry: constant(0x8000n) }) }), {
          machine: large,
        }),
        'purgatory',
      ).pieces.find(({ id }) => id === 'purgatory')?.why;
    expect(new Set([why('long64'), why('protected32'), why('real16')]).size).toBe(3);
    const low = { ...target, addressEnd: 0x40000n };
    const { start, memorySize } = segmentOf(linked(planOf([at(0x8000n)]), { target: low }), 'purgatory');
    expect(start + memorySize).toBe(0x40000n);
  });

  it('is its program, zeros, and its block, which is all that is loaded of it', () => {
    const submission = linked(planOf([at(0x100000n)]));
    const { parts } = segmentOf(submission, 'purgatory');
    const { blob, parametersOffset, parametersSize } = layoutOf('long64', 'long64', { regions: 1, pokes: 0 });
    expect(parts.map((part) => ('bytes' in part ? part.bytes.length : part))).toEqual([
      blob.length,
      { zeros: BigInt(parametersOffset - blob.length) },
      parametersSize,
    ]);
  });
});

describe('a submission', () => {
  it('names loader, purpose and architecture, and has nothing that the plan does not', () => {
    const plan = planOf([at(0x100000n)]);
    const submission = linked(plan);
    expect(submission).toMatchObject({
      ...{ method: 'segments', purpose: 'normal', architecture: 'x86_64', facts: [], mappings: [] },
      loader: { name: 'flat', version: '1.2.3' },
    });
    const file = withoutBytes(sourceOf('file', fill(4)));
    expect(linked(plan, { sources: new Map([['file', file]]) }).sources).toStrictEqual([file]);
  });
});

describe('an image that was moved', () => {
  it('is said to be where its own first byte went, behind the base of its group', () => {
    const group = { id: 'image', placements: [{ at: 0xa0000n }, anywhere] };
    const member = segment('text', { memorySize: 0x800n, placements: [{ group: 'image', offset: 0x1800n }] });
    const { diagnostics } = linked(planOf([member], { groups: [group] }));
    expect(diagnostics).toMatchObject([
      { code: 'LINK_MOVED', expected: '0xa1800-0xa2000', found: '0x1800-0x2000' },
    ]);
    expect(diagnostics[0]?.message).toContain('0xa1000-0xa2000 (not in usable RAM)');
  });

  it('is said of a lone segment, too, and of nothing that has no address first', () => {
    const lone = (placements: Segment['placements']) =>
      planOf([segment('k', { memorySize: 0x20000n, placements })]);
    expect(linked(lone([{ at: 0xa0000n }, anywhere])).diagnostics).toMatchObject([
      { code: 'LINK_MOVED', expected: '0xa0000-0xc0000', found: '0x1000-0x21000' },
    ]);
    const other = { ...anywhere, within: range(0xa0000n, 0xb0000n) };
    expect(linked(lone([other, { at: 0x100000n }])).diagnostics).toEqual([]);
  });
});
