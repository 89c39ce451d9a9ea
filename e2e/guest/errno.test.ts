import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { image } from '../../tools/images.mjs';
import { initramfs } from '../../tools/initramfs.mjs';
import { KEXEC } from '@kexec-kit/syscall';
import { quiet, runGuest } from './guest.js';
import { library, loadProgram, stepsOf, type Step } from './library.js';
import type { Load } from './program/load.js';

const good: Load = {
  method: 'segments',
  kernel: '/guest/linux',
  initrd: ['/guest/witness.gz'],
  commandLine: quiet,
};
/** Of the crafted kernel: more than half of a guest's RAM, in bytes. */
const HUGE = 0x2800_0000;
/** boot.rst, init_size, 0x260/4. */
const INIT_SIZE = 0x260;

async function crafted(change: (kernel: Buffer) => void): Promise<Buffer> {
  const kernel = await readFile((await image('linux-6.12-cloud')).path);
  change(kernel);
  return kernel;
}

function saying(code: string, message: RegExp, left = 'LINUX_STILL_LOADED'): object {
  return {
    ok: false,
    diagnostics: [{ code, message: expect.stringMatching(message) as unknown }, { code: left }],
  };
}

it.concurrent('what the kernel refuses is explained, and what was loaded before stays', async () => {
  const guest = await runGuest({
    kernel: (await image('linux-6.12-cloud')).path,
    files: {
      ...loadProgram,
      'guest/linux': { from: (await image('linux-6.12-cloud')).path },
      'guest/huge': await crafted((kernel) => kernel.writeUInt32LE(HUGE, INIT_SIZE)),
      'guest/witness.gz': initramfs(),
    },
    stages: [
      [
        library(['load', good]),
        library(
          ['load', { ...good, kernel: '/guest/huge' }],
          ['load', { ...good, method: 'file', change: { kernel: 'initrd.0', initrds: [] } }],
          ['load', { ...good, method: 'file', purpose: 'crash' }],
          ['raw', { address: '0x1000000', size: '0x4000', flags: KEXEC.ARCH_386 }],
          ['raw', { address: '0x1000800', size: '0x4000', flags: KEXEC.ARCH_X86_64 }],
          ['raw', { address: '0x1000000', size: '0x4000', flags: KEXEC.ARCH_X86_64 | KEXEC.ON_CRASH }],
        ),
        `/usr/bin/setpriv --bounding-set -sys_boot ${library(['available'], ['load', good], ['load', { ...good, method: 'file' }])}`,
        `exec 3>>/guest/linux; ${library(['load', { ...good, method: 'file' }])}`,
        'echo 1 > /proc/sys/kernel/kexec_load_disabled',
        library(['available'], ['load', good], ['unload', 'normal'], ['status', 'normal']),
      ],
    ],
  });
  expect(guest.outcome).toBe('finished');
  const raw = (code: string, message: RegExp) => ({
    code,
    message: expect.stringMatching(message) as unknown,
  });

  expect(stepsOf(guest, 0, 1)).toMatchObject([
    saying('LINUX_EINVAL', /the load takes 64\d\.\d MiB, and more than half of RAM \(4\d\d\.\d MiB\)/),
    saying('LINUX_ENOEXEC', /does not recognise the file/),
    { ok: false, diagnostics: [{ code: 'KDUMP_NO_REGION' }] },
    raw('LINUX_EINVAL', /made for a running i386 kernel, and this one is x86_64/),
    raw('LINUX_EADDRNOTAVAIL', /segment 0 \(by-hand\) at 0x1000800-0x1004800 is not made of whole pages/),
    raw('LINUX_EADDRNOTAVAIL', /no memory is reserved for a crash kernel/),
  ]);

  const noCapability = /this process has no CAP_SYS_BOOT/;
  expect(stepsOf(guest, 0, 2)).toMatchObject([
    { ok: false, diagnostics: [raw('LINUX_EPERM', noCapability)] },
    saying('LINUX_EPERM', noCapability),
    saying('LINUX_EPERM', noCapability),
  ]);

  expect(stepsOf(guest, 0, 3)).toMatchObject([
    saying('LINUX_ETXTBSY', /kexec_file_load failed with ETXTBSY: another program has a file/),
  ]);

  const disabled = /kernel\.kexec_load_disabled is 1/;
  expect(stepsOf(guest, 0, 5)).toMatchObject([
    { ok: false, diagnostics: [raw('LINUX_EPERM', disabled)] },
    saying('LINUX_EPERM', disabled),
    { ok: false, diagnostics: [raw('LINUX_EPERM', disabled)] },
    { ok: true, value: { loaded: true, record: { sources: [{ name: '/guest/linux' }, {}] } } },
  ]);
});

/** Its keys come from the firmware's Secure Boot, which this guest does not have: it trusts nobody. */
it.concurrent('a kernel that is locked down says so, and loads nothing that it does not trust', async () => {
  const guest = await runGuest({
    kernel: (await image('linux-6.12-cloud')).path,
    append: 'lockdown=integrity',
    files: {
      ...loadProgram,
      'guest/linux': { from: (await image('linux-6.12-cloud')).path },
      'guest/witness.gz': initramfs(),
    },
    stages: [[library(['load', good], ['load', { ...good, method: 'file' }], ['unload', 'normal'])]],
  });
  expect(guest.outcome).toBe('finished');
  expect(stepsOf(guest, 0, 0)).toMatchObject([
    { diagnostics: [{ code: 'LINUX_EPERM', hint: 'Load a signed bzImage with -s (kexec_file_load).' }, {}] },
    {
      diagnostics: [
        { code: 'LINUX_EPERM', message: expect.stringContaining('locked down (integrity)') as unknown },
        { code: 'LINUX_NONE_LOADED' },
      ],
    },
    { ok: true },
  ]);
});

/** So much RAM another program has the kernel fill, again and again, in bytes: it holds the lock nearly all of the time. */
const FILLED = 0x0800_0000;

it.concurrent('a kernel that loads for another program says so, and loads when that is over', async () => {
  const size = `0x${FILLED.toString(16)}`;
  const fill: Step = ['raw', { address: '0x1000000', size, flags: KEXEC.ARCH_X86_64 }];
  const other = library(...Array.from({ length: 100 }, () => fill));
  const guest = await runGuest({
    kernel: (await image('linux-6.12-cloud')).path,
    files: {
      ...loadProgram,
      'guest/linux': { from: (await image('linux-6.12-cloud')).path },
      'guest/witness.gz': initramfs(),
    },
    stages: [
      [
        // With the least share of the CPU it stays in the midst of it.
        `${other} > /run/other & until [ -s /run/other ]; do sleep 0.1; done; ${library(['load', good], ['load', good], ['load', good])}; kill $!; wait $!; true`,
        library(['load', good], ['status', 'normal']),
        library(['execute', 'normal']),
      ],
    ],
  });
  const refused = (stepsOf(guest, 0, 0) as { readonly ok: boolean }[]).filter(({ ok }) => !ok);
  expect(refused.length).toBeGreaterThan(0);
  for (const answer of refused) expect(answer).toMatchObject(saying('LINUX_EBUSY', /another process is/));
  expect(stepsOf(guest, 0, 1)).toMatchObject([
    { ok: true },
    { ok: true, value: { loaded: true, record: { sources: [{ name: '/guest/linux' }, {}] } } },
  ]);
  expect(guest.witnesses).toMatchObject([{ cmdline: quiet }]);
});
