import type { Codes } from '@kexec-kit/loader-api';

const MAN = 'kexec_load(2)';

/** What the kernel answers with, by its error numbers. */
export const errnoCodes: Codes = {
  LINUX_EPERM: {
    cause:
      'The kernel does not let this process load or start a kernel: CAP_SYS_BOOT is missing, loading was disabled until the next boot, or the kernel is locked down.',
    cure: 'Run as root outside of containers; with Secure Boot load a signed kernel with -s.',
    spec: MAN,
  },
  LINUX_EACCES: {
    cause: 'A security module (SELinux, AppArmor, IMA) refuses to load this file as a kernel.',
    cure: 'Look at the audit log for the policy that refused it; label or sign the file as the policy asks.',
  },
  LINUX_EBUSY: {
    cause: 'Another process is loading, unloading or starting a kernel at this moment.',
    cure: 'Wait for it and try again.',
    spec: MAN,
  },
  LINUX_EINVAL: {
    cause:
      'The kernel finds the request invalid: too many segments, more than half of RAM, segments that overlap, another architecture, or a flag that it does not know.',
    cure: 'Look at the numbers that the message gives; make the plan again on this machine.',
    spec: MAN,
  },
  LINUX_ENOMEM: {
    cause:
      'There is not enough free memory: until it is started, a loaded kernel is kept beside everything else. Swap does not count.',
    cure: 'Free memory or take a smaller initrd; for a crash kernel reserve more with crashkernel=.',
    spec: MAN,
  },
  LINUX_EADDRNOTAVAIL: {
    cause:
      'A segment lies where the kernel cannot put it: outside of the memory reserved for a crash kernel, at an address that is no page, or beyond what this machine can address; with kexec_file_load, no hole was large enough.',
    cure: 'For a crash kernel reserve (more) memory with crashkernel=; make the plan again on this machine.',
    spec: MAN,
  },
  LINUX_ENOEXEC: {
    cause:
      'The running kernel does not recognise the file as an image that it can load by itself: it takes 64-bit bzImages that may go above 4 GiB.',
    cure: 'Use kexec_load: kexec-kit --method segments, kexec -c.',
    spec: MAN,
  },
  LINUX_ENOSYS: {
    cause: 'The running kernel has no such call: it was built without it, or the program is a 32-bit one.',
    cure: 'Use the other of kexec_load (--method segments, kexec -c) and kexec_file_load (--method file, kexec -s), or a kernel with CONFIG_KEXEC.',
    spec: MAN,
  },
  LINUX_EKEYREJECTED: {
    cause:
      'The signature of the kernel image was made with a key that does not vouch for it, or its content was changed.',
    cure: 'Load a kernel signed by a key that the running kernel trusts, or turn Secure Boot off.',
    spec: MAN,
  },
  LINUX_ENOKEY: {
    cause: 'The key that signed the kernel image is not among those that the running kernel trusts.',
    cure: 'Enrol the key with mokutil, or load a kernel of the same distribution.',
  },
  LINUX_ENODATA: {
    cause: 'The kernel image is not signed, and the running kernel loads signed ones only.',
    cure: 'Sign it (sbsign), or load a signed kernel.',
  },
  LINUX_EBADMSG: {
    cause: 'The signature of the kernel image, or the image around it, is malformed.',
    cure: 'Copy or download the kernel again: it was cut off or changed.',
  },
  LINUX_ELIBBAD: {
    cause: 'The kernel image is no well-formed PE file, so that its signature cannot be looked for.',
    cure: 'Copy or download the kernel again; the running kernel asks for a signed bzImage.',
  },
  LINUX_ENOPKG: {
    cause: 'The running kernel was built without the algorithm with which the image is signed.',
    cure: 'Sign the image with another one (RSA and SHA-256 are always there), or use another running kernel.',
  },
  LINUX_EMSGSIZE: {
    cause: 'The signature of the kernel image is longer than the running kernel takes.',
    cure: 'Sign the image with one key and without a chain of certificates.',
  },
  LINUX_ENOTSUP: {
    cause:
      'The running kernel can load kernels, but not on this machine: in some confidential VMs, for example.',
    cure: 'Look into the log of the running kernel; restart the machine instead.',
  },
  LINUX_ETXTBSY: {
    cause: 'Another program has a file of the load open for writing.',
    cure: 'Wait until the package manager, or whatever writes the file, is done.',
  },
  LINUX_ERRNO: {
    cause: 'The call failed with an error number that has no explanation here.',
    cure: 'Look into the log of the running kernel (dmesg).',
    spec: MAN,
  },
};
