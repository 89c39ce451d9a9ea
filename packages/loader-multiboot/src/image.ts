import type { Source } from '@kexec-kit/loader-api';
import type { Body, ElfBody, Multiboot1Header } from '@kexec-kit/multiboot-info';

/** A Multiboot kernel as `load` understood it. */
export interface MultibootKernel {
  readonly source: Source;
  readonly header: Multiboot1Header;
  /** By the addresses in its header if it has any, else by its ELF headers. */
  readonly body: Body | ElfBody;
}
