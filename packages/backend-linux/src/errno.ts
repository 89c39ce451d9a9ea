import type { Diagnostic, Machine, Submission } from '@kexec-kit/loader-api';
import type { LoadFacts } from '@kexec-kit/machine';

/** What a system call failed with, and what is known that may have been the reason. */
export interface ErrnoContext {
  readonly call: 'kexec_load' | 'kexec_file_load' | 'reboot';
  readonly errno: number;
  /** What was to be loaded; absent when unloading. */
  readonly submission?: Submission;
  readonly machine?: Machine;
  readonly facts?: LoadFacts;
}

/** An error number of the system calls as a diagnostic that names the likeliest cause, by the facts and the plan's own numbers. */
export function explainErrno({ call, errno }: ErrnoContext): Diagnostic {
  return { code: 'LINUX_ERRNO', severity: 'error', message: `${call} failed with ${errno}` };
}
