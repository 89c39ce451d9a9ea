/**
 * Linux bzImage, entered at its 64-bit, its 32-bit or its 16-bit entry.
 *
 * `load` reads the setup header, `plan` says where the kernel and what it is handed may go; see the README for the table
 * of segments.
 *
 * @packageDocumentation
 */
import { kdumpCodes } from '@kexec-kit/kdump';
import { linuxBootCodes } from '@kexec-kit/linux-boot';
import { type AnyLoader, API_VERSION, defineLoader } from '@kexec-kit/loader-api';
import { bzimageCodes } from './codes.js';
import { inspect } from './inspect.js';
import { load } from './load.js';
import { options } from './options.js';
import { payload } from './payload.js';
import { plan } from './plan.js';
import { planFile } from './plan-file.js';
import { probe, SIGNATURES } from './probe.js';

/** For loaders of images that have such a kernel in them: always there, which a loader need not have. */
export { inspect, payload };
export type { BzImage } from './image.js';

export const loader = defineLoader({
  api: API_VERSION,
  name: 'bzimage',
  version: '0.1.0',
  summary: 'Linux bzImage, in every entry mode',
  aliases: [
    { name: 'bzImage64', summary: "kexec(8)'s name for the 64-bit entry", presets: { entry: '64' } },
    { name: 'bzImage', summary: "kexec(8)'s name for the 32-bit entry", presets: { entry: '32' } },
  ],
  supports: {
    purposes: ['normal', 'crash'],
    handoffs: ['long64', 'protected32', 'real16'],
    architectures: ['x86_64', 'i386'],
  },
  options,
  codes: { ...bzimageCodes, ...linuxBootCodes, ...kdumpCodes },
  signatures: SIGNATURES,
  probe,
  load,
  plan,
  planFile,
  inspect,
  payload,
});

/** What an installed loader package exports: all its loaders. */
export const loaders: readonly AnyLoader[] = [loader];
