import { linuxTarget } from '@kexec-kit/core';
import {
  fail,
  ok,
  range,
  type Diagnostic,
  type FileSubmission,
  type Machine,
  type SegmentsSubmission,
} from '@kexec-kit/loader-api';
import type { LoadFacts, Surroundings } from '@kexec-kit/machine';
import type { PlannedImage, Situation } from '../../src/doctor/situation.js';

export const MiB = 1n << 20n;

/** 1 GiB behind a BIOS. */
export const machine: Machine = {
  architecture: 'x86_64',
  told: [{ ...range(0n, 1024n * MiB), kind: 'ram' }],
  usable: [range(0x1000n, 1024n * MiB)],
  crashKernel: [],
  commandLine: '',
  cpus: 1,
  firmware: {},
};

export const facts: LoadFacts = {
  release: '6.12.1',
  canBoot: true,
  inUserNamespace: false,
  loadDisabled: false,
  lockdown: 'none',
  config: { KEXEC: 'y', KEXEC_FILE: 'y', KEXEC_SIG: 'y', FIRMWARE_MEMMAP: 'y' },
  memory: { total: 1000n * MiB, available: 800n * MiB },
  loaded: { normal: false, crash: false },
};

export const surroundings: Surroundings = { efi: false, graphics: [], framebuffers: [] };

/** A machine on which nothing stands in the way, and what is to be different. */
export interface Change extends Partial<Omit<Situation, 'facts' | 'surroundings' | 'machine'>> {
  readonly facts?: LoadFacts;
  readonly surroundings?: Surroundings;
  readonly machine?: Partial<Machine>;
  /** What reading the machine had to say. */
  readonly said?: readonly string[];
  /** Reading the machine failed. */
  readonly unread?: Diagnostic;
  /** A snapshot stands for the machine: nothing else is known. */
  readonly isSnapshot?: boolean;
}

export function situation(change: Change = {}): Situation {
  const { said = [], unread, isSnapshot = false, ...rest } = change;
  const diagnostics = said.map((code): Diagnostic => ({ code, severity: 'warning', message: code }));
  return {
    purpose: 'normal',
    policy: {},
    wanted: ['file', 'segments'],
    callerAbi: 'x86_64',
    ...rest,
    facts: isSnapshot ? {} : { ...facts, ...change.facts },
    ...(!isSnapshot && { surroundings: { ...surroundings, ...change.surroundings } }),
    machine: unread === undefined ? ok({ ...machine, ...change.machine }, diagnostics) : fail(unread),
  };
}

export function refusal(code: string, message = code, hint?: string): Diagnostic {
  return { code, severity: 'error', message, ...(hint !== undefined && { hint }) };
}

interface Sizes {
  /** In MiB, of the files. */
  readonly files?: number;
  /** In MiB, of the segments. */
  readonly waiting?: bigint;
  readonly isSigned?: boolean;
  readonly segments?: Diagnostic;
  readonly file?: Diagnostic;
}

/** An image that was planned each way, or refused. */
export function image({
  files = 20,
  waiting = 60n,
  isSigned = true,
  segments,
  file,
}: Sizes = {}): PlannedImage {
  return {
    name: 'vmlinuz',
    detail: 'Linux 6.12.1',
    isSigned,
    plans: {
      segments: segments === undefined ? ok(segmentsOf(files, waiting * MiB)) : fail(segments),
      file: file === undefined ? ok(fileOf(files)) : fail(file),
    },
  };
}

function common(
  files: number,
): Pick<FileSubmission, 'sources' | 'facts' | 'diagnostics' | 'loader' | 'purpose' | 'architecture' | 'map'> {
  return {
    loader: { name: 'bzimage', version: '0.1.0' },
    purpose: 'normal',
    architecture: 'x86_64',
    map: { fingerprint: '', told: [], usable: [] },
    sources: [{ id: 'image', name: 'vmlinuz', size: files << 20, sha256: '' }],
    facts: [],
    diagnostics: [],
  };
}

function fileOf(files: number): FileSubmission {
  return { ...common(files), method: 'file', kernel: 'image', initrds: [], commandLine: '' };
}

function segmentsOf(files: number, memorySize: bigint): SegmentsSubmission {
  return {
    ...common(files),
    method: 'segments',
    target: linuxTarget('x86_64'),
    entry: 0x100000n,
    segments: [{ start: 0x100000n, memorySize, parts: [{ zeros: memorySize }], pieces: [] }],
    mappings: [],
    checked: [],
  };
}
