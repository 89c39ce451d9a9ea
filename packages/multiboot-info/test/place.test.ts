import { range } from '@kexec-kit/loader-api';
import { describe, expect, test } from 'vitest';
import { besides, type Chunk, FOUR_GIB, LOWEST, type Movement, placeBody } from '../src/index.js';
import { bodyOf } from './kernels.js';

const body = bodyOf([
  [0x200800n, 0x201000n],
  [0x300000n, 0x304000n],
]);
const movement: Movement = { within: range(LOWEST, FOUR_GIB), align: 0x200000n, preference: 'none' };
const placements = (change: Partial<Movement>, own = body) =>
  placeBody(own, 'image', { ...movement, ...change }).groups[0]?.placements;

describe('an image', () => {
  test('that may not be moved goes where it was linked, chunk by chunk, without a group', () => {
    expect(placeBody(body, 'image', undefined)).toEqual({
      segments: [
        { id: 'load.0', parts: [], memorySize: 0x800n, placements: [{ at: 0x200800n }], why: 'code' },
        {
          id: 'load.1',
          parts: [{ source: 'image', offset: 0x100, length: 0x10 }],
          ...{ memorySize: 0x4000n, placements: [{ at: 0x300000n }], why: 'code' },
        },
      ],
      groups: [],
    });
  });

  test('that may be moved is one group, as far apart from each other as it was linked, from a page on', () => {
    const { segments, groups } = placeBody(body, 'image', movement);
    expect(segments.map((each) => each.placements)).toEqual([
      [{ group: 'image', offset: 0x800n }],
      [{ group: 'image', offset: 0x100000n }],
    ]);
    expect(segments.map(({ memorySize }) => memorySize)).toEqual([0x800n, 0x4000n]);
    expect(groups.map(({ id }) => id)).toEqual(['image']);
  });
});

describe('an image that may be moved', () => {
  const anywhere = { within: movement.within, align: 0x200000n, from: 'bottom' };

  test('stays where it was linked if it can, else it goes to the lowest place', () => {
    expect(placements({})).toEqual([{ at: 0x200000n }, anywhere]);
  });

  test.each<[string, Partial<Movement>]>([
    ['begins below its bounds', { within: range(0x200001n, FOUR_GIB) }],
    ['ends beyond its bounds', { within: range(LOWEST, 0x303fffn) }],
    ['is not aligned', { align: 0x400000n }],
  ])('does not stay where it %s', (_, change) => {
    expect(placements(change)).toEqual([{ ...anywhere, ...rest(change) }]);
  });

  test('stays at the very ends of its bounds', () => {
    const within = range(0x200000n, 0x304000n);
    expect(placements({ within })).toEqual([{ at: 0x200000n }, { ...anywhere, within }]);
  });

  test('is never less than a page from where it was linked, whatever its alignment', () => {
    expect(placements({ align: 1n, preference: 'low' })).toEqual([{ ...anywhere, align: 0x1000n }]);
  });

  test('goes where it prefers to be, though it could stay', () => {
    expect(placements({ preference: 'low' })).toEqual([anywhere]);
    expect(placements({ preference: 'high' })).toEqual([{ ...anywhere, from: 'top' }]);
  });
});

function rest({ within, align }: Partial<Movement>) {
  return { ...(within && { within }), ...(align && { align }) };
}

test('what goes with an image goes behind its last chunk, else anywhere from 1 MiB on below 4 GiB', () => {
  const window = { within: range(0x100000n, 1n << 32n), align: 8n, from: 'bottom' };
  expect(besides(body, 8n)).toEqual([{ ...window, above: 'load.1' }, window]);
  expect(besides({ ...body, chunks: [] }, 8n)).toEqual([window]);
  const [one, other] = body.chunks as [Chunk, Chunk];
  expect(besides({ ...body, chunks: [one] }, 8n)[0]).toMatchObject({ above: 'load.0' });
  expect(besides({ ...body, chunks: [one, one, other] }, 8n)[0]).toMatchObject({ above: 'load.1' });
});
