/** What a system call came to. `errno` as the kernel gave it, `name` e.g. `EPERM`. */
export type SyscallResult =
  { readonly ok: true } | { readonly ok: false; readonly errno: number; readonly name: string };

/** One stretch of physical memory, and what it is to hold; what is beyond the buffer is zero. */
export interface KexecSegment {
  readonly buffer: Uint8Array;
  /** Physical. */
  readonly address: bigint;
  /** In bytes. */
  readonly memorySize: bigint;
}

/** kexec_load(2). No segments: unload. */
export interface KexecLoadCall {
  readonly entry: bigint;
  readonly segments: readonly KexecSegment[];
  /** {@link KEXEC} flags, the running kernel's architecture among them. */
  readonly flags: number;
}

/** kexec_file_load(2). Descriptors of -1: unload. */
export interface KexecFileLoadCall {
  readonly kernel: number;
  readonly initrd?: number;
  /** Absent: none is passed; else its length counts the NUL that is added. */
  readonly commandLine?: string;
  /** {@link KEXEC_FILE} flags. */
  readonly flags: number;
}

/** The system calls that loading and starting a kernel needs: the real ones, or what a test puts in their place. */
export interface SyscallPort {
  kexecLoad(call: KexecLoadCall): SyscallResult;
  kexecFileLoad(call: KexecFileLoadCall): SyscallResult;
  /** reboot(LINUX_REBOOT_CMD_KEXEC): does not return when it works. */
  rebootKexec(): SyscallResult;
  /** Writes the file systems' buffers to the disks. */
  sync(): void;
  /** A file that is in memory only, without a name, closed on exec. */
  memoryFile(name: string): { readonly ok: true; readonly descriptor: number } | Failed;
}

export type Failed = Extract<SyscallResult, { ok: false }>;
