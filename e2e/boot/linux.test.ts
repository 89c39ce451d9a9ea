import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import type { Guest } from '@kexec-kit/backend-qemu';
import type { SegmentsSubmission } from '@kexec-kit/loader-api';
import { flipBit } from './flip.js';
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

let prepared: Prepared | undefined;
afterEach(async () => {
  await prepared?.close();
  prepared = undefined;
});

/** Boots, and holds what the kernel saw against the plan: command line, memory map, the digest of every payload file. */
async function bootAndCompare(request: Request): Promise<Prepared> {
  prepared = await prepare(request);
  const witness = witnessOf(await run(prepared));
  expect(witness.cmdline).toBe(request.commandLine ?? quietConsole);
  expect(witness.memmap).toEqual(memmapOf(prepared.machine));
  expect(witness.sha256).toEqual(digestsOf(request));
  return prepared;
}

function digestsOf({ payloads }: Request): Record<string, string> {
  const files = payloads.flatMap((files) => Object.entries(files));
  return Object.fromEntries(
    files.map(([name, bytes]) => [`/payload/${name}`, createHash('sha256').update(bytes).digest('hex')]),
  );
}

const small: Request['payloads'] = [{ 'file.bin': noise(70_001) }];

describe('a Debian kernel starts from our purgatory and sees what was planned', () => {
  const guests: readonly Guest[] = [
    { model: 'microvm', memory: 256n * MIB },
    { model: 'q35', memory: 256n * MIB },
  ];
  for (const kernel of ['linux-6.12-cloud', 'linux-6.1']) {
    it.each(guests)(`${kernel} on $model`, async (guest) => {
      await bootAndCompare({ kernel, guest, payloads: small });
    });
  }

  it('under five levels of paging', async () => {
    await bootAndCompare({
      kernel: 'linux-6.12-cloud',
      guest: { model: 'microvm', memory: 256n * MIB, paging: 5 },
      payloads: small,
    });
  });

  it.each(['microvm', 'q35'] as const)('with 6 GiB and everything above 4 GiB, on %s', async (model) => {
    const { submission } = await bootAndCompare({
      kernel: 'linux-6.12-cloud',
      guest: { model, memory: 6n * GIB },
      policy: { memory: { start: 4n * GIB, end: 16n * GIB } },
      payloads: small,
    });
    expect(lowest(submission)).toBeGreaterThanOrEqual(4n * GIB);
  });

  it('with a 100 MiB initrd', async () => {
    await bootAndCompare({
      kernel: 'linux-6.12-cloud',
      guest: { model: 'microvm', memory: 768n * MIB },
      payloads: [{ 'large.bin': noise(100 << 20) }],
    });
  });

  it('with three initrds, each of an odd length', async () => {
    await bootAndCompare({
      kernel: 'linux-6.12-cloud',
      guest: { model: 'microvm', memory: 256n * MIB },
      payloads: [{ one: noise(1001) }, { two: noise(2003) }, { three: noise(3005) }],
    });
  });

  it('with a command line as long as the kernel takes', async () => {
    const commandLine = quietConsole + ' x='.padEnd(2047 - quietConsole.length, 'y');
    await bootAndCompare({
      kernel: 'linux-6.12-cloud',
      guest: { model: 'microvm', memory: 256n * MIB },
      commandLine,
      payloads: small,
    });
  });
});

function lowest({ segments }: SegmentsSubmission): bigint {
  return segments.reduce((least, { start }) => (start < least ? start : least), segments[0]?.start ?? 0n);
}

describe('one bit turned over after planning', () => {
  it('is named by purgatory on serial, whatever it is in, and the kernel is never entered', async () => {
    prepared = await prepare({
      kernel: 'linux-6.12-cloud',
      guest: { model: 'microvm', memory: 128n * MIB },
      payloads: [{ one: noise(1001) }, { two: noise(2003) }],
    });
    const { submission, read } = prepared;
    expect(submission.checked.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['kernel', 'boot-params', 'command-line', 'initrd[0]']),
    );
    for (const { name, start, length } of submission.checked) {
      for (const at of [start, start + length / 2n, start + length - 1n]) {
        const damaged = { ...prepared, ...flipBit(submission, read, at) };
        const { output, outcome } = await run(damaged, 'nothing was entered', 20_000);
        expect(output, `${name} at 0x${at.toString(16)}`).toContain(`"${name}"`);
        expect({ name, outcome }).toEqual({ name, outcome: 'seen' });
        expect(output).not.toContain('Linux version');
      }
    }
  });

  it('is found in the parameter block of purgatory itself', async () => {
    prepared = await prepare({
      kernel: 'linux-6.12-cloud',
      guest: { model: 'microvm', memory: 128n * MIB },
      payloads: small,
    });
    const { submission, read } = prepared;
    const purgatory = submission.segments
      .flatMap(({ pieces }) => pieces)
      .find(({ id }) => id === 'purgatory');
    const lastByte = (purgatory?.start ?? 0n) + (purgatory?.size ?? 0n) - 1n;
    const damaged = { ...prepared, ...flipBit(submission, read, lastByte) };
    const { output, outcome } = await run(damaged, 'nothing was entered', 20_000);
    expect(outcome).toBe('seen');
    expect(output).toContain('parameter');
  });
});
