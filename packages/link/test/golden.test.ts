import { addressOf, constant, hex, range, type Plan } from '@kexec-kit/loader-api';
import { describe, expect, it } from 'vitest';
import { anywhere, linked, sourceOf } from './inputs.js';

/** A plan as a loader for a Linux-like image writes it, by hand: every kind of part, placement and relocation once. */
const plan: Plan = {
  segments: [
    {
      id: 'kernel',
      parts: [{ source: 'image', offset: 0x400, length: 0x5000 }],
      memorySize: 0x80000n,
      placements: [
        { at: 0x1000000n },
        { within: range(0x1000000n, 1n << 46n), align: 0x200000n, from: 'bottom' },
      ],
      why: 'prefers its link address, moves by 2 MiB',
    },
    {
      id: 'initrd',
      parts: [
        { source: 'initrd.0', offset: 0, length: 0x1801 },
        { zeros: 3n },
        { source: 'initrd.1', offset: 0, length: 0x900 },
      ],
      memorySize: 0x2104n,
      placements: [{ within: range(0n, 1n << 46n), align: 0x1000n, from: 'top', above: 'kernel' }],
    },
    {
      id: 'params',
      parts: [{ bytes: new Uint8Array(48) }],
      memorySize: 48n,
      placements: [anywhere],
      relocations: [
        { offset: 0, value: addressOf('initrd'), encoding: 'u64' },
        { offset: 8, value: { ...addressOf('kernel'), shift: 12 }, encoding: 'u32' },
        { offset: 16, value: addressOf('command-line'), encoding: 'hex16-text' },
        { offset: 47, checksum: 'sum8', over: { offset: 0, length: 48 } },
      ],
    },
    {
      id: 'command-line',
      parts: [{ bytes: new TextEncoder().encode('quiet\0') }],
      memorySize: 6n,
      placements: [anywhere],
    },
    {
      id: 'seed',
      parts: [{ bytes: Uint8Array.of(9, 0, 0, 0) }, { fresh: 32 }],
      memorySize: 36n,
      placements: [{ ...anywhere, align: 16n }],
    },
    {
      id: 'text',
      parts: [{ bytes: Uint8Array.of(0xf4) }],
      memorySize: 1n,
      placements: [{ group: 'elf', offset: 0n }],
    },
    {
      id: 'data',
      parts: [{ bytes: Uint8Array.of(1, 2, 3) }],
      memorySize: 0x3000n,
      placements: [{ group: 'elf', offset: 0x810n }],
      checked: false,
    },
  ],
  groups: [{ id: 'elf', placements: [{ at: 0x100000n }] }],
  handoff: {
    mode: 'long64',
    entry: addressOf('kernel', 0x200n),
    registers: { rsi: addressOf('params'), rbx: constant(0n) },
  },
  clobbers: [range(0x1000n, 0x10000n)],
  pokes: [{ at: 0x40en, value: constant(0x9fc0n), width: 2 }],
};

const bytes = (length: number, seed: number) => Uint8Array.from({ length }, (_, i) => (i * seed) & 0xff);

/** As a person reads it; what purgatory consists of is tested where it is made. */
function readable(submission: ReturnType<typeof linked>): string {
  const segments = submission.segments.map((each) =>
    each.pieces.some(({ id }) => id === 'purgatory') ? { ...each, parts: 'purgatory' } : each,
  );
  const replace = (_: string, value: unknown) =>
    typeof value === 'bigint'
      ? hex(value)
      : value instanceof Uint8Array
        ? Buffer.from(value).toString('hex')
        : value;
  return `${JSON.stringify({ ...submission, segments }, replace, 2)}\n`;
}

describe('the submission of a plan written by hand', () => {
  it('is what a person has reviewed', async () => {
    const sources = new Map(
      [
        sourceOf('image', bytes(0x6000, 3)),
        sourceOf('initrd.0', bytes(0x1801, 5)),
        sourceOf('initrd.1', bytes(0x900, 7)),
      ].map((source) => [source.id, source]),
    );
    await expect(readable(linked(plan, { sources }))).toMatchFileSnapshot('golden/hand-written.json');
  });
});
