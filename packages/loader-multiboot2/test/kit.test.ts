import { readFileSync } from 'node:fs';
import type { LoaderManifest } from '@kexec-kit/loader-api';
import { checks } from '@kexec-kit/loader-testkit';
import { test } from 'vitest';
import { multiboot2Header, multibootElf, multibootFlat } from '../../../tools/multiboot-file.mjs';
import { loader } from '../src/index.js';
import { ELF, FLAT, HIGH, kernel, modules, moves, WISHES } from './kernels.js';

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
  { name: 'an ELF64 kernel', bytes: multibootElf(multiboot2Header(), { bits: 64 }), fits },
  { name: 'a kernel that stays if it can', bytes: kernel(moves(0)), fits },
  { name: 'a kernel that prefers low', bytes: kernel(moves(1)), fits },
  { name: 'a kernel that prefers high', bytes: HIGH, fits },
  { name: 'a kernel that asks for all', bytes: kernel(WISHES), fits },
  { name: 'a kernel for which nothing is known', bytes: ELF, options: { profile: 'xen' }, fits },
  { name: 'a flat kernel', bytes: FLAT, options: { module: modules(1) }, fits, declaredEnd: 0x200 },
];
const rejects = [
  { name: 'a wrong checksum', bytes: multibootElf(multiboot2Header({ checksum: 1 })) },
  { name: 'a tag that nobody knows', bytes: kernel({ type: 99 }) },
  { name: 'a tag of size 0', bytes: kernel({ type: 6, size: 0 }) },
  { name: 'a file of no known format', bytes: multibootFlat(multiboot2Header()) },
];

for (const { name, run } of checks({ loader, accepts, rejects, manifest })) test(name, run);
