import type { Submission } from '@kexec-kit/loader-api';
import type { Situation } from './situation.js';

/** The memory of a load, in bytes. */
export interface Needs {
  /** The files, while they are loaded. */
  readonly files: bigint;
  /** Where their content and what comes with it waits, until it is started. */
  readonly waiting: bigint;
}

/** By the plan's own numbers; undefined without one. The running kernel places much the same by itself. */
export function needsOf({ image }: Situation): Needs | undefined {
  const { segments, file } = image?.plans ?? {};
  if (segments?.ok === true) {
    const { value } = segments;
    return { files: sizeOfFiles(value), waiting: memoryOf(value.segments) };
  }
  if (file?.ok !== true) return undefined;
  const files = sizeOfFiles(file.value);
  return { files, waiting: files };
}

/** The files of a submission, in bytes. */
export function sizeOfFiles({ sources }: Submission): bigint {
  return sources.reduce((sum, { size }) => sum + BigInt(size), 0n);
}

/** The memory that segments take, in bytes. */
export function memoryOf(segments: readonly { readonly memorySize: bigint }[]): bigint {
  return segments.reduce((sum, { memorySize }) => sum + memorySize, 0n);
}
