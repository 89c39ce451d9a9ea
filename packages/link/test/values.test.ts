import { range } from '@kexec-kit/loader-api';
import { describe, expect, it } from 'vitest';
import {
  contextOf,
  isAddress,
  isCount,
  isId,
  isList,
  isObject,
  isRange,
  kind,
  shown,
  unique,
} from '../src/check-values.js';
import { inputOf, planOf, segment } from './inputs.js';

const END = 1n << 64n;
const context = contextOf(
  inputOf(planOf([segment('a'), segment('b')], { groups: [{ id: 'g', placements: [] }] })),
);

describe('of values that a plan may have', () => {
  it.each<[string, (found: unknown) => boolean, unknown[], unknown[]]>([
    ['an address', isAddress, [0n, END], [-1n, END + 1n, 0, '0', undefined]],
    ['a count', isCount, [0, 2 ** 53 - 1], [-1, 0.5, 2 ** 53, 0n, NaN, undefined]],
    ['an object', isObject, [{}, []], [null, undefined, 'x', 0, () => 0]],
    ['a list', isList, [[], [1]], [{}, 'x', undefined, { length: 1 }]],
    [
      'a range',
      isRange,
      [range(0n, 0n), range(1n, END)],
      [
        { start: 2n, end: 1n },
        { start: 1n },
        { end: 1n },
        { start: -1n, end: 0n },
        { start: 0n, end: END + 1n },
        5,
        null,
      ],
    ],
    [
      'a name',
      isId,
      ['!', '~', 'x'.repeat(31)],
      ['', 'x'.repeat(32), ' ', 'a b', '\x7f', 'a\n', 'é', 7, ['a']],
    ],
  ])('%s is known', (_, is, right, others) => {
    expect(right.filter((each) => !is(each))).toEqual([]);
    expect(others.filter((each) => is(each))).toEqual([]);
  });

  it.each<[unknown, string]>([
    [0x1000n, '0x1000'],
    ['a "b"', '"a \\"b\\""'],
    [[1, 2], 'a list of 2'],
    [() => 0, 'a function'],
    [undefined, 'undefined'],
    [null, 'null'],
    [1.5, '1.5'],
    [{ a: 1n, b: {}, c: [1], d: 'x' }, '{ a: 0x1, b: an object, c: an object, d: "x" }'],
    [range(0n, 16n), '{ start: 0x0, end: 0x10 }'],
  ])('%o is shown as %s', (found, words) => {
    expect(shown(found)).toBe(words);
  });

  it.each<[unknown, string]>([
    [{ compressed: 1, level: 2 }, 'compressed+level'],
    [{}, 'nothing'],
    ['far', '"far"'],
    [undefined, 'undefined'],
  ])('the kind of %o is %s', (found, words) => {
    expect(kind(context, 'x', found, ['near', 'far'])).toMatchObject({ found: words, expected: 'near, far' });
  });

  it('each name that was there before is one mistake', () => {
    const fields = [...unique(context, 'segments', ['a', 'b', 'a', 'c', 'b', 'a'])].map(({ at, found }) => [
      at?.field,
      found,
    ]);
    expect(fields).toEqual([
      ['segments[2].id', 'a'],
      ['segments[4].id', 'b'],
      ['segments[5].id', 'a'],
    ]);
  });

  it('a context has segments by their order, groups and sources, whatever the plan is', () => {
    expect([...context.order]).toEqual([
      ['a', 0],
      ['b', 1],
    ]);
    expect([...context.groups]).toEqual(['g']);
    expect(context.segments.map(({ id }) => id)).toEqual(['a', 'b']);
    const odd = { ...planOf([]), segments: 'many', groups: { id: 'g' } } as unknown as ReturnType<
      typeof planOf
    >;
    const nothing = contextOf(inputOf(odd));
    expect([nothing.segments, [...nothing.order], [...nothing.groups]]).toEqual([[], [], []]);
    const holes = { ...planOf([]), segments: [null, segment('a')], groups: [5, { id: 'g' }] };
    const rest = contextOf(inputOf(holes as unknown as ReturnType<typeof planOf>));
    expect([[...rest.order], [...rest.groups]]).toEqual([[['a', 0]], ['g']]);
  });
});
