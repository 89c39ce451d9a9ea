/**
 * Unified kernel images (UKI): a Linux kernel with its initrd and its command line in one EFI program.
 *
 * The image is taken apart here; the kernel in it is planned by the loader for bzImages, whose options all hold.
 *
 * @packageDocumentation
 */
import { type AnyLoader, API_VERSION, defineLoader } from '@kexec-kit/loader-api';
import { loader as bzimage } from '@kexec-kit/loader-bzimage';
import { ukiCodes } from '@kexec-kit/uki';
import { ukiLoaderCodes } from './codes.js';
import { inspect } from './inspect.js';
import { load } from './load.js';
import { options } from './options.js';
import { payload } from './payload.js';
import { plan } from './plan.js';
import { probe, SIGNATURES } from './probe.js';

export type { UkiImage } from './image.js';

export const loader = defineLoader({
  api: API_VERSION,
  name: 'uki',
  version: '0.1.0',
  summary: 'The Linux kernel in a unified kernel image, with its initrd and command line',
  supports: bzimage.supports,
  options,
  codes: { ...ukiLoaderCodes, ...ukiCodes, ...bzimage.codes },
  signatures: SIGNATURES,
  probe,
  load,
  plan,
  inspect,
  payload,
});

/** What an installed loader package exports: all its loaders. */
export const loaders: readonly AnyLoader[] = [loader];
