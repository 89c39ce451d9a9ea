import {
  fail,
  ok,
  type Progress,
  type Purpose,
  type ReadSource,
  type Result,
  type Submission,
} from '@kexec-kit/loader-api';
import { targetFor } from './abi.js';
import { available } from './available.js';
import type { ExecuteOptions, Intent, LinuxBackend, LinuxBackendOptions } from './backend.js';
import { checkMachine } from './check.js';
import { cameBack, crashNotStarted, leftAfterFailure, nothingLoaded } from './codes.js';
import { filesIntent, loadFiles } from './files.js';
import { BackendFailure, explained, hostOf, type Host } from './host.js';
import { writeRecord } from './record.js';
import { loadSegments, segmentsIntent } from './segments.js';
import { isLoaded, readStatus } from './status.js';
import { unload } from './unload.js';

/**
 * The running Linux as a backend. Nothing is read and no call is made before the first of its functions is called.
 *
 * @throws RangeError when `root` is a recorded tree and no `syscalls` are given.
 * @example
 * ```ts no-run
 * const backend = linuxBackend();
 * const loaded = await backend.apply(submission, read);
 * if (loaded.ok) await backend.execute('normal');
 * ```
 */
export function linuxBackend(options: LinuxBackendOptions = {}): LinuxBackend {
  const host = hostOf(options);
  return {
    name: 'linux',
    targets: [targetFor('x86_64'), targetFor('i386')],
    available: () => available(host),
    dryRun: (submission) => caught(() => dryRun(host, submission)),
    apply: (submission, read, progress) => caught(() => apply(host, submission, read, progress)),
    unload: (purpose, method) => unload(host, purpose, method),
    execute: (purpose, executeOptions) => execute(host, purpose, executeOptions),
    status: (purpose) => readStatus(host.root, purpose),
  };
}

async function caught<T>(work: () => Promise<Result<T>>): Promise<Result<T>> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof BackendFailure) return error.failure;
    throw error;
  }
}

async function dryRun(host: Host, submission: Submission): Promise<Result<Intent>> {
  const machine = await checkMachine(host, submission);
  if (!machine.ok) return machine;
  return ok(
    submission.method === 'segments' ? segmentsIntent(host, submission) : filesIntent(host, submission),
  );
}

async function apply(
  host: Host,
  submission: Submission,
  read: ReadSource,
  progress: ((progress: Progress) => void) | undefined,
): Promise<Result<true>> {
  const { purpose } = submission;
  const machine = await checkMachine(host, submission);
  if (!machine.ok) return machine;
  const before = await isLoaded(host.root, purpose);
  const loaded =
    submission.method === 'segments'
      ? await loadSegments(host, submission, machine.value, read, progress)
      : await loadFiles(host, submission, machine.value, read, progress);
  if (loaded.ok) return ok(true, [...loaded.diagnostics, ...(await writeRecord(host.root, submission))]);
  const after = await isLoaded(host.root, purpose);
  if (!before.ok || !after.ok) return loaded;
  return fail(...loaded.diagnostics, leftAfterFailure(purpose, before.value, after.value));
}

async function execute(
  host: Host,
  purpose: Purpose,
  { sync = true }: ExecuteOptions = {},
): Promise<Result<never>> {
  if (purpose === 'crash') return fail(crashNotStarted());
  const loaded = await isLoaded(host.root, purpose);
  if (loaded.ok && !loaded.value) return fail(nothingLoaded());
  const syscalls = host.syscalls();
  if (sync) syscalls.sync();
  const result = syscalls.rebootKexec();
  return result.ok ? fail(cameBack()) : explained(host, { call: 'reboot', errno: result.errno });
}
