import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import type { SegmentsSubmission } from '@kexec-kit/loader-api';
import { vmlinux } from '../images/vmlinux.js';
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
const LINKED_AT = 16n * MIB;

let prepared: Prepared | undefined;
afterEach(async () => {
  await prepared?.close();
  prepared = undefined;
});

/** Boots a vmlinux, and holds what it saw against the plan: command line, memory map, the digest of the initrd's file. */
async function bootAndCompare(request: Omit<Request, 'file' | 'payloads'>): Promise<SegmentsSubmission> {
  const content = noise(70_001);
  const payloads = [{ 'file.bin': content }];
  prepared = await prepare({ ...request, file: await vmlinux(request.kernel), payloads });
  expect(prepared.submission.loader.name).toBe('elf');
  const witness = witnessOf(await run(prepared));
  expect(witness.cmdline).toBe(request.commandLine ?? quietConsole);
  expect(witness.memmap).toEqual(memmapOf(prepared.machine));
  const sha256 = createHash('sha256').update(content).digest('hex');
  expect(witness.sha256).toEqual({ '/payload/file.bin': sha256 });
  return prepared.submission;
}

/** The lowest address of what is loaded of the image itself. */
function imageStart({ segments }: SegmentsSubmission): bigint | undefined {
  const loads = segments.flatMap(({ pieces }) => pieces).filter(({ id }) => id.startsWith('load.'));
  return loads.map(({ start }) => start).sort((a, b) => (a < b ? -1 : 1))[0];
}

describe('a vmlinux starts as ELF with Linux arguments and sees what was planned', () => {
  it.each(['linux-6.12-cloud', 'linux-6.1'])('%s where it was linked', async (kernel) => {
    const submission = await bootAndCompare({ kernel, guest: { model: 'microvm', memory: 256n * MIB } });
    expect(imageStart(submission)).toBe(LINKED_AT);
  });

  it.each(['linux-6.12-cloud', 'linux-6.1'])('%s moved, when its place may not be had', async (kernel) => {
    const submission = await bootAndCompare({
      kernel,
      guest: { model: 'microvm', memory: 512n * MIB },
      policy: { memory: { start: 128n * MIB, end: 16n * GIB } },
    });
    expect(imageStart(submission)).toBe(128n * MIB);
  });

  it.each(['linux-6.12-cloud', 'linux-6.1'])('%s moved above 4 GiB, with everything else', async (kernel) => {
    const submission = await bootAndCompare({
      kernel,
      guest: { model: 'q35', memory: 6n * GIB },
      policy: { memory: { start: 4n * GIB, end: 16n * GIB } },
    });
    expect(imageStart(submission)).toBe(4n * GIB);
  });
});
