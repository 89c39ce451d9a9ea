import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BundleHeader, BundleStretch } from '@kexec-kit/bundle';
import { parse } from '@kexec-kit/structures';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { image } from '../../tools/images.mjs';
import { initramfs, MARKER } from '../../tools/initramfs.mjs';
import { kexecKit } from '../docs/cli.js';
import { grubRescueImage } from './bundle-grub.js';
import { qemu, type Said } from './bundle-qemu.js';
import { noise, quietConsole, witnessOf } from './linux.js';

/** Of the page in front of a bundle that makes it an image. */
const FRONT = 0x1000;
const file = noise(70_001);

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kexec-kit-bundle-'));
  const initrd = join(folder, 'initrd');
  writeFileSync(initrd, initramfs({ files: { 'payload/file.bin': file } }));
  const { path } = await image('linux-6.12-cloud');
  const options = ['--initrd', initrd, '--command-line', quietConsole, '--memory', '256M'];
  const plan = [
    'plan',
    path,
    ...options,
    '--firmware',
    'seabios',
    '--mem-max',
    '255M',
    '-o',
    name('plan.json'),
  ];
  for (const argv of [
    ['bundle', path, ...options, '-o', name('all.elf')],
    plan,
    ['bundle', name('plan.json'), '--boot-protocol', 'pvh', '-o', name('pvh.elf')],
  ])
    expect(await kexecKit(...argv), argv.join(' ')).toMatchObject({
      status: 0,
      stderr: expect.any(String) as string,
    });
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function name(of: string): string {
  return join(folder, of);
}

/** The RAM that the kernel is told of, as /sys/firmware/memmap shows it. */
function toldBy(path: string): readonly (readonly string[])[] {
  const bytes = readFileSync(path).subarray(FRONT);
  const { told, told_count } = parse(BundleHeader, bytes);
  return Array.from({ length: told_count }, (_, n) => {
    const { start, end } = parse(BundleStretch, bytes.subarray(told + 16 * n));
    return [`0x${start.toString(16)}`, `0x${(end - 1n).toString(16)}`, 'System RAM'];
  });
}

/** The kernel saw what was planned: command line, memory map, the digest of the file in its initrd. */
function expectLinux({ serial, debugcon }: Said, path: string): void {
  expect(debugcon).toMatch(
    /^kexec-kit bundle: \d+ pieces in place\nkexec-kit purgatory: \d+ regions verified/,
  );
  expect(serial).toContain(MARKER);
  const witness = witnessOf({ output: serial, lastLine: '', outcome: 'seen' });
  expect(witness.cmdline).toBe(quietConsole);
  expect(witness.memmap.filter(([, , kind]) => kind === 'System RAM')).toEqual(toldBy(path));
  expect(witness.sha256).toEqual({ '/payload/file.bin': createHash('sha256').update(file).digest('hex') });
}

describe('Debian 6.12 and an initramfs, bundled, come as far as init', () => {
  it('by QEMU -kernel, which takes Multiboot first', async () => {
    expectLinux(await qemu({ memory: 256 }, ['-kernel', name('all.elf')], MARKER), name('all.elf'));
  });

  it('by QEMU -kernel and PVH, from a saved plan', async () => {
    expectLinux(await qemu({ memory: 256 }, ['-kernel', name('pvh.elf')], MARKER), name('pvh.elf'));
  });

  it.each(['multiboot', 'multiboot2'] as const)('from a GRUB rescue image: %s', async (command) => {
    const cdrom = grubRescueImage(folder, name('all.elf'), command);
    expectLinux(await qemu({ memory: 256 }, ['-cdrom', cdrom], MARKER), name('all.elf'));
  });
});
