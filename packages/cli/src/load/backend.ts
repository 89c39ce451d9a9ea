import { linuxBackend, type ExtraFlag, type LinuxBackend } from '@kexec-kit/backend-linux';
import type { Values } from '../commands.js';
import type { Context } from '../context.js';

export interface BackendNeeds {
  readonly values?: Values;
  /** When hashing began, in milliseconds since 1970. */
  readonly hashedAt?: number;
}

/** The running system as a backend. */
export function backendFor({ system }: Context, { values, hashedAt }: BackendNeeds = {}): LinuxBackend {
  const { root, syscalls } = system;
  return linuxBackend({
    root,
    extraFlags: (values?.get('kernel-flag') ?? []) as readonly ExtraFlag[],
    ...(syscalls && { syscalls }),
    ...(hashedAt !== undefined && { hashedAt }),
  });
}
