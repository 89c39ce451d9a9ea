import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { root as repository } from '../../tools/workspace.mjs';
import { image } from '../../tools/images.mjs';
import { makeUki } from '../../tools/uki.mjs';
import { helloKernel } from '../docs/kernel.js';
import { kexecKit as program, scratch } from './run.js';
import { madeUpSystem, type Call, type Came, type System } from './system.js';

let system: System;

/** The made-up machine, started by a real configuration. */
function begin(fixture: string): void {
  system = madeUpSystem();
  cpSync(join(repository, 'packages/boot-entries/test/fixtures', fixture), system.root, { recursive: true });
  system.put('/proc/self/mountinfo', mounts);
}

const mounts = `22 1 254:2 / / rw - ext4 /dev/vda2 rw\n30 22 254:1 / /boot rw - ext4 /dev/vda1 rw\n`;

function put(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(system.root, path)), { recursive: true });
  writeFileSync(join(system.root, path), content);
}

const kexecKit = (...argv: readonly string[]): Promise<Came> => system.kexecKit(...argv);
const holding = (text: string): string => expect.stringContaining(text) as string;

function held({ calls }: Came, text: string): boolean {
  const buffers = calls.flatMap((call: Call) => ('segments' in call ? call.segments : []));
  return buffers.some(({ buffer }) => Buffer.from(buffer).includes(text));
}

afterEach(() => {
  system.remove();
});

describe('kexec-kit boot-entry, on Debian', () => {
  beforeEach(() => {
    begin('debian');
    for (const version of ['6.12.117+deb12-amd64', '6.1.0-50-amd64']) {
      put(`/boot/vmlinuz-${version}`, helloKernel(version));
      put(`/boot/initrd.img-${version}`, `the initrd of ${version}`);
    }
  });
  const uuid = '71c0d9e4-58a2-4b36-8d1f-e4a90b62c7f5';

  it('lists what GRUB shows, and which starts by itself', async () => {
    const came = await kexecKit('boot-entry', 'list');
    expect(came).toMatchObject({ status: 0, stderr: '', calls: [] });
    expect(came.stdout.match(/^\S.*$/gm)).toEqual([
      'Debian GNU/Linux',
      'Advanced options for Debian GNU/Linux > Debian GNU/Linux, with Linux 6.12.117+deb12-amd64',
      'Advanced options for Debian GNU/Linux > Debian GNU/Linux, with Linux 6.12.117+deb12-amd64 (recovery mode)',
      'Advanced options for Debian GNU/Linux > Debian GNU/Linux, with Linux 6.1.0-50-amd64 (default)',
      'Advanced options for Debian GNU/Linux > Debian GNU/Linux, with Linux 6.1.0-50-amd64 (recovery mode)',
    ]);
  });

  it('loads the default, with its initrd and its command line', async () => {
    const came = await kexecKit('boot-entry', 'load', '--method', 'segments');
    expect(came).toMatchObject({ status: 0, stderr: '', stdout: holding('with Linux 6.1.0-50-amd64 (') });
    expect(held(came, 'the initrd of 6.1.0-50-amd64')).toBe(true);
    expect(held(came, `root=UUID=${uuid} ro quiet\0`)).toBe(true);
  });

  it('loads one by its name, with a command line that is changed', async () => {
    const changes = ['--remove-arg', 'quiet', '--append', 'single', '--append', 'debug'];
    const came = await kexecKit('boot-entry', 'load', 'Debian GNU/Linux', ...changes);
    const commandLine = `root=UUID=${uuid} ro single debug`;
    expect(came).toMatchObject({ status: 0, calls: [{ call: 'kexec_file_load', commandLine }] });
  });

  it('says what it would do, and does nothing', async () => {
    const came = await kexecKit('boot-entry', 'load', '--dry-run');
    expect(came).toMatchObject({ status: 0, calls: [], stdout: holding('nothing was loaded') });
  });

  it('loads and starts in one', async () => {
    const came = await kexecKit('boot-entry', 'load', '--and-exec', '--now');
    expect(came.calls.map(({ call }) => call)).toContain('reboot');
  });

  it('prints one document of it', async () => {
    const came = await kexecKit('boot-entry', 'load', '--json');
    expect(JSON.parse(came.stdout)).toMatchObject({ ok: true, loaded: true });
  });

  it('loads nothing without the files that the entry names', async () => {
    system.remove();
    begin('debian');
    const came = await kexecKit('boot-entry', 'load');
    expect(came).toMatchObject({ status: 1, calls: [], stderr: holding('[BOOT_ENTRIES_FILE_MISSING]') });
    expect(came.stderr).toContain('/boot/vmlinuz-6.1.0-50-amd64 is not there');
  });

  it.each([
    [['start'], 'no such action'],
    [['lost'], 'list'],
    [['list', 'Debian GNU/Linux'], 'one operand too many'],
    [['list', '--append', 'x'], '--append is for boot-entry load'],
    [[], 'ACTION is missing'],
    [['load', '--dry-run', '--and-exec'], 'contradict'],
  ])('refuses %j', async (words, why) => {
    expect(await kexecKit('boot-entry', ...words)).toMatchObject({
      status: 2,
      calls: [],
      stderr: holding(why),
    });
  });

  it('knows no entry of another name', async () => {
    const came = await kexecKit('boot-entry', 'load', 'Windows');
    expect(came).toMatchObject({ status: 1, calls: [], stderr: holding('[BOOT_ENTRIES_UNKNOWN]') });
  });
});

it("loads Debian's Xen with its first kernel and its initrd", async () => {
  begin('debian-xen');
  put('/boot/xen-4.17-amd64.gz', readFileSync((await image('xen-4.17')).path));
  put('/boot/vmlinuz-6.12.117+deb12-amd64', helloKernel('6.12'));
  put('/boot/initrd.img-6.12.117+deb12-amd64', 'the initrd of dom0');
  const came = await kexecKit('boot-entry', 'load', '--append', 'debug');
  expect(came).toMatchObject({ status: 0, calls: [{ call: 'kexec_load' }] });
  expect(held(came, 'dom0_mem=2G,max:2G com1=115200,8n1 console=com1,vga\0')).toBe(true);
  expect(held(came, 'root=UUID=71c0d9e4-58a2-4b36-8d1f-e4a90b62c7f5 ro quiet debug\0')).toBe(true);
  expect(held(came, 'the initrd of dom0')).toBe(true);
});

describe('kexec-kit boot-entry, with a real unified kernel image', () => {
  const commandLine = 'root=/dev/vda2 rw quiet';
  beforeEach(async () => {
    system = madeUpSystem();
    system.put('/proc/self/mountinfo', `${mounts}31 22 254:3 / /efi rw - vfat /dev/vda3 rw\n`);
    put(
      '/efi/EFI/Linux/debian-6.12+2-1.efi',
      await makeUki({
        '.osrel': 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID="12"\n',
        '.uname': '6.12.117+deb12-cloud-amd64',
        '.cmdline': commandLine,
        '.ucode': 'the microcode',
        '.initrd': 'the initrd in the image',
        '.linux': readFileSync((await image('linux-6.12-cloud')).path),
      }),
    );
  });

  it('lists it by what it says of itself', async () => {
    const came = await kexecKit('boot-entry', 'list');
    expect(came).toMatchObject({ status: 0, stderr: '' });
    expect(came.stdout).toBe(`Debian GNU/Linux 12 (bookworm) (default)
  id          debian-6.12.efi
  version     6.12.117+deb12-cloud-amd64
  tries       1 failed, 2 left
  kernel      /efi/EFI/Linux/debian-6.12+2-1.efi ${commandLine}
  from        /efi/EFI/Linux/debian-6.12+2-1.efi:.cmdline
`);
  });

  it('loads it with its microcode, its initrd and its command line', async () => {
    const came = await kexecKit('boot-entry', 'load');
    expect(came).toMatchObject({ status: 0, calls: [{ call: 'kexec_load' }] });
    expect(held(came, 'the microcode\0\0\0the initrd in the image')).toBe(true);
    expect(held(came, `${commandLine}\0`)).toBe(true);
  });

  it('loads it with a command line that is changed, also to nothing', async () => {
    const changed = await kexecKit('boot-entry', 'load', '--remove-arg', 'quiet', '--append', 'debug');
    expect(held(changed, 'root=/dev/vda2 rw debug\0')).toBe(true);
    const none = ['root', 'rw', 'quiet'].flatMap((name) => ['--remove-arg', name]);
    expect(held(await kexecKit('boot-entry', 'load', 'debian-6.12.efi', ...none), 'root=/dev')).toBe(false);
  });

  it('is loaded by its path, too; the running kernel cannot do so by itself', async () => {
    const file = join(system.root, '/efi/EFI/Linux/debian-6.12+2-1.efi');
    const loaded = await kexecKit('load', file, '--command-line', 'debug', '--reuse-image-cmdline');
    expect(loaded).toMatchObject({ status: 0, calls: [{ call: 'kexec_load' }] });
    expect(held(loaded, `${commandLine} debug\0`)).toBe(true);
    expect(await kexecKit('load', file, '--method', 'file')).toMatchObject({
      status: 1,
      calls: [],
      stderr: holding('it takes no uki'),
    });
    expect((await kexecKit('probe', file)).stdout).toContain(
      'unified kernel image for x86-64: Debian GNU/Linux 12 (bookworm), 6.12.117+deb12-cloud-amd64',
    );
  });

  it('an EFI program without a kernel is told from one', async () => {
    const file = join(system.root, 'addon.efi');
    writeFileSync(file, await makeUki({ '.cmdline': 'debug' }));
    expect(await kexecKit('load', file)).toMatchObject({
      status: 1,
      calls: [],
      stderr: holding('.linux'),
    });
  });
});

describe('kexec-kit boot-entry, with Xen as an EFI program', () => {
  const version = '4.14.13-2.pvops.qubes.x86_64';
  beforeEach(() => {
    begin('qubes-efi');
    put('/boot/efi/EFI/qubes/xen.efi', 'MZ');
    put(`/boot/efi/EFI/qubes/vmlinuz-${version}`, helloKernel('4.14'));
    put(`/boot/efi/EFI/qubes/initramfs-${version}.img`, 'the initrd of dom0');
  });

  it('loads the Xen of /boot with what the configuration names', async () => {
    put('/boot/xen-4.17-amd64.gz', readFileSync((await image('xen-4.17')).path));
    const came = await kexecKit('boot-entry', 'load');
    expect(came).toMatchObject({ status: 0, calls: [{ call: 'kexec_load' }], stdout: holding(version) });
    expect(held(came, 'loglvl=all dom0_mem=min:1024M dom0_mem=max:4096M iommu=no-igfx\0')).toBe(true);
    expect(held(came, 'i915.preliminary_hw_support=1 rhgb quiet\0')).toBe(true);
    expect(held(came, 'the initrd of dom0')).toBe(true);
  });

  it('loads nothing where there is none', async () => {
    const came = await kexecKit('boot-entry', 'load');
    expect(came).toMatchObject({ status: 1, calls: [], stderr: holding('[BOOT_ENTRIES_XEN_EFI]') });
    expect(came.stderr).toContain('/boot/xen-VERSION.gz');
  });
});

it('looks at this machine where it is not told otherwise, and changes nothing', () => {
  system = madeUpSystem();
  const { folder, remove } = scratch();
  const { status, stdout } = program(folder, 'boot-entry', 'list', '--json');
  remove();
  const isThere = existsSync('/boot/grub/grub.cfg') || existsSync('/boot/grub2/grub.cfg');
  const document = JSON.parse(stdout) as { readonly ok: boolean };
  expect(status).toBe(document.ok ? 0 : 1);
  if (!isThere) expect(stdout).toContain('BOOT_ENTRIES_NONE');
});
