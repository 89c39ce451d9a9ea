import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { image } from '../../tools/images.mjs';
import { initramfs } from '../../tools/initramfs.mjs';
import { nextStage, quiet, runGuest } from './guest.js';
import { library, loadProgram, stepsOf } from './library.js';
import { i386 } from './rootfs.js';

const payload = randomBytes(200_003);
const sha256 = { '/payload/random': createHash('sha256').update(payload).digest('hex') };
const witnessLine = `${quiet} from-a-32-bit-program`;

/** The first kernel starts itself once more, and from there the other one; all programs are 32-bit ones. */
async function chain(first: string, last: string) {
  return runGuest({
    kernel: (await image(first)).path,
    userland: i386,
    files: {
      ...loadProgram,
      'guest/first': { from: (await image(first)).path },
      'guest/last': { from: (await image(last)).path },
      'guest/witness.gz': initramfs({
        files: { 'payload/random': payload },
        busybox: (await image('busybox-i386')).path,
      }),
    },
    stages: [
      [
        'node -p "process.arch + process.version"',
        'repack /rootfs.cpio',
        library(
          [
            'load',
            {
              method: 'segments',
              kernel: '/guest/first',
              initrd: ['/rootfs.cpio'],
              commandLine: nextStage(1),
            },
          ],
          ['status', 'normal'],
          ['execute', 'normal'],
        ),
      ],
      [
        'uname -rm',
        library(
          ['load', { method: 'file', kernel: '/guest/first', commandLine: quiet }],
          [
            'load',
            {
              method: 'segments',
              kernel: '/guest/last',
              initrd: ['/guest/witness.gz'],
              commandLine: witnessLine,
            },
          ],
          ['unload', 'normal'],
          [
            'load',
            {
              method: 'segments',
              kernel: '/guest/last',
              initrd: ['/guest/witness.gz'],
              commandLine: witnessLine,
            },
          ],
        ),
        library(['execute', 'normal']),
      ],
    ],
  });
}

describe.concurrent("Debian's Node for i386", () => {
  it('on a 686-pae kernel starts 686-pae, and from there x86_64', async () => {
    const guest = await chain('linux-6.1-686-pae', 'linux-6.12-cloud');
    expect(guest.results[0]?.stdout).toBe('ia32v18.20.4\n');
    expect(guest.results.find(({ command }) => command === 'uname -rm')?.stdout).toMatch(/-686-pae i686$/m);
    const [noFileLoad, ...loaded] = stepsOf(guest, 1, 1);
    expect(noFileLoad).toMatchObject({
      ok: false,
      diagnostics: [{ code: expect.stringMatching(/FILE_LOAD/) as unknown }],
    });
    expect(loaded).toEqual(Array(3).fill({ ok: true, value: true, diagnostics: [] }));
    expect(guest.witnesses).toMatchObject([{ cmdline: witnessLine, sha256 }]);
  });

  it('on an x86_64 kernel starts x86_64, and from there 686-pae', async () => {
    const guest = await chain('linux-6.12-cloud', 'linux-6.1-686-pae');
    expect(guest.results.find(({ command }) => command === 'uname -rm')?.stdout).toMatch(
      /-cloud-amd64 x86_64$/m,
    );
    const [noFileLoad, ...loaded] = stepsOf(guest, 1, 1);
    expect(noFileLoad).toMatchObject({
      diagnostics: [
        { code: 'LINUX_ENOSYS', message: expect.stringContaining('32-bit program') as unknown },
        {},
      ],
    });
    expect(loaded).toEqual(Array(3).fill({ ok: true, value: true, diagnostics: [] }));
    expect(guest.witnesses).toMatchObject([{ cmdline: witnessLine, sha256 }]);
  });
});
