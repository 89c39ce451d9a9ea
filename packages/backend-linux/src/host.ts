import { fail, ok, type Failure } from '@kexec-kit/loader-api';
import { readLoadFacts, type LoadFacts } from '@kexec-kit/machine';
import { linuxSyscalls, type SyscallPort } from '@kexec-kit/syscall';
import type { LinuxBackendOptions } from './backend.js';
import type { ErrnoContext } from './cause.js';
import { explainErrno } from './errno.js';
import type { ExtraFlag } from './flags.js';

/** What a backend works on: a running Linux, or what a test puts in its place. */
export interface Host {
  readonly root: string;
  readonly extraFlags: readonly ExtraFlag[];
  readonly hashed: NonNullable<LinuxBackendOptions['hashed']>;
  readonly verify: NonNullable<LinuxBackendOptions['verify']>;
  readonly bytesOf: NonNullable<LinuxBackendOptions['bytesOf']>;
  syscalls(): SyscallPort;
  facts(): Promise<LoadFacts>;
}

/** @throws RangeError when a recorded tree is to be used with the system calls of the running machine. */
export function hostOf({
  root = '/',
  syscalls,
  hashed = () => undefined,
  verify = () => Promise.resolve(ok(true)),
  extraFlags = [],
  bytesOf = () => undefined,
}: LinuxBackendOptions): Host {
  if (root !== '/' && syscalls === undefined)
    throw new RangeError('a recorded tree is not the machine that the system calls would act upon');
  return {
    root,
    extraFlags,
    hashed,
    verify,
    bytesOf,
    syscalls: () => syscalls ?? linuxSyscalls(),
    facts: () => readLoadFacts({ root }),
  };
}

/** Why a call failed, by what is known of the machine now. */
export async function explained(host: Host, context: Omit<ErrnoContext, 'facts'>): Promise<Failure> {
  return fail(explainErrno({ ...context, facts: await host.facts() }));
}

/** Carries a failure out of nested work, to the one place that turns it into a Result. */
export class BackendFailure extends Error {
  override readonly name = 'BackendFailure';
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.diagnostics[0].message);
    this.failure = failure;
  }
}
