import type { Machine, Result } from '@kexec-kit/loader-api';

/** A machine that "kexec-kit machine -o SNAPSHOT" has recorded. */
export async function readSnapshot(path: string): Promise<Result<Machine>> {
  const { openSource } = await import('@kexec-kit/host-node');
  const source = await openSource(path, { id: 'machine', keepBytes: true });
  if (!source.ok) return source;
  const { parseMachine } = await import('@kexec-kit/machine');
  return parseMachine(Buffer.from(source.value.bytes).toString('utf8'));
}
