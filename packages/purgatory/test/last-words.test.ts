import { LAST_WORDS_SIZE } from '@kexec-kit/loader-api';
import { fromHex } from '@kexec-kit/structures';
import { describe, expect, it } from 'vitest';
import { lastWordsCodes, readLastWords } from '@kexec-kit/purgatory';

/** A record as it lies in memory, by its offsets. */
function record(
  state: number,
  change: (view: DataView, bytes: Uint8Array) => void = () => undefined,
): Uint8Array {
  const bytes = new Uint8Array(LAST_WORDS_SIZE);
  bytes.set(new TextEncoder().encode('kkwords1'));
  const view = new DataView(bytes.buffer);
  view.setUint32(0x08, state, true);
  view.setUint32(0x0c, 2, true);
  view.setUint32(0x10, 5, true);
  view.setUint32(0x14, 3, true);
  view.setBigUint64(0x18, 1000n, true);
  change(view, bytes);
  return bytes;
}

describe('the last words', () => {
  it('of a hand-over that went well say when it got how far', () => {
    const bytes = record(0xe5, (view) => {
      view.setBigUint64(0x20, 2n ** 63n, true);
      view.setBigUint64(0x28, 2n ** 63n + 7n, true);
    });
    expect(readLastWords(bytes)).toEqual({
      ok: true,
      value: {
        ...{ state: 'jumped', version: 2, regions: 5, region: 3 },
        ...{ entered: 1000n, verified: 2n ** 63n, jumped: 2n ** 63n + 7n },
      },
      diagnostics: [],
    });
  });

  it('of a mismatch name what differs, with both digests', () => {
    const bytes = record(0xee, (_, all) => {
      all.set(new TextEncoder().encode('initrd[0]'), 0x30);
      all.fill(0xaa, 0x60, 0x80);
      all.fill(0xbb, 0x80, 0xa0);
    });
    expect(readLastWords(bytes)).toMatchObject({
      value: {
        state: 'mismatch',
        mismatch: { name: 'initrd[0]', expected: 'aa'.repeat(32), found: 'bb'.repeat(32) },
      },
    });
  });

  it.each([
    [0xe1, 'entered'],
    [0xe2, 'verifying'],
    [0xe3, 'verified'],
    [0xe4, 'switched'],
    [0xef, 'refused'],
  ])('with the state 0x%s are %s', (state, name) => {
    const read = readLastWords(
      record(state, (view) => {
        view.setUint32(0x14, 0xffffffff, true);
      }),
    );
    expect(read).toEqual({
      ok: true,
      value: { state: name, version: 2, regions: 5, entered: 1000n },
      diagnostics: [],
    });
  });

  it.each([
    ['nothing but zeros', new Uint8Array(LAST_WORDS_SIZE), 'LAST_WORDS_NONE'],
    ['nothing at all', new Uint8Array(), 'LAST_WORDS_NONE'],
    ['another magic', fromHex('6b6b776f72647332'.padEnd(320, '0')), 'LAST_WORDS_UNKNOWN'],
    ['a state that nobody knows', record(0xe6), 'LAST_WORDS_UNKNOWN'],
    ['a record that is cut off', record(0xe5).subarray(0, LAST_WORDS_SIZE - 1), 'LAST_WORDS_UNKNOWN'],
  ])('that are %s are refused by a code', (_, bytes, code) => {
    expect(readLastWords(bytes)).toMatchObject({ ok: false, diagnostics: [{ code }] });
    expect(lastWordsCodes).toHaveProperty(code);
  });

  it('are as long as the contract says', () => {
    expect(readLastWords(record(0xe5))).toMatchObject({ ok: true });
    expect(LAST_WORDS_SIZE).toBe(0xa0);
  });
});
