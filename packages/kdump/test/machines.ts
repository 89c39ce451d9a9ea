import type { Machine } from '@kexec-kit/loader-api';
import { standardMachines } from '@kexec-kit/loader-testkit';

/** Four CPUs, a region between 896 MiB and 4 GiB: recorded (packages/machine/fixtures/crash-smp.md). */
export const SMP: Machine = standardMachines.crashBelow4g;
/** A region above 4 GiB and its helper below: recorded (packages/machine/fixtures/crash-high.md). */
export const HIGH: Machine = standardMachines.crash;
