/**
 * What the examples in docstrings may use without declaring it. One name means one thing throughout the project:
 * `image` is a Linux kernel that was read, `machine` the guest that it is planned for, `engines` those of Node.
 */
import { gzipSync } from 'node:zlib';
import { guestMachine, qemuTarget } from '@kexec-kit/backend-qemu';
import { createRegistry, linkPlanned, open, plan as planOpened, serializeSubmission } from '@kexec-kit/core';
import { nodeEngines } from '@kexec-kit/host-node';
import { SetupHeader } from '@kexec-kit/linux-boot';
import { loader } from '@kexec-kit/loader-bzimage';
import {
  manifestOf,
  type Backend,
  type Diagnostic,
  type Loader,
  type OptionSpec,
  type Policy,
  type ReadSource,
  type Result,
  type Source,
  type SourceBytes,
} from '@kexec-kit/loader-api';
import type { FormatError } from '@kexec-kit/structures';
import { encodeText } from '@kexec-kit/structures';
import { bzImage, source as sourceOf } from '../../packages/loader-bzimage/test/bzimage.js';

export { loader, loader as bzimage, SetupHeader };

const kernel = bzImage();
kernel.set(encodeText('6.12.1 \0'), 0x600);

export const image: SourceBytes = sourceOf(kernel);
export const bytes: Uint8Array = gzipSync(kernel);
export const source: SourceBytes = sourceOf(bytes, 'vmlinuz.gz');
export const initrd: Source = { id: 'initrd.0', name: 'initrd.img', size: 1 << 20, sha256: '00'.repeat(32) };

export const engines = nodeEngines;
export const hasher = engines.sha256();
export const target = qemuTarget;
export const machine = guestMachine({ memory: 512n << 20n, model: 'q35' });
export const policy: Policy = { efi: true, video: 'auto', console: 'serial' };
export const sources = new Map([[image.id, image]]);
export const manifests = [manifestOf(loader)];

export const registry = valueOf(createRegistry([loader]));
export const opened = valueOf(open(image, [loader]));
export const planned = valueOf(planOpened(opened, { machine }));
export const plan = planned.plan;
export const submission = valueOf(linkPlanned(planned, { target, engines }));
export const text = serializeSubmission(submission, engines);
export const samples = [kernel];

/** A machine's map before and after something took its last page. */
export const saved = machine;
export const now = guestMachine({ memory: (512n << 20n) - 4096n, model: 'q35' });

// For examples that are not run: what they name is the reader's own.
export declare const backend: Backend;
export declare const read: ReadSource;
export declare const rest: Omit<Loader<SourceBytes, OptionSpec>, 'api' | 'name' | 'options'>;
export declare const report: (differences: readonly string[]) => void;
export declare const test: (name: string, run: () => void) => void;
export declare const truncated: (at: Diagnostic['at'], error: FormatError) => Diagnostic;

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.diagnostics[0].message);
  return result.value;
}
