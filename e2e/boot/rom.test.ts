import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { boot, guestMachine, qemuTarget, REGISTER_GARBAGE, type BootOptions } from '@kexec-kit/backend-qemu';
import type { PlacedSegment, Range, SegmentsSubmission } from '@kexec-kit/loader-api';
import { fingerprint } from '@kexec-kit/memory';
import { sha256 } from '@noble/hashes/sha2.js';
import { beforeAll, describe, expect, it } from 'vitest';

const MIB = 1n << 20n;
const GIB = 1n << 30n;
const PATTERN = '0xa5a5a5a5a5a5a5a5';
const ZERO = '0x0000000000000000';

let witness: Uint8Array;

beforeAll(() => {
  witness = buildWitness();
});

describe.each(['q35', 'microvm'] as const)('on %s', (model) => {
  it.each([4, 5] as const)('hands over as Linux does, with %d levels of paging', async (paging) => {
    const { state, debugcon, milliseconds } = await look({ model, paging, memory: 256n * MIB }, { at: 32n * MIB });

    expect(state).toMatchObject({
      cr0: '0x0000000080000033',
      cr4: paging === 5 ? '0x0000000000001020' : '0x0000000000000020',
      efer: '0x0000000000000d01',
      cs: '0x0000000000000010',
      gdtLimit: ZERO,
      idtLimit: ZERO,
    });
    for (const name of ['ds', 'es', 'fs', 'gs', 'ss']) expect(state[name], name).toBe('0x0000000000000018');
    expect(BigInt(state['rflags'] ?? '') & 0x600n, 'interrupts off, strings upwards').toBe(0n);
    expect(debugcon).toBe('witness\n');
    expect(milliseconds).toBeGreaterThan(0);
  });
});

interface State {
  readonly scans: readonly { readonly first: string; readonly others: string }[];
  readonly [field: string]: string | State['scans'];
}

/** Boots the witness at an address, lets it look at ranges, and returns what it told. */
async function look(
  guest: Omit<BootOptions, 'timeoutMs'>,
  { at, scans = [], more = [], mappings = [] }: Look,
): Promise<{ state: Record<string, string> & State; debugcon: string; milliseconds: number }> {
  const booted = await run(guest, { at, scans, more, mappings });
  expect(booted).toMatchObject({ outcome: 'exited', lastLine: 'end of witness' });
  return { state: JSON.parse(booted.output.split('\n')[0] ?? ''), ...booted };
}

interface Look {
  readonly at: bigint;
  readonly scans?: readonly Range[];
  readonly more?: readonly PlacedSegment[];
  readonly mappings?: readonly Range[];
}

async function run(guest: Omit<BootOptions, 'timeoutMs'>, { at, scans = [], more = [], mappings = [] }: Look) {
  const submission = submissionFor(guest, [segment(at, witnessFor(scans), 0x4000n), ...more], at, mappings);
  const booted = await boot(submission, () => Promise.reject(new Error('no source')), { timeoutMs: 20_000, ...guest });
  if (!booted.ok) throw new Error(booted.diagnostics[0].message);
  return booted.value;
}

function segment(start: bigint, bytes: Uint8Array, memorySize: bigint): PlacedSegment {
  return { start, memorySize, parts: [{ bytes }], pieces: [] };
}

function submissionFor(
  guest: Pick<BootOptions, 'model' | 'memory'>,
  segments: readonly PlacedSegment[],
  entry: bigint,
  mappings: readonly Range[] = [],
): SegmentsSubmission {
  const machine = guestMachine(guest);
  const engines = { sha256: () => sha256.create() };
  return {
    method: 'segments',
    loader: { name: 'by-hand', version: '0.0.0' },
    purpose: 'normal',
    architecture: machine.architecture,
    map: { fingerprint: fingerprint(machine, engines), told: machine.told, usable: machine.usable },
    sources: [],
    facts: [],
    diagnostics: [],
    target: qemuTarget,
    entry,
    segments,
    mappings,
    checked: [],
  };
}

/** The witness with the list of what it shall look at filled in. */
function witnessFor(scans: readonly Range[]): Uint8Array {
  const bytes = witness.slice();
  const view = new DataView(bytes.buffer);
  view.setBigUint64(16, BigInt(scans.length), true);
  scans.forEach(({ start, end }, n) => {
    view.setBigUint64(32 + 16 * n, start, true);
    view.setBigUint64(40 + 16 * n, end, true);
  });
  return bytes;
}

function buildWitness(): Uint8Array {
  const directory = mkdtempSync(join(tmpdir(), 'kexec-kit-witness-'));
  try {
    const [object, script, flat] = ['w.o', 'w.ld', 'w.bin'].map((name) => join(directory, name)) as [string, string, string];
    const flags = '-c -O1 -Wall -Wextra -Werror -ffreestanding -fpie -fno-stack-protector -fcf-protection=none';
    const source = fileURLToPath(new URL('rom-witness.c', import.meta.url));
    execFileSync('gcc', [...flags.split(' '), '-mgeneral-regs-only', '-fno-asynchronous-unwind-tables', '-o', object, source]);
    writeFileSync(script, 'SECTIONS { . = 0; .all : { *(.entry) *(.text*) *(.rodata*) *(.data*) } /DISCARD/ : { *(*) } }');
    execFileSync('ld', ['-T', script, '--oformat', 'binary', '-o', flat, object]);
    return Uint8Array.from(readFileSync(flat));
  } finally {
    rmSync(directory, { recursive: true });
  }
}
