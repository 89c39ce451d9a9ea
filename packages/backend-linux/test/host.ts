import { createHash } from 'node:crypto';
import {
  fstatSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fingerprint, recordedMap } from '@kexec-kit/memory';
import { linuxTarget } from '@kexec-kit/core';
import { nodeEngines } from '@kexec-kit/host-node';
import {
  unwrap,
  type FileSubmission,
  type Machine,
  type PlacedSegment,
  type SegmentsSubmission,
  type Source,
} from '@kexec-kit/loader-api';
import { readMachine } from '@kexec-kit/machine';
import {
  ERRNO,
  errnoName,
  type KexecLoadCall,
  type SyscallPort,
  type SyscallResult,
} from '@kexec-kit/syscall';
import { onTestFinished } from 'vitest';

/** A Debian 6.12 guest of 128 MiB, and one with memory for a crash kernel: recorded (packages/machine/fixtures). */
export type Recorded = 'small' | 'crash';

/** Lays a recorded machine out in a folder, with what the kernel says about kexec on top. */
export async function recordedRoot(
  name: Recorded = 'small',
  more: Readonly<Record<string, string>> = {},
): Promise<string> {
  const root = mkdtempSync(join(tmpdir(), 'kexec-kit-linux-'));
  onTestFinished(() => {
    rmSync(root, { recursive: true });
  });
  const fixture = new URL(`../../machine/fixtures/trees/${name}.json`, import.meta.url);
  const tree = JSON.parse(readFileSync(fixture, 'utf8')) as Record<string, string | { base64: string }>;
  const files: typeof tree = { ...tree, ...KERNEL, ...more };
  for (const [path, content] of Object.entries(files)) {
    await mkdir(join(root, dirname(path)), { recursive: true });
    await writeFile(
      join(root, path),
      typeof content === 'string' ? content : Buffer.from(content.base64, 'base64'),
    );
  }
  return root;
}

const KERNEL = {
  '/sys/kernel/kexec_loaded': '0\n',
  '/sys/kernel/kexec_crash_loaded': '0\n',
  '/proc/sys/kernel/random/boot_id': '8d6f0a58-7d0b-4d4c-9c6f-0c9f5d5b3c11\n',
};

export function machineAt(root: string): Promise<Machine> {
  return readMachine({ root }).then(unwrap);
}

/** What a kernel was asked for. Buffers are copied, as a kernel does. */
export type Asked =
  | ({ readonly call: 'kexec_load' } & KexecLoadCall)
  | {
      readonly call: 'kexec_file_load';
      readonly flags: number;
      readonly kernel: Buffer | undefined;
      readonly initrd: Buffer | undefined;
      readonly commandLine: string | undefined;
    }
  | { readonly call: 'reboot' | 'sync' };

/** A kernel that writes down what it is asked for. */
export interface FakeKernel extends SyscallPort {
  readonly asked: Asked[];
  /** Descriptors of memory files that it has given. */
  readonly files: number[];
}

/** @param answers - One after the other; a number is an errno, the rest succeed and set what is loaded. */
export function fakeKernel(root: string, ...answers: readonly (keyof typeof ERRNO | 'ok')[]): FakeKernel {
  const asked: Asked[] = [];
  const files: number[] = [];
  const left = [...answers];
  const answer = (loaded?: boolean): SyscallResult => {
    const next = left.shift() ?? 'ok';
    if (next !== 'ok') return { ok: false, errno: ERRNO[next], name: errnoName(ERRNO[next]) };
    if (loaded !== undefined) setLoaded(root, loaded);
    return { ok: true };
  };
  return {
    asked,
    files,
    kexecLoad: (call) => {
      const segments = call.segments.map((segment) => ({ ...segment, buffer: segment.buffer.slice() }));
      asked.push({ call: 'kexec_load', ...call, segments });
      return answer(segments.length > 0);
    },
    kexecFileLoad: ({ kernel, initrd = -1, commandLine, flags }) => {
      const read = { kernel: contentOf(kernel), initrd: contentOf(initrd) };
      asked.push({ call: 'kexec_file_load', ...read, commandLine, flags });
      return answer(kernel !== -1);
    },
    rebootKexec: () => {
      asked.push({ call: 'reboot' });
      return answer();
    },
    sync: () => void asked.push({ call: 'sync' }),
    memoryFile: () => {
      const path = join(root, `memory-${files.length}`);
      const descriptor = openSync(path, 'wx+');
      unlinkSync(path);
      files.push(descriptor);
      return { ok: true, descriptor };
    },
  };
}

export function setLoaded(root: string, loaded: boolean): void {
  writeFileSync(join(root, '/sys/kernel/kexec_loaded'), loaded ? '1\n' : '0\n');
}

function contentOf(descriptor: number): Buffer | undefined {
  if (descriptor === -1) return undefined;
  const content = Buffer.alloc(fstatSync(descriptor).size);
  readSync(descriptor, content, 0, content.length, 0);
  return content;
}

export function isOpen(descriptor: number): boolean {
  try {
    fstatSync(descriptor);
    return true;
  } catch {
    return false;
  }
}

export function sourceOf(id: string, name: string, content: Uint8Array): Source {
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { id, name, size: content.length, sha256 };
}

/** A submission as `link` makes it for a machine, around segments made by hand; enters the first. */
export function segmentsFor(
  machine: Machine,
  segments: readonly Pick<PlacedSegment, 'start' | 'memorySize' | 'parts'>[],
  changes: Partial<SegmentsSubmission> = {},
): SegmentsSubmission {
  const placed = segments.map((segment, index) => ({
    ...segment,
    pieces: [pieceOf(`piece-${index}`, segment)],
  }));
  return {
    method: 'segments',
    ...baseFor(machine, changes.purpose ?? 'normal'),
    target: linuxTarget(machine.architecture),
    entry: segments[0]?.start ?? 0n,
    segments: placed,
    mappings: [],
    checked: [],
    ...changes,
  };
}

function pieceOf(id: string, { start, memorySize }: { start: bigint; memorySize: bigint }) {
  return { id, start, memorySize, size: memorySize, search: [] };
}

export function fileFor(machine: Machine, changes: Partial<FileSubmission> = {}): FileSubmission {
  return {
    method: 'file',
    ...baseFor(machine, changes.purpose ?? 'normal'),
    kernel: 'image',
    initrds: [],
    commandLine: 'quiet',
    ...changes,
  };
}

function baseFor(machine: Machine, purpose: 'normal' | 'crash') {
  return {
    loader: { name: 'by-hand', version: '0.0.0' },
    purpose,
    architecture: machine.architecture,
    map: { fingerprint: fingerprint(machine, nodeEngines, purpose), ...recordedMap(machine, purpose) },
    sources: [],
    facts: [],
    diagnostics: [],
  };
}
