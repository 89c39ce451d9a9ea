/**
 * ELF kernels: ELF32 and ELF64, linked to one place or to be moved, with Linux's arguments, ELF boot notes or none.
 *
 * `load` reads the headers and refuses what is no kernel, `plan` says where the segments and what the kernel is handed
 * may go; see the README for the table of segments.
 *
 * @packageDocumentation
 */
import { elfCodes } from '@kexec-kit/elf';
import { kdumpCodes } from '@kexec-kit/kdump';
import { linuxBootCodes } from '@kexec-kit/linux-boot';
import { type AnyLoader, API_VERSION, defineLoader } from '@kexec-kit/loader-api';
import { loaderCodes } from './codes.js';
import { inspect } from './inspect.js';
import { load } from './load.js';
import { options } from './options.js';
import { plan } from './plan.js';
import { probe, SIGNATURES } from './probe.js';
import { VERSION } from './version.js';

export type { ElfKernel } from './image.js';

export const loader = defineLoader({
  api: API_VERSION,
  name: 'elf',
  version: VERSION,
  summary: 'ELF kernels such as vmlinux: Linux arguments, ELF boot notes or none',
  aliases: [
    { name: 'elf-x86', summary: "kexec(8)'s name for ELF32", presets: {} },
    { name: 'elf-x86_64', summary: "kexec(8)'s name for ELF64", presets: {} },
  ],
  // A vmlinux has a PVH entry too: it is entered as what it is, a Linux kernel.
  refines: ['pvh'],
  supports: {
    purposes: ['normal', 'crash'],
    handoffs: ['long64', 'protected32'],
    architectures: ['x86_64', 'i386'],
  },
  options,
  codes: { ...elfCodes, ...loaderCodes, ...linuxBootCodes, ...kdumpCodes },
  signatures: SIGNATURES,
  probe,
  load,
  plan,
  inspect,
});

/** What an installed loader package exports: all its loaders. */
export const loaders: readonly AnyLoader[] = [loader];
