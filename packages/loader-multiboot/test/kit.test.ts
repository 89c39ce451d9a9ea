import { readFileSync } from 'node:fs';
import type { LoaderManifest } from '@kexec-kit/loader-api';
import { checks } from '@kexec-kit/loader-testkit';
import { test } from 'vitest';
import { multibootElf, multibootFlat, multibootHeader } from '../../../tools/multiboot-file.mjs';
import { loader } from '../src/index.js';
import { DYN, ELF, FLAT, modules, VIDEO } from './kernels.js';

const manifest = JSON.parse(
  readFileSync(new URL('../loader.json', import.meta.url), 'utf8'),
) as LoaderManifest;

/** Machines with RAM below 4 GiB. */
const fits = ['small', 'holes', 'above4g', 'crash', 'uefi', 'manyRanges'];
const accepts = [
  { name: 'an ELF32 kernel', bytes: ELF, fits },
  {
    name: 'an ELF32 kernel with modules',
    bytes: ELF,
    options: { commandLine: 'quiet', module: modules(2) },
    fits,
  },
  { name: 'an ELF32 kernel with many modules', bytes: ELF, options: { module: modules(20) }, fits },
  { name: 'an ELF32 kernel that moves', bytes: DYN, fits },
  { name: 'a kernel that wants a screen', bytes: VIDEO, fits },
  { name: 'a flat kernel', bytes: FLAT, options: { module: modules(1) }, fits, declaredEnd: 0x200 },
];
const rejects = [
  { name: 'a wrong checksum', bytes: multibootElf(multibootHeader({ checksum: 1 })) },
  { name: 'a flag that nobody knows', bytes: multibootElf(multibootHeader({ flags: 0x8003 })) },
  { name: 'a file of no known format', bytes: multibootFlat(multibootHeader()) },
];

for (const { name, run } of checks({ loader, accepts, rejects, manifest })) test(name, run);
