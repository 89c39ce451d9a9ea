/**
 * Kernels with a PVH entry: ELF files that say by a note where 32-bit code takes over, handed hvm_start_info.
 *
 * `load` reads headers and notes, `plan` says where the image and what it is handed may go; see the README for the table
 * of segments.
 *
 * @packageDocumentation
 */
import { elfCodes } from '@kexec-kit/elf';
import { linuxBootCodes } from '@kexec-kit/linux-boot';
import { type AnyLoader, API_VERSION, defineLoader } from '@kexec-kit/loader-api';
import { pvhCodes } from './codes.js';
import { inspect } from './inspect.js';
import { load } from './load.js';
import { options } from './options.js';
import { plan } from './plan.js';
import { probe, SIGNATURES } from './probe.js';

export { HvmMemmapTableEntry, HvmModlistEntry, HvmStartInfo } from './generated/start-info.js';
export type { PvhKernel } from './image.js';
export type { Relocation } from './notes.js';

const { LINUX_COMMAND_LINE_NUL, LINUX_COMMAND_LINE_TOO_LONG, LINUX_INITRD_EMPTY, LINUX_INITRD_TOO_LARGE } =
  linuxBootCodes;

export const loader = defineLoader({
  api: API_VERSION,
  name: 'pvh',
  version: '0.1.0',
  summary: 'Kernels with a PVH entry: Linux on request, unikernels',
  supports: {
    purposes: ['normal'],
    handoffs: ['protected32'],
    architectures: ['x86_64', 'i386'],
  },
  options,
  codes: {
    ...elfCodes,
    ...pvhCodes,
    ...{ LINUX_COMMAND_LINE_NUL, LINUX_COMMAND_LINE_TOO_LONG, LINUX_INITRD_EMPTY, LINUX_INITRD_TOO_LARGE },
  },
  signatures: SIGNATURES,
  probe,
  load,
  plan,
  inspect,
});

/** What an installed loader package exports: all its loaders. */
export const loaders: readonly AnyLoader[] = [loader];
