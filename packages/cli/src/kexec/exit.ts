import type { Failure } from '@kexec-kit/loader-api';

/** The exit codes of kexec(8); its 254, for crash memory that vanishes while it looks, has no case here. `--status` has 0 and 1 for its answer. */
export const KEXEC_EXIT = {
  done: 0,
  /** Wrong usage, a file that cannot be opened, a command line that is too long, no place or no reserved memory, nothing to start. */
  refused: 1,
  loaded: 1,
  /** `-s`, and kexec_file_load is not there or does not take the image. */
  noFileSyscall: 253,
  /** The image is not named, not known or not whole, an option's value is wrong, or the system call failed. */
  failed: 255,
  /** A bug of ours; kexec(8) has none of these. */
  bug: 70,
  interrupted: 130,
} as const;

/** By the code of the error, the first pattern that fits; what fits none has failed. */
const byCode: readonly (readonly [RegExp, number])[] = [
  [/FILE_LOAD|^LINUX_(ENOSYS|EINVAL|ENOEXEC|ENOTSUP)$/, KEXEC_EXIT.noFileSyscall],
  [
    /^(FILE|LINK|OPTION|CLI)_|^(LINUX_NOTHING_LOADED|LINUX_COMMAND_LINE_TOO_LONG|KDUMP_NO_REGION)$/,
    KEXEC_EXIT.refused,
  ],
];

/** @param isFileOnly - `-s`: no other way was left. */
export function exitOf({ diagnostics }: Failure, isFileOnly: boolean): number {
  const [{ code }] = diagnostics;
  const status = byCode.find(([pattern]) => pattern.test(code))?.[1] ?? KEXEC_EXIT.failed;
  return status === KEXEC_EXIT.noFileSyscall && !isFileOnly ? KEXEC_EXIT.failed : status;
}
