import { readFileSync } from 'node:fs';
import type { LoaderManifest, Machine } from '@kexec-kit/loader-api';
import { checks, type Sample, standardMachines } from '@kexec-kit/loader-testkit';
import { test } from 'vitest';
import { elfFile } from '../../../tools/elf-file.mjs';
import { loader } from '../src/index.js';
import { dom0, dom0Initrd, file, xenFile, type Changes } from './images.js';

const manifest = JSON.parse(
  readFileSync(new URL('../loader.json', import.meta.url), 'utf8'),
) as LoaderManifest;

const machines: Readonly<Record<string, Machine>> = {
  ...standardMachines,
  i386Small: { ...standardMachines.small, architecture: 'i386' },
  i386Uefi: { ...standardMachines.uefi, architecture: 'i386' },
};
/** Machines with RAM below 4 GiB. */
const low = Object.keys(machines).filter((name) => name !== 'onlyAbove4g');
const module = [file('ucode', 0x2345), file('xsm', 1, 'policy=1')];

const accepts: readonly Sample[] = [
  sample('Xen with dom0', {}, { commandLine: 'com1=115200', dom0, dom0Arguments: 'quiet', dom0Initrd }),
  sample('Xen with modules', {}, { module, reuseCommandLine: true }),
  // Linked at 2 MiB, which is not free on every machine.
  sample('Xen by Multiboot 1', { multiboot2: false }, { dom0 }, ['small', 'above4g', 'crash', 'i386Small']),
];
const rejects = [
  { name: 'another Multiboot kernel', bytes: xenFile({ text: 'not the hypervisor' }) },
  { name: 'Xen with wrong checksums', bytes: xenFile({ checksumOff: 1 }) },
  { name: 'an ELF32 file', bytes: elfFile({ bits: 32, segments: [{ content: new Uint8Array(64) }] }) },
];

function sample(name: string, changes: Changes, options: Sample['options'], fits = low): Sample {
  // Behind what is loaded are only notes, which nobody needs.
  return { name, bytes: xenFile(changes), fits, options: options ?? {}, declaredEnd: 0x1080 };
}

for (const { name, run } of checks({ loader, accepts, rejects, manifest, machines })) test(name, run);
