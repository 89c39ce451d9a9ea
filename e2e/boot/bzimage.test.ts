import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import type { Guest } from '@kexec-kit/backend-qemu';
import type { GivenOptions } from '@kexec-kit/core';
import { image } from '../../tools/images.mjs';
import {
  memmapOf,
  noise,
  prepare,
  quietConsole,
  run,
  witnessOf,
  type Prepared,
  type Request,
} from './linux.js';

const MIB = 1n << 20n;
const GIB = 1n << 30n;

const I386 = 'linux-6.1-686-pae';
const small: Guest = { model: 'q35', memory: 256n * MIB };
const microvm: Guest = { model: 'microvm', memory: 256n * MIB };
const running32 = { architecture: 'i386' } as const;
const afterBios = { firmware: 'seabios' } as const;

let prepared: Prepared | undefined;
afterEach(async () => {
  await prepared?.close();
  prepared = undefined;
});

/** Boots, and holds what the kernel saw against the plan: command line, memory map, the digest of the initrd's file. */
async function bootAndCompare(
  request: Omit<Request, 'payloads' | 'busybox'>,
  content = noise(70_001),
): Promise<Prepared> {
  const busybox = request.kernel === I386 ? { busybox: (await image('busybox-i386')).path } : {};
  prepared = await prepare({ ...request, ...busybox, payloads: [{ 'file.bin': content }] });
  const result = await run(prepared);
  if (process.env['DBG']) console.log(JSON.stringify(result.output.slice(-3500)), result.outcome);
  const witness = witnessOf(result);
  expect(witness.cmdline).toBe(request.commandLine ?? quietConsole);
  expect(witness.memmap).toEqual(memmapOf(prepared.machine));
  const sha256 = createHash('sha256').update(content).digest('hex');
  expect(witness.sha256).toEqual({ '/payload/file.bin': sha256 });
  return prepared;
}

function placeOf({ submission }: Prepared, id: string): bigint | undefined {
  return submission.segments.flatMap(({ pieces }) => pieces).find((piece) => piece.id === id)?.start;
}

/** Every pair is tried by `npm run test:all`: each takes some seconds. */
const all = process.env['KEXEC_KIT_ALL'] === '1';

type Case = readonly [kernel: string, from: string, guest: Guest];

const by32: readonly Case[] = [
  ['linux-6.12-cloud', 'x86_64', small],
  [I386, 'i386', { ...small, ...running32 }],
];
const by32More: readonly Case[] = [
  ['linux-6.12-cloud', 'x86_64, five levels of paging', { ...microvm, paging: 5 }],
  ['linux-6.12-cloud', 'i386', { ...small, ...running32 }],
  ['linux-6.1', 'x86_64', microvm],
  ['linux-6.1', 'i386', { ...microvm, ...running32 }],
  [I386, 'x86_64', small],
];

describe('by its 32-bit entry', () => {
  it.each([...by32, ...(all ? by32More : [])])(
    '%s starts from %s and sees what was planned',
    async (kernel, _, guest) => {
      await bootAndCompare({ kernel, guest, options: { entry: ['32'] } });
    },
  );

  // 1968 MiB is where Linux reserves on many machines; the lower RAM of a microvm ends at 3 GiB.
  it.each(all ? [1968n, 2816n] : [1968n])(
    'linux-6.12-cloud starts in a region at %i MiB, as its limits say',
    async (start) => {
      const memory = { start: start * MIB, end: (start + 256n) * MIB };
      const { submission } = await bootAndCompare({
        kernel: 'linux-6.12-cloud',
        guest: { model: 'microvm', memory: 6n * GIB },
        policy: { memory },
        options: { entry: ['32'] },
      });
      for (const segment of submission.segments) {
        expect(segment.start).toBeGreaterThanOrEqual(memory.start);
        expect(segment.start + segment.memorySize).toBeLessThanOrEqual(memory.end);
      }
    },
  );

  it.each([['i386', running32] as const, ...(all ? [['x86_64', {}] as const] : [])])(
    '686-pae starts with 2 GiB from %s, it and its parameters below 896 MiB',
    async (_, running) => {
      const guest: Guest = { model: 'microvm', memory: 2n * GIB, ...running };
      const started = await bootAndCompare({ kernel: I386, guest });
      expect(placeOf(started, 'kernel')).toBe(16n * MIB);
      expect(placeOf(started, 'boot-params')).toBeLessThan(896n * MIB);
      expect(placeOf(started, 'initrd')).toBeGreaterThan(896n * MIB);
    },
  );
});

const bios: Guest = { ...small, ...afterBios };
const by16: readonly Case[] = [
  ['linux-6.12-cloud', 'x86_64', bios],
  [I386, 'i386', { ...bios, ...running32 }],
];
const by16More: readonly Case[] = [
  ['linux-6.12-cloud', 'i386', { ...bios, ...running32 }],
  ['linux-6.1', 'x86_64', bios],
  [I386, 'x86_64', bios],
];

describe('by its 16-bit entry, after SeaBIOS, whose memory map the kernel asks for itself', () => {
  it.each([...by16, ...(all ? by16More : [])])('%s starts from %s', async (kernel, _, guest) => {
    const started = await bootAndCompare({ kernel, guest, options: { 'real-mode': true } });
    expect(placeOf(started, 'setup-code')).toBeLessThan(MIB);
  });

  const longest = quietConsole + ' x='.padEnd(2047 - quietConsole.length, 'y');
  it.each(all ? [longest] : [])('with a command line as long as the kernel takes', async (commandLine) => {
    const options = { entry: ['16'] };
    await bootAndCompare({ kernel: 'linux-6.12-cloud', guest: bios, commandLine, options });
  });
});

/** memtest86+ measures its memory before it shows itself. */
const tiny = { memory: 64n * MIB };

type Memtest = readonly [kernel: string, from: string, guest: Guest, options: GivenOptions];
const memtests: readonly Memtest[] = [
  ['memtest86+x64', 'x86_64, by its 64-bit entry', small, { entry: ['64'] }],
  ['memtest86+ia32', 'i386, by its 32-bit entry', { ...small, ...running32 }, { entry: ['32'] }],
];
const memtestsMore: readonly Memtest[] = [
  ['memtest86+x64', 'x86_64, by its 32-bit entry', small, { entry: ['32'] }],
  ['memtest86+x64', 'i386, by its 32-bit entry', { ...small, ...running32 }, { entry: ['32'] }],
  ['memtest86+ia32', 'x86_64, by its 32-bit entry', small, { entry: ['32'] }],
  ['memtest86+x64', 'x86_64, by its 16-bit entry', bios, { entry: ['16'] }],
  ['memtest86+ia32', 'i386, by its 16-bit entry', { ...bios, ...running32 }, { entry: ['16'] }],
];

describe('memtest86+ shows itself on serial', () => {
  it.each([...memtests, ...(all ? memtestsMore : [])])('%s from %s', async (kernel, _, guest, options) => {
    const request = { kernel, guest: { ...guest, ...tiny }, options, payloads: [] };
    prepared = await prepare({ ...request, commandLine: 'console=ttyS0,115200' });
    const { outcome, output } = await run(prepared, 'Memtest86+ v6');
    expect({ outcome, output: output.slice(-200) }).toMatchObject({ outcome: 'seen' });
  });
});
