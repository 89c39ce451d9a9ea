import type { Backend, Purpose, Result, Submission } from '@kexec-kit/loader-api';
import type { SyscallPort } from '@kexec-kit/syscall';
import type { LoadRecord } from './record.js';

export interface LinuxBackendOptions {
  /** Where /proc, /sys and /run are. Default `/`; anything else is a recorded tree, for which `syscalls` must be given. */
  readonly root?: string;
  /** Default: the real ones. */
  readonly syscalls?: SyscallPort;
  /**
   * When this process began to hash the sources, in milliseconds since 1970: a file for kexec_file_load that has not
   * changed since then is not hashed again. Default: each is.
   */
  readonly hashedAt?: number;
}

/** What applying a submission would do: said by a dry run, before anything is done. */
export interface Intent {
  readonly call: 'kexec_load' | 'kexec_file_load';
  /** By the kernel's names, e.g. `KEXEC_ON_CRASH`. */
  readonly flags: readonly string[];
  /** What the kernel copies, in bytes. */
  readonly bytes: bigint;
  /** For people, one line each: the call, then what it is given. */
  readonly lines: readonly string[];
}

/** What is loaded, and what is known of how it came there. */
export interface LinuxStatus {
  /** What the kernel says. */
  readonly loaded: boolean;
  /** What this backend loaded last in this boot, unless nothing is loaded any more. Somebody else may have loaded over it. */
  readonly record?: LoadRecord;
}

/** The running Linux as a backend. */
export interface LinuxBackend extends Backend {
  /** Everything that `apply` checks before the system call, and what it would then do. */
  dryRun(submission: Submission): Promise<Result<Intent>>;
  status(purpose: Purpose): Promise<Result<LinuxStatus>>;
}
