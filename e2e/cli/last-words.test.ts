import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LAST_WORDS_SIZE } from '@kexec-kit/loader-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { madeUpSystem, type System } from './system.js';

let system: System;
beforeEach(() => {
  system = madeUpSystem();
});
afterEach(() => {
  system.remove();
});

const STATES = { entered: 0xe1, verifying: 0xe2, verified: 0xe3, switched: 0xe4, jumped: 0xe5 };
const ENDS = { mismatch: 0xee, refused: 0xef };

/** A record as purgatory writes it: 5 regions, the third in hand; 100 million cycles, of which 80 to verify. */
function record(state: keyof typeof STATES | keyof typeof ENDS, regions = 5): Uint8Array {
  const bytes = new Uint8Array(LAST_WORDS_SIZE);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode('kkwords1'));
  view.setUint32(0x08, { ...STATES, ...ENDS }[state], true);
  view.setUint32(0x0c, 2, true);
  view.setUint32(0x10, regions, true);
  view.setUint32(0x14, 2, true);
  view.setBigUint64(0x18, 1_000_000n, true);
  if (state === 'jumped') {
    view.setBigUint64(0x20, 81_000_000n, true);
    view.setBigUint64(0x28, 101_000_000n, true);
  }
  if (state === 'mismatch') {
    bytes.set(new TextEncoder().encode('initrd'), 0x30);
    bytes.fill(0xaa, 0x60, 0x80);
    bytes.fill(0xbb, 0x80, 0xa0);
  }
  return bytes;
}

/** Shows the record as Linux shows a setup_data node. */
function hand(data: Uint8Array, type = '0x6b6b\n'): void {
  const node = join(system.root, 'sys/kernel/boot_params/setup_data/1');
  mkdirSync(node, { recursive: true });
  writeFileSync(join(node, 'type'), type);
  writeFileSync(join(node, 'data'), data);
}

describe('kexec-kit last-words', () => {
  it.each([
    [
      'jumped',
      'The hand-over went well: 5 regions were verified, then this kernel was entered.\nIt took 100.0 million cycles, 80.0 million of them to verify.\n',
    ],
    ['switched', 'The hand-over stopped in 32-bit mode without paging: the next kernel was not entered.\n'],
    [
      'verified',
      'The hand-over stopped after 5 regions were verified, before the next kernel was entered.\n',
    ],
    ['verifying', 'The hand-over stopped while region 3 of 5 was being verified.\n'],
    ['entered', 'The hand-over stopped in purgatory, before anything was verified.\n'],
    [
      'mismatch',
      `The hand-over stopped: "initrd" was not what had been loaded.\n  expected ${'aa'.repeat(32)}\n  found    ${'bb'.repeat(32)}\n`,
    ],
    [
      'refused',
      'The hand-over stopped: purgatory was told what it cannot do. What that was it said on debugcon and on its console.\n',
    ],
  ] as const)('says in plain words how it went: %s', async (state, words) => {
    hand(record(state));
    const came = await system.kexecKit('last-words');
    expect(came).toMatchObject({ status: 0, stdout: words, stderr: '' });
  });

  it.each([
    [0, 'nothing was to be verified, and this kernel was entered.'],
    [1, '1 region was verified, then this kernel was entered.'],
  ])('counts %d regions as people do', async (regions, words) => {
    hand(record('jumped', regions));
    expect((await system.kexecKit('last-words')).stdout).toContain(words);
  });

  it('gives the record as JSON', async () => {
    hand(record('mismatch'));
    const { stdout } = await system.kexecKit('last-words', '--json');
    expect(JSON.parse(stdout)).toEqual({
      ok: true,
      record: {
        ...{ state: 'mismatch', version: 2, regions: 5, region: 2, entered: '0xf4240' },
        mismatch: { name: 'initrd', expected: 'aa'.repeat(32), found: 'bb'.repeat(32) },
      },
      diagnostics: [],
    });
  });

  it.each([
    [
      'no node of ours',
      () => {
        hand(record('jumped'), '0x9\n');
      },
      'CLI_NO_LAST_WORDS',
    ],
    [
      'a node that nobody wrote to',
      () => {
        hand(new Uint8Array(LAST_WORDS_SIZE));
      },
      'LAST_WORDS_NONE',
    ],
    [
      'a node of another make',
      () => {
        hand(Uint8Array.of(1, 2, 3));
      },
      'LAST_WORDS_UNKNOWN',
    ],
  ] as const)('refuses %s by a code that it can explain', async (_, prepare, code) => {
    prepare();
    expect(await system.kexecKit('last-words')).toMatchObject({ status: 1, stdout: '' });
    const { stdout } = await system.kexecKit('explain', code);
    expect(stdout).toContain('cure:');
  });
});
