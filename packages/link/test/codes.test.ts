import { range, type Attempt, type Diagnostic, type Target } from '@kexec-kit/loader-api';
import { describe, expect, it } from 'vitest';
import * as codes from '../src/codes.js';
import type { Unit } from '../src/pack.js';
import { i386, inputOf, planOf, q35, segment, target } from './inputs.js';

const loader = { name: 'flat', version: '1.2.3' };
const wrong = { field: 'segments[0].id', found: 'what', expected: 'wanted' };
const WRONG = ['loader flat 1.2.3', 'segments[0].id', 'what'];
const hole = { ...range(0x1000n, 0x3000n), reason: 'reasons' };
const unit: Unit = {
  kind: 'packed',
  members: [
    { segment: segment('a'), offset: 0n },
    { segment: segment('b'), offset: 64n },
  ],
  placements: [],
};
const failing = (attempts: readonly Attempt[], change: Parameters<typeof inputOf>[1] = {}): Diagnostic =>
  codes.noPlace(unit, attempts, inputOf(planOf([]), change)).diagnostics[0];
const searched: Attempt = { wanted: 'below 0x4000', refused: [hole] };
const crashing = (crashKernel: readonly ReturnType<typeof range>[], own: Target = target) =>
  ({ machine: { ...q35, crashKernel }, purpose: 'crash', target: own }) as const;

/** What is made, its code, where it points, and the facts that people find in it. */
const made: readonly [() => Diagnostic, string, Diagnostic['at'], readonly string[]][] = [
  [() => codes.badValue(loader, wrong), 'LINK_BAD_PLAN_VALUE', { field: wrong.field }, [...WRONG, 'wanted']],
  [
    () => codes.badKind(loader, wrong, 7),
    'LINK_BAD_PLAN_KIND',
    { field: wrong.field },
    [...WRONG, 'wanted', 'version 7'],
  ],
  [
    () => codes.badReference(loader, wrong),
    'LINK_BAD_PLAN_REFERENCE',
    { field: wrong.field },
    [...WRONG, 'wanted'],
  ],
  [() => codes.duplicate(loader, wrong), 'LINK_BAD_PLAN_DUPLICATE', { field: wrong.field }, WRONG],
  [
    () => codes.badFinish(loader, 'map', '11 bytes', 'at most 10'),
    'LINK_BAD_PLAN_FINISH',
    { field: 'map' },
    ['loader flat 1.2.3', 'map', '11 bytes', 'at most 10'],
  ],
  [
    () => codes.handoffUnsupported(loader, target, 'real16'),
    'LINK_HANDOFF_UNSUPPORTED',
    { field: 'handoff.mode' },
    ['flat', 'linux-x86_64', 'long64 to real16', 'long64 or protected32 or real16'],
  ],
  [
    () => codes.handoffUnsupported(loader, i386, 'long64'),
    'LINK_HANDOFF_UNSUPPORTED',
    { field: 'handoff.mode' },
    ['flat', 'linux-i386', 'protected32 to long64', 'protected32 or real16'],
  ],
  [() => codes.noRam(inputOf(planOf([]))), 'LINK_NO_RAM', undefined, ['RAM']],
  [
    () => codes.noRam(inputOf(planOf([]), crashing([]))),
    'LINK_NO_RAM',
    undefined,
    ['no crash kernel region'],
  ],
  [
    () => codes.noRam(inputOf(planOf([]), crashing([range(0x4000000n, 0x4001000n)]))),
    'LINK_NO_RAM',
    undefined,
    ['0x4000000-0x4001000'],
  ],
  [
    () => failing([searched, { wanted: 'at 0x5000', refused: [] }]),
    'LINK_NO_PLACE',
    { field: 'a, b' },
    [
      'a, b',
      'a, b (0x80 bytes)',
      'below 0x4000:\n  0x1000-0x3000 (reasons)\nat 0x5000:\n  nothing',
      'below 0x4000, or at 0x5000',
    ],
  ],
  [
    () => failing([{ wanted: 'at 0x500', refused: [{ ...hole, ...range(0n, 0x1000n) }] }]),
    'LINK_PAGE_ZERO',
    { field: 'a, b' },
    ['a, b', 'page 0', '0x0-0x1000 (reasons)', 'at 0x500'],
  ],
  [
    () => codes.tooManySegments(17, 2, 16, 'linux-x86_64'),
    'LINK_TOO_MANY_SEGMENTS',
    undefined,
    ['17 segments', '2 mappings', 'linux-x86_64', '19', 'at most 16'],
  ],
  [
    () => codes.mappingUnreachable([range(0n, 1n), range(4n, 5n)], target),
    'LINK_MAPPING_UNREACHABLE',
    undefined,
    ['0x0-0x1, 0x4-0x5', 'linux-x86_64', 'RAM, or below 0x100000'],
  ],
  [
    () => codes.mappingUnreachable([range(1n << 32n, 1n << 33n)], i386),
    'LINK_MAPPING_UNREACHABLE',
    undefined,
    ['0x100000000-0x200000000', 'linux-i386', 'below 0x100000000'],
  ],
  [
    () => codes.entryOutside(loader, 0x1234n),
    'LINK_ENTRY_OUTSIDE',
    { field: 'handoff.entry' },
    ['loader flat 1.2.3', '0x1234'],
  ],
  [
    () => codes.valueOverflow('table at 0x8', '0x10000', 'u16'),
    'LINK_VALUE_OVERFLOW',
    { field: 'table at 0x8' },
    ['table at 0x8', '0x10000', 'u16'],
  ],
  [
    () => codes.sourceNotAtHand('initrd', 'file'),
    'LINK_SOURCE_NOT_AT_HAND',
    { source: 'file', field: 'initrd' },
    ['initrd', 'file'],
  ],
];

/** What people read: a sentence with every fact in it, none of its parts empty. */
describe('a diagnostic', () => {
  it.each(made.map((each) => [each[1], each] as const))(
    '%s says what, where, why and what helps',
    (code, [make, , at, facts]) => {
      const diagnostic = make();
      expect(diagnostic).toMatchObject({ code, severity: 'error' });
      expect(diagnostic.at).toEqual(at);
      const { message, found, expected, hint } = diagnostic;
      for (const fact of facts) expect([message, found, expected].join('\n')).toContain(fact);
      for (const words of [message, found, expected, hint]) expect(words).toMatch(/\w/);
      expect(message).not.toMatch(/\.$|undefined|\s$|^\s/);
      expect(hint).not.toMatch(/undefined|(version|of|by|into|in|:) *$/);
    },
  );

  it('is made of every code in the table, but for the one that refuses nothing', () => {
    const all = new Set([...made.map(([, code]) => code), 'LINK_MOVED']);
    expect(all).toEqual(new Set(Object.keys(codes.linkCodes)));
  });

  it('of a move says from where, to where and why, to whom it may concern', () => {
    const move = {
      segments: ['text', 'data'],
      from: range(0x1000n, 0x2000n),
      to: range(0x5000n, 0x6000n),
      refused: [hole, { ...hole, reason: 'others' }],
    };
    expect(codes.moved(move)).toMatchObject({
      ...{ code: 'LINK_MOVED', severity: 'info', at: { field: 'text, data' } },
      ...{ found: '0x5000-0x6000', expected: '0x1000-0x2000' },
      message: expect.stringMatching(/0x1000-0x3000 \(reasons\), 0x1000-0x3000 \(others\)$/) as string,
    });
  });

  it('of a mistake in a plan names the loader to report it to', () => {
    const all = [
      codes.badValue(loader, wrong),
      codes.badReference(loader, wrong),
      codes.duplicate(loader, wrong),
      codes.badFinish(loader, 'map', 'a', 'b'),
    ];
    for (const { hint } of all) expect(hint).toContain('flat');
    expect(codes.badKind(loader, wrong, 7).hint).toMatch(/version 7.*flat 1\.2\.3/);
  });
});

describe('a segment without a place', () => {
  const refusedAt = (start: bigint, end: bigint) => [{ ...hole, ...range(start, end) }];

  it.each<[string, readonly Attempt[]]>([
    ['could lie elsewhere', [{ wanted: 'at 0x500', refused: refusedAt(0n, 0x1000n) }, searched]],
    ['is searched for in a range', [{ wanted: 'anywhere', refused: refusedAt(0n, 0x1000n) }]],
    ['begins in the next page', [{ wanted: 'at 0x1000', refused: refusedAt(0x1000n, 0x2000n) }]],
    ['was not tried for', []],
  ])('is not one in page 0 if it %s', (_, attempts) => {
    expect(failing(attempts).code).toBe('LINK_NO_PLACE');
  });

  it('is one in page 0 if any of its pages is', () => {
    const refused = [...refusedAt(0x5000n, 0x6000n), ...refusedAt(0xfffn, 0x1000n)];
    expect(failing([{ wanted: 'at 0xfff', refused }]).code).toBe('LINK_PAGE_ZERO');
  });

  it.each([
    [40, false],
    [41, true],
  ])('has %d holes in words, and the number of the others: %s', (count, more) => {
    const refused = Array.from({ length: count }, () => hole);
    const { found } = failing([{ wanted: 'anywhere', refused }]);
    expect(found?.split('\n')).toHaveLength(1 + count);
    expect(found?.includes('and 1 more')).toBe(more);
  });

  it('hints at what helps: more memory, or a larger region, or one where the target ends', () => {
    const low = { ...target, addressEnd: 0x5000000n };
    const hints = [
      failing([searched]),
      failing([searched], crashing([])),
      failing([searched], crashing([range(0x4000000n, 0x5000000n)], low)),
      failing([searched], crashing([range(0x4000000n, 0x5000001n)], low)),
    ].map(({ hint }) => hint);
    expect(hints[0]).toContain('--mem-max');
    expect(hints[1]).toContain('crashkernel=');
    expect(hints[2]).toBe(hints[1]);
    expect(hints[3]).toMatch(/below 0x5000000.*linux-x86_64/);
  });
});
