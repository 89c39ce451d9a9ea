import type { Guest } from '@kexec-kit/backend-qemu';
import { constant, type Plan } from '@kexec-kit/loader-api';
import { describe, expect, it } from 'vitest';
import { bootXen, digests, DOM0, imageStart, witnessIn, type Booted, type Request } from './xen.js';

const ALL = process.env['KEXEC_KIT_ALL'] === '1';
const MIB = 1n << 20n;
const GIB = 1n << 30n;
/** Where mkelf32 links it. */
const LINKED_AT = 2n * MIB;

const bios = (memory: bigint): Guest => ({ model: 'q35', memory, firmware: 'seabios' });
const small = bios(GIB);
const large = bios(6n * GIB);
const bare: Guest = { model: 'q35', memory: GIB };
/** Without ACPI dom0's clock takes the interrupt that its console wants: without that driver init is heard. */
const HEARD = `${DOM0} initcall_blacklist=cmos_init`;

/** Boots as far as dom0's init, and holds what that saw, and what Xen said, against what was asked for. */
async function bootAndCompare(request: Request, xen = ''): Promise<Booted> {
  const booted = await bootXen(request);
  const witness = witnessIn(booted);
  // Xen adds to it what it knows; both it and dom0 were given a first word that is not there any more.
  expect(witness.cmdline.trim().replace(/ acpi=off$/, '')).toBe(request.dom0 ?? DOM0);
  expect(witness.sha256).toEqual(digests);
  expect(xenSaw(booted)).toBe(`${xen}com1=115200,8n1 console=com1 noreboot`);
  expect(booted.submission.loader.name).toBe(request.type ?? 'xen');
  return booted;
}

/** The command line of the hypervisor as it understood it. */
function xenSaw({ result }: Booted): string | undefined {
  return /^\(XEN\) Command line: (.*?)\r?$/m.exec(result.output)?.[1];
}

/** Whatever is placed below 1 MiB, where a live machine keeps what Xen reads and Xen writes without asking. */
function low({ submission }: Booted): string[] {
  const pieces = submission.segments.flatMap((segment) => segment.pieces);
  return pieces.filter(({ id, start }) => start < MIB && id !== 'purgatory').map(({ id }) => id);
}

/** The last 2 MiB boundary from which on it fits below the end of RAM, where nothing else lies above it. */
function expectHigh({ submission, machine }: Booted): void {
  const end = machine.usable.filter((hole) => hole.start < 4n * GIB).at(-1)?.end ?? 0n;
  const start = imageStart(submission) ?? 0n;
  expect(start % (2n * MIB)).toBe(0n);
  expect(start).toBeGreaterThan(end - 8n * MIB);
}

describe('Debian Xen 4.17 starts a 6.1 dom0 as far as its init', () => {
  it('by itself, by Multiboot2, moved as high as it prefers', async () => {
    const booted = await bootAndCompare({ guest: small });
    expectHigh(booted);
    expect(low(booted)).toEqual([]);
    expect(booted.planned.plan.pokes ?? []).toEqual([]);
  });

  it('K1: through Multiboot 1 without an option more than any kernel is given', async () => {
    const { submission } = await bootAndCompare({ guest: small, type: 'multiboot' });
    expect(imageStart(submission)).toBe(LINKED_AT);
  });

  it('through --type multiboot2 with 6 GiB', async () => {
    expectHigh(await bootAndCompare({ guest: large, type: 'multiboot2' }));
  });

  it('on a machine without a BIOS, by two words below 1 MiB and no-real-mode, and says so', async () => {
    const booted = await bootAndCompare({ guest: bare, dom0: HEARD }, 'no-real-mode ');
    const said = booted.planned.diagnostics.find(({ code }) => code === 'XEN_NO_BIOS');
    expect(said?.message).toContain('word 0x40e becomes 0x9fc0');
    expect(low(booted)).toEqual([]);
  });

  // Ten seconds each: only with `npm run test:all`.
  const rest: readonly (readonly [string, Request, string])[] = [
    ['by itself with 6 GiB', { guest: large }, ''],
    ['through --type multiboot with 6 GiB', { guest: large, type: 'multiboot' }, ''],
    ['through --type multiboot2 with 1 GiB', { guest: small, type: 'multiboot2' }, ''],
    ['by itself, by Multiboot 1 as asked for', { guest: small, options: { protocol: '1' } }, ''],
    ['from an i386 kernel', { guest: { ...small, architecture: 'i386' } }, ''],
    [
      'without a BIOS by Multiboot 1',
      { guest: bare, dom0: HEARD, options: { protocol: '1' } },
      'no-real-mode ',
    ],
    [
      'without a BIOS from an i386 kernel, with 6 GiB of which that reaches 4',
      { guest: { ...bare, memory: 6n * GIB, architecture: 'i386' }, dom0: HEARD },
      'no-real-mode ',
    ],
  ];

  it.each(ALL ? rest : [])('%s', async (_, request, xen) => {
    await bootAndCompare(request, xen);
  });
});

describe('without a BIOS Xen is never heard of', () => {
  /** As memory is that nobody wrote. */
  const withZeros = (plan: Plan): Plan => ({
    ...plan,
    pokes: (plan.pokes ?? []).map((poke) => ({ ...poke, value: constant(0n) })),
  });

  async function expectSilence(request: Omit<Request, 'guest'>): Promise<void> {
    const { result } = await bootXen({ guest: bare, ...request }, '(XEN)', 10_000);
    expect(result.output).not.toContain('(XEN)');
    expect(result.outcome).not.toBe('seen');
    expect(result.debugcon, 'it was entered').toContain('verified');
  }

  it.each([
    ['by Multiboot 1', { options: { protocol: '1' } }],
    ['by Multiboot2', {}],
  ] as const)('when the two words are 0, %s', async (_, request) => {
    await expectSilence({ ...request, alter: withZeros });
  });

  // It hangs, for as long as it is waited for: only with `npm run test:all`.
  it.each(ALL ? ['present'] : [])('when it is told that there is one: --bios %s', async (bios) => {
    await expectSilence({ options: { bios } });
  });
});
