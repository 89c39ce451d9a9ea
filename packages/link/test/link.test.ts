import {
  addressOf,
  constant,
  range,
  type Part,
  type Placement,
  type Plan,
  type Range,
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
  segment,
  segmentOf,
  sha256,
  sourceOf,
  startOf,
  target,
  withoutBytes,
} from './inputs.js';
import { link, linkCodes } from '../src/index.js';

const big = 0x200000n;
const kernel = segment('kernel', {
  memorySize: big,
  placements: [{ at: 0x1000000n }, { ...anywhere, align: big }],
});
const fill = (length: number, seed: number) => Uint8Array.from({ length }, (_, i) => (i * 31 + seed) & 0xff);

describe('a submission', () => {
  const plan = planOf([kernel, segment('params')]);

  it('is plain data: a structured clone is equal', () => {
    const submission = linked(plan);
    expect(structuredClone(submission)).toStrictEqual(submission);
  });

  it('is the same every time', () => {
    expect(linked(plan)).toStrictEqual(linked(plan));
  });

  it('is entered in purgatory, which holds its own blob and parameter block', () => {
    const submission = linked(plan);
    const layout = layoutOf('long64', 'long64', { regions: 2, pokes: 0 });
    const purgatory = segmentOf(submission, 'purgatory');
    expect(submission.entry).toBe(purgatory.start + layout.entryOffset);
    const memory = memoryImage(submission, new Map());
    expect(memory(purgatory.start, BigInt(layout.blob.length))).toEqual(layout.blob);
    const block = memory(purgatory.start + BigInt(layout.parametersOffset), BigInt(layout.parametersSize));
    expect(block.subarray(0x20, 0x28)).toEqual(new TextEncoder().encode('kkpurg64'));
  });

  it('has purgatory verify each segment but itself, and hashes file bytes only', () => {
    expect(linked(plan).checked.map(({ name, length }) => [name, length])).toEqual([
      ['params', 64n],
      ['kernel', 64n],
    ]);
  });

  it('has nothing verified but the parameter block when the policy wants no checks', () => {
    const { policy } = inputOf(planOf([kernel]));
    const { checked } = linked(planOf([kernel]), { policy: { ...policy, checks: false } });
    expect(checked).toEqual([]);
  });

  it('carries the map, the sources without their bytes, the target and the facts', () => {
    const image = sourceOf('image', fill(10, 1));
    const facts = [{ title: 'Image', fields: [{ name: 'kind', value: 'flat' }] }];
    const made = linked(planOf([kernel], { facts }), {
      sources: new Map([['image', { ...image, decompressed: 'gzip' }]]),
    });
    expect(made.sources).toEqual([{ ...withoutBytes(image), decompressed: 'gzip' }]);
    expect(made.map.told).toEqual(q35.told);
    expect(made.map.fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect(made.target).toEqual(target);
    expect(made.facts).toEqual(facts);
  });

  it('repeats what was said on the way, and what finish said', () => {
    const said = { code: 'FLAT_ODD', severity: 'warning', message: 'odd' } as const;
    const result = link(inputOf(planOf([kernel]), { diagnostics: [said] }));
    expect(result.ok && result.value.diagnostics).toEqual([said]);
    expect(result.diagnostics).toEqual([said]);
  });
});

describe('alternatives', () => {
  it('takes the first that fits and records what refused the others', () => {
    const taken = segment('first', { memorySize: big, placements: [{ at: 0x1000000n }] });
    const submission = linked(planOf([taken, kernel]));
    expect(startOf(submission, 'kernel')).toBe(0x200000n);
    const piece = segmentOf(submission, 'kernel').pieces[0];
    expect(piece?.search).toEqual([
      { wanted: 'at 0x1000000', refused: [{ start: 0x1000000n, end: 0x1200000n, reason: 'taken by first' }] },
      {
        wanted: 'anywhere, aligned to 0x200000, from the bottom',
        chosen: 0x200000n,
        refused: [{ start: 0x1000n, end: 0x9f000n, reason: '0x9e000 bytes, 0x200000 needed' }],
      },
    ]);
  });

  it('places what can be at one address only before what can give way', () => {
    const low = segment('low', {
      placements: [{ ...anywhere, within: range(0x1000n, 0x3000n) }],
      memorySize: 0x1001n - 0x800n,
    });
    const fixed = segment('fixed', { placements: [{ at: 0x1000n }] });
    const submission = linked(planOf([low, fixed]));
    expect([startOf(submission, 'fixed'), startOf(submission, 'low')]).toEqual([0x1000n, 0x2000n]);
  });

  it('puts a segment entirely above another one', () => {
    const above: Placement = { ...anywhere, above: 'kernel' };
    const submission = linked(planOf([kernel, segment('params', { placements: [above] })]));
    expect(startOf(submission, 'params')).toBe(0x1200000n);
  });

  it.each<[string, Parameters<typeof planOf>[0][number]['placements'], string]>([
    ['a reserved range', [{ at: 0x7fdf000n }], '0x7fe0000-0x7fe1000 (the firmware says: reserved)'],
    ['a hole in the map', [{ at: 0xa0000n }], '0xa0000-0xa2000 (not in usable RAM)'],
    [
      'memory that the image writes at entry',
      [{ at: 0x8f000n }],
      '0x90000-0x91000 (the image writes here at entry)',
    ],
    ['memory beyond the policy', [{ at: 0x6000000n }], '(outside the memory that the policy allows)'],
  ])('says what is in the way: %s', (_, placements, words) => {
    const wide = segment('wide', { placements, memorySize: 0x2000n });
    const result = refused(planOf([wide], { clobbers: [range(0x90000n, 0x90010n)] }), {
      policy: {
        efi: true,
        video: 'auto',
        console: {},
        memory: range(
          0x1000n,
          0x6000000n + (placements.some((each) => 'at' in each && each.at === 0x6000000n) ? 0n : 1n << 40n),
        ),
      },
    });
    expect(result.diagnostics[0].code).toBe('LINK_NO_PLACE');
    expect(result.diagnostics[0].found).toContain(words);
  });

  it('refuses an image that is linked in page 0', () => {
    const result = refused(planOf([segment('boot', { placements: [{ at: 0x500n }] })]));
    expect(result.diagnostics[0]).toMatchObject({
      code: 'LINK_PAGE_ZERO',
      message: expect.stringContaining('boot') as string,
    });
  });

  it('never uses page 0 even when a machine says that it is free', () => {
    const machine = machineOf([range(0n, 0x100000n)]);
    const submission = linked(planOf([segment('a')]), { machine });
    expect(startOf(submission, 'a')).toBe(0x1000n);
    expect(
      refused(planOf([segment('a', { placements: [{ at: 0n }] })]), { machine }).diagnostics[0].code,
    ).toBe('LINK_PAGE_ZERO');
  });

  it('has every hole that refused a segment as data, whatever the number', () => {
    const holes = Array.from({ length: 300 }, (_, i) =>
      range(BigInt(i) * 0x10000n + 0x1000n, BigInt(i) * 0x10000n + 0x9000n),
    );
    const result = refused(planOf([kernel]), { machine: machineOf(holes) });
    expect(result.search?.segments).toEqual(['kernel']);
    expect(result.search?.attempts[1]?.refused).toHaveLength(300);
    expect(result.diagnostics[0].found).toContain('and 260 more');
  });
});

describe('groups', () => {
  const member = (id: string, offset: bigint, memorySize = 0x1000n) =>
    segment(id, { memorySize, placements: [{ group: 'g', offset }] });

  it('move as one, by the first alternative that fits as a whole', () => {
    const groups = [
      {
        id: 'g',
        placements: [
          { at: 0x7fdf000n },
          { ...anywhere, align: 0x200000n, within: range(0x100000n, 1n << 32n) },
        ],
      },
    ];
    const submission = linked(planOf([member('text', 0n), member('data', 0x3000n)], { groups }));
    expect([startOf(submission, 'text'), startOf(submission, 'data')]).toEqual([0x200000n, 0x203000n]);
  });

  it('may lie around what is not theirs', () => {
    const groups = [{ id: 'g', placements: [{ at: 0x9e000n }] }];
    const submission = linked(planOf([member('low', 0n), member('high', 0x62000n)], { groups }));
    expect([startOf(submission, 'low'), startOf(submission, 'high')]).toEqual([0x9e000n, 0x100000n]);
    const moving = [
      { id: 'g', placements: [{ ...anywhere, from: 'bottom' as const, within: range(0x90000n, 1n << 32n) }] },
    ];
    const moved = linked(planOf([member('low', 0n, 0x8000n), member('high', 0x70000n)], { groups: moving }));
    expect([startOf(moved, 'low'), startOf(moved, 'high')]).toEqual([0x90000n, 0x100000n]);
  });

  it('are loaded as one segment where their members share a page', () => {
    const groups = [{ id: 'g', placements: [{ at: 0x100000n }] }];
    const submission = linked(planOf([member('a', 0x10n, 0x100n), member('b', 0x210n, 0x100n)], { groups }));
    expect(segmentOf(submission, 'a')).toBe(segmentOf(submission, 'b'));
    const memory = memoryImage(submission, new Map());
    expect(memory(0x100010n, 64n)).toEqual(
      (segment('a').parts as readonly { bytes: Uint8Array }[])[0]?.bytes,
    );
    expect(memory(0x100050n, 0x1c0n)).toEqual(new Uint8Array(0x1c0));
    expect(memory(0x100210n, 64n)).toEqual(
      (segment('b').parts as readonly { bytes: Uint8Array }[])[0]?.bytes,
    );
  });
});

describe('packing', () => {
  it('puts small segments into one, each at its alignment, the zero tail last', () => {
    const tail = segment('tail', { memorySize: 0x3000n });
    const odd = segment('odd', { parts: [{ bytes: fill(65, 0) }], memorySize: 65n });
    const aligned = segment('aligned', { placements: [{ ...anywhere, align: 0x100n }] });
    const submission = linked(planOf([tail, odd, aligned]));
    const { start, memorySize, pieces, parts } = segmentOf(submission, 'tail');
    expect(pieces.map(({ id, start: at }) => [id, at - start])).toEqual([
      ['odd', 0n],
      ['aligned', 0x100n],
      ['tail', 0x140n],
    ]);
    expect(memorySize).toBe(0x4000n);
    expect(parts.map((part) => Object.keys(part)[0])).toEqual(['bytes', 'zeros', 'bytes', 'bytes']);
  });

  it('packs what differs in its bounds within what they have in common', () => {
    const low = segment('low', { placements: [{ within: range(0n, 0x80000n), align: 16n, from: 'top' }] });
    const high = segment('high', {
      placements: [{ within: range(0x40000n, 1n << 32n), align: 16n, from: 'top' }],
    });
    const { start, pieces } = segmentOf(linked(planOf([low, high])), 'low');
    expect(pieces).toHaveLength(2);
    expect(start).toBe(0x7f000n);
  });

  it('unpacks what fits one by one only', () => {
    const machine = machineOf([
      range(0x1000n, 0x2000n),
      range(0x3000n, 0x4000n),
      range(0x100000n, 0x200000n),
    ]);
    const placements = [{ ...anywhere, within: range(0n, 0x80000n) }];
    const page = (id: string) =>
      segment(id, { parts: [{ bytes: fill(4096, 1) }], memorySize: 4096n, placements });
    const submission = linked(planOf([page('a'), page('b')]), { machine });
    expect([startOf(submission, 'a'), startOf(submission, 'b')]).toEqual([0x1000n, 0x3000n]);
  });

  it('keeps apart what is fixed, what looks from the other end, and two zero tails', () => {
    const segments = [
      segment('bottom'),
      segment('top', { placements: [{ ...anywhere, from: 'top' }] }),
      segment('fixed', { placements: [{ at: 0x100000n }] }),
      segment('tail', { memorySize: 0x1000n }),
      segment('tail2', { memorySize: 0x1000n }),
    ];
    const groups = linked(planOf(segments)).segments.map(({ pieces }) =>
      pieces.map(({ id }) => id).join('+'),
    );
    expect(groups.sort()).toEqual(['bottom+tail', 'fixed', 'purgatory', 'tail2', 'top']);
  });
});

describe('limits', () => {
  it('counts segments, purgatory and mappings', () => {
    const six = Array.from({ length: 6 }, (_, i) => segment(`s${i}`, { memorySize: 0x20000n }));
    expect(linked(planOf(six), { target: { ...target, maxSegments: 7 } }).segments).toHaveLength(7);
    const [problem] = refused(planOf(six), { target: { ...target, maxSegments: 6 } }).diagnostics;
    expect(problem).toMatchObject({ code: 'LINK_TOO_MANY_SEGMENTS', found: '7', expected: 'at most 6' });
    const strict = { ...target, maps: 'segments' as const, maxSegments: 7 };
    const [more] = refused(planOf(six, { mappings: [range(0xb8000n, 0xb9000n)] }), {
      target: strict,
    }).diagnostics;
    expect(more.message).toBe('7 segments and 1 mappings are needed, and linux-x86_64 takes 7');
  });

  it('gives mappings without what the segments cover', () => {
    const strict = { ...target, maps: 'segments' as const };
    const { mappings } = linked(
      planOf([segment('a', { placements: [{ at: 0x2000n }] })], { mappings: [range(0x400n, 0xa0000n)] }),
      { target: strict },
    );
    expect(mappings).toEqual([range(0n, 0x2000n), range(0x3000n, 0xa0000n)]);
  });

  it('says so when the running kernel does not map what the image needs', () => {
    const result = refused(
      planOf([kernel], { mappings: [range(0xb8000n, 0xb9000n), range(0xfee00000n, 0xfee01000n)] }),
    );
    expect(result.diagnostics[0]).toMatchObject({
      code: 'LINK_MAPPING_UNREACHABLE',
      found: '0xfee00000-0xfee01000',
    });
  });

  it('keeps everything below the end that the target can address', () => {
    const low = { ...target, addressEnd: 0x900000n };
    const submission = linked(planOf([segment('a', { placements: [{ ...anywhere, from: 'top' }] })]), {
      target: low,
    });
    expect(submission.segments.every(({ start, memorySize }) => start + memorySize <= 0x900000n)).toBe(true);
  });

  it('places a crash kernel in its region alone', () => {
    const machine = { ...q35, crashKernel: [range(0x4000000n, 0x5000000n)] };
    const submission = linked(
      planOf([kernel, segment('params')].map((each) => ({ ...each, placements: [anywhere] }))),
      { machine, purpose: 'crash' },
    );
    expect(
      submission.segments.every(
        ({ start, memorySize }) => start >= 0x4000000n && start + memorySize <= 0x5000000n,
      ),
    ).toBe(true);
    expect(submission.map).toMatchObject({ crashKernel: machine.crashKernel });
    expect(refused(planOf([kernel]), { purpose: 'crash' }).diagnostics[0].code).toBe('LINK_NO_RAM');
  });

  describe('a crash kernel', () => {
    const high = { ...anywhere, from: 'top' } as const;
    const crashing = (crashKernel: Range[]) =>
      ({ machine: { ...q35, crashKernel }, purpose: 'crash' }) as const;
    const plan = planOf([segment('kernel', { placements: [high] })]);

    it('leaves a MiB and a page for each GiB of memory to the running kernel', () => {
      const submission = linked(plan, crashing([range(0x4000000n, 0x5000000n)]));
      const { start = 0n, memorySize = 0n } = submission.segments.at(-1) ?? {};
      expect(start + memorySize).toBe(0x5000000n - 0x100000n - 0x1000n);
    });

    it('leaves more where more memory has to be mapped', () => {
      const told = [...q35.told, { ...range(1n << 32n, 9n << 30n), kind: 'ram' as const }];
      const machine = { ...q35, told, crashKernel: [range(0x4000000n, 0x5000000n)] };
      const { start = 0n, memorySize = 0n } =
        linked(plan, { machine, purpose: 'crash' }).segments.at(-1) ?? {};
      expect(start + memorySize).toBe(0x5000000n - 0x100000n - 9n * 0x1000n);
    });

    it('lies in the highest of several regions, and is not told to lie elsewhere', () => {
      const regions = [range(0x1000000n, 0x3000000n), range(0x4000000n, 0x5000000n)];
      const { segments } = linked(plan, crashing(regions));
      expect(segments.every(({ start }) => start >= 0x4000000n)).toBe(true);
      const fixed = planOf([segment('kernel', { placements: [{ at: 0x1000000n }] })]);
      expect(refused(fixed, crashing(regions)).diagnostics[0]).toMatchObject({
        code: 'LINK_NO_PLACE',
        found: expect.stringContaining('outside the region reserved for a crash kernel') as string,
      });
    });

    it('says whom the memory is left to that it does not get', () => {
      const fixed = planOf([segment('kernel', { placements: [{ at: 0x4f80000n }] })]);
      expect(refused(fixed, crashing([range(0x4000000n, 0x5000000n)])).diagnostics[0]).toMatchObject({
        code: 'LINK_NO_PLACE',
        found: expect.stringContaining('left for the control pages of the running kernel') as string,
      });
    });

    it('finds no place in a region that is not larger than what is left', () => {
      for (const end of [0x4001000n, 0x4100000n, 0x4101000n])
        expect(refused(plan, crashing([range(0x4000000n, end)])).diagnostics[0]).toMatchObject({
          code: 'LINK_NO_RAM',
          found: `0x4000000-0x${end.toString(16)}`,
        });
    });
  });

  it('refuses a map without RAM, a state that purgatory cannot reach, and an entry outside', () => {
    expect(refused(planOf([kernel]), { machine: machineOf([]) }).diagnostics[0].code).toBe('LINK_NO_RAM');
    const from32 = refused(planOf([kernel]), { target: i386 });
    expect(from32.diagnostics[0]).toMatchObject({
      code: 'LINK_HANDOFF_UNSUPPORTED',
      expected: 'protected32 to protected32 or real16',
    });
    expect(from32.diagnostics[0].message).toMatch(/protected32.*linux-i386.*long64/);
    const outside = planOf([kernel], {
      handoff: { mode: 'long64', entry: addressOf('kernel', big), registers: {} },
    });
    expect(refused(outside).diagnostics[0]).toMatchObject({ code: 'LINK_ENTRY_OUTSIDE', found: '0x1200000' });
  });
});

describe('an image that is entered in a narrower mode', () => {
  const enter = (mode: 'protected32' | 'real16', change: Partial<Plan['handoff']> = {}) =>
    ({ mode, entry: addressOf('kernel'), registers: {}, ...change }) as Plan['handoff'];
  const at = (address: bigint) => segment('kernel', { placements: [{ at: address }] });
  const large = machineOf([range(0x1000n, 0x9f000n), range(0x100000n, 1n << 33n)]);

  it.each([
    ['linux-x86_64', target, 'protected32', 1n << 32n],
    ['linux-x86_64', target, 'real16', 0x9f000n],
    ['linux-i386', i386, 'protected32', 1n << 32n],
    ['linux-i386', i386, 'real16', 0x9f000n],
  ] as const)('from %s has purgatory as high as %s, %s allows', (_, from, mode, end) => {
    const submission = linked(planOf([at(0x8000n)], { handoff: enter(mode, { entry: constant(0x8000n) }) }), {
      machine: large,
      target: from,
    });
    const { start, memorySize, pieces } = segmentOf(submission, 'purgatory');
    expect(start + memorySize).toBe(end);
    expect(pieces[0]?.why).toMatch(/runs below/);
    const memory = memoryImage(submission, new Map());
    const { blob } = layoutOf(from.handoff, mode, { regions: 1, pokes: 0 });
    expect(memory(start, BigInt(blob.length))).toEqual(blob);
  });

  it('is refused when purgatory finds no place there', () => {
    const machine = machineOf([range(0x100000n, 0x200000n)]);
    const result = refused(
      planOf([at(0x100000n)], {
        handoff: enter('real16', { registers: { cs: constant(0xffffn) } }),
      }),
      { machine },
    );
    expect(result.diagnostics[0]).toMatchObject({ code: 'LINK_NO_PLACE', at: { field: 'purgatory' } });
    expect(result.diagnostics[0].expected).toContain('within 0x1000-0xa0000');
  });

  const wide = (value: bigint) => ({ registers: { esi: constant(value) } });
  const cs = (value: bigint) => ({ registers: { cs: constant(value) } });

  it.each<[string, Plan['handoff'], bigint, string, string]>([
    ['an entry at 4 GiB', enter('protected32'), 1n << 32n, 'handoff.entry', 'u32'],
    ['a register of 33 bits', enter('protected32', wide(1n << 32n)), 0x8000n, 'handoff.registers.esi', 'u32'],
    [
      'a selector of 17 bits',
      enter('real16', cs(0x10000n)),
      0x8000n,
      'handoff.entry - 16 * handoff.registers.cs',
      'u16',
    ],
    [
      'a real-mode stack at 64 KiB',
      enter('real16', { registers: { sp: constant(0x10000n) } }),
      0x8000n,
      'handoff.registers.sp',
      'u16',
    ],
    [
      'an entry below its segment',
      enter('real16', cs(0x801n)),
      0x8000n,
      'handoff.entry - 16 * handoff.registers.cs',
      'u16',
    ],
    [
      'an entry 64 KiB into its segment',
      enter('real16', cs(0x1000n)),
      0x20000n,
      'handoff.entry - 16 * handoff.registers.cs',
      'u16',
    ],
  ])('is refused with %s', (_, handoff, start, field, expected) => {
    const [problem] = refused(planOf([at(start)], { handoff }), { machine: large }).diagnostics;
    expect(problem).toMatchObject({ code: 'LINK_VALUE_OVERFLOW', at: { field }, expected });
  });

  it.each([
    ['behind', 0x1000n, 0x20000n, '0x10000'],
    ['in front of', 0x801n, 0x8000n, '-0x10'],
  ])('is refused with how far its entry lies %s the base of its segment', (_, selector, start, found) => {
    const handoff = enter('real16', cs(selector));
    expect(refused(planOf([at(start)], { handoff }), { machine: large }).diagnostics[0].found).toBe(found);
  });

  it('is entered at the last byte of its real-mode segment, and with the largest 32-bit values', () => {
    linked(
      planOf([at(0x1f000n)], {
        handoff: enter('real16', { entry: constant(0x1f00fn), ...cs(0xf01n) }),
      }),
      { machine: large },
    );
    linked(planOf([at(0x8000n)], { handoff: enter('protected32', wide(0xffff_ffffn)) }), { machine: large });
  });
});

describe('a running i386 kernel', () => {
  const low = planOf([segment('kernel', { placements: [{ at: 0x100000n }] })], {
    handoff: { mode: 'protected32', entry: constant(0x100000n), registers: {} },
  });
  const large = machineOf([range(0x1000n, 0x9f000n), range(0x100000n, 1n << 33n)]);
  const beyond = { ...i386, addressEnd: 1n << 52n };

  it('gets nothing placed that its purgatory could not verify, and is told why', () => {
    const above: Placement = { ...anywhere, within: range(1n << 32n, 1n << 33n) };
    const { segments, handoff } = low;
    const plan = { handoff, segments: [...segments, segment('initrd', { placements: [{ at: 1n << 32n }] })] };
    const result = refused(plan, { machine: large, target: beyond });
    expect(result.diagnostics[0].code).toBe('LINK_NO_PLACE');
    expect(result.diagnostics[0].found).toContain('hands over in protected32 mode, which reaches no further');
    const searched = { handoff, segments: [...segments, segment('initrd', { placements: [above] })] };
    expect(refused(searched, { machine: large, target: beyond }).diagnostics[0].code).toBe('LINK_NO_PLACE');
  });

  it('pokes below 4 GiB only', () => {
    const pokes = (at: bigint) => [{ at, value: Uint8Array.of(1, 2) }];
    linked({ ...low, pokes: pokes((1n << 32n) - 2n) }, { machine: large, target: i386 });
    const [problem] = refused(
      { ...low, pokes: pokes((1n << 32n) - 1n) },
      { machine: large, target: i386 },
    ).diagnostics;
    expect(problem).toMatchObject({ code: 'LINK_VALUE_OVERFLOW', at: { field: 'pokes[0].at' } });
  });

  it('needs no mapping below 4 GiB, and has none above', () => {
    const strict = { ...i386, maps: 'segments' as const };
    const mapped = { ...low, mappings: [range(0xb8000n, 0xb9000n), range(0xfee00000n, 0xfee01000n)] };
    expect(linked(mapped, { target: strict }).mappings).toEqual([]);
    const above = refused({ ...low, mappings: [range(1n << 32n, (1n << 32n) + 1n)] }, { target: strict });
    expect(above.diagnostics[0]).toMatchObject({
      code: 'LINK_MAPPING_UNREACHABLE',
      expected: 'below 0x100000000',
    });
  });
});

describe('regions', () => {
  const first = sourceOf('initrd.0', fill(1001, 1));
  const second = sourceOf('initrd.1', fill(500, 2));
  const whole = ({ id, size }: { id: string; size: number }): Part => ({
    source: id,
    offset: 0,
    length: size,
  });
  const initrd = segment('initrd', {
    parts: [whole(first), { zeros: 3n }, whole(second), { zeros: 5000n }],
    memorySize: 0x20000n,
  });
  const sources = new Map([first, second].map((each) => [each.id, withoutBytes(each)]));

  it('reuse the digest of a source that is taken whole, without its bytes', () => {
    const { checked } = linked(planOf([initrd]), { sources });
    expect(checked.map(({ name, length, sha256: digest }) => [name, length, digest])).toEqual([
      ['initrd[0]', 1001n, first.sha256],
      ['initrd padding[0]', 3n, sha256(new Uint8Array(3))],
      ['initrd[1]', 500n, second.sha256],
    ]);
  });

  it('hash slices together with their neighbours, from bytes at hand', () => {
    const slice = segment('k', {
      parts: [
        { bytes: fill(3, 9) },
        { source: first.id, offset: 10, length: 20 },
        { zeros: 7n },
        { bytes: fill(1, 5) },
      ],
      memorySize: 31n,
    });
    const { checked } = linked(planOf([slice]), { sources: new Map([[first.id, first]]) });
    const content = Buffer.concat([fill(3, 9), first.bytes.subarray(10, 30), new Uint8Array(7), fill(1, 5)]);
    expect(checked.map(({ name, length, sha256: digest }) => [name, length, digest])).toEqual([
      ['k', 31n, sha256(content)],
    ]);
    const [problem] = refused(planOf([slice]), { sources }).diagnostics;
    expect(problem).toMatchObject({
      code: 'LINK_SOURCE_NOT_AT_HAND',
      at: { source: 'initrd.0', field: 'k' },
    });
  });

  it('leave out fresh bytes and what is not to be checked', () => {
    const seed = segment('seed', {
      parts: [{ bytes: fill(16, 1) }, { fresh: 32 }, { bytes: fill(8, 2) }],
      memorySize: 56n,
    });
    const live = segment('live', { checked: false });
    const { checked } = linked(planOf([seed, live]));
    expect(checked.map(({ name, length }) => [name, length])).toEqual([
      ['seed[0]', 16n],
      ['seed[1]', 8n],
    ]);
  });

  it('cover deferred content as it was finished', () => {
    const map = segment('map', { parts: { deferred: { maximum: 100 } }, memorySize: 200n });
    const made = fill(60, 3);
    const { checked } = linked(planOf([kernel, map]), {
      finish: (layout) => {
        expect(layout.get('kernel')).toEqual({ start: 0x1000000n, memorySize: big });
        expect([...layout.keys()]).toEqual(['kernel', 'map']);
        return { ok: true, value: new Map([['map', made]]), diagnostics: [] };
      },
    });
    expect(checked.find(({ name }) => name === 'map')).toMatchObject({ length: 60n, sha256: sha256(made) });
  });
});

describe('codes', () => {
  it('have a cause and a cure, one sentence each', () => {
    for (const { cause, cure } of Object.values(linkCodes)) {
      expect(cause).toMatch(/^[A-Z].*\.$/);
      expect(cure).toMatch(/^[A-Z].*\.$/);
    }
  });
});

describe('what purgatory does besides', () => {
  const backup = segment('backup', { parts: [], memorySize: 0xa0000n });
  const copies = [{ from: range(0n, 0xa0000n), to: 'backup' }];
  const parametersOf = (submission: ReturnType<typeof linked>) => {
    const { start } = segmentOf(submission, 'purgatory');
    const { parametersOffset, parametersSize } = layoutOf('long64', 'long64', {
      regions: submission.checked.length,
      pokes: 0,
      copies: copies.length,
    });
    const memory = memoryImage(submission, new Map());
    return parse(ParameterBlock, memory(start + BigInt(parametersOffset), BigInt(parametersSize)));
  };

  it('is to copy what the plan wants copied, to where that went', () => {
    const submission = linked(planOf([kernel, backup], { copies }));
    expect(parametersOf(submission).copies).toMatchObject([
      { from: 0n, to: startOf(submission, 'backup'), length: 0xa0000n },
    ]);
    expect(submission.checked.map(({ name }) => name)).toEqual(['kernel']);
  });

  it('is done before anything that is copied from could be overwritten: nothing is placed there', () => {
    const low = segment('low', { placements: [{ at: 0x2000n }] });
    const { diagnostics } = refused(planOf([low, backup], { copies }));
    expect(JSON.stringify(diagnostics)).toContain('purgatory copies what is here now');
  });

  it('is mapped, or refused: what it copies, and the screen on which it writes', () => {
    const strict = { ...target, maps: 'segments' } as const;
    const { policy } = inputOf(planOf([kernel]));
    const mapped = (change: Partial<typeof policy>, more = {}) =>
      linked(planOf([kernel, backup], more), { target: strict, policy: { ...policy, ...change } }).mappings;
    expect(mapped({}, { copies })).toEqual([range(0n, 0xa0000n)]);
    expect(mapped({ resetVga: true })).toEqual([range(0xa0000n, 0xc0000n)]);
    expect(mapped({ console: { vga: true } })).toEqual([range(0xa0000n, 0xc0000n)]);
    expect(mapped({ resetPic: true })).toEqual([]);
    const far = [{ from: range(1n << 40n, (1n << 40n) + 8n), to: 'backup' }];
    expect(refused(planOf([kernel, backup], { copies: far })).diagnostics[0].code).toBe(
      'LINK_MAPPING_UNREACHABLE',
    );
  });

  it('is told to it: the jobs, the console, and where its last words go', () => {
    const words = segment('words', { memorySize: 0x1000n });
    const plan = planOf([kernel, words, backup], { copies, lastWords: { segment: 'words', offset: 64n } });
    const { policy } = inputOf(plan);
    const console = { vga: true, serial: { port: 0x2f8, baud: 9600 }, verbose: true };
    const submission = linked(plan, { policy: { ...policy, resetVga: true, resetPic: true, console } });
    expect(parametersOf(submission)).toMatchObject({
      ...{ jobs: 3, console: 7, serial_port: 0x2f8, serial_divisor: 12 },
      last_words: startOf(submission, 'words') + 64n,
    });
    expect(submission.checked.map(({ name, length }) => [name, length])).toContainEqual(['words', 64n]);
  });

  it.each([
    ['neither', {}, 0],
    ['the screen', { resetVga: true }, 1],
    ['the interrupt controllers', { resetPic: true }, 2],
  ])('resets what the policy wants reset, and nothing else: %s', (_, change, jobs) => {
    const { policy } = inputOf(planOf([kernel]));
    const submission = linked(planOf([kernel, backup], { copies }), { policy: { ...policy, ...change } });
    expect(parametersOf(submission).jobs).toBe(jobs);
  });

  it('leaves last words below 4 GiB on the way to the narrower modes', () => {
    const high = segment('words', { memorySize: 0x1000n, placements: [{ at: 1n << 32n }] });
    const handoff = { mode: 'protected32', entry: addressOf('kernel'), registers: {} } as const;
    const plan = planOf([kernel, high], { handoff, lastWords: { segment: 'words', offset: 64n } });
    expect(refused(plan, { machine: machineOf([range(0x1000n, 6n << 30n)]) }).diagnostics[0]).toMatchObject({
      code: 'LINK_VALUE_OVERFLOW',
      at: { field: 'lastWords' },
    });
  });
});
