import { fail, ok, type Result } from '@kexec-kit/loader-api';
import { ERRNO } from '@kexec-kit/syscall';
import { explainErrno } from './errno.js';
import type { Host } from './host.js';
import { isLoaded } from './status.js';

/** Whether this process could load a kernel at all, by what the running one says; asked without trying. */
export async function available(host: Host): Promise<Result<true>> {
  const facts = await host.facts();
  const { canBoot, inUserNamespace, loadDisabled } = facts;
  const loaded = await isLoaded(host.root, 'normal');
  if (!loaded.ok && loaded.diagnostics[0].code === 'LINUX_NO_KEXEC')
    return fail(explainErrno({ call: 'kexec_load', errno: ERRNO.ENOSYS, facts }));
  if (canBoot === false || inUserNamespace === true || loadDisabled === true)
    return fail(explainErrno({ call: 'kexec_load', errno: ERRNO.EPERM, facts }));
  return ok(true);
}
