import { describe, expect, it } from 'vitest';
import { initramfs } from '../../tools/initramfs.mjs';
import { quiet, runGuest } from './guest.js';
import { bzImage, carried, carriedDigest, expectTold, last, onward, tell } from './kexec.js';

const witnessLine = `${quiet} last "a quoted word"`;

describe.concurrent('kexec -l and kexec -e', () => {
  it('go from 6.12 to 6.1 and back by each system call', async () => {
    const guest = await runGuest({
      kernel: await bzImage('6.12'),
      files: {
        ...carried,
        'guest/6.12': { from: await bzImage('6.12') },
        'guest/6.1': { from: await bzImage('6.1') },
        'guest/witness.gz': initramfs({ files: carried }),
      },
      stages: [
        onward(1, 'kexec -c -l /guest/6.1'),
        [tell, ...onward(2, 'kexec -s -l /guest/6.12')],
        [tell, ...onward(3, 'kexec -s -l /guest/6.1')],
        [tell, `kexec -c -l /guest/6.12 --initrd=/guest/witness.gz --append='${witnessLine}'`, 'kexec -e'],
      ],
    });
    expectTold(guest, 1, '6.1');
    expectTold(guest, 2, '6.12');
    expectTold(guest, 3, '6.1');
    expect(guest.witnesses, last(guest)).toMatchObject([{ cmdline: witnessLine, sha256: carriedDigest }]);
  });
});
