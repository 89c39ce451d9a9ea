import type { Architecture, Purpose } from '@kexec-kit/loader-api';
import { KEXEC, KEXEC_FILE } from '@kexec-kit/syscall';

/**
 * What only some kernels know:
 * - `debug`: the kernel logs what it does (kexec_file_load since 6.8; kexec_load since 6.19);
 * - `hotplug`: it updates the crash kernel's memory map when memory or CPUs come and go (kexec_load, since 6.5);
 * - `no-cma`: it does not take the segments from contiguous memory (kexec_file_load, since 6.17);
 * - `force-dtb`: it hands on a device tree (kexec_file_load, since 6.18).
 */
export type ExtraFlag = 'debug' | 'hotplug' | 'no-cma' | 'force-dtb';

/** A flag by the kernel's name (include/uapi/linux/kexec.h). */
export interface Flag {
  readonly name: string;
  readonly value: number;
}

/** The flags of a call: those that it needs, and those that it can do without. */
export interface Flags {
  readonly needed: readonly Flag[];
  readonly extra: readonly Flag[];
}

const architectures: Readonly<Record<Architecture, Flag>> = {
  x86_64: { name: 'KEXEC_ARCH_X86_64', value: KEXEC.ARCH_X86_64 },
  i386: { name: 'KEXEC_ARCH_386', value: KEXEC.ARCH_386 },
};

const loadExtras: Readonly<Partial<Record<ExtraFlag, Flag>>> = {
  debug: { name: 'KEXEC_DEBUG', value: KEXEC.DEBUG },
  hotplug: { name: 'KEXEC_UPDATE_ELFCOREHDR', value: KEXEC.UPDATE_ELFCOREHDR },
};

const fileExtras: Readonly<Partial<Record<ExtraFlag, Flag>>> = {
  debug: { name: 'KEXEC_FILE_DEBUG', value: KEXEC_FILE.DEBUG },
  'no-cma': { name: 'KEXEC_FILE_NO_CMA', value: KEXEC_FILE.NO_CMA },
  'force-dtb': { name: 'KEXEC_FILE_FORCE_DTB', value: KEXEC_FILE.FORCE_DTB },
};

/** The flags of kexec_load. The architecture is always named: a 32-bit program may not leave it out. */
export function loadFlags(
  purpose: Purpose,
  architecture: Architecture,
  extra: readonly ExtraFlag[] = [],
): Flags {
  const onCrash = { name: 'KEXEC_ON_CRASH', value: KEXEC.ON_CRASH };
  return {
    needed: [...(purpose === 'crash' ? [onCrash] : []), architectures[architecture]],
    extra: extra.flatMap((each) => loadExtras[each] ?? []),
  };
}

/** The flags of kexec_file_load. */
export function fileFlags(purpose: Purpose, hasInitrd: boolean, extra: readonly ExtraFlag[] = []): Flags {
  const onCrash = { name: 'KEXEC_FILE_ON_CRASH', value: KEXEC_FILE.ON_CRASH };
  const noInitramfs = { name: 'KEXEC_FILE_NO_INITRAMFS', value: KEXEC_FILE.NO_INITRAMFS };
  return {
    needed: [...(purpose === 'crash' ? [onCrash] : []), ...(hasInitrd ? [] : [noInitramfs])],
    extra: extra.flatMap((each) => fileExtras[each] ?? []),
  };
}

/** Flags as the number that a call takes. */
export function valueOf(flags: readonly Flag[]): number {
  return flags.reduce((sum, { value }) => sum | value, 0);
}
