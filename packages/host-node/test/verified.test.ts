import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hashing, readVerified, verifyRest, type Hashing } from '../src/verified.js';

const MIB = 1 << 20;
const planned = Uint8Array.from({ length: 2 * MIB + 99 }, (_, at) => (at * 13) ^ (at >> 7));
const size = planned.length;
const changed = { diagnostic: { code: 'SOURCE_CHANGED' } };

/** A file that another program has mapped: what it writes there changes no time. */
function mapped(): { readonly file: Uint8Array; readonly one: Hashing; readonly filled: () => number } {
  const file = planned.slice();
  let filled = 0;
  const one = hashing({
    source: { id: 'image', name: 'image', size, sha256: createHash('sha256').update(planned).digest('hex') },
    path: 'image',
    fill: (offset, into) => {
      into.set(file.subarray(offset, offset + into.length));
      filled += into.length;
      return Promise.resolve();
    },
  });
  return { file, one, filled: () => filled };
}

async function read(one: Hashing, offset: number, length: number): Promise<Uint8Array> {
  const into = new Uint8Array(length);
  await readVerified(one, offset, into);
  return into;
}

it('a byte that changed after it was hashed is never handed over', async () => {
  const { file, one } = mapped();
  await read(one, 0, 1000);
  file[10] = ~planned[10]!;
  await expect(read(one, 0, 1000)).rejects.toMatchObject(changed);
});

it('nor is one that was hashed on the way to something behind it', async () => {
  const { file, one } = mapped();
  await read(one, MIB, 1000);
  file[10] = ~planned[10]!;
  await expect(read(one, 0, 1000)).rejects.toMatchObject(changed);
});

it('a byte that was handed over and had changed before is found at the end, though it is as planned again', async () => {
  const { file, one } = mapped();
  file[10] = ~planned[10]!;
  await read(one, 0, 1000);
  file[10] = planned[10]!;
  expect(await read(one, 5, 10)).toEqual(planned.subarray(5, 15));
  await expect(verifyRest(one)).rejects.toMatchObject(changed);
});

it('in order, the file is read once; out of order, once more', async () => {
  const inOrder = mapped();
  for (let at = 0; at < size; at += MIB) await read(inOrder.one, at, Math.min(MIB, size - at));
  await verifyRest(inOrder.one);
  expect(inOrder.filled()).toBe(size);
  const outOfOrder = mapped();
  await read(outOfOrder.one, size - 100, 100);
  for (let at = 0; at < 1000; at += 10) await read(outOfOrder.one, at, 10);
  expect(outOfOrder.filled()).toBe(2 * size);
});

it('whatever is read in whatever order is as planned', async () => {
  const slices = fc.array(fc.tuple(fc.nat(size), fc.nat(2 * MIB)), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(slices, async (wanted) => {
      const { one } = mapped();
      for (const [from, most] of wanted) {
        const length = Math.min(most, size - from);
        const given = await read(one, from, length);
        expect(Buffer.compare(given, planned.subarray(from, from + length))).toBe(0);
      }
      await verifyRest(one);
    }),
    { numRuns: 20 },
  );
});
