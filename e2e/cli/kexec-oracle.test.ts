import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { image } from '../../tools/images.mjs';
import { ourKexec, theirKexec } from './oracle.js';
import { madeUpSystem, type System } from './system.js';

// Whole processes on one made-up machine: Debian's kexec(8), and ours as it is built. Compared are exit status, flags,
// and the content that comes from files. What goes where in memory is compared by e2e/oracle.

let small: System;
let crash: System;
let files: Readonly<Record<string, string>>;
beforeAll(async () => {
  small = madeUpSystem();
  crash = madeUpSystem({ machine: 'crash' });
  const put = (name: string, content: string | Uint8Array): string => {
    const path = join(small.root, name);
    writeFileSync(path, content);
    return path;
  };
  files = {
    LINUX: (await image('linux-6.12-cloud')).path,
    MULTIBOOT: (await image('multiboot-example')).path,
    INITRD: put('initrd', new Uint8Array(70_001).fill(0x6b)),
    TEXT: put('text', 'no kernel'),
    NOTHING: join(small.root, 'not-there'),
  };
});
afterAll(() => {
  small.remove();
  crash.remove();
});

const wordsOf = (line: string): readonly string[] =>
  line
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => word.replaceAll(/[A-Z]{4,}/g, (name) => files[name] ?? name));

const both = (line: string, { root }: System) => {
  const words = wordsOf(line);
  return { theirs: theirKexec(root, words), ours: ourKexec(root, words) };
};

/** Debian's tries kexec_load only, unless it is told otherwise. */
const same: readonly string[] = [
  '-c -l LINUX',
  '-lc LINUX',
  '-c --load LINUX --command-line=quiet',
  '-c LINUX -l --initrd=INITRD --append quiet',
  '-c -l LINUX --initrd INITRD --append=a --append=b',
  '-c -l --ini INITRD --type=bzImage64 LINUX',
  '-cltbzImage64 LINUX',
  '-c -i -l LINUX',
  '-c -l --noefi LINUX',
  '-c -l MULTIBOOT',
  '-c -l -t multiboot-x86 MULTIBOOT',
  '-c -l --mem-min=0x2000000 LINUX',
  '-c -u',
  '-c -p -u',
  '-c --unload --load-p',
  '-S',
  '-l -S',
  '-p -S',
  '-l -S -c LINUX',
  '--print-ckr-size',
  '-v',
  '-h',
  '-e',
  '-l',
  '',
  '-c -l NOTHING',
  '-c -l TEXT',
  '-c -l -t nothing LINUX',
  '-c -l -t elf-x86_64 LINUX',
  '-c -l LINUX --initrd=NOTHING',
  '-c -l LINUX --mem-max=0xffff',
  '--nonsense',
  '-q',
  '--reuse',
  '-l LINUX --initrd',
  '-l LINUX --mem-min=zzz',
  '-c -l LINUX --serial=tty9',
  '-c -l LINUX --serial-baud=1',
  '-c -p LINUX',
];

describe('kexec on a machine without memory for crashes', () => {
  it.each(same)('comes to the same for "kexec %s"', (line) => {
    const { theirs, ours } = both(line, small);
    expect(ours, ours.said + theirs.said).toMatchObject({ status: theirs.status, calls: theirs.calls });
  });
});

/** Loads are for e2e/oracle: the recorded /proc/kcore is cut off where kexec(8) reads on. */
const sameForCrash: readonly string[] = ['--print-ckr-size', '-c -p -u', '-S -p'];

describe('kexec on a machine with memory for crashes', () => {
  it.each(sameForCrash)('comes to the same for "kexec %s"', (line) => {
    const { theirs, ours } = both(line, crash);
    expect(ours, ours.said + theirs.said).toMatchObject({ status: theirs.status, calls: theirs.calls });
  });
});

/** What kexec(8) gets wrong: its exit status, and ours. */
const mended: readonly (readonly [string, number | null, number, string])[] = [
  ['-c -u -p', 1, 0, 'the order of two options'],
  ['-c -l LINUX --module=INITRD', 0, 1, 'an option that is another loader’s'],
  ['-a -l MULTIBOOT', 1, 0, 'an image that kexec_file_load does not know'],
  ['-c -l LINUX --serial-baud=0', null, 255, 'a division by zero'],
];

describe('what kexec(8) gets wrong', () => {
  it.each(mended)('"kexec %s" ended with %j, and ends with %i: %s', (line, theirStatus, ourStatus) => {
    const { theirs, ours } = both(line, small);
    expect(theirs.status, theirs.said).toBe(theirStatus);
    expect(ours.status, ours.said).toBe(ourStatus);
  });
});
