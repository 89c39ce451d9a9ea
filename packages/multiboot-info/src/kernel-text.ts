import { composeCommandLine } from '@kexec-kit/linux-boot';
import type { Machine, Purpose } from '@kexec-kit/loader-api';

/** What a user asks for. */
export interface KernelTextRequest {
  /** What the user called the image. */
  readonly image: string;
  /** `--command-line`, `--append`. */
  readonly text: string | undefined;
  /** `--reuse-cmdline`. */
  readonly reuse: boolean;
  readonly machine: Machine;
  readonly purpose: Purpose;
}

/**
 * A kernel's command line: the image's name, as kexec(8) and QEMU begin it, the running kernel's own if it is to be reused,
 * then the text.
 */
export function kernelText({ image, text, reuse, machine, purpose }: KernelTextRequest): string {
  const rest = composeCommandLine({ text, reuse, running: machine.commandLine, purpose });
  return rest === '' ? image : `${image} ${rest}`;
}
