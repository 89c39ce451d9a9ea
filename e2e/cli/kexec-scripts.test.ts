import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { image } from '../../tools/images.mjs';
import { kdumpConfig } from '../../tools/kdump-config.mjs';
import { vmlinux } from '../images/vmlinux.js';
import { madeUpSystem, type Came, type System } from './system.js';

// Scripts that were written for kexec-tools, with their own calls.

let system: System;
let kernel: string;
let initrd: string;
beforeAll(async () => {
  system = madeUpSystem({ machine: 'crash', programs: { ip: 0 } });
  kernel = (await image('linux-6.12-cloud')).path;
  initrd = join(system.root, 'initrd.img');
  writeFileSync(initrd, 'the initrd');
});
afterAll(() => {
  system.remove();
});

/** A function of kdump-config, as Debian ships it. */
function functionOf(name: string): string {
  const found = new RegExp(`^${name}\\(\\)\\n\\{\\n[^]*?^\\}$`, 'm').exec(
    readFileSync(kdumpConfig(), 'utf8'),
  );
  if (found === null) throw new Error(`kdump-config has no ${name}`);
  return found[0];
}

interface Calling {
  readonly name: 'kdump_load' | 'kdump_unload';
  readonly secureBoot?: boolean;
  readonly image?: string;
}

/** What kdump-config calls kexec with: its own function runs in its own shell, and kexec is a script that tells its words. */
function kdumpCall({ name, secureBoot = false, image = kernel }: Calling): readonly string[] {
  const words = join(system.root, 'words');
  const kexec = join(system.root, 'kexec');
  writeFileSync(kexec, `#!/bin/sh\nprintf '%s\\0' "$@" > ${words}\n`);
  chmodSync(kexec, 0o755);
  const isElf = readFileSync(image).subarray(1, 4).toString() === 'ELF';
  const script = [
    'log_success_msg() { :; }; log_failure_msg() { exit 1; }; logger() { :; }; apply_panic_triggers() { :; }',
    `check_secure_boot() { ${String(secureBoot)}; }; check_securelevel() { false; }`,
    // file(1) is not what is tried here, and not everybody has it.
    `file() { echo "$1: ${isElf ? 'ELF' : 'Linux kernel'}"; }`,
    `KEXEC=${kexec} ARCH=x86_64 KDUMP_KERNEL=${image} KDUMP_INITRD=${initrd} kexec_cmd_file=/dev/null`,
    'KDUMP_CMDLINE_APPEND="reset_devices systemd.unit=kdump-tools-dump.service nr_cpus=1 irqpoll usbcore.nousb"',
    functionOf(name),
    name,
  ];
  execFileSync('/bin/sh', ['-c', script.join('\n')]);
  return readFileSync(words, 'utf8').split('\0').slice(0, -1);
}

const run = (words: readonly string[]): Promise<Came> => system.kexec(...words);

describe('kdump-config of Debian', () => {
  it('loads a crash kernel', async () => {
    const words = kdumpCall({ name: 'kdump_load' });
    expect(words[0]).toBe('-p');
    const came = await run(words);
    expect(came).toMatchObject({ status: 0, stdout: '', stderr: '', calls: [{ call: 'kexec_file_load' }] });
    expect(came.calls[0]).toMatchObject({
      flags: 2,
      commandLine: expect.stringContaining('reset_devices systemd.unit=kdump') as string,
    });
  });

  it('loads a signed one where Secure Boot is on', async () => {
    const words = kdumpCall({ name: 'kdump_load', secureBoot: true });
    expect(words.slice(0, 2)).toEqual(['-p', '-s']);
    expect(await run(words)).toMatchObject({ status: 0, calls: [{ call: 'kexec_file_load', flags: 2 }] });
  });

  it('says --args-linux for a vmlinux, which is understood', async () => {
    const words = kdumpCall({ name: 'kdump_load', image: await vmlinux('linux-6.12-cloud') });
    expect(words).toContain('--args-linux');
    expect(await run(words)).toMatchObject({ status: 0, calls: [{ call: 'kexec_load', flags: 0x3e0001 }] });
  });

  it('unloads it', async () => {
    expect(await run(kdumpCall({ name: 'kdump_unload' }))).toMatchObject({
      status: 0,
      calls: [{ flags: 3 }],
    });
    const words = kdumpCall({ name: 'kdump_unload', secureBoot: true });
    expect(words).toEqual(['-s', '-p', '-u']);
    expect(await run(words)).toMatchObject({ status: 0, calls: [{ call: 'kexec_file_load', flags: 3 }] });
  });
});

describe('systemd', () => {
  it('loads the default boot entry, and starts it at the end of a shutdown', async () => {
    const words = ['--load', kernel, '--append', 'root=/dev/sda1 ro', '--initrd', initrd];
    expect(await run(words)).toMatchObject({ status: 0, calls: [{ commandLine: 'root=/dev/sda1 ro' }] });
    expect((await run(['-e'])).calls.map(({ call }) => call)).toEqual(['sync', 'reboot']);
  });
});

describe('the init scripts of Debian’s kexec-tools', () => {
  it('load on shutdown', async () => {
    const append = '--append=BOOT_IMAGE=/boot/vmlinuz root=/dev/sda1 "quoted value"';
    expect(await run(['-l', kernel, `--initrd=${initrd}`, append])).toMatchObject({ status: 0 });
    expect(await run(['-l', kernel, append])).toMatchObject({ status: 0 });
  });
});
