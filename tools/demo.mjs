// npm run demo: a real Debian kernel goes from a file to running, through kexec-kit alone. `--kernel FILE` takes your own.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { image } from './images.mjs';
import { initramfs } from './initramfs.mjs';
import { root } from './workspace.mjs';

const { values } = parseArgs({ options: { kernel: { type: 'string' } } });
// The last words of init's line: the guest is stopped as soon as they are seen.
const marker = 'says hello from the second kernel';
const folder = join(root, '.cache', 'demo');
mkdirSync(folder, { recursive: true });

const init = `#!/bin/busybox sh
/bin/busybox mount -t proc proc /proc
echo "init of Linux $(/bin/busybox uname -r), started with \"$(/bin/busybox cat /proc/cmdline)\", ${marker}"
/bin/busybox reboot -f
`;
const initrd = join(folder, 'initrd.gz');
writeFileSync(initrd, initramfs({ init }));
const kernel = values.kernel ?? (await image('linux-6.12-cloud')).path;
const options = [
  '--memory',
  '512M',
  '--initrd',
  short(initrd),
  '--command-line',
  'console=ttyS0 reboot=t panic=-1 quiet',
];

show('What is it?', ['inspect', short(kernel)]);
show('Where would everything go, and why?', [
  'plan',
  short(kernel),
  ...options,
  '--svg',
  short(join(folder, 'map.svg')),
]);
show('Start it.', ['boot', short(kernel), ...options, '--until', marker]);

function short(path) {
  const below = relative(root, path);
  return below.startsWith('..') ? path : below;
}

/** Prints a command as one would type it, and runs it. */
function show(title, argv) {
  const quoted = argv.map((word) => (/^[\w./=:-]+$/.test(word) ? word : `"${word}"`));
  process.stdout.write(`\n# ${title}\n$ kexec-kit ${quoted.join(' ')}\n\n`);
  const done = spawnSync(process.execPath, [join(root, 'packages/cli/bin/kexec-kit.mjs'), ...argv], {
    cwd: root,
    stdio: 'inherit',
  });
  if (done.status !== 0) process.exit(done.status ?? 1);
}
