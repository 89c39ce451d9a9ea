import { readFileSync } from 'node:fs';
import type { LoaderManifest, Machine } from '@kexec-kit/loader-api';
import { checks, type Sample, standardMachines } from '@kexec-kit/loader-testkit';
import { test } from 'vitest';
import { elfFile, type ElfShape } from '../../../tools/elf-file.mjs';
import { loader } from '../src/index.js';
import {
  file,
  GRUB,
  movable,
  phys32Entry,
  VMLINUX_6_1,
  VMLINUX_6_12,
  VMLINUX_686,
  words,
} from './kernels.js';

const manifest = JSON.parse(
  readFileSync(new URL('../loader.json', import.meta.url), 'utf8'),
) as LoaderManifest;

const machines: Readonly<Record<string, Machine>> = {
  ...standardMachines,
  i386Small: { ...standardMachines.small, architecture: 'i386' },
  i386Above4g: { ...standardMachines.above4g, architecture: 'i386' },
};
/** Machines with RAM below 4 GiB. */
const low = ['small', 'holes', 'above4g', 'crash', 'uefi', 'manyRanges', 'i386Small', 'i386Above4g'];
/** And with no more ranges than Linux takes. */
const few = low.filter((name) => name !== 'manyRanges');
const initrd = [file('initrd.0', 0x10001), file('initrd.1', 0x333)];
const module = [file('module.0', 0x2345, 'config=1'), file('module.1', 1)];

const linux = { commandLine: 'console=ttyS0', initrd };
const accepts: readonly Sample[] = [
  sample('vmlinux 6.12', VMLINUX_6_12, few, linux),
  sample('vmlinux 6.1', VMLINUX_6_1, few, linux),
  sample('vmlinux 6.1 for i386', VMLINUX_686, few, linux),
  sample('grub with modules', GRUB, low, { commandLine: 'x', module }),
  sample('an image that moves anywhere', movable([]), low, { ...linux, module }),
];
const rejects = [
  {
    name: 'an ELF64 kernel without notes',
    bytes: elfFile({ ...VMLINUX_6_1, segments: VMLINUX_6_1.segments!.slice(0, 4) }),
  },
  { name: 'a core file', bytes: elfFile({ ...GRUB, header: { e_type: 4 } }) },
  {
    name: 'an entry beyond the code',
    bytes: elfFile({
      ...GRUB,
      segments: [...GRUB.segments!.slice(0, 2), { notes: [phys32Entry(words(0x200000))] }],
    }),
  },
];

function sample(name: string, shape: ElfShape, fits: readonly string[], options: Sample['options']): Sample {
  return { name, bytes: elfFile(shape), fits, options: options ?? {} };
}

for (const { name, run } of checks({ loader, accepts, rejects, manifest, machines })) test(name, run);
