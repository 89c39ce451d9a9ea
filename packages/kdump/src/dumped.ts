import { type Machine, range, type Range } from '@kexec-kit/loader-api';
import { subtract } from '@kexec-kit/memory';

/**
 * Since Linux 5.5 the running kernel keeps nothing in the first MiB that a dump would miss, and the capture kernel needs it to
 * start its CPUs: it is neither dumped nor saved (see docs/decisions).
 */
export const LOW_MEMORY: Range = range(0n, 0x100000n);

/** The memory of the running kernel that a dump holds: System RAM without the first MiB and what is reserved for crash kernels. */
export function dumpedMemory({ crash, crashKernel }: Pick<Machine, 'crash' | 'crashKernel'>): Range[] {
  return subtract(crash?.systemRam ?? [], [LOW_MEMORY, ...crashKernel]);
}
