/** Flags of kexec_load (include/uapi/linux/kexec.h). The architecture is the running kernel's, whatever the program's. */
export const KEXEC = {
  ON_CRASH: 0x1,
  PRESERVE_CONTEXT: 0x2,
  /** Since 6.5. */
  UPDATE_ELFCOREHDR: 0x4,
  /** Since 6.10. */
  CRASH_HOTPLUG_SUPPORT: 0x8,
  /** Since 6.19. */
  DEBUG: 0x10,
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
  /** Since 6.17. */
  NO_CMA: 0x10,
  /** Since 6.18. */
  FORCE_DTB: 0x20,
} as const;
