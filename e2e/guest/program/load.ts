/**
 * Runs in a guest, where our packages are installed: what a program does that uses the library itself. Does what it is told
 * in steps, and prints one line of JSON for each.
 *
 *     node load.mjs '[["load", {…}], ["status", "normal"], ["unload", "normal"], ["execute", "normal"]]'
 */
import { readFileSync } from 'node:fs';
import { explainErrno, linuxBackend } from '@kexec-kit/backend-linux';
import { linkPlanned, linuxTarget, open, plan, planFile } from '@kexec-kit/core';
import {
  hashedFile,
  nodeEngines as engines,
  openSource,
  readSources,
  type HashedFile,
} from '@kexec-kit/host-node';
import {
  unwrap,
  type Purpose,
  type Result,
  type SegmentsSubmission,
  type Submission,
} from '@kexec-kit/loader-api';
import { readLoadFacts, readMachine } from '@kexec-kit/machine';
import { loaders } from '@kexec-kit/preset-x86';
import { KEXEC, linuxSyscalls, type KexecSegment } from '@kexec-kit/syscall';

export interface Load {
  readonly method: Submission['method'];
  readonly purpose?: Purpose;
  readonly kernel: string;
  readonly initrd?: readonly string[];
  readonly commandLine: string;
  /** What is put into the submission, to see it refused. */
  readonly change?: object;
  readonly dryRun?: boolean;
}

/** A call of kexec_load that no plan leads to: one segment of this size, with these flags. */
export interface Raw {
  readonly address: string;
  readonly size: string;
  readonly flags: number;
}

const hashed = new Map<string, HashedFile | undefined>();
const backend = linuxBackend({ hashed: (source) => hashed.get(source) });
/** What a command line's words call by name. */
const steps: Readonly<Record<string, (...words: never[]) => unknown>> = {
  load,
  raw,
  unload: (purpose: Purpose) => backend.unload(purpose),
  status: (purpose: Purpose) => backend.status(purpose),
  execute: (purpose: Purpose) => backend.execute(purpose),
  available: () => backend.available(),
};

for (const [name, ...words] of JSON.parse(process.argv[2] ?? '[]') as [string, ...never[]][]) {
  const result = await steps[name]?.(...words);
  console.log(
    JSON.stringify(result, (_key, value: unknown) =>
      typeof value === 'bigint' ? `0x${value.toString(16)}` : value,
    ),
  );
}

async function load(request: Load): Promise<Result<unknown>> {
  const { method, purpose = 'normal', kernel, initrd: paths = [], commandLine } = request;
  const image = unwrap(await openSource(kernel, { id: 'image', keepBytes: true }));
  const initrd = await Promise.all(
    paths.map(async (path, n) => unwrap(await openSource(path, { id: `initrd.${n}` }))),
  );
  for (const source of [image, ...initrd]) hashed.set(source.id, hashedFile(source));
  const opened = unwrap(open(image, loaders));
  const machine = unwrap(await readMachine());
  const planning = { machine, purpose, options: { 'command-line': commandLine, initrd } };
  const target = linuxTarget(machine.architecture, process.arch === 'ia32' ? 'i386' : 'x86_64');
  const submission =
    method === 'file'
      ? planFile(opened, { ...planning, engines, sources: initrd })
      : linkPlanned(unwrap(plan(opened, planning)), { target, engines, sources: initrd });
  if (!submission.ok) return submission;
  if (request.dryRun === true) return backend.dryRun(submission.value);
  const sources = unwrap(await readSources([image, ...initrd], { verify: true }));
  const changed = { ...submission.value, ...request.change };
  const applied = await backend.apply(changed, sources.read);
  await sources.close();
  return applied;
}

async function raw({ address, size, flags }: Raw): Promise<unknown> {
  const segment = { buffer: readFileSync('/init'), address: BigInt(address), memorySize: BigInt(size) };
  const result = linuxSyscalls().kexecLoad({ entry: segment.address, segments: [segment], flags });
  if (result.ok) return result;
  const [machine, facts] = [unwrap(await readMachine()), await readLoadFacts()];
  const submission = submissionOf(segment, flags);
  return explainErrno({ call: 'kexec_load', errno: result.errno, submission, machine, facts });
}

/** A plan that would have led to the call. */
function submissionOf({ address, memorySize }: KexecSegment, flags: number): SegmentsSubmission {
  const piece = { id: 'by-hand', start: address, size: 0n, memorySize, search: [] };
  return {
    method: 'segments',
    loader: { name: 'by-hand', version: '0.0.0' },
    purpose: (flags & KEXEC.ON_CRASH) === 0 ? 'normal' : 'crash',
    architecture: (flags & KEXEC.ARCH_X86_64) === KEXEC.ARCH_X86_64 ? 'x86_64' : 'i386',
    map: { fingerprint: '', told: [], usable: [] },
    ...{ sources: [], facts: [], diagnostics: [], mappings: [], checked: [] },
    target: linuxTarget('x86_64'),
    entry: address,
    segments: [{ start: address, memorySize, parts: [], pieces: [piece] }],
  };
}
