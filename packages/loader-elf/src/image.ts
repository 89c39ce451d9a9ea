import type { Elf, Loads } from '@kexec-kit/elf';
import type { HandoffMode, Source } from '@kexec-kit/loader-api';

/** An ELF kernel as `load` understood it. */
export interface ElfKernel {
  readonly source: Source;
  readonly elf: Elf;
  readonly loads: Loads;
  /** The state in which it is entered: the one of its class and machine. */
  readonly mode: Exclude<HandoffMode, 'real16'>;
  /** Whether its notes say that it is a Linux kernel. */
  readonly linux: boolean;
}
