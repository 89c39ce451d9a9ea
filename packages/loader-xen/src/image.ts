import type { Source } from '@kexec-kit/loader-api';
import type { ElfBody, Multiboot1Header, Multiboot2Header } from '@kexec-kit/multiboot-info';

/** The Xen hypervisor as `load` understood it: at least one of the headers is there. */
export interface XenImage {
  readonly source: Source;
  readonly body: ElfBody;
  readonly multiboot: Multiboot1Header | undefined;
  readonly multiboot2: Multiboot2Header | undefined;
}
