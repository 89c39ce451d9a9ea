import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { boot, guestMachine, qemuTarget, type BootOptions, type BootResult } from '@kexec-kit/backend-qemu';
import { nodeEngines } from '@kexec-kit/host-node';
import type { PlacedSegment, Range, SegmentsSubmission } from '@kexec-kit/loader-api';
import { fingerprint } from '@kexec-kit/memory';
import { layoutOf } from '@kexec-kit/purgatory';

export type Guest = Omit<BootOptions, 'timeoutMs'>;

/** What the witness kernel tells of the state in which it was entered: every number as `0x` and 16 digits. */
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

/** Purgatory's segment as its layout says, around a parameter block. */
export function purgatorySegment(start: bigint, block: Uint8Array): PlacedSegment {
  const { blob, parametersOffset } = layoutOf('long64', 'long64', { regions: 0, pokes: 0 });
  return segment(start, blob, new Uint8Array(parametersOffset - blob.length), block);
}

/** Runs segments from the state of hand-over until the guest resets or has said a text. */
export async function run(
  guest: Guest & { readonly timeoutMs?: number },
  segments: readonly PlacedSegment[],
  entry: bigint,
): Promise<BootResult> {
  const submission = submissionFor(guest, segments, entry);
  const booted = await boot(submission, () => Promise.reject(new Error('no source')), {
    timeoutMs: 20_000,
    ...guest,
  });
  if (booted.ok) return booted.value;
  throw new Error(booted.diagnostics[0].message);
}

/** What the witness told; an exception with its last words if it was never entered. */
export function stateOf({ output, lastLine, outcome }: BootResult): State {
  const line = output.split('\n').find((candidate) => candidate.startsWith('{'));
  if (line === undefined) throw new Error(`no witness (${outcome}); the guest last said: ${lastLine}`);
  return JSON.parse(line) as State;
}

/** The witness kernel, to be put anywhere, which also looks at some stretches of memory. */
export function witness(scans: readonly Range[] = []): Uint8Array {
  const bytes = compiledWitness().slice();
  const view = new DataView(bytes.buffer);
  view.setBigUint64(16, BigInt(scans.length), true);
  scans.forEach(({ start, end }, n) => {
    view.setBigUint64(32 + 16 * n, start, true);
    view.setBigUint64(40 + 16 * n, end, true);
  });
  return bytes;
}

export function sha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(bytes).digest());
}

function submissionFor(guest: Guest, segments: readonly PlacedSegment[], entry: bigint): SegmentsSubmission {
  const machine = guestMachine(guest);
  return {
    method: 'segments',
    loader: { name: 'by-hand', version: '0.0.0' },
    purpose: 'normal',
    architecture: machine.architecture,
    map: { fingerprint: fingerprint(machine, nodeEngines), told: machine.told, usable: machine.usable },
    sources: [],
    facts: [],
    diagnostics: [],
    target: qemuTarget,
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

const LAYOUT =
  'SECTIONS { . = 0; .all : { *(.entry) *(.text*) *(.rodata*) *(.data*) } /DISCARD/ : { *(*) } }';
const FLAGS = '-c -O1 -ffreestanding -fpie -fno-stack-protector -fcf-protection=none -mgeneral-regs-only';

function compileWitness(): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'kexec-kit-witness-'));
  try {
    const object = join(folder, 'witness.o');
    const flat = join(folder, 'witness.bin');
    const layout = join(folder, 'witness.ld');
    const source = fileURLToPath(new URL('../rom-witness.c', import.meta.url));
    writeFileSync(layout, LAYOUT);
    execFileSync('gcc', [...FLAGS.split(' '), '-fno-asynchronous-unwind-tables', '-o', object, source]);
    execFileSync('ld', ['-T', layout, '--oformat', 'binary', '-o', flat, object]);
    return new Uint8Array(readFileSync(flat));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
