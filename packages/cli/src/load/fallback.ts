import type { Diagnostic, Failure } from '@kexec-kit/loader-api';
import type { Asked } from './asked.js';

/** How kexec_file_load says that it is not there, or not for this image: kexec_load may still be. */
const NOT_THIS_WAY = /_(ENOSYS|EINVAL|ENOEXEC|EOPNOTSUPP|ENOTSUP)$/;

/** Whether the other system call is worth a try. Anything else, such as a wrong signature, is an answer. */
export function canFallBack({ method, opened }: Asked, { diagnostics }: Failure): boolean {
  const asked = method === 'auto' && opened.loader.planFile !== undefined;
  return asked && NOT_THIS_WAY.test(diagnostics[0].code);
}

export function fellBack({ message }: Diagnostic): Diagnostic {
  return { code: 'CLI_FELL_BACK', severity: 'info', message: `kexec_load is used, since ${message}` };
}
