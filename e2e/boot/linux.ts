import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { boot, probeGuestMachine, targetOf, type BootResult, type Guest } from '@kexec-kit/backend-qemu';
import { linkPlanned, open, plan, type GivenOptions } from '@kexec-kit/core';
import { nodeEngines, openSource, readSources } from '@kexec-kit/host-node';
import {
  unwrap,
  type CrashFacts,
  type Machine,
  type Policy,
  type Range,
  type ReadSource,
  type SegmentsSubmission,
  type Source,
} from '@kexec-kit/loader-api';
import { loaders } from '@kexec-kit/preset-x86';
import { image } from '../../tools/images.mjs';
import { initramfs, MARKER, payload } from '../../tools/initramfs.mjs';

/** What a test asks for: a Debian kernel, a guest, and the files its initrds carry. */
export interface Request {
  /** A name from tools/images.mjs. */
  readonly kernel: string;
  /** Boot this file instead of what tools/images.mjs has under the kernel's name. */
  readonly file?: string;
  /** The loader's name, instead of the one that is chosen. */
  readonly type?: string;
  readonly guest: Guest;
  readonly commandLine?: string;
  readonly policy?: Partial<Policy>;
  /** Plan a crash kernel into these regions, as if of such a running kernel. */
  readonly crash?: { readonly regions: readonly Range[]; readonly facts: CrashFacts };
  /** The init script, instead of the witness. */
  readonly init?: string;
  /** The loader's options, besides the command line and the initrds. */
  readonly options?: GivenOptions;
  /** A statically linked one for this kernel; by default this machine's own. */
  readonly busybox?: string;
  /** The content of each initrd's payload; the first one also has busybox and the witness init. */
  readonly payloads: readonly Readonly<Record<string, Uint8Array>>[];
}

export interface Prepared {
  readonly submission: SegmentsSubmission;
  readonly machine: Machine;
  readonly guest: Guest;
  readonly read: ReadSource;
  close(): Promise<void>;
}

/** What the witness init prints. */
export interface Witness {
  readonly cmdline: string;
  readonly memmap: readonly (readonly [string, string, string])[];
  readonly sha256: Readonly<Record<string, string>>;
}

export const quietConsole = 'console=ttyS0 reboot=t panic=-1 quiet';

/** From files on disk to a submission, through the very same functions as the command line. */
export async function prepare({
  kernel,
  file,
  type,
  guest,
  payloads,
  policy = {},
  options = {},
  busybox,
  crash,
  init,
  commandLine = quietConsole,
}: Request): Promise<Prepared> {
  const folder = mkdtempSync(join(tmpdir(), 'kexec-kit-boot-'));
  try {
    const path = file ?? (await image(kernel)).path;
    const source = unwrap(await openSource(path, { id: 'image', keepBytes: true }));
    const opened = unwrap(open(source, loaders, { type }));
    const paths = new Map([['image', path]]);
    const initrds = await Promise.all(
      payloads.map((files, index) => writeInitrd({ folder, files, index, paths, busybox, init })),
    );
    const idle = unwrap(await probeGuestMachine(guest));
    const machine = crash === undefined ? idle : { ...idle, crashKernel: crash.regions, crash: crash.facts };
    const purpose = crash === undefined ? 'normal' : 'crash';
    const given: GivenOptions = { 'command-line': [commandLine], initrd: initrds, ...options };
    const planned = unwrap(plan(opened, { machine, purpose, options: given, policy }));
    const submission = unwrap(
      linkPlanned(planned, { target: targetOf(guest), engines: nodeEngines, sources: initrds }),
    );
    const sources = unwrap(
      await readSources(submission.sources, { pathOf: ({ id }) => paths.get(id) ?? id }),
    );
    return { submission, machine, guest, read: sources.read, close: () => end(sources, folder) };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

async function end(sources: { close(): Promise<void> }, folder: string): Promise<void> {
  await sources.close();
  rmSync(folder, { recursive: true, force: true });
}

interface Initrd {
  readonly folder: string;
  readonly files: Readonly<Record<string, Uint8Array>>;
  readonly index: number;
  readonly paths: Map<string, string>;
  readonly busybox: string | undefined;
  readonly init: string | undefined;
}

async function writeInitrd({ folder, files, index, paths, busybox, init }: Initrd): Promise<Source> {
  const id = `initrd.${String(index)}`;
  const path = join(folder, id);
  const placed = Object.fromEntries(Object.entries(files).map(([name, bytes]) => [`payload/${name}`, bytes]));
  writeFileSync(
    path,
    index === 0
      ? initramfs({
          files: placed,
          ...(busybox !== undefined && { busybox }),
          ...(init !== undefined && { init }),
        })
      : payload(placed),
  );
  paths.set(id, path);
  return unwrap(await openSource(path, { id, keepBytes: false }));
}

/** Boots what was prepared until the witness is done, or until it ends. */
export async function run(prepared: Prepared, until = MARKER, timeoutMs = 120_000): Promise<BootResult> {
  return unwrap(await boot(prepared.submission, prepared.read, { ...prepared.guest, until, timeoutMs }));
}

/** The witness's line of JSON in what a guest printed. */
export function witnessOf({
  output,
  lastLine,
  outcome,
}: Pick<BootResult, 'output' | 'lastLine' | 'outcome'>): Witness {
  const line = output.split('\n').find((candidate) => candidate.startsWith('{"cmdline"'));
  if (line === undefined) throw new Error(`no witness (${outcome}); the guest last said: ${lastLine}`);
  return JSON.parse(line) as Witness;
}

/** The firmware's map as /sys/firmware/memmap must show it: inclusive ends, the kernel's own words. */
export function memmapOf(machine: Machine): Witness['memmap'] {
  const words: Readonly<Record<string, string>> = { ram: 'System RAM', reserved: 'Reserved' };
  return machine.told.map(({ start, end, kind }) => [
    `0x${start.toString(16)}`,
    `0x${(end - 1n).toString(16)}`,
    words[kind] ?? kind,
  ]);
}

/** Bytes that nothing compresses. */
export function noise(bytes: number): Uint8Array {
  return randomBytes(bytes);
}
