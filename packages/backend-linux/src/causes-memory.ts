import { sizeOf } from '@kexec-kit/loader-api';
import { known, purposeOf, segmentsOf, type Look } from './cause.js';
import { fileSize, memorySize, sizeInWords } from './facts-in-words.js';

/** The kernel compares with MemTotal, in pages. */
export const overHalfOfRam: Look = ({ submission, facts }) => {
  if (submission === undefined || facts?.memory === undefined) return undefined;
  const half = facts.memory.total / 2n;
  const needed = submission.method === 'segments' ? memorySize(submission) : fileSize(submission);
  if (needed <= half) return undefined;
  return known(
    `the load takes ${sizeInWords(needed)}, and more than half of RAM (${sizeInWords(half)}) is never given`,
    'Take a smaller initrd, or a machine with more RAM.',
  );
};

/** Besides the segments the kernel takes its control pages and page tables out of the crash region: about this. */
const CONTROL = 1n << 20n;
const CONTROL_PER_GIB = 4096n;

export const crashMemoryFull: Look = (context) => {
  const { machine, facts } = context;
  const submission = segmentsOf(context);
  if (purposeOf(context) !== 'crash' || machine === undefined || submission === undefined) return undefined;
  const reserved = machine.crashKernel.reduce((sum, each) => sum + sizeOf(each), 0n);
  const control = CONTROL + (((facts?.memory?.total ?? 0n) >> 30n) + 1n) * CONTROL_PER_GIB;
  const left = reserved - memorySize(submission);
  if (left >= control) return undefined;
  return {
    certainty: 'likely',
    why: `of the ${sizeInWords(reserved)} reserved for a crash kernel ${sizeInWords(left)} are left, and the kernel needs ${sizeInWords(control)} for itself`,
    cure: 'Reserve more with crashkernel=.',
  };
};

export const memoryFull: Look = ({ submission, facts }) => {
  if (submission === undefined || facts?.memory === undefined) return undefined;
  // The kernel keeps zeros, too: a load was seen to take all that its segments are in memory, and more.
  const needed = submission.method === 'segments' ? memorySize(submission) : fileSize(submission);
  const { available } = facts.memory;
  return {
    certainty: needed > available ? 'known' : 'likely',
    why: `the load needs ${sizeInWords(needed)} of free memory (swap does not count), and ${sizeInWords(available)} are available`,
    cure: 'Free memory, or take a smaller initrd.',
  };
};

export const noHole: Look = (context) =>
  context.submission?.method === 'file'
    ? {
        certainty: 'likely',
        why: `the kernel found no hole for ${sizeInWords(fileSize(context.submission))} of files and what they unpack to`,
        cure:
          purposeOf(context) === 'crash'
            ? 'Reserve more with crashkernel=.'
            : 'Take a smaller initrd, or kexec_load (-c), which says what it looked at.',
      }
    : undefined;
