import { ok, type Architecture, type Purpose, type Result, type Submission } from '@kexec-kit/loader-api';
import { readArchitecture } from '@kexec-kit/machine';
import { ERRNO, KEXEC_FILE, type SyscallResult } from '@kexec-kit/syscall';
import { loadFlags, valueOf } from './flags.js';
import { explained, type Host } from './host.js';
import { removeRecord } from './record.js';

/** Takes away what is loaded; that nothing is loaded is no error. Either call unloads what the other has loaded. */
export async function unload(
  host: Host,
  purpose: Purpose,
  method?: Submission['method'],
): Promise<Result<true>> {
  const architecture = await readArchitecture({ root: host.root });
  if (!architecture.ok) return architecture;
  const { call, result } = unloadBy(host, purpose, architecture.value, method);
  if (!result.ok) return explained(host, { call, errno: result.errno });
  await removeRecord(host.root, purpose);
  return ok(true);
}

interface Unloaded {
  readonly call: 'kexec_load' | 'kexec_file_load';
  readonly result: SyscallResult;
}

function unloadBy(
  host: Host,
  purpose: Purpose,
  architecture: Architecture,
  method: Submission['method'] | undefined,
): Unloaded {
  if (method !== 'segments') {
    const flags = KEXEC_FILE.UNLOAD | (purpose === 'crash' ? KEXEC_FILE.ON_CRASH : 0);
    const result = host.syscalls().kexecFileLoad({ kernel: -1, flags });
    // First, since a locked-down kernel lets nobody use the other, not even to unload.
    if (result.ok || result.errno !== ERRNO.ENOSYS || method === 'file')
      return { call: 'kexec_file_load', result };
  }
  const flags = valueOf(loadFlags(purpose, architecture).needed);
  return { call: 'kexec_load', result: host.syscalls().kexecLoad({ entry: 0n, segments: [], flags }) };
}
