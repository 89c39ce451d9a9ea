import type { Submission } from '@kexec-kit/loader-api';
import type { LoadFacts } from '@kexec-kit/machine';
import type { ErrnoContext } from './cause.js';

/** What was looked at, in one line: the plan's own numbers, then what the kernel says. */
export function factsInWords({ submission, facts }: ErrnoContext): string {
  return [
    ...(submission === undefined ? [] : planInWords(submission)),
    ...(facts === undefined ? [] : kernelInWords(facts)),
  ].join(', ');
}

function planInWords(submission: Submission): string[] {
  if (submission.method === 'file') return [`files of ${sizeInWords(fileSize(submission))}`];
  return [`${submission.segments.length} segments of ${sizeInWords(memorySize(submission))} in all`];
}

function kernelInWords(facts: LoadFacts): string[] {
  const { canBoot, loadDisabled, lockdown, memory } = facts;
  return [
    ...(memory === undefined
      ? []
      : [`${sizeInWords(memory.total)} of RAM with ${sizeInWords(memory.available)} available`]),
    ...(canBoot === undefined ? [] : [canBoot ? 'CAP_SYS_BOOT' : 'no CAP_SYS_BOOT']),
    ...(loadDisabled === undefined ? [] : [`kexec_load_disabled ${loadDisabled ? 1 : 0}`]),
    ...(lockdown === undefined ? [] : [`lockdown ${lockdown}`]),
  ];
}

/** The memory that all segments take, in bytes. */
export function memorySize(submission: Extract<Submission, { method: 'segments' }>): bigint {
  return submission.segments.reduce((sum, segment) => sum + segment.memorySize, 0n);
}

/** What the kernel reads, in bytes. */
export function fileSize({ sources }: Submission): bigint {
  return sources.reduce((sum, { size }) => sum + BigInt(size), 0n);
}

/** A size for people, e.g. `58.6 MiB`. */
export function sizeInWords(bytes: bigint): string {
  const unit = bytes >= 1n << 30n ? ({ shift: 30n, name: 'GiB' } as const) : { shift: 20n, name: 'MiB' };
  const tenths = (bytes * 10n + (1n << (unit.shift - 1n))) >> unit.shift;
  return tenths === 0n ? `${bytes} bytes` : `${tenths / 10n}.${tenths % 10n} ${unit.name}`;
}
