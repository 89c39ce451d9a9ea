import { linuxBackend, type ExtraFlag, type LinuxBackend } from '@kexec-kit/backend-linux';
import { hashedFile } from '@kexec-kit/host-node';
import type { Result, Source, SourceBytes } from '@kexec-kit/loader-api';
import type { Values } from '../commands.js';
import type { Context } from '../context.js';

export interface BackendNeeds {
  readonly values?: Values;
  /** Those that have their bytes are not read again, nor is hashed again what was just hashed for them. */
  readonly sources?: readonly (Source | SourceBytes)[];
  /** Whether the sources are as planned, to be asked when they are read. */
  readonly verify?: () => Promise<Result<true>>;
}

/** The running system as a backend. */
export function backendFor(context: Context, needs: BackendNeeds = {}): LinuxBackend {
  const { root, syscalls } = context.system;
  const { values, sources = [], verify } = needs;
  const held = new Map(sources.map((source) => [source.id, 'bytes' in source ? source.bytes : undefined]));
  const hashed = new Map(sources.map((source) => [source.id, hashedFile(source)]));
  return linuxBackend({
    root,
    extraFlags: [...new Set((values?.get('kernel-flag') ?? []) as readonly ExtraFlag[])],
    bytesOf: (source) => held.get(source),
    hashed: (source) => hashed.get(source),
    ...(syscalls && { syscalls }),
    ...(verify && { verify }),
  });
}
