import type { HashedFile } from '@kexec-kit/host-node';
import type { Backend, Purpose, Result, SourceId, Submission } from '@kexec-kit/loader-api';
import type { SyscallPort } from '@kexec-kit/syscall';
import type { ExtraFlag } from './flags.js';
import type { LoadRecord } from './record.js';

export interface LinuxBackendOptions {
  /** Where /proc, /sys and /run are. Default `/`; anything else is a recorded tree, and then `syscalls` must be given. */
  readonly root?: string;
  /** Default: the real ones. */
  readonly syscalls?: SyscallPort;
  /**
   * The file that this process has hashed for a source, and when it began to: where kexec_file_load is to be handed that
   * very file, and it has not changed since, it is not hashed again. Default: every file is.
   */
  readonly hashed?: (source: SourceId) => HashedFile | undefined;
  /**
   * The bytes of a source, as planned, where this process holds them: a segment that is made of one source is handed to
   * the kernel from there, without a copy. Default: none is held, all are read.
   */
  readonly bytesOf?: (source: SourceId) => Uint8Array | undefined;
  /**
   * Asked once everything for a kexec_load was read, before the call: whether the files are as planned in what was not
   * read of them, too. Default: a file is compared only when it was read up to its end.
   */
  readonly verify?: () => Promise<Result<true>>;
  /** What the kernel is asked for where it knows it; where it does not, the load goes on without, and says so. */
  readonly extraFlags?: readonly ExtraFlag[];
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
  /**
   * What this backend loaded last in this boot, while anything is loaded. The kernel does not say what it holds: another
   * program may have loaded something else since.
   */
  readonly record?: LoadRecord;
}

export interface ExecuteOptions {
  /** Write the buffers of all file systems to the disks first. Default true. */
  readonly sync?: boolean;
}

/** The running Linux as a backend. */
export interface LinuxBackend extends Backend {
  /** Everything that `apply` checks before the system call, and what it would then do. Makes no system call of kexec. */
  dryRun(submission: Submission): Promise<Result<Intent>>;
  /** @param method - By which call; default: by kexec_file_load, else by kexec_load. Either unloads what the other loaded. */
  unload(purpose: Purpose, method?: Submission['method']): Promise<Result<true>>;
  /** Starts what is loaded, at once and without asking anybody; returns only when that fails. */
  execute(purpose: Purpose, options?: ExecuteOptions): Promise<Result<never>>;
  status(purpose: Purpose): Promise<Result<LinuxStatus>>;
}
