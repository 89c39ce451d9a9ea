import type { Diagnostic } from '@kexec-kit/loader-api';
import { ERRNO, type SyscallResult } from '@kexec-kit/syscall';
import { flagsUnknown } from './codes.js';
import { valueOf, type Flags } from './flags.js';

/**
 * Makes a call with the extra flags, and once more without them where the kernel calls that invalid: that is how it says
 * that it does not know a flag, among other things.
 */
export function withExtras(
  { needed, extra }: Flags,
  call: (flags: number) => SyscallResult,
): { readonly result: SyscallResult; readonly diagnostics: readonly Diagnostic[] } {
  const first = call(valueOf([...needed, ...extra]));
  const mayBeTheFlags = !first.ok && first.errno === ERRNO.EINVAL && extra.length > 0;
  if (!mayBeTheFlags) return { result: first, diagnostics: [] };
  const second = call(valueOf(needed));
  return {
    result: second,
    diagnostics: second.ok ? [flagsUnknown(extra.map(({ name }) => name))] : [],
  };
}
