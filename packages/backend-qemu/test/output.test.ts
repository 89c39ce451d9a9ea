import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KEPT_OUTPUT, lastLineOf, Tail } from '../src/output.js';

const pieces = fc.array(fc.stringMatching(/^[ab]{0,4}$/), { maxLength: 12 });

describe('the tail of an output', () => {
  it('has seen a text exactly when it was printed, in however many pieces', () => {
    fc.assert(
      fc.property(pieces, fc.stringMatching(/^[ab]{1,5}$/), (chunks, wanted) => {
        const tail = new Tail(wanted);
        for (const chunk of chunks) tail.push(Buffer.from(chunk));
        expect(tail.seen).toBe(chunks.join('').includes(wanted));
        expect(tail.text).toBe(chunks.join(''));
      }),
    );
  });

  it('never sees a text that nobody looks for', () => {
    const tails = [new Tail(), new Tail('')];
    for (const tail of tails) tail.push(Buffer.from('anything'));
    expect(tails.map(({ seen }) => seen)).toEqual([false, false]);
  });

  it('stays bounded, keeps the end, and still finds what crosses the cut', () => {
    const tail = new Tail('needle');
    tail.push(Buffer.alloc(3 * KEPT_OUTPUT + 17, 'x'));
    tail.push(Buffer.from('nee'));
    tail.push(Buffer.alloc(0));
    expect(tail.seen).toBe(false);
    tail.push(Buffer.from('dle'));
    expect(tail.seen).toBe(true);
    expect(tail.text).toHaveLength(KEPT_OUTPUT);
    expect(tail.text.endsWith('xneedle')).toBe(true);
  });

  it('finds a text that is longer than a piece may be cut into', () => {
    const tail = new Tail('mark');
    tail.push(Buffer.from(`${'y'.repeat(KEPT_OUTPUT - 2)}mark`));
    expect(tail.seen).toBe(true);
  });
});

describe('the last line', () => {
  it.each([
    ['one\r\ntwo\r\n\r\n', 'two'],
    ['one\n  two', 'two'],
    ['', ''],
  ])('of %j is %j', (text, expected) => {
    expect(lastLineOf(text)).toBe(expected);
  });
});
