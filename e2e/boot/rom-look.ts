// Boots the witness (rom-witness.c) and reads what it tells.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  boot,
  probeGuestMachine,
  RAM_PATTERN,
  type BootOptions,
  type BootResult,
} from '@kexec-kit/backend-qemu';
import {
  hex,
  type Architecture,
  type PlacedSegment,
  type Range,
  type ReadSource,
  type Result,
} from '@kexec-kit/loader-api';
import { expect } from 'vitest';
import { noSource, segment, submissionFor } from './rom-submission.js';

export const PAGE = 0x1000n;
export const MIB = 1n << 20n;
export const GIB = 1n << 30n;
/** What the witness takes. */
export const SEGMENT = 0x4000n;
export const PATTERN = { first: word(BigInt(`0x${RAM_PATTERN.toString(16).repeat(8)}`)), others: word(0n) };
export const ZEROS = { first: word(0n), others: word(0n) };

export interface State {
  readonly scans: readonly { readonly first: string; readonly others: string }[];
  readonly rflags: string;
}

export interface Look {
  readonly at: bigint;
  readonly scans?: readonly Range[];
  readonly more?: readonly PlacedSegment[];
  readonly mappings?: readonly Range[];
}

export type Options = Omit<BootOptions, 'timeoutMs'>;

/** Boots the witness at an address, lets it look at ranges, and returns what it told. */
export async function look(
  options: Options,
  looking: Look,
  read = noSource,
): Promise<BootResult & { state: State }> {
  const booted = await run(options, looking, read);
  expect(booted).toMatchObject({ outcome: 'exited', lastLine: 'end of witness' });
  return { ...booted, state: JSON.parse(booted.output.split('\n')[0] as string) as State };
}

/** Whether the witness, once entered, fell over what it was told to look at. */
export async function fault(options: Options, looking: Look): Promise<boolean> {
  const { outcome, debugcon, lastLine } = await run(options, looking);
  expect({ outcome, debugcon }).toEqual({ outcome: 'exited', debugcon: 'witness\n' });
  return lastLine !== 'end of witness';
}

/** Boots the witness with whatever stands beside it, and returns how that ended. */
async function run(
  options: Options,
  { at, scans = [], more = [], mappings = [] }: Look,
  read = noSource,
): Promise<BootResult> {
  const own = segment(at, [{ bytes: witnessFor(options.architecture ?? 'x86_64', at, scans) }], SEGMENT);
  return enter(options, [own, ...more], { entry: at, mappings, read });
}

/** Boots segments made by hand. */
export async function enter(
  options: Options,
  segments: readonly PlacedSegment[],
  {
    entry,
    mappings = [],
    read = noSource,
  }: { entry: bigint; mappings?: readonly Range[]; read?: ReadSource },
): Promise<BootResult> {
  const machine = valueOf(await probeGuestMachine(options));
  const submission = submissionFor(options, segments, entry, mappings, machine);
  return valueOf(await boot(submission, read, { timeoutMs: 20_000, ...options }));
}

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.diagnostics[0].message);
  return result.value;
}

export function word(value: bigint): string {
  return `0x${value.toString(16).padStart(16, '0')}`;
}

/** The witness with the list of what it shall look at filled in. */
function witnessFor(architecture: Architecture, at: bigint, scans: readonly Range[]): Uint8Array {
  const bytes = buildWitness(architecture, at).slice();
  const view = new DataView(bytes.buffer);
  view.setBigUint64(16, BigInt(scans.length), true);
  scans.forEach(({ start, end }, n) => {
    view.setBigUint64(32 + 16 * n, start, true);
    view.setBigUint64(40 + 16 * n, end, true);
  });
  return bytes;
}

const built = new Map<string, Uint8Array>();
const compilerFlags =
  '-c -O1 -Wall -Wextra -Werror -ffreestanding -fno-stack-protector -fcf-protection=none -mgeneral-regs-only -fno-asynchronous-unwind-tables';
const codeFlags: Readonly<Record<Architecture, string>> = { x86_64: '-m64 -fpie', i386: '-m32 -fno-pie' };

/** For x86_64 it is at home anywhere, which booting it where it was not linked shows. */
function buildWitness(architecture: Architecture, at: bigint): Uint8Array {
  const linkedAt = architecture === 'i386' ? at : 0n;
  const key = `${architecture} ${linkedAt}`;
  const bytes = built.get(key) ?? compile(architecture, linkedAt);
  built.set(key, bytes);
  return bytes;
}

function compile(architecture: Architecture, linkedAt: bigint): Uint8Array {
  return inFolder((folder) => {
    const [object, script, flat] = ['w.o', 'w.ld', 'w.bin'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    const flags = [compilerFlags, codeFlags[architecture]].join(' ').split(' ');
    execFileSync('gcc', [...flags, '-o', object, sourceOf('rom-witness.c')]);
    writeFileSync(
      script,
      `SECTIONS { . = ${hex(linkedAt)}; .all : { *(.entry) *(.text*) *(.rodata*) *(.data*) } /DISCARD/ : { *(*) } }`,
    );
    const format = architecture === 'i386' ? 'elf_i386' : 'elf_x86_64';
    execFileSync('ld', ['-m', format, '-T', script, '--oformat', 'binary', '-o', flat, object]);
    return Uint8Array.from(readFileSync(flat));
  });
}

/** A program in assembler, linked where it is put. */
export function assemble(source: string, at: bigint): Uint8Array {
  return inFolder((folder) => {
    const [object, flat] = [join(folder, 'w.o'), join(folder, 'w.bin')];
    execFileSync('as', ['--64', '--fatal-warnings', '-o', object, sourceOf(source)]);
    execFileSync('ld', ['-e', '0', '-Ttext', hex(at), '--oformat', 'binary', '-o', flat, object]);
    return Uint8Array.from(readFileSync(flat));
  });
}

function sourceOf(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

function inFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'kexec-kit-witness-'));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
