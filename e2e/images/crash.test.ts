import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { linkPlanned, linuxTarget, open, plan } from '@kexec-kit/core';
import { nodeEngines, openSource } from '@kexec-kit/host-node';
import { parseElf } from '@kexec-kit/elf';
import { BootParams } from '@kexec-kit/linux-boot';
import {
  range,
  unwrap,
  type Architecture,
  type Machine,
  type Range,
  type Result,
  type SegmentsSubmission,
} from '@kexec-kit/loader-api';
import { parseMachine } from '@kexec-kit/machine';
import { contains } from '@kexec-kit/memory';
import { loaders } from '@kexec-kit/preset-x86';
import { decodeText, parse } from '@kexec-kit/structures';
import { image } from '../../tools/images.mjs';

const MIB = 1n << 20n;
const fixture = (name: string) =>
  fileURLToPath(new URL(`../../packages/machine/fixtures/${name}.json`, import.meta.url));
const recorded = (name: string) => unwrap(parseMachine(readFileSync(fixture(name), 'utf8')));

/** Recorded: four CPUs, 2 GiB; its region lies between 896 MiB and 4 GiB. */
const smp = recorded('crash-smp');
/** Recorded: its region lies above 4 GiB. */
const high = recorded('crash-high');
const LOW = range(64n * MIB, 320n * MIB);

interface Asked {
  readonly kernel: string;
  readonly machine: Machine;
  readonly running?: Architecture;
  readonly callerAbi?: Architecture;
}

/** From a Debian kernel to a submission for a crash kernel. */
async function submit({
  kernel,
  machine,
  running = 'x86_64',
  callerAbi = running,
}: Asked): Promise<Result<SegmentsSubmission>> {
  const source = unwrap(await openSource((await image(kernel)).path, { id: 'image', keepBytes: true }));
  const planned = plan(unwrap(open(source, loaders)), {
    machine: { ...machine, architecture: running },
    purpose: 'crash',
    options: { 'command-line': 'quiet' },
  });
  return planned.ok
    ? linkPlanned(planned.value, { target: linuxTarget(running, callerAbi), engines: nodeEngines })
    : planned;
}

function within({ segments }: SegmentsSubmission, region: Range): boolean {
  return segments.every(({ start, memorySize }) => contains([region], range(start, start + memorySize)));
}

describe('a crash kernel by (running kernel, userland, kernel to be started), above 896 MiB', () => {
  const [region] = smp.crashKernel as [Range];

  // The mail of 2021-08: i386 userland on an x86_64 kernel.
  it.each([
    ['linux-6.12-cloud', 'x86_64', 'x86_64'],
    ['linux-6.12-cloud', 'x86_64', 'i386'],
    ['linux-6.1', 'x86_64', 'i386'],
  ] as const)('%s, from %s, loaded by %s programs, has a place', async (kernel, running, callerAbi) => {
    const submission = unwrap(await submit({ kernel, machine: smp, running, callerAbi }));
    expect(within(submission, region)).toBe(true);
    expect(submission.target).toMatchObject({ name: 'linux-x86_64', handoff: 'long64', callerAbi });
  });

  it.each([
    ['linux-6.1-686-pae', 'x86_64', 'the kernel to be started has no 64-bit entry'],
    ['linux-6.1-686-pae', 'i386', 'both kernels are i386'],
    ['linux-6.12-cloud', 'i386', 'the running kernel is i386'],
  ] as const)('%s, from %s, is refused, since i386 reaches no further', async (kernel, running, why) => {
    const result = await submit({ kernel, machine: smp, running });
    expect(result).toMatchObject({
      ok: false,
      diagnostics: [
        {
          code: 'BZIMAGE_I386_LIMIT',
          message: expect.stringContaining(why) as string,
          found: 'room in 0x6f000000-0x7f000000 only',
        },
      ],
    });
  });
});

it.each([
  ['linux-6.1-686-pae', 'x86_64'],
  ['linux-6.1-686-pae', 'i386'],
  ['linux-6.12-cloud', 'i386'],
  ['linux-6.12-cloud', 'x86_64'],
] as const)('%s, from %s, has a place in a region below 896 MiB', async (kernel, running) => {
  const machine = { ...smp, crashKernel: [LOW] };
  expect(within(unwrap(await submit({ kernel, machine, running })), LOW)).toBe(true);
});

describe('a region above 4 GiB', () => {
  it('takes a kernel that goes there', async () => {
    const submission = unwrap(await submit({ kernel: 'linux-6.12-cloud', machine: high }));
    expect(within(submission, high.crashKernel.at(-1)!)).toBe(true);
  });

  it('cannot be named by i386 programs, whatever kernel runs', async () => {
    expect(await submit({ kernel: 'linux-6.12-cloud', machine: high, callerAbi: 'i386' })).toMatchObject({
      ok: false,
      diagnostics: [
        {
          code: 'LINK_NO_PLACE',
          hint: expect.stringContaining('for i386 programs: crashkernel=256M, without ",high"') as string,
        },
      ],
    });
  });
});

it('the kernel finds its elfcorehdr where the command line and the hole in the map say', async () => {
  const submission = unwrap(await submit({ kernel: 'linux-6.12-cloud', machine: smp }));
  const [elfcorehdr, params, commandLine] = ['elfcorehdr', 'boot-params', 'command-line'].map((id) =>
    contentOf(submission, id),
  );
  const digits = elfcorehdr!.start.toString(16).padStart(16, '0');
  expect(decodeText(commandLine!.bytes)).toBe(`elfcorehdr=0x${digits} quiet\0`);
  const { e820_entries, e820_table } = parse(BootParams, params!.bytes);
  const ram = e820_table
    .slice(0, e820_entries)
    .filter(({ type }) => type === 1)
    .map(({ addr, size }) => range(addr, addr + size));
  expect(ram).toEqual([
    range(0n, 0x9fc00n),
    range(0x6f000000n, elfcorehdr!.start),
    range(elfcorehdr!.start + 0x1000n, 0x7f000000n),
  ]);
  expect(unwrap(parseElf({ name: 'elfcorehdr', bytes: elfcorehdr!.bytes })).programHeaders).toHaveLength(8);
});

/** A segment of the plan as it will stand in memory: all of it is made here, none of it comes from a file. */
function contentOf({ segments }: SegmentsSubmission, id: string): { start: bigint; bytes: Uint8Array } {
  for (const { start, parts, pieces } of segments) {
    const piece = pieces.find((each) => each.id === id);
    if (piece === undefined) continue;
    const memory = Buffer.concat(
      parts.map((part) => ('bytes' in part ? part.bytes : new Uint8Array(lengthOf(part)))),
    );
    const at = Number(piece.start - start);
    return { start: piece.start, bytes: memory.subarray(at, at + Number(piece.size)) };
  }
  throw new Error(`no ${id}`);
}

function lengthOf(part: { length: number } | { zeros: bigint } | { fresh: number }): number {
  if ('length' in part) return part.length;
  return 'zeros' in part ? Number(part.zeros) : part.fresh;
}
