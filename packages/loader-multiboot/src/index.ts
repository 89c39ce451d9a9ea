/**
 * Multiboot kernels: ELF32 files, or any file whose header says where it goes (the a.out kludge).
 *
 * `load` reads the header and the image as memory, `plan` says where image, modules and information block may go.
 *
 * @packageDocumentation
 */
import { elfCodes } from '@kexec-kit/elf';
import { type AnyLoader, API_VERSION, defineLoader } from '@kexec-kit/loader-api';
import { multiboot1Codes, multibootCodes } from '@kexec-kit/multiboot-info';
import { inspect } from './inspect.js';
import { load } from './load.js';
import { options } from './options.js';
import { plan } from './plan.js';
import { probe, SIGNATURES } from './probe.js';
import { VERSION } from './version.js';

export const loader = defineLoader({
  api: API_VERSION,
  name: 'multiboot',
  version: VERSION,
  summary: 'Multiboot kernels: ELF32, or load addresses in the header; with modules',
  aliases: [{ name: 'multiboot-x86', summary: "kexec(8)'s name", presets: {} }],
  // An ELF file with a Multiboot header wants to be told what its header asks for.
  refines: ['elf', 'pvh'],
  supports: {
    purposes: ['normal'],
    handoffs: ['protected32'],
    architectures: ['x86_64', 'i386'],
  },
  options,
  codes: { ...elfCodes, ...multibootCodes, ...multiboot1Codes },
  signatures: SIGNATURES,
  probe,
  load,
  plan,
  inspect,
});

/** What an installed loader package exports: all its loaders. */
export const loaders: readonly AnyLoader[] = [loader];
