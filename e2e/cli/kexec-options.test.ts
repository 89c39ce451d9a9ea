/* eslint-disable kexec-kit/imports -- the table is the subject, and the command line exports nothing */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { image } from '../../tools/images.mjs';
import { kexecOptions } from '../../packages/cli/src/kexec/table.js';
import { vmlinux } from '../images/vmlinux.js';
import { oracleOptions } from './oracle.js';
import { madeUpSystem, type Call, type Came, type System } from './system.js';

// Every option of kexec(8) for x86: what it is given to do, and what then happens.

let small: System;
let crash: System;
let uefi: System;
/** Paths by short names, so that a case reads like a command line. */
let files: Readonly<Record<string, string>>;

beforeAll(async () => {
  [small, crash, uefi] = [{}, { machine: 'crash' }, { machine: 'uefi' }].map((options) =>
    madeUpSystem({ ...options, programs: { ip: 0 } }),
  ) as [System, System, System];
  const put = (name: string, text: string): string => {
    writeFileSync(join(small.root, name), text);
    return join(small.root, name);
  };
  files = {
    LINUX: (await image('linux-6.12-cloud')).path,
    PAE: (await image('linux-6.1-686-pae')).path,
    VMLINUX: await vmlinux('linux-6.12-cloud'),
    MULTIBOOT: (await image('multiboot-example')).path,
    INITRD: put('initrd', 'the initrd'),
    SECOND: put('second', 'the second initrd'),
    MODULE: put('module', 'the module'),
  };
});
afterAll(() => {
  for (const system of [small, crash, uefi]) system.remove();
});

/** Runs a line of words; those in capitals stand for files, `"…"` keeps blanks together. */
function kexec(line: string, on: System = small): Promise<Came> {
  const words = [...line.matchAll(/(?:[^\s"]|"[^"]*")+/g)].map(([word]) => word.replaceAll('"', ''));
  return on.kexec(...words.map((word) => word.replaceAll(/[A-Z]{3,}/g, (name) => files[name] ?? name)));
}

type Segments = Extract<Call, { call: 'kexec_load' }>;

/** The one load of a line that went well. */
async function segmentsOf(line: string, on: System = small): Promise<Segments> {
  const came = await kexec(`-c ${line}`, on);
  expect(came).toMatchObject({ status: 0, calls: [{ call: 'kexec_load' }] });
  return came.calls[0] as Segments;
}

function holds({ segments }: Segments, text: string): boolean {
  return segments.some(({ buffer }) => Buffer.from(buffer).includes(text));
}

const callsOf = ({ calls }: Came): readonly string[] => calls.map(({ call }) => call);
const extents = ({ segments }: Segments) =>
  segments.map(({ address, memorySize }) => ({ start: address, end: address + memorySize }));
const refused = (line: string, reason: string) => async () => {
  expect(await kexec(line)).toMatchObject({
    status: 1,
    calls: [],
    stderr: expect.stringContaining(reason) as string,
  });
};

/** Purgatory with its parameters: what the next kernel finds, and what happens between the two, is all told there. */
function purgatoryOf({ entry, segments }: Segments): Uint8Array | undefined {
  return segments.find(({ address, memorySize }) => address <= entry && entry < address + memorySize)?.buffer;
}

const purgatoryWith = async (option: string) => purgatoryOf(await segmentsOf(`-l LINUX ${option}`));
const withoutEffect = (option: string) => async () => {
  expect(await purgatoryWith(option)).toEqual(await purgatoryWith(''));
};
/** Purgatory is told something else by each of these. */
const tellsPurgatory = async (...options: readonly string[]): Promise<void> => {
  const told = await Promise.all(['', ...options].map(purgatoryWith));
  expect(new Set(told.map((bytes) => Buffer.from(bytes ?? []).toString('latin1'))).size).toBe(told.length);
};

/** What is told of the segments before a load, by `-d`. */
async function pictureOf(line: string, on: System = small): Promise<string> {
  const { status, stderr } = await kexec(`-c -d -l LINUX ${line}`, on);
  expect(status).toBe(0);
  return stderr;
}

const cases: Readonly<Record<string, () => Promise<void>>> = {
  load: async () => {
    expect(await kexec('-l LINUX')).toMatchObject({ status: 0, stdout: '', stderr: '', programs: [] });
    expect(await kexec('--load -e LINUX')).toMatchObject({
      calls: [{ call: 'kexec_file_load' }, { call: 'sync' }, { call: 'reboot' }],
    });
  },
  'load-panic': async () => {
    const { segments, flags } = await segmentsOf('-p LINUX', crash);
    expect(flags & 1).toBe(1);
    for (const { address } of segments) expect(address).toBeGreaterThanOrEqual(0x2f000000n);
  },
  exec: async () => {
    await kexec('-l LINUX');
    expect(callsOf(await kexec('-e'))).toEqual(['sync', 'reboot']);
    await kexec('-u');
    expect(await kexec('--exec')).toMatchObject({ status: 1, calls: [] });
  },
  force: async () => {
    expect(callsOf(await kexec('-f LINUX'))).toEqual(['kexec_file_load', 'sync', 'reboot']);
  },
  unload: async () => {
    expect(await kexec('-u')).toMatchObject({ status: 0, calls: [{ call: 'kexec_file_load', flags: 1 }] });
    expect(await kexec('-c --unload')).toMatchObject({ calls: [{ call: 'kexec_load', segments: [] }] });
    for (const line of ['-u -p', '-p -u', '-pu']) {
      expect(await kexec(line)).toMatchObject({ status: 0, calls: [{ flags: 3 }] });
    }
  },
  status: async () => {
    await kexec('-l LINUX');
    expect(await kexec('-l -S')).toMatchObject({ status: 1, stdout: '', calls: [] });
    expect(await kexec('--status')).toMatchObject({ status: 0, calls: [] });
    await kexec('-u');
    expect(await kexec('-S -l')).toMatchObject({ status: 0 });
  },
  'print-ckr-size': async () => {
    expect(await kexec('--print-ckr-size', crash)).toMatchObject({ status: 0, stdout: '268435456\n' });
    expect(await kexec('--print-ckr-size')).toMatchObject({ status: 0, stdout: '0\n' });
  },
  help: async () => {
    const { status, stdout } = await kexec('-h');
    expect(status).toBe(0);
    for (const { name } of kexecOptions) expect(stdout).toMatch(new RegExp(`--${name}[= \n]`));
  },
  version: async () => {
    expect(await kexec('-v')).toMatchObject({ status: 0, stdout: 'kexec of kexec-kit 0.0.0\n' });
  },
  'kexec-syscall-auto': async () => {
    expect(callsOf(await kexec('-a -l LINUX'))).toEqual(['kexec_file_load']);
    for (const other of ['PAE', 'VMLINUX', 'MULTIBOOT'])
      expect(callsOf(await kexec(`-a -l ${other}`))).toEqual(['kexec_load']);
  },
  'kexec-syscall': async () => {
    expect(callsOf(await kexec('-l LINUX -c'))).toEqual(['kexec_load']);
  },
  'kexec-file-syscall': async () => {
    expect(callsOf(await kexec('-s -l LINUX'))).toEqual(['kexec_file_load']);
    for (const other of ['PAE', 'VMLINUX', 'MULTIBOOT'])
      expect(await kexec(`-s -l ${other}`)).toMatchObject({ status: 253, calls: [] });
  },
  type: async () => {
    expect(callsOf(await kexec('-l LINUX -t bzImage64'))).toEqual(['kexec_file_load']);
    expect(callsOf(await kexec('-l LINUX --type=bzImage'))).toEqual(['kexec_load']);
    expect(await kexec('-l LINUX -t elf-x86_64')).toMatchObject({ status: 255, calls: [] });
    expect(await kexec('-l LINUX -t nothing')).toMatchObject({ status: 255, calls: [] });
  },
  'command-line': async () => {
    expect(holds(await segmentsOf('-l LINUX --command-line="one two"'), 'one two\0')).toBe(true);
  },
  append: async () => {
    expect(holds(await segmentsOf('-l LINUX --append=first --append=second'), 'second\0')).toBe(true);
    for (const option of ['--noefi', '--reuse-video-type']) {
      expect(holds(await segmentsOf(`--append=kept ${option} -l LINUX`), 'kept\0')).toBe(true);
    }
  },
  'reuse-cmdline': async () => {
    crash.put('/proc/cmdline', 'BOOT_IMAGE=/vmlinuz ro crashkernel=256M quiet\n');
    const line = '--reuse-cmdline --append=more LINUX';
    expect(holds(await segmentsOf(`-l ${line}`, crash), 'ro crashkernel=256M quiet more\0')).toBe(true);
    const onCrash = await segmentsOf(`-p ${line}`, crash);
    expect(holds(onCrash, 'ro quiet more')).toBe(true);
    expect(holds(onCrash, 'crashkernel')).toBe(false);
  },
  initrd: async () => {
    expect(holds(await segmentsOf('-l LINUX --initrd=INITRD'), 'the initrd')).toBe(true);
    const both = await segmentsOf('-l LINUX --initrd INITRD --initrd SECOND');
    expect(holds(both, 'the initrd') && holds(both, 'the second initrd')).toBe(true);
  },
  ramdisk: async () => {
    expect(holds(await segmentsOf('-l LINUX --ramdisk=INITRD'), 'the initrd')).toBe(true);
  },
  module: async () => {
    const loaded = await segmentsOf('-l MULTIBOOT --module="MODULE one two" --module=INITRD');
    for (const text of ['the module', 'one two\0', 'the initrd']) expect(holds(loaded, text)).toBe(true);
    expect(await kexec('-l LINUX --module=MODULE')).toMatchObject({ status: 1, calls: [] });
  },
  'real-mode': async () => {
    expect(await pictureOf('--real-mode')).toMatch(/entry +16-bit/);
    expect(callsOf(await kexec('-l LINUX --real-mode'))).toEqual(['kexec_load']);
  },
  'entry-32bit': async () => {
    expect(await pictureOf('--entry-32bit')).toMatch(/entry +32-bit/);
    expect(callsOf(await kexec('-l LINUX --entry-32bit'))).toEqual(['kexec_load']);
  },
  'args-elf': async () => {
    expect((await kexec('-d -l VMLINUX --args-elf --command-line=x')).stderr).toMatch(/arguments +elf/);
  },
  'args-linux': async () => {
    expect((await kexec('-d -l VMLINUX --args-linux')).stderr).toMatch(/arguments +linux/);
  },
  'args-none': async () => {
    expect((await kexec('-d -l VMLINUX --args-none')).stderr).toMatch(/arguments +none/);
  },
  'mem-min': async () => {
    for (const { start } of extents(await segmentsOf('-l LINUX --mem-min=0x3000000')))
      expect(start).toBeGreaterThanOrEqual(0x3000000n);
    expect(await kexec('-l LINUX --mem-min=zzz')).toMatchObject({ status: 1, calls: [] });
  },
  'mem-max': async () => {
    // The last byte, counted in; and, as C reads numbers, octal.
    for (const line of ['0x6ffffff', '117440511', '0677777777']) {
      const ends = extents(await segmentsOf(`-l LINUX --mem-max=${line}`)).map(({ end }) => end);
      expect(ends.sort((a, b) => (a < b ? -1 : 1)).at(-1)).toBe(0x7000000n);
    }
    await segmentsOf('-l LINUX --mem-max=0xffffffffffffffff');
    expect(await kexec('-c -l LINUX --mem-max=0xffff')).toMatchObject({ status: 1, calls: [] });
  },
  noefi: async () => {
    const parametersHold = ({ segments }: Segments, text: string) =>
      segments.some(({ buffer }) => buffer.length < 1 << 16 && Buffer.from(buffer).includes(text));
    expect(parametersHold(await segmentsOf('-l LINUX', uefi), 'EL64')).toBe(true);
    expect(parametersHold(await segmentsOf('-l LINUX --noefi', uefi), 'EL64')).toBe(false);
  },
  'reuse-video-type': withoutEffect('--reuse-video-type'),
  'no-checks': async () => {
    expect(await pictureOf('')).toMatch(/purgatory verifies 1\d\.\d MiB/);
    expect(await pictureOf('-i')).not.toMatch(/purgatory verifies 1\d\.\d MiB/);
  },
  'no-ifdown': async () => {
    small.put('/sys/class/net/eth0/flags', '0x1003\n');
    small.put('/sys/class/net/eth1/flags', '0x1002\n');
    small.put('/sys/class/net/lo/flags', '0x9\n');
    expect((await kexec('-f LINUX')).programs).toEqual(['ip link set dev eth0 down']);
    expect((await kexec('-x -f LINUX')).programs).toEqual([]);
  },
  'no-sync': async () => {
    expect(callsOf(await kexec('-y -f LINUX'))).toEqual(['kexec_file_load', 'reboot']);
  },
  debug: async () => {
    expect(await pictureOf('')).toMatch(/█ kernel/);
    for (const line of ['-d -p', '-p -d', '-dp'])
      expect((await segmentsOf(`${line} LINUX`, crash)).flags).toBe(0x3e0011);
  },
  'no-cma': async () => {
    expect(await kexec('-s --no-cma -l LINUX')).toMatchObject({ calls: [{ flags: 0x10 | 0x4 }] });
  },
  'force-dtb': async () => {
    expect(await kexec('-s --force-dtb -l LINUX')).toMatchObject({ calls: [{ flags: 0x20 | 0x4 }] });
  },
  'console-vga': () => tellsPurgatory('--console-vga', '--console-vga --console-serial'),
  'console-serial': () => tellsPurgatory('--console-serial'),
  serial: async () => {
    await tellsPurgatory('--serial=ttyS1', '--serial=0x3e8');
    await withoutEffect('--serial=ttyS0')();
    expect(await kexec('-c -l LINUX --serial=tty9')).toMatchObject({ status: 255, calls: [] });
  },
  'serial-baud': async () => {
    await tellsPurgatory('--serial-baud=115200', '--serial-baud=9600');
    for (const rate of ['0', '1', '9601', 'fast'])
      expect(await kexec(`-c -l LINUX --serial-baud=${rate}`)).toMatchObject({ status: 255, calls: [] });
  },
  'reset-vga': () => tellsPurgatory('--reset-vga'),
  'elf64-core-headers': withoutEffect('--elf64-core-headers'),
  'elf32-core-headers': withoutEffect('--elf32-core-headers'),
  'pass-memmap-cmdline': refused('-p LINUX --pass-memmap-cmdline', 'older than 3.7'),
  hotplug: refused('-p LINUX --hotplug', 'Load again after each change'),
  dtb: refused('-l LINUX --dtb=INITRD', 'CE4100'),
  reuseinitrd: refused('-l LINUX --reuseinitrd', 'give the file with --initrd'),
  'load-preserve-context': refused('-l LINUX --load-preserve-context', 'suspend to disk'),
  'load-jump-back-helper': refused('--load-jump-back-helper', 'suspend to disk'),
  entry: refused('-l LINUX --entry=0x1000', 'suspend to disk'),
  'load-live-update': refused('-l LINUX --load-live-update', 'Xen'),
  'exec-live-update': refused('--exec-live-update', 'Xen'),
};

describe.each(kexecOptions.map(({ name }) => name))('--%s', (name) => {
  it('does what its row says', async () => {
    expect(cases, `no case for --${name}`).toHaveProperty([name]);
    await cases[name]?.();
  });
});

it('has a case for no option that is not in the table', () => {
  const known = new Set(kexecOptions.map(({ name }) => name));
  expect(Object.keys(cases).filter((name) => !known.has(name))).toEqual([]);
});

/** In kexec-tools 2.0.32, and not yet in Debian's. */
const newer = ['hotplug', 'no-cma', 'force-dtb', 'dtb'];

it('has every option that Debian’s kexec(8) says it has, and those that came later', () => {
  expect(kexecOptions.map(({ name }) => name).sort()).toEqual([...oracleOptions(), ...newer].sort());
});

it('tells the reason of every difference', () => {
  for (const { name, meaning, differs } of kexecOptions) {
    if ('refused' in meaning || 'nothing' in meaning) expect(differs, name).toMatch(/\S+ \S+.*\.$/);
  }
});

it('refuses a command line that the image does not take, as wrong usage', async () => {
  const came = await kexec(`-l LINUX --command-line=${'x'.repeat(5000)}`);
  expect(came).toMatchObject({ status: 1, calls: [] });
  expect(came.stderr).toContain('[LINUX_COMMAND_LINE_TOO_LONG]');
});

describe('a crash kernel for which no memory is reserved', () => {
  it.each(['', '-c ', '-s '])('is refused before any system call: %s-p', async (way) => {
    const came = await kexec(`${way}-p LINUX`);
    expect(came).toMatchObject({ status: 1, calls: [] });
    expect(came.stderr).toContain('[KDUMP_NO_REGION]');
  });
});
