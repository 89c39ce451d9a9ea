import { describe, expect, it } from 'vitest';
import { image } from '../../tools/images.mjs';
import { initramfs } from '../../tools/initramfs.mjs';
import { vmlinux } from '../images/vmlinux.js';
import { quiet, runGuest, type Files, type GuestResult } from './guest.js';
import { bzImage, carried, carriedDigest, last, type Linux } from './kexec.js';

/**
 * Runs a command, then prints as JSON what is loaded and which system calls it made for that, as the kernel itself has
 * traced them.
 */
const watch = `
cd /sys/kernel/tracing
[ -e trace ] || mount -t tracefs tracefs .
for call in kexec_load kexec_file_load; do echo 1 > events/syscalls/sys_enter_$call/enable; done
echo > trace
"$@" > /run/said
status=$?
calls=$(sed -n 's/.*: sys_\\(kexec[a-z_]*\\)(.*/\\1/p' trace)
loaded=$(cat /sys/kernel/kexec_loaded)$(cat /sys/kernel/kexec_crash_loaded)
printf '%s %s %s\\n' "$loaded" "$status" "$(echo $calls)"
cat /run/said
`;

/** A command line; its exit status; whether a normal and a crash kernel is loaded then; the calls; what it says. */
type Step = readonly [
  command: string,
  status: number,
  loaded: `${0 | 1}${0 | 1}`,
  calls: string,
  says?: RegExp,
];

interface Request {
  readonly running: Linux;
  readonly steps: readonly Step[];
  readonly shared: Files;
  readonly append?: string;
}

/** Does the steps, one after the other, and compares them all at once. */
async function follow({ running, steps, shared, append = '' }: Request, end: string[]): Promise<GuestResult> {
  const guest = await runGuest({
    kernel: await bzImage(running),
    append,
    files: { 'guest/watch': watch },
    shared: { ...shared, 'opt/witness.gz': initramfs({ files: carried }) },
    stages: [
      ['mkdir -p /sys/kernel/tracing', ...steps.map(([command]) => `sh /guest/watch ${command}`), ...end],
    ],
  });
  const came = guest.results.slice(1, 1 + steps.length).map(({ stdout, stderr }, index) => {
    const [, loaded, status, calls] = /^(\d\d) (\d+) (.*)$/m.exec(stdout) ?? [];
    const [command, , , , says] = steps[index]!;
    const said = stdout.slice(stdout.indexOf('\n') + 1) + stderr;
    return [command, Number(status), loaded, calls, says?.test(said) === true ? says : said];
  });
  expect(came, last(guest)).toEqual(
    steps.map(([command, status, loaded, calls, says]) => [command, status, loaded, calls, says ?? '']),
  );
  return guest;
}

const first = `/opt/first --initrd=/opt/witness.gz --append=quiet`;
const second = `/opt/second --initrd=/opt/witness.gz --append=quiet`;
const witnessLine = `${quiet} by-force`;

const lifeOfLoaded: readonly Step[] = [
  ['kexec -e', 1, '00', '', /\[LINUX_NOTHING_LOADED\]/],
  ['kexec -S', 0, '00', ''],
  ['kexec --status --load', 0, '00', ''],
  ['kexec -u', 0, '00', 'kexec_file_load'],
  ['kexec --print-ckr-size', 0, '00', '', /^201326592$/m],
  ['kexec -l', 255, '00', '', /no FILE to load was given/],
  [`kexec -l ${first} --frobnicate`, 1, '00', '', /--frobnicate/],
  [`kexec -l /opt/nowhere`, 1, '00', '', /\/opt\/nowhere/],
  [`kexec -l ${first}`, 0, '10', 'kexec_file_load'],
  ['kexec -S', 0, '10', ''],
  ['kexec -Sl', 1, '10', ''],
  [`kexec -l ${first}`, 0, '10', 'kexec_file_load'],
  [`kexec -cl ${second}`, 0, '10', 'kexec_load'],
  [`kexec -p ${second}`, 0, '11', 'kexec_file_load'],
  ['kexec -S', 1, '11', ''],
  [`kexec -c -p ${first}`, 0, '11', 'kexec_load'],
  [`kexec -l /init`, 255, '11', '', /\[[A-Z_]+\]/],
  ['kexec-kit status --json', 0, '11', '', /"crash": \{\s+"loaded": true,\s+"record": \{/],
  ['kexec -u', 0, '01', 'kexec_file_load'],
  ['kexec -pcu', 0, '00', 'kexec_load'],
];

const asNothingElse = (found: string): RegExp =>
  new RegExp(`cannot load .* by itself: it takes no ${found} \\[FILE_LOAD_UNSUPPORTED\\]`);
const asOther = /is no kernel that the running one can load by itself \[BZIMAGE_NOT_FOR_FILE_LOAD\]/;

/** Formats that kexec_file_load does not know, and how that is said. */
const others = {
  vmlinux: asNothingElse('elf'),
  xen: asNothingElse('xen'),
  pvh: asNothingElse('pvh'),
  multiboot: asNothingElse('multiboot'),
  tboot: asNothingElse('multiboot2'),
  'memtest-x64': asOther,
  'memtest-ia32': asOther,
  'linux-686': asOther,
};

async function otherImages(): Promise<Files> {
  const names = {
    ...{ xen: 'xen-4.17', pvh: 'grub-i386-xen_pvh', multiboot: 'multiboot-example', tboot: 'tboot' },
    ...{ 'memtest-x64': 'memtest86+x64', 'memtest-ia32': 'memtest86+ia32', 'linux-686': 'linux-6.1-686-pae' },
  };
  const rows = Object.entries(names).map(async ([name, from]) => [
    `opt/${name}`,
    { from: (await image(from)).path },
  ]);
  return {
    ...(Object.fromEntries(await Promise.all(rows)) as Files),
    'opt/vmlinux': { from: await vmlinux('linux-6.12-cloud') },
    'opt/linux': { from: await bzImage('6.12') },
  };
}

const fileOnly: readonly Step[] = [
  ...Object.entries(others).map(([name, says]): Step => [`kexec -s -l /opt/${name}`, 253, '00', '', says]),
  ['kexec -s -l /opt/linux --mem-min=0x4000000', 253, '00', '', /\[FILE_LOAD_POLICY\]/],
  ['kexec -s -l /opt/linux --append=quiet', 0, '10', 'kexec_file_load'],
  ['kexec -s -l /opt/vmlinux', 253, '10', '', others.vmlinux],
];

/** By itself, or as -a asks for it, each goes to the system call that takes it, and to no other. */
const auto: readonly Step[] = [
  ['kexec -l /opt/vmlinux --append=quiet', 0, '10', 'kexec_load'],
  ['kexec -a -l /opt/memtest-x64', 0, '10', 'kexec_load', /\[BZIMAGE_LAST_PARAGRAPH\]/],
  ['kexec -l /opt/linux --append=quiet --mem-min=0x4000000', 0, '10', 'kexec_load'],
  ['kexec -a -l /opt/linux --append=quiet', 0, '10', 'kexec_file_load'],
];

describe.concurrent('kexec, one command after the other, in a running kernel', () => {
  it('loads, says what is loaded, loads over it, unloads, for reboots and for crashes apart; -f starts at once', async () => {
    const guest = await follow(
      {
        running: '6.12',
        append: 'crashkernel=192M',
        steps: lifeOfLoaded,
        shared: {
          'opt/first': { from: await bzImage('6.12') },
          'opt/second': { from: await bzImage('6.1') },
        },
      },
      [`kexec -f /opt/second --initrd=/opt/witness.gz --append="${witnessLine}"`],
    );
    expect(guest.witnesses, last(guest)).toMatchObject([{ cmdline: witnessLine, sha256: carriedDigest }]);
  });

  it('-s refuses what kexec_file_load does not take before any system call, -a goes to kexec_load', async () => {
    const guest = await follow(
      { running: '6.1', steps: [...fileOnly, ...auto], shared: await otherImages() },
      [],
    );
    expect(guest.outcome, last(guest)).toBe('finished');
  });
});
