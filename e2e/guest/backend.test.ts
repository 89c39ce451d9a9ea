import { createHash, randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { image } from '../../tools/images.mjs';
import { initramfs, payload } from '../../tools/initramfs.mjs';
import { nextStage, quiet, runGuest } from './guest.js';
import { library, loadProgram, stepsOf } from './library.js';
import type { Load } from './program/load.js';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const [first, more] = [randomBytes(300_001), randomBytes(40_002)];
const done = { ok: true, diagnostics: [] };

it('6.12 loads 6.1 with kexec_load, which loads 6.12 with kexec_file_load', async () => {
  const last = `${quiet} last "a quoted word"`;
  const second: Load = {
    method: 'segments',
    kernel: '/guest/linux-6.1',
    initrd: ['/rootfs.cpio'],
    commandLine: nextStage(1),
  };
  const third: Load = {
    method: 'file',
    kernel: '/guest/linux-6.12',
    initrd: ['/guest/witness.gz', '/guest/more.cpio'],
    commandLine: last,
  };
  const guest = await runGuest({
    kernel: (await image('linux-6.12-cloud')).path,
    files: {
      ...loadProgram,
      'guest/linux-6.12': { from: (await image('linux-6.12-cloud')).path },
      'guest/linux-6.1': { from: (await image('linux-6.1')).path },
      'guest/witness.gz': initramfs({ files: { 'payload/first': first } }),
      'guest/more.cpio': payload({ 'payload/more': more }),
    },
    stages: [
      [
        'repack /rootfs.cpio',
        library(
          ['available'],
          ['load', { ...second, dryRun: true }],
          ['status', 'normal'],
          ['execute', 'normal'],
          ['load', second],
          ['status', 'normal'],
          ['unload', 'normal'],
          ['status', 'normal'],
          ['load', { ...third, dryRun: true }],
          ['load', third],
          ['load', second],
        ),
        'stat -c "%a %U" /run/kexec-kit /run/kexec-kit/normal.json',
        library(['status', 'normal'], ['execute', 'normal']),
      ],
      [
        'uname -r',
        'kexec-kit last-words',
        library(['status', 'normal'], ['load', third], ['execute', 'normal']),
      ],
    ],
  });

  expect(guest.outcome).toBe('reset');
  const [available, planned, before, tooEarly, loaded, status, unloaded, after, file, over, again] = stepsOf(
    guest,
    0,
    1,
  );
  expect([available, loaded, unloaded, over, again]).toEqual(Array(5).fill({ ...done, value: true }));
  expect(planned).toMatchObject({ value: { call: 'kexec_load', flags: ['KEXEC_ARCH_X86_64'] } });
  expect([before, after]).toEqual(Array(2).fill({ ...done, value: { loaded: false } }));
  expect(tooEarly).toMatchObject({ ok: false, diagnostics: [{ code: 'LINUX_NOTHING_LOADED' }] });
  expect(status).toMatchObject({
    value: { loaded: true, record: { method: 'segments', sources: [{ name: '/guest/linux-6.1' }, {}] } },
  });
  expect(file).toMatchObject({
    value: {
      ...{ call: 'kexec_file_load', flags: [] },
      lines: expect.arrayContaining([
        '  initrd: /guest/witness.gz, /guest/more.cpio (through a file in memory)',
      ]) as unknown,
    },
  });
  expect(guest.results.find(({ command }) => command.startsWith('stat'))?.stdout).toBe(
    '700 root\n600 root\n',
  );
  expect(guest.results.find(({ command }) => command === 'uname -r')?.stdout).toMatch(/^6\.1\./);
  expect(guest.results.find(({ command }) => command.endsWith('last-words'))).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(
      /^The hand-over went well: \d+ regions were verified, then this kernel was/,
    ) as unknown,
  });
  expect(guest.witnesses).toMatchObject([
    { cmdline: last, sha256: { '/payload/first': sha256(first), '/payload/more': sha256(more) } },
  ]);
});
