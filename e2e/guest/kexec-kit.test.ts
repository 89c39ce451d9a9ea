import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { initramfs } from '../../tools/initramfs.mjs';
import { root } from '../../tools/workspace.mjs';
import { nextStage, quiet, runGuest, type Files } from './guest.js';
import { bzImage, carried, carriedDigest, expectTold, last, resultOf, tell } from './kexec.js';

// Together in one file, since a file's guests run two at a time.

const loaded = 'cat /sys/kernel/kexec_loaded';
const witnessLine = `${quiet} applied`;
/** What a kernel is told to leave alone, and so does not call usable any more. */
const withheld = 'memmap=32M$512M';
const show = 'cat /plan.json';
const apply = 'kexec-kit apply /plan.json';
const save = `kexec-kit plan /opt/6.12 --initrd /opt/witness.gz --command-line "${witnessLine}" -o /plan.json`;

it.concurrent(
  'a saved plan is applied where it was made, and refused with the difference where memory is another',
  async () => {
    const shared = {
      'opt/6.12': { from: await bzImage('6.12') },
      'opt/witness.gz': initramfs({ files: carried }),
    };
    const guest = await runGuest({
      kernel: await bzImage('6.12'),
      files: carried,
      shared,
      stages: [
        [
          save,
          show,
          'repack /rootfs.cpio',
          `kexec -l /opt/6.12 --initrd=/rootfs.cpio --append='${nextStage(1)} ${withheld}'`,
          'kexec -e',
        ],
        [
          'cat /proc/cmdline',
          apply,
          `${apply} --dry-run`,
          loaded,
          'repack /rootfs.cpio',
          `kexec-kit load /opt/6.12 --initrd /rootfs.cpio --command-line "${nextStage(2)}" --and-exec --now`,
        ],
        [tell, apply, loaded, 'kexec-kit exec --now'],
      ],
    });
    expect(resultOf(guest, 0, save), last(guest)).toMatchObject({ status: 0 });
    expect(resultOf(guest, 1, 'cat /proc/cmdline').stdout).toContain(withheld);
    const refusal = expect.stringMatching(
      /the plan was made for another memory map: 0x20000000-0x22000000: was usable, is now not usable \[LINUX_OTHER_MACHINE\]/,
    ) as unknown;
    expect(resultOf(guest, 1, apply)).toMatchObject({ status: 1, stderr: refusal });
    expect(resultOf(guest, 1, `${apply} --dry-run`)).toMatchObject({ status: 1, stderr: refusal });
    expect(resultOf(guest, 1, loaded).stdout).toBe('0\n');
    expectTold(guest, 2, '6.12');
    expect(resultOf(guest, 2, apply), last(guest)).toMatchObject({ status: 0 });
    expect(resultOf(guest, 2, loaded).stdout).toBe('1\n');
    expect(guest.witnesses, last(guest)).toMatchObject([{ cmdline: witnessLine, sha256: carriedDigest }]);

    const smaller = await runGuest({
      kernel: await bzImage('6.12'),
      memory: 768,
      files: { 'plan.json': resultOf(guest, 0, show).stdout },
      shared,
      stages: [[apply, loaded]],
    });
    expect(resultOf(smaller, 0, apply)).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/\[LINUX_OTHER_MACHINE\]/) as unknown,
    });
    expect(resultOf(smaller, 0, loaded).stdout).toBe('0\n');
  },
);

/** Real configurations, with their origin: what packages/boot-entries is tested with. */
function fixture(name: string, to: string): Files {
  const from = join(root, 'packages/boot-entries/test/fixtures', name);
  const entries = readdirSync(from, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return Object.fromEntries(
    entries.map(({ parentPath, name: file }) => {
      const path = join(parentPath, file);
      return [join(to, path.slice(from.length)), readFileSync(path)];
    }),
  );
}

const debian = '6.1.0-50-amd64';
const fedora = 'de8380606ce44a2dabad127eb049acbe/5.6.6-300.fc32.x86_64';
const [debianRoot, fedoraRoot] = [
  '71c0d9e4-58a2-4b36-8d1f-e4a90b62c7f5',
  'b0b50629-c323-40de-9b01-05632be6dbd4',
];
const list = 'kexec-kit boot-entry list';
const told = 'uname -r; cat /proc/cmdline';
const loadDefault = `kexec-kit boot-entry load --remove-arg quiet --append "${nextStage(1)}"`;
const loadByName = `kexec-kit boot-entry load "Fedora 32 (Server Edition)" --append "${quiet}" --method segments`;
const status = 'kexec-kit status --json';

it.concurrent(
  'what GRUB starts by itself, and an entry by its name, with kernel, initrd and arguments of the entry',
  async () => {
    const guest = await runGuest({
      kernel: await bzImage('6.12'),
      files: { ...fixture('debian', '/'), ...fixture('fedora-bls', 'fedora') },
      shared: {
        'opt/6.1': { from: await bzImage('6.1') },
        'opt/6.12': { from: await bzImage('6.12') },
        'opt/witness.gz': initramfs({ files: carried }),
      },
      stages: [
        [
          `ln -s /opt/6.1 /boot/vmlinuz-${debian}`,
          `repack /rootfs.cpio; mv /rootfs.cpio /boot/initrd.img-${debian}`,
          list,
          'kexec-kit exec --now',
          loadDefault,
          status,
          'kexec-kit exec',
          'kexec-kit exec --now',
        ],
        [
          told,
          'mount -t tmpfs tmpfs /boot && cp -r /fedora/boot/* /boot',
          `mkdir -p /boot/${fedora}; ln -s /opt/6.12 /boot/${fedora}/linux; ln -s /opt/witness.gz /boot/${fedora}/initrd`,
          list,
          `${loadByName} --and-exec --now`,
        ],
      ],
    });
    expect(resultOf(guest, 0, list), last(guest)).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(
        `Debian GNU/Linux, with Linux ${debian} \\(default\\)\\n(?:  .*\\n)*?  kernel +/boot/vmlinuz-${debian} root=UUID=${debianRoot} ro quiet\\n  initrd +/boot/initrd.img-${debian}\\n`,
      ) as unknown,
    });
    const [tooEarly] = guest.results.filter(({ command }) => command === 'kexec-kit exec --now');
    expect(tooEarly).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('[LINUX_NOTHING_LOADED]') as unknown,
    });
    expect(resultOf(guest, 0, loadDefault), last(guest)).toMatchObject({
      status: 0,
      stdout: expect.stringContaining(`with Linux ${debian} (`) as unknown,
    });
    expect(JSON.parse(resultOf(guest, 0, status).stdout)).toMatchObject({
      normal: {
        loaded: true,
        record: {
          method: 'file',
          sources: [{ name: `/boot/vmlinuz-${debian}` }, { name: `/boot/initrd.img-${debian}` }],
        },
      },
      crash: { loaded: false },
    });
    // There is no systemd.
    expect(resultOf(guest, 0, 'kexec-kit exec')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('--now') as unknown,
    });
    expect(resultOf(guest, 1, told).stdout, last(guest)).toMatch(/^6\.1\./);
    expect(resultOf(guest, 1, told).stdout).toContain(`\nroot=UUID=${debianRoot} ro ${nextStage(1)}\n`);
    expect(resultOf(guest, 1, list).stdout).toMatch(/^Fedora 32 \(Server Edition\)/m);
    expect(guest.witnesses, last(guest)).toMatchObject([
      { cmdline: expect.stringContaining(`root=UUID=${fedoraRoot} ro `) as unknown, sha256: carriedDigest },
    ]);
    expect(guest.witnesses[0]?.cmdline.endsWith(` ${quiet}`)).toBe(true);
  },
);
