import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { guestMachine } from '@kexec-kit/backend-qemu';
import { open, plan } from '@kexec-kit/core';
import { openSource } from '@kexec-kit/host-node';
import { range, unwrap, type Machine, type Region, type SegmentsSubmission } from '@kexec-kit/loader-api';
import { subtract, union } from '@kexec-kit/memory';
import { loaders } from '@kexec-kit/preset-x86';
import { image } from '../../tools/images.mjs';
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
import { toldMap } from './witness.js';

const MIB = 1n << 20n;
const GIB = 1n << 30n;
const LINKED_AT = 16n * MIB;

let prepared: Prepared | undefined;
afterEach(async () => {
  await prepared?.close();
  prepared = undefined;
});

/** Boots a vmlinux by its PVH entry, and holds what it saw against the plan: command line, memory map, digests. */
async function bootAndCompare(request: Omit<Request, 'file' | 'payloads'>): Promise<SegmentsSubmission> {
  const payloads = [{ one: noise(70_001) }, { two: noise(2003) }];
  prepared = await prepare({ ...request, file: await vmlinux(request.kernel), type: 'pvh', payloads });
  expect(prepared.submission.loader.name).toBe('pvh');
  const witness = witnessOf(await run(prepared));
  expect(witness.cmdline).toBe(request.commandLine ?? quietConsole);
  expect(witness.memmap).toEqual(memmapOf(asLinuxAddsTo({ ...prepared.machine, told: toldMap(prepared) })));
  const files = payloads.flatMap((each) => Object.entries(each));
  expect(witness.sha256).toEqual(
    Object.fromEntries(files.map(([name, bytes]) => [`/payload/${name}`, sha256(bytes)])),
  );
  return prepared.submission;
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** By its PVH entry Linux reserves the memory of ISA cards, whatever it was told. */
function asLinuxAddsTo(machine: Machine): Machine {
  const isReserved = ({ kind }: Region) => kind === 'reserved';
  const reserved = union(machine.told.filter(isReserved), [range(0xa0000n, 0x100000n)]);
  const told = [
    ...machine.told.filter((region) => !isReserved(region)),
    ...reserved.map((each): Region => ({ ...each, kind: 'reserved' })),
  ];
  return { ...machine, told: told.sort((a, b) => (a.start < b.start ? -1 : 1)) };
}

/** From the first byte of the image to its last. */
function imageRange({ segments }: SegmentsSubmission): readonly [bigint, bigint] {
  const loads = segments.flatMap(({ pieces }) => pieces).filter(({ id }) => id.startsWith('load.'));
  const ascending = loads.sort((a, b) => (a.start < b.start ? -1 : 1));
  const last = ascending.at(-1);
  return [ascending[0]?.start ?? 0n, (last?.start ?? 0n) + (last?.memorySize ?? 0n)];
}

describe('a vmlinux starts by its PVH entry and sees what was planned', () => {
  it.each([
    ['linux-6.12-cloud', 'microvm'],
    ['linux-6.1', 'microvm'],
  ] as const)('%s where it was linked, on %s', async (kernel, model) => {
    const submission = await bootAndCompare({ kernel, guest: { model, memory: 256n * MIB } });
    expect(imageRange(submission)[0]).toBe(LINKED_AT);
    expect(submission.diagnostics).toEqual([]);
  });

  it.each([
    ['to the top of RAM', 512n * MIB, 512n * MIB],
    ['to the top of what its note allows', 2n * GIB, GIB],
  ])('linux-6.12-cloud moved %s, and the move is said', async (_, memory, end) => {
    const submission = await bootAndCompare({
      kernel: 'linux-6.12-cloud',
      guest: { model: 'microvm', memory },
      policy: { memory: { start: 128n * MIB, end: 16n * GIB } },
    });
    const [start, highest] = imageRange(submission);
    expect(start % (2n * MIB)).toBe(0n);
    expect(highest).toBeLessThanOrEqual(end);
    expect(end - highest).toBeLessThan(2n * MIB);
    expect(submission.diagnostics).toMatchObject([{ code: 'LINK_MOVED', severity: 'info' }]);
    expect(submission.diagnostics[0]?.message).toContain(
      `moved from 0x1000000-0x${(LINKED_AT + highest - start).toString(16)} to 0x${start.toString(16)}-0x${highest.toString(16)}`,
    );
  });

  it('for i386', async () => {
    const submission = await bootAndCompare({
      kernel: 'linux-6.1-686-pae',
      guest: { model: 'q35', memory: 512n * MIB },
      busybox: (await image('busybox-i386')).path,
    });
    expect(imageRange(submission)[0]).toBe(LINKED_AT);
  });
});

describe('a vmlinux that may not be moved is refused with both ranges', () => {
  it('where the policy leaves its place out', async () => {
    const request = {
      kernel: 'linux-6.1',
      file: await vmlinux('linux-6.1'),
      type: 'pvh',
      guest: { model: 'microvm', memory: 512n * MIB },
      policy: { memory: { start: 128n * MIB, end: 16n * GIB } },
      payloads: [],
    } as const;
    await expect(prepare(request)).rejects.toThrow(
      /^PVH_ADDRESS_TAKEN: .* has to lie at 0x1000000-0x[0-9a-f]+, and 0x1000000-0x[0-9a-f]+ of it may not be had: only 0x8000000-0x400000000 is allowed/,
    );
  });

  it('where the firmware has taken its place, which another is moved out of', async () => {
    const machine = reservedAt(20n * MIB);
    const [old, young] = await Promise.all(
      ['linux-6.1', 'linux-6.12-cloud'].map(async (kernel) => {
        const source = unwrap(await openSource(await vmlinux(kernel), { id: 'image', keepBytes: true }));
        return plan(unwrap(open(source, loaders, { type: 'pvh' })), { machine });
      }),
    );
    expect(old).toMatchObject({ ok: false, diagnostics: [{ code: 'PVH_ADDRESS_TAKEN' }] });
    expect(old?.diagnostics[0]?.message).toMatch(
      / 0x1400000-0x1500000 of it may not be had: the firmware says that 0x1400000-0x1500000 is reserved/,
    );
    expect(young).toMatchObject({ ok: true, diagnostics: [] });
  });
});

/** A guest whose firmware has a MiB for itself. */
function reservedAt(start: bigint): Machine {
  const machine = guestMachine({ model: 'q35', memory: 512n * MIB });
  const taken = range(start, start + MIB);
  const told = machine.told.flatMap((region) =>
    subtract([region], [taken]).map((each): Region => ({ ...each, kind: region.kind })),
  );
  const ascending = [...told, { ...taken, kind: 'reserved' } as const].sort((a, b) =>
    a.start < b.start ? -1 : 1,
  );
  return { ...machine, told: ascending, usable: subtract(machine.usable, [taken]) };
}

it('grub-i386-xen_pvh is entered by the only entry it has, and finds no Xen', async () => {
  prepared = await prepare({
    kernel: 'grub-i386-xen_pvh',
    guest: { model: 'q35', memory: 128n * MIB },
    payloads: [],
  });
  expect(prepared.submission.loader.name).toBe('pvh');
  const { outcome, debugcon } = await run(prepared, 'nothing that it says', 30_000);
  expect(outcome).toBe('halted');
  expect(debugcon).toContain('System halted!');
});
