import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  boot,
  probeGuestMachine,
  targetOf,
  type BootOptions,
  type BootResult,
} from '@kexec-kit/backend-qemu';
import { nodeEngines } from '@kexec-kit/host-node';
import type {
  Machine,
  PlacedSegment,
  Range,
  Result,
  SegmentsSubmission,
  Target,
} from '@kexec-kit/loader-api';
import { fingerprint } from '@kexec-kit/memory';
import { layoutOf } from '@kexec-kit/purgatory';

export type Guest = Omit<BootOptions, 'timeoutMs'>;

/** What a witness kernel tells of the state in which it was entered: every number as `0x` and 16 digits, or 8. */
export type State = Readonly<Record<string, string>> & {
  readonly scans: readonly { readonly first: string; readonly others: string }[];
};

/** Segments that hold exactly these bytes, in whole pages. */
export function segment(start: bigint, ...contents: readonly Uint8Array[]): PlacedSegment {
  const size = contents.reduce((sum, { length }) => sum + BigInt(length), 0n);
  return {
    start,
    memorySize: (size + 0xfffn) & ~0xfffn,
    parts: contents.map((bytes) => ({ bytes })),
    pieces: [],
  };
}

/** Purgatory's segment as its layout says, around a parameter block: that of the running kernel's architecture. */
export function purgatorySegment(
  start: bigint,
  block: Uint8Array,
  handoff: Target['handoff'] = 'long64',
): PlacedSegment {
  const { blob, parametersOffset } = layoutOf(handoff, 'real16', { regions: 0, pokes: 0 });
  return segment(start, blob, new Uint8Array(parametersOffset - blob.length), block);
}

/** More than purgatory's segment takes with the few regions of a test, in whole pages; less than a page more. */
export function purgatorySize(handoff: Target['handoff'] = 'long64'): bigint {
  return layoutOf(handoff, 'real16', { regions: 8, pokes: 8, copies: 2 }).memorySize;
}

/** Runs segments from the state of hand-over until the guest resets or has said a text. */
export async function run(
  guest: Guest & { readonly timeoutMs?: number },
  segments: readonly PlacedSegment[],
  entry: bigint,
): Promise<BootResult> {
  const machine = valueOf(await probeGuestMachine(guest));
  const submission = submissionFor(machine, targetOf(guest), segments, entry);
  const booted = await boot(submission, () => Promise.reject(new Error('no source')), {
    timeoutMs: 20_000,
    ...guest,
  });
  return valueOf(booted);
}

function valueOf<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new Error(result.diagnostics[0].message);
}

/** What the witness told; an exception with its last words if it was never entered. */
export function stateOf({ output, lastLine, outcome }: BootResult): State {
  const line = output.split('\n').find((candidate) => candidate.startsWith('{'));
  if (line === undefined) throw new Error(`no witness (${outcome}); the guest last said: ${lastLine}`);
  return JSON.parse(line) as State;
}

/** What a witness kernel does besides telling. */
export interface Looking {
  /** Stretches of memory that it looks at. */
  readonly scans?: readonly Range[];
  /** Whether it calls the BIOS, in real mode. */
  readonly bios?: boolean;
}

/** The witness kernel for 64-bit mode, to be put anywhere. */
export function witness(scans: readonly Range[] = []): Uint8Array {
  return looking(compiledWitness(), { scans });
}

/** The witness kernel for 32-bit or real mode, to be put at an address; in real mode that is an offset from CS. */
export function narrowWitness(mode: 'protected32' | 'real16', at: bigint, look: Looking = {}): Uint8Array {
  const key = `${mode} ${String(at)}`;
  const bytes = narrow.get(key) ?? compileNarrow(mode, at);
  narrow.set(key, bytes);
  return looking(bytes, look);
}

function looking(compiled: Uint8Array, { scans = [], bios = false }: Looking): Uint8Array {
  const bytes = compiled.slice();
  const view = new DataView(bytes.buffer);
  view.setBigUint64(16, BigInt(scans.length), true);
  view.setBigUint64(24, bios ? 1n : 0n, true);
  scans.forEach(({ start, end }, n) => {
    view.setBigUint64(32 + 16 * n, start, true);
    view.setBigUint64(40 + 16 * n, end, true);
  });
  return bytes;
}

export function sha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(bytes).digest());
}

function submissionFor(
  machine: Machine,
  target: Target,
  segments: readonly PlacedSegment[],
  entry: bigint,
): SegmentsSubmission {
  return {
    method: 'segments',
    loader: { name: 'by-hand', version: '0.0.0' },
    purpose: 'normal',
    architecture: machine.architecture,
    map: { fingerprint: fingerprint(machine, nodeEngines), told: machine.told, usable: machine.usable },
    sources: [],
    facts: [],
    diagnostics: [],
    target,
    entry,
    segments: [...segments].sort((a, b) => (a.start < b.start ? -1 : 1)),
    mappings: [],
    checked: [],
  };
}

let compiled: Uint8Array | undefined;

function compiledWitness(): Uint8Array {
  compiled ??= compileWitness();
  return compiled;
}

const narrow = new Map<string, Uint8Array>();

const FLAGS =
  '-c -O1 -ffreestanding -fno-stack-protector -fcf-protection=none -mgeneral-regs-only -fno-asynchronous-unwind-tables';

function compileWitness(): Uint8Array {
  return compileFlat('../rom-witness.c', ['-fpie'], 'elf_x86_64', 0n);
}

function compileNarrow(mode: 'protected32' | 'real16', at: bigint): Uint8Array {
  const flags = mode === 'real16' ? ['-m16', '-DREAL_MODE'] : ['-m32'];
  return compileFlat('./witness.c', [...flags, '-fno-pic', '-march=i686'], 'elf_i386', at);
}

/** A program of ours, linked to run at an address. */
export function compileFlat(
  source: string,
  flags: readonly string[],
  emulation: string,
  at: bigint,
): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'kexec-kit-witness-'));
  try {
    const object = join(folder, 'witness.o');
    const flat = join(folder, 'witness.bin');
    const layout = join(folder, 'witness.ld');
    const path = fileURLToPath(new URL(source, import.meta.url));
    const sections = '*(.entry) *(.text*) *(.rodata*) *(.data*) *(.bss*)';
    writeFileSync(layout, `SECTIONS { . = ${String(at)}; .all : { ${sections} } /DISCARD/ : { *(*) } }`);
    execFileSync('gcc', [...FLAGS.split(' '), ...flags, '-o', object, path]);
    execFileSync('ld', ['-m', emulation, '-T', layout, '--oformat', 'binary', '-o', flat, object]);
    return new Uint8Array(readFileSync(flat));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
