/**
 * What the examples in docstrings may use without declaring it. One name means one thing throughout the project:
 * `image` is a Linux kernel that was read, `machine` the guest that it is planned for, `engines` those of Node.
 */
import { gzipSync } from 'node:zlib';
import { guestMachine, qemuTarget } from '@kexec-kit/backend-qemu';
import {
  createRegistry,
  findPacked,
  linkPlanned,
  open,
  plan as planOpened,
  serializeSubmission,
} from '@kexec-kit/core';
import { nodeEngines } from '@kexec-kit/host-node';
import { SetupHeader } from '@kexec-kit/linux-boot';
import { loader } from '@kexec-kit/loader-bzimage';
import {
  manifestOf,
  type Backend,
  type Diagnostic,
  type Loader,
  type Place,
  type Policy,
  type ReadSource,
  type Result,
  type Source,
  type SourceBytes,
} from '@kexec-kit/loader-api';
import type { FormatError } from '@kexec-kit/structures';
import { toHex } from '@kexec-kit/structures';
import { helloKernel } from './kernel.js';

export { loader, loader as bzimage, SetupHeader };

const kernel = helloKernel('6.12.1');

export const image: SourceBytes = sourceOf(kernel, 'vmlinuz');
export const bytes: Uint8Array = gzipSync(kernel);
export const source: SourceBytes = sourceOf(bytes, 'vmlinuz.gz');
export const initrd: Source = { id: 'initrd.0', name: 'initrd.img', size: 1 << 20, sha256: '00'.repeat(32) };

export const engines = nodeEngines;
export const hasher = engines.sha256();
export const target = qemuTarget;
export const machine = guestMachine({ memory: 512n << 20n, model: 'q35' });
export const policy: Policy = { efi: true, video: 'auto', console: { serial: { port: 0x3f8 } } };
export const sources = new Map([[image.id, image]]);
export const manifests = [manifestOf(loader)];

export const registry = valueOf(createRegistry([loader]));
export const opened = valueOf(open(image, [loader]));
export const planned = valueOf(planOpened(opened, { machine }));
/** Nothing but the outer compression of the kernel, which was taken off. */
export const packed = valueOf(findPacked({ ...image, decompressed: 'gzip' }, []));
export const plan = planned.plan;
export const submission = valueOf(linkPlanned(planned, { target, engines }));
export const text = serializeSubmission(submission, engines);
// It has no payload, so that its last paragraph of 16 bytes need not be full.
export const samples = [{ name: 'kernel', bytes: kernel, declaredEnd: kernel.length - 15 }];

/** A memory map, and the same after the firmware took the end of it. */
const ram = { start: 0n, end: 0x8000000n, kind: 'ram' } as const;
const usable = [{ start: 0x1000n, end: 0x7fe0000n }];
export const saved = { told: [ram], usable };
export const now = {
  told: [
    { ...ram, end: 0x7fe0000n },
    { ...ram, start: 0x7fe0000n, kind: 'reserved' as const },
  ],
  usable,
};

/** What every test runner has. */
export function test(_name: string, run: () => void): void {
  run();
}

export function truncated(at: Place, { message }: FormatError): Diagnostic {
  return { code: 'FORMAT_TRUNCATED', severity: 'error', message, at };
}

// For examples that are not run: what they name is the reader's own.
export declare const backend: Backend;
export declare const read: ReadSource;
export declare const rest: Omit<Loader<SourceBytes>, 'api' | 'name' | 'options'>;
export declare const report: (differences: readonly string[]) => void;

function sourceOf(content: Uint8Array, name: string): SourceBytes {
  const sha256 = nodeEngines.sha256();
  sha256.update(content);
  return { id: 'image', name, size: content.length, sha256: toHex(sha256.digest()), bytes: content };
}

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.diagnostics[0].message);
  return result.value;
}
