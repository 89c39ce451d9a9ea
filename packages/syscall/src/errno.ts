import { constants } from 'node:os';

/**
 * Error numbers of Linux on x86 that the system calls under kexec give. Those of `node:os` are the standard ones only:
 * what the kernel says of signatures is not among them.
 */
export const ERRNO = {
  EPERM: 1,
  ENOENT: 2,
  E2BIG: 7,
  ENOEXEC: 8,
  EBADF: 9,
  ENOMEM: 12,
  EACCES: 13,
  EFAULT: 14,
  EBUSY: 16,
  EINVAL: 22,
  ETXTBSY: 26,
  ENOSYS: 38,
  ENODATA: 61,
  ENOPKG: 65,
  EBADMSG: 74,
  ELIBBAD: 80,
  EMSGSIZE: 90,
  EOPNOTSUPP: 95,
  EADDRNOTAVAIL: 99,
  ENOKEY: 126,
  EKEYREJECTED: 129,
} as const;

const names = new Map<number, string>([
  ...Object.entries(constants.errno).map(([name, value]) => [value, name] as const),
  ...Object.entries(ERRNO).map(([name, value]) => [value, name] as const),
]);

/**
 * The name of an error number.
 *
 * @example
 * ```ts
 * errnoName(129); // 'EKEYREJECTED'
 * ```
 */
export function errnoName(errno: number): string {
  return names.get(errno) ?? `errno ${errno}`;
}
