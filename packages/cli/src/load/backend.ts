import { linuxBackend, type ExtraFlag, type LinuxBackend } from '@kexec-kit/backend-linux';
import type { Source, SourceBytes } from '@kexec-kit/loader-api';
import type { Values } from '../commands.js';
import type { Context } from '../context.js';

export interface BackendNeeds {
  readonly values?: Values;
  /** When hashing began, in milliseconds since 1970. */
  readonly hashedAt?: number;
  /** Those that have their bytes are not read again. */
  readonly sources?: readonly (Source | SourceBytes)[];
}

/** The running system as a backend. */
export function backendFor(context: Context, needs: BackendNeeds = {}): LinuxBackend {
  const { root, syscalls } = context.system;
  const { values, hashedAt, sources = [] } = needs;
  const held = new Map(sources.map((source) => [source.id, 'bytes' in source ? source.bytes : undefined]));
  return linuxBackend({
    root,
    extraFlags: (values?.get('kernel-flag') ?? []) as readonly ExtraFlag[],
    bytesOf: (source) => held.get(source),
    ...(syscalls && { syscalls }),
    ...(hashedAt !== undefined && { hashedAt }),
  });
}
