import { expect, it } from 'vitest';
import { initramfs } from '../../tools/initramfs.mjs';
import { nextStage, quiet, runGuest } from './guest.js';
import { bzImage, carried, carriedDigest, expectTold, last, onward, resultOf, tell } from './kexec.js';

const loaded = 'cat /sys/kernel/kexec_loaded';
const witnessLine = `${quiet} applied`;
/** What a kernel is told to leave alone, and so does not call usable any more. */
const withheld = 'memmap=32M$512M';
const show = 'cat /plan.json';
const apply = 'kexec-kit apply /plan.json';
const save = `kexec-kit plan /opt/6.12 --initrd /opt/witness.gz --command-line "${witnessLine}" -o /plan.json`;

it('a saved plan is applied where it was made, and refused with the difference where memory is another', async () => {
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
        ...onward(1, 'kexec -l /opt/6.12').slice(0, 1),
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
});
