import type { Source } from '@kexec-kit/loader-api';
import type { Body, ElfBody, Multiboot2Header, ProfileName, Sections } from '@kexec-kit/multiboot-info';

/** A Multiboot2 kernel as `load` understood it. */
export interface Multiboot2Kernel {
  readonly source: Source;
  readonly header: Multiboot2Header;
  /** By the address tag in its header if it has one, else by its ELF headers. */
  readonly body: Body | ElfBody;
  /** What it looks like. */
  readonly profile: ProfileName;
  /** Its section headers, if its header asks for them and they are there. */
  readonly sections: Sections | undefined;
}
