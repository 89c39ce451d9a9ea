import fc from 'fast-check';
import Imported from 'kaitai-struct/KaitaiStream.js';
import { describe, expect, it } from 'vitest';
import { CheckedStream } from '../src/index.js';

/** Kaitai's own runtime, whose typings know neither its module's shape nor that it takes a Uint8Array. */
type Stock = Readonly<Record<string, (...values: readonly unknown[]) => unknown>>;
const KaitaiStream = Imported as unknown as Stock & (new (bytes: Uint8Array) => Stock);
const Checked = CheckedStream as unknown as Stock;

const NUMBERS = [
  'U1',
  'S1',
  ...['U2', 'S2', 'U4', 'S4', 'F4', 'F8'].flatMap((type) => [`${type}le`, `${type}be`]),
];
const call = fc.oneof(
  fc.constantFrom(...NUMBERS).map((type) => ({ name: `read${type}`, values: [] as unknown[] })),
  fc.nat(6).map((length) => ({ name: 'readBytes', values: [length] as unknown[] })),
  // Both included and consumed, a terminator moves the stock stream by two bytes: stream.test.ts says what ours does.
  fc
    .tuple(fc.constantFrom(0, 7), fc.constantFrom([true, false], [false, true], [false, false]))
    .map(([terminator, how]) => ({
      name: 'readBytesTerm',
      values: [terminator, ...how, true] as unknown[],
    })),
);
const bits = (name: string) =>
  fc.integer({ min: 1, max: 32 }).map((count) => ({ name, values: [count] as unknown[] }));

/** Makes the same calls on both until the stock stream refuses one; ours must refuse it too. */
function compare(bytes: Uint8Array, calls: readonly { name: string; values: readonly unknown[] }[]) {
  const stock = new KaitaiStream(bytes);
  const ours = new CheckedStream(bytes, { structure: 'x', offset: 0 }) as unknown as Stock;
  for (const { name, values } of calls) {
    let expected: unknown;
    try {
      expected = stock[name]!(...values);
    } catch {
      expect(() => ours[name]!(...values)).toThrow();
      return;
    }
    expect(ours[name]!(...values)).toEqual(expected);
    expect([ours['pos'], ours['size'], ours['isEof']!()]).toEqual([
      stock['pos'],
      stock['size'],
      stock['isEof']!(),
    ]);
  }
}

describe('CheckedStream reads what Kaitai’s own stream reads, where that one is exact', () => {
  it.each([
    ['numbers and bytes', call],
    ['bit fields, highest first', bits('readBitsIntBe')],
    ['bit fields, lowest first', bits('readBitsIntLe')],
  ])('%s', (_, calls) => {
    const content = fc.uint8Array({ max: 0xff, maxLength: 40 });
    fc.assert(
      fc.property(content, fc.array(calls, { maxLength: 12 }), (bytes, all) => {
        compare(bytes, all);
      }),
      { numRuns: 500 },
    );
  });

  it('and cuts and compares bytes as it does', () => {
    const few = fc.uint8Array({ max: 3, maxLength: 5 });
    fc.assert(
      fc.property(few, few, fc.nat(3), fc.boolean(), (one, other, byte, include) => {
        const both = (name: string, ...values: unknown[]) => {
          expect(Checked[name]!(...values)).toEqual(KaitaiStream[name]!(...values));
        };
        both('bytesTerminate', one, byte, include);
        both('bytesStripRight', one, byte);
        both('bytesToStr', one, 'ASCII');
        expect(Math.sign(Checked['byteArrayCompare']!(one, other) as number)).toBe(
          Math.sign(KaitaiStream['byteArrayCompare']!(one, other) as number),
        );
        both('mod', byte - 2, 3);
      }),
    );
  });
});

it('takes a Buffer, and gives parts that are none', () => {
  const part = new CheckedStream(Buffer.from([1, 2, 3]), { structure: 'x', offset: 0 }).readBytes(2);
  expect(part.constructor).toBe(Uint8Array);
});
