import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle, type BootProtocol } from '@kexec-kit/bundle';
import { unwrap } from '@kexec-kit/loader-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { grubRescueImage } from './bundle-grub.js';
import { qemu, writeBundle, type Said } from './bundle-qemu.js';
import { noise, piece, tell, witnessIn, type Request, type Told, type Witness } from './witness.js';

const MIB = 1n << 20n;
const GIB = 1n << 30n;
const commandLine = { 'command-line': ['console=com1 "quoted words"'] };
const initrds = [noise(70_001)];
/** SETUP_RNG_SEED (Documentation/arch/x86/boot.rst). */
const SEED = '0x9';
const modules = [{ bytes: noise(5_003), commandLine: 'of a module' }];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kexec-kit-bundle-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

type Case = Omit<Request, 'guest'> & {
  readonly architecture?: 'i386';
  readonly memory?: bigint;
  readonly protocol: BootProtocol;
  readonly entry?: string;
};

/** Told by hand-over as Linux does it, after SeaBIOS: what a bundle has to come up to. */
function handedOver({ architecture, memory = 128n * MIB, ...request }: Case): Promise<Told> {
  const guest = { model: 'q35', memory, firmware: 'seabios' } as const;
  return tell({ ...request, guest: architecture === undefined ? guest : { ...guest, architecture } });
}

/** The same by a boot loader that knows nothing of us. */
async function bundled(told: Told, { protocol, memory = 128n * MIB }: Case): Promise<Said> {
  const made = unwrap(bundle(told.submission, { form: 'image', protocols: [protocol] }));
  const image = await writeBundle(join(folder, 'image.elf'), made, told.read);
  const start =
    protocol === 'multiboot2'
      ? ['-cdrom', grubRescueImage(mkdtempSync(join(folder, 'iso-')), image, protocol)]
      : ['-kernel', image];
  return qemu({ memory: Number(memory / MIB) }, start, 'end of witness');
}

interface SetupData {
  readonly type: string;
  readonly data?: string;
  readonly sha256: string;
}

function setupDataOf(witness: Witness): readonly SetupData[] {
  const linux = witness['linux'] as { readonly setupData?: readonly SetupData[] } | undefined;
  return linux?.setupData ?? [];
}

/**
 * Everything but what is different every time (the seed of Linux's random numbers, the times in purgatory's record), and what
 * neither a next kernel nor we care for: EFER's NXE and SCE, CR3, what a fault left in CR2.
 */
function compared(witness: Witness) {
  const { control, linux, ...rest } = witness as Witness & { readonly linux?: object };
  const setupData = setupDataOf(witness).map((node) => ({ ...node, data: '', sha256: '' }));
  return {
    ...rest,
    ...(linux === undefined ? {} : { linux: { ...linux, setupData } }),
    control: { cr0: control.cr0, cr4: control.cr4 },
  };
}

function expectSame({ serial, debugcon }: Said, { witness }: Told): void {
  const own = witnessIn(serial);
  if (own === undefined) throw new Error(`no witness: ${debugcon} ${serial.slice(-500)}`);
  expect(compared(own)).toEqual(compared(witness));
  const [seed, other] = [own, witness].map(
    (each) => setupDataOf(each).find(({ type }) => type === SEED)?.data,
  );
  if (seed === undefined) return;
  expect(seed).toMatch(/^[0-9a-f]{64}$/);
  expect(seed).not.toBe(other);
  expect(new Set(Buffer.from(seed, 'hex')).size, 'random bytes are hardly ever the same').toBeGreaterThan(20);
}

describe('a bundled kernel finds and is told the very same as one that Linux hands over to', () => {
  const cases: readonly Case[] = [
    { kernel: 'bzimage', protocol: 'multiboot', options: commandLine, initrds },
    { kernel: 'bzimage', protocol: 'pvh', options: { entry: ['32'] }, initrds },
    { kernel: 'bzimage', protocol: 'multiboot', options: { entry: ['16'] }, initrds },
    { kernel: 'bzimage-i386', protocol: 'multiboot', architecture: 'i386', options: commandLine, initrds },
    { kernel: 'bzimage', protocol: 'pvh', architecture: 'i386', initrds },
    { kernel: 'elf64-linux', protocol: 'pvh', options: commandLine, initrds },
    { kernel: 'elf64-notes', protocol: 'multiboot' },
    { kernel: 'elf32-none', protocol: 'multiboot', architecture: 'i386' },
    { kernel: 'pvh', protocol: 'multiboot', options: commandLine },
    { kernel: 'multiboot', protocol: 'pvh', options: commandLine, modules },
    { kernel: 'multiboot2', protocol: 'multiboot', architecture: 'i386', options: commandLine, modules },
    { kernel: 'multiboot2-high', protocol: 'multiboot2', options: commandLine, modules },
  ];
  it.each(cases)('$kernel $architecture $options.entry, started by $protocol', async (request) => {
    const told = await handedOver(request);
    expectSame(await bundled(told, request), told);
  });

  it('though everything lies above 4 GiB, but for what starts it', async () => {
    const request: Case = {
      ...{ kernel: 'bzimage', protocol: 'multiboot', options: commandLine, initrds, memory: 6n * GIB },
      policy: { memory: { start: 4n * GIB, end: 16n * GIB } },
    };
    const told = await handedOver(request);
    for (const { start } of told.submission.segments) expect(start).toBeGreaterThanOrEqual(4n * GIB);
    expectSame(await bundled(told, request), told);
    expect(BigInt(told.witness.entry)).toBeGreaterThanOrEqual(piece(told.submission, 'kernel').start);
  });
});
