import type { Purpose, Submission } from '@kexec-kit/loader-api';
import { counted, humanSize } from '../size.js';
import type { Loaded } from './load.js';

/** What each of the two kernels that can be loaded is called. */
export const kernelOf: Readonly<Record<Purpose, string>> = { normal: 'kernel', crash: 'crash kernel' };

/** Each way to load, by its system call. */
export const callOf: Readonly<Record<Submission['method'], string>> = {
  segments: 'kexec_load',
  file: 'kexec_file_load',
};

/** What was loaded, in one sentence. */
export function loadedSentence({ submission, detail }: Loaded): string {
  return `${detail} is the loaded ${kernelOf[submission.purpose]}: ${sizeOf(submission)} by ${callOf[submission.method]}`;
}

function sizeOf(submission: Submission): string {
  if (submission.method === 'file')
    return humanSize(submission.sources.reduce((sum, { size }) => sum + BigInt(size), 0n));
  const memory = submission.segments.reduce((sum, { memorySize }) => sum + memorySize, 0n);
  return `${humanSize(memory)} in ${counted(submission.segments.length, 'segment')}`;
}

const units = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const;

/**
 * How long ago something was, in the largest unit that fits.
 *
 * @param seconds - Not negative.
 */
export function ago(seconds: number): string {
  const [unit, size] = units.find(([, size]) => seconds >= size) ?? (['second', 1] as const);
  const count = Math.floor(seconds / size);
  return `${counted(count, unit)} ago`;
}
