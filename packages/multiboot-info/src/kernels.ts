import type { FileValue, Machine, Policy, Purpose, Source } from '@kexec-kit/loader-api';
import type { Body } from './body.js';
import type { ElfBody } from './elf-body.js';
import type { Sections } from './elf-sections.js';
import type { Multiboot1Header } from './multiboot-header.js';
import type { Multiboot2Header } from './multiboot2-header.js';
import type { ProfileName } from './profiles.js';

/** A Multiboot kernel, read. */
export interface MultibootKernel {
  readonly source: Source;
  readonly header: Multiboot1Header;
  /** By the addresses in its header if it has any, else by its ELF headers. */
  readonly body: Body | ElfBody;
}

/** A Multiboot2 kernel, read. */
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

/** What planning depends on besides the kernel: any loader's `PlanInput` that has these options. */
export interface MultibootInput {
  readonly machine: Machine;
  readonly purpose: Purpose;
  readonly policy: Policy;
  readonly options: {
    readonly module: readonly FileValue[];
    /** Of Multiboot2: by itself what the kernel looks like. */
    readonly profile?: ProfileName | undefined;
  };
}

/** The texts that a kernel reads. */
export interface MultibootTexts {
  readonly commandLine: string;
  /** One for each module. */
  readonly modules: readonly string[];
}
