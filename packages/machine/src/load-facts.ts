/**
 * What decides whether the running kernel lets anybody load another one, as it says itself. What is absent is not known:
 * the kernel has no such file, or does not show it to us.
 */
export interface LoadFacts {
  /** `uname -r`. */
  readonly release?: string;
  /** CAP_SYS_BOOT in the effective set of this process. */
  readonly canBoot?: boolean;
  /** /proc/sys/kernel/kexec_load_disabled: once set it stays so until the next boot. */
  readonly loadDisabled?: boolean;
  /** /proc/sys/kernel/kexec_load_limit_reboot and _panic: how many loads are left. */
  readonly loadLimit?: { readonly normal?: number; readonly crash?: number };
  /** /sys/kernel/security/lockdown. */
  readonly lockdown?: 'none' | 'integrity' | 'confidentiality';
  /** The EFI variable SecureBoot. */
  readonly secureBoot?: boolean;
  /** CONFIG_ names of the running kernel and their values, of those that kexec depends on. */
  readonly config?: Readonly<Record<string, string>>;
  /** /proc/meminfo, in bytes. */
  readonly memory?: { readonly total: bigint; readonly free: bigint; readonly available?: bigint };
  /** /sys/kernel/kexec_loaded and kexec_crash_loaded. */
  readonly loaded?: { readonly normal?: boolean; readonly crash?: boolean };
  /** /sys/kernel/kexec_crash_size: what is reserved for a crash kernel, in bytes. */
  readonly crashSize?: bigint;
}
