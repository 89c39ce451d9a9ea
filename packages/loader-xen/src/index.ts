/**
 * The Xen hypervisor: ELF32 files as its mkelf32 makes them, started by Multiboot 2 or 1 with dom0 and its initrd.
 *
 * `probe` knows it by what it says of itself, `plan` puts together what a Multiboot kernel gets with what only Xen wants:
 * command lines that begin with a name, and memory below 1 MiB as a BIOS leaves it; see the README.
 *
 * @packageDocumentation
 */
import { elfCodes } from '@kexec-kit/elf';
import { type AnyLoader, API_VERSION, defineLoader } from '@kexec-kit/loader-api';
import { multiboot1Codes, multiboot2Codes, multibootCodes } from '@kexec-kit/multiboot-info';
import { xenCodes } from './codes.js';
import { inspect } from './inspect.js';
import { load } from './load.js';
import { options } from './options.js';
import { plan } from './plan.js';
import { probe, SIGNATURES } from './probe.js';

export type { XenImage } from './image.js';

export const loader = defineLoader({
  api: API_VERSION,
  name: 'xen',
  version: '0.1.0',
  summary: 'The Xen hypervisor with dom0, by Multiboot 2 or 1',
  refines: ['multiboot2', 'multiboot', 'elf', 'pvh'],
  supports: {
    purposes: ['normal'],
    handoffs: ['protected32'],
    architectures: ['x86_64', 'i386'],
  },
  options,
  codes: { ...elfCodes, ...multibootCodes, ...multiboot1Codes, ...multiboot2Codes, ...xenCodes },
  signatures: SIGNATURES,
  probe,
  load,
  plan,
  inspect,
});

/** What an installed loader package exports: all its loaders. */
export const loaders: readonly AnyLoader[] = [loader];
