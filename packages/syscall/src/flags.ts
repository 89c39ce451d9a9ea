/** Flags of kexec_load (include/uapi/linux/kexec.h). The architecture is the running kernel's, whatever the program's. */
export const KEXEC = {
  ON_CRASH: 0x1,
  PRESERVE_CONTEXT: 0x2,
  /** Since 6.5. */
  UPDATE_ELFCOREHDR: 0x4,
  /** Since 6.10. */
  CRASH_HOTPLUG_SUPPORT: 0x8,
  ARCH_386: 3 << 16,
  ARCH_X86_64: 62 << 16,
} as const;

/** Flags of kexec_file_load (include/uapi/linux/kexec.h). */
export const KEXEC_FILE = {
  UNLOAD: 0x1,
  ON_CRASH: 0x2,
  NO_INITRAMFS: 0x4,
  /** Since 6.8. */
  DEBUG: 0x8,
} as const;
