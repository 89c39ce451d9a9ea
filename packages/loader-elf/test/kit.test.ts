import { readFileSync } from 'node:fs';
import type { LoaderManifest } from '@kexec-kit/loader-api';
import { checks } from '@kexec-kit/loader-testkit';
import { test } from 'vitest';
import { elfFile } from '../../../tools/elf-file.mjs';
import { loader } from '../src/index.js';
import { KERNEL32, KERNEL64, MOVABLE32, MOVABLE64, VMLINUX, VMLINUX32 } from './kernels.js';

const manifest = JSON.parse(
  readFileSync(new URL('../loader.json', import.meta.url), 'utf8'),
) as LoaderManifest;

const initrd = [{ source: 'initrd.0', name: 'initrd.img', size: 0x10001, arguments: '' }];
/** Machines with RAM below 4 GiB: whoever is linked there needs it. */
const low = ['small', 'holes', 'above4g', 'crash', 'uefi', 'manyRanges'];
/** The first hole of manyRanges that vmlinux's place is in ends before it does; it then moves. */
const anywhere = [...low, 'onlyAbove4g', 'crashBelow4g'];

const accepts = [
  {
    name: 'an ELF64 kernel with boot notes',
    bytes: elfFile(KERNEL64),
    options: { commandLine: 'quiet' },
    fits: low,
  },
  {
    name: 'an ELF32 kernel with boot notes',
    bytes: elfFile(KERNEL32),
    options: { commandLine: 'quiet' },
    fits: low,
  },
  {
    name: 'an ELF64 kernel without arguments',
    bytes: elfFile(KERNEL64),
    options: { args: 'none' },
    fits: low,
  },
  { name: 'an ELF64 kernel that moves', bytes: elfFile(MOVABLE64), fits: anywhere },
  { name: 'an ELF32 kernel that moves', bytes: elfFile(MOVABLE32), fits: low },
  { name: 'vmlinux', bytes: elfFile(VMLINUX), options: { commandLine: 'quiet', initrd }, fits: anywhere },
  {
    name: 'a 32-bit vmlinux',
    bytes: elfFile(VMLINUX32),
    options: { commandLine: 'quiet', initrd },
    fits: low,
  },
];
const rejects = [
  { name: 'a core file', bytes: elfFile({ header: { e_type: 4 }, segments: [{}] }) },
  { name: 'an ELF64 for aarch64', bytes: elfFile({ ...KERNEL64, header: { e_machine: 183 } }) },
  { name: 'an entry beyond the code', bytes: elfFile({ ...KERNEL64, header: { e_entry: 0x99999999 } }) },
];

for (const { name, run } of checks({
  loader,
  // vmlinux carries notes behind its last load: cut there, it still boots.
  accepts: accepts.map((sample) => ({
    ...sample,
    declaredEnd: endOfLoads(sample.bytes),
    // Only a kernel that moves, and is handed Linux's arguments, can be a crash kernel.
    ...(sample.name === 'vmlinux' ? {} : { purposes: ['normal'] as const }),
  })),
  rejects,
  manifest,
}))
  test(name, run);

/** Where the last load ends in the file, read here by hand. */
function endOfLoads(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const isWide = bytes[4] === 2;
  const [table, size] = isWide ? [64, 56] : [52, 32];
  const count = view.getUint16(isWide ? 0x38 : 0x2c, true);
  const ends = Array.from({ length: count }, (_, i) => table + i * size)
    .filter((at) => view.getUint32(at, true) === 1)
    .map((at) => view.getUint32(at + (isWide ? 8 : 4), true) + view.getUint32(at + (isWide ? 32 : 16), true));
  return Math.max(...ends);
}
