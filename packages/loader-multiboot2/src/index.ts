/**
 * Multiboot2 kernels: ELF files of either class, or any file whose header says where it goes; moved as they prefer.
 *
 * `load` reads the header with all its tags and the image as memory, `plan` says where image, modules and information block
 * may go, what the kernel is told goes by the profile of its kind.
 *
 * @packageDocumentation
 */
import { elfCodes } from '@kexec-kit/elf';
import { type AnyLoader, API_VERSION, defineLoader } from '@kexec-kit/loader-api';
import { multiboot2Codes, multibootCodes } from '@kexec-kit/multiboot-info';
import { inspect } from './inspect.js';
import { load } from './load.js';
import { options } from './options.js';
import { plan } from './plan.js';
import { probe, SIGNATURES } from './probe.js';
import { VERSION } from './version.js';

export const loader = defineLoader({
  api: API_VERSION,
  name: 'multiboot2',
  version: VERSION,
  summary: 'Multiboot2 kernels: ELF, or load addresses in the header; moved as they prefer',
  aliases: [{ name: 'multiboot2-x86', summary: "kexec(8)'s name", presets: {} }],
  // Whoever has headers of both kinds is told more by the newer one.
  refines: ['multiboot', 'elf', 'pvh'],
  supports: {
    purposes: ['normal'],
    handoffs: ['protected32'],
    architectures: ['x86_64', 'i386'],
  },
  options,
  codes: { ...elfCodes, ...multibootCodes, ...multiboot2Codes },
  signatures: SIGNATURES,
  probe,
  load,
  plan,
  inspect,
});

/** What an installed loader package exports: all its loaders. */
export const loaders: readonly AnyLoader[] = [loader];
