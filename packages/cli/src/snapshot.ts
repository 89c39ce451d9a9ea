import { openSource } from '@kexec-kit/host-node';
import type { Machine, Result } from '@kexec-kit/loader-api';
import { parseMachine } from '@kexec-kit/machine';

/** A machine that "kexec-kit machine -o SNAPSHOT" has recorded. */
export async function readSnapshot(path: string): Promise<Result<Machine>> {
  const source = await openSource(path, { id: 'machine', keepBytes: true });
  return source.ok ? parseMachine(Buffer.from(source.value.bytes).toString('utf8')) : source;
}
