import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { image } from '../../tools/images.mjs';
import { initramfs } from '../../tools/initramfs.mjs';
import { quiet, runGuest, type CommandResult, type GuestResult } from './guest.js';

// The doctor is asked and the load is tried, in one kernel after the other situation is made for real: what it refuses
// must fail, and what it lets pass must be loaded, and start.

const MiB = 1 << 20;
/** boot.rst, init_size, 0x260/4. */
const INIT_SIZE = 0x260;
/** More than half of the guest's RAM, in bytes. */
const HUGE = 640 * MiB;

const line = `${quiet} from the doctor`;
const linux = `/guest/linux --initrd /guest/witness.gz --command-line "${line}"`;
/** Needs some 120 MiB for itself, and 76 MiB for its files while it is loaded. */
const large = `${linux} --initrd /guest/zeros`;

/** Leaves so many MiB of memory to others. */
function leave(free: number): string {
  return [
    'rm -f /fill/zeros',
    `free=$(awk '/MemAvailable/ { print int($2 / 1024) }' /proc/meminfo)`,
    `dd if=/dev/zero of=/fill/zeros bs=1M count=$((free - ${String(free)}))`,
  ].join('; ');
}

const withoutCapability = '/usr/bin/setpriv --bounding-set -sys_boot';
const asNobody = '/usr/bin/setpriv --reuid nobody --clear-groups';

const commands = {
  withoutCapability: [
    `${withoutCapability} kexec-kit doctor ${linux} --json`,
    `${withoutCapability} kexec-kit load ${linux}`,
  ],
  nobody: [`${asNobody} kexec-kit doctor --json`],
  huge: ['kexec-kit doctor /guest/huge --json', 'kexec-kit load /guest/huge'],
  // That such a load is refused, errno.test.ts shows.
  crash: ['kexec-kit doctor --crash --json'],
  little: [
    `mkdir /fill && mount -t tmpfs -o size=100% fill /fill && ${leave(130)}`,
    `kexec-kit doctor ${large} --json`,
    `kexec-kit load ${large} --method segments`,
  ],
  enough: [
    leave(400),
    `kexec-kit doctor ${large} --json`,
    'cat /proc/meminfo',
    `kexec-kit load ${large} --method segments`,
    'cat /proc/meminfo; rm /fill/zeros',
  ],
  disabled: [
    'echo 1 > /proc/sys/kernel/kexec_load_disabled',
    `kexec-kit doctor ${linux}`,
    `kexec-kit load ${linux}`,
    'kexec-kit exec --now',
  ],
} as const;

let guest: GuestResult;
/** Of the large load's files, in bytes. */
let files: number;
beforeAll(async () => {
  const kernel = await readFile((await image('linux-6.12-cloud')).path);
  const huge = Buffer.from(kernel);
  huge.writeUInt32LE(HUGE, INIT_SIZE);
  const [witness, zeros] = [initramfs(), new Uint8Array(64 * MiB)];
  files = kernel.length + witness.length + zeros.length;
  guest = await runGuest({
    kernel: (await image('linux-6.12-cloud')).path,
    files: {
      'guest/linux': kernel,
      'guest/huge': huge,
      'guest/witness.gz': witness,
      'guest/zeros': zeros,
    },
    stages: [Object.values(commands).flat()],
  });
});

/** What became of the commands of one situation. */
function situation(name: keyof typeof commands): readonly CommandResult[] {
  const [begin] = Object.entries(commands).reduce<[number, boolean]>(
    ([sum, found], [each, { length }]) => (found || each === name ? [sum, true] : [sum + length, false]),
    [0, false],
  );
  return guest.results.slice(begin, begin + commands[name].length);
}

interface Document {
  readonly ok: boolean;
  readonly ways: readonly { method: string; open: boolean; stoppedBy: readonly string[] }[];
  readonly checks: readonly { code: string; level: string; finding: string }[];
}

const said = (result: CommandResult | undefined): Document => JSON.parse(result?.stdout ?? '') as Document;
const failures = (result: CommandResult | undefined): readonly string[] =>
  said(result).checks.flatMap(({ code, level }) => (level === 'failure' ? [code] : []));

describe('in a real kernel the doctor refuses what fails', () => {
  it('without CAP_SYS_BOOT, though the user is root', () => {
    const [doctor, loaded] = situation('withoutCapability');
    expect(doctor).toMatchObject({ status: 4 });
    expect(failures(doctor)).toEqual(['DOCTOR_CAPABILITY']);
    expect(loaded).toMatchObject({ status: 1, stderr: expect.stringContaining('LINUX_EPERM') as string });
  });

  it('without any privilege, where the memory map is hidden, too', () => {
    const [doctor] = situation('nobody');
    expect(doctor).toMatchObject({ status: 4 });
    expect(failures(doctor)).toEqual(['DOCTOR_CAPABILITY', 'DOCTOR_MEMORY_MAP']);
  });

  it('an image that takes more than half of RAM', () => {
    const [doctor, loaded] = situation('huge');
    expect(doctor).toMatchObject({ status: 4 });
    expect(failures(doctor)).toContain('DOCTOR_RAM');
    expect(loaded).toMatchObject({ status: 1, stderr: expect.stringMatching(/LINUX_EINVAL/) as string });
  });

  it('a crash kernel without memory for it', () => {
    const [doctor] = situation('crash');
    expect(doctor).toMatchObject({ status: 4 });
    expect(failures(doctor)).toEqual(['DOCTOR_CRASH_MEMORY']);
  });

  it('a load for which there is not enough free memory: the kernel kills for it, or has none', () => {
    const [, doctor, loaded] = situation('little');
    expect(doctor).toMatchObject({ status: 4 });
    expect(failures(doctor)).toEqual(['DOCTOR_RAM']);
    expect(loaded?.status).not.toBe(0);
    expect(guest.console + (loaded?.stderr ?? '')).toMatch(
      /Out of memory: Killed process \d+ \(node\)|ENOMEM/,
    );
  });

  it('everything once kexec_load_disabled is 1, except to start what was loaded before', () => {
    const [, doctor, loaded] = situation('disabled');
    expect(doctor).toMatchObject({ status: 4 });
    expect(doctor?.stdout).toMatch(
      /^failure {2}kexec_load_disabled .*\[DOCTOR_DISABLED\]\n +Restart the machine/,
    );
    expect(doctor?.stdout).toMatch(/\n\n.* cannot be loaded here: 1 thing stands in the way\n$/);
    expect(loaded).toMatchObject({ status: 1, stderr: expect.stringContaining('LINUX_EPERM') as string });
  });
});

describe('in a real kernel the doctor lets pass what works', () => {
  it('a load for which there is enough memory, each way, and it takes what was said', () => {
    const [, doctor, before, loaded, after] = situation('enough');
    expect(doctor).toMatchObject({ status: 0 });
    expect(said(doctor)).toMatchObject({
      ok: true,
      ways: [
        { method: 'file', open: true },
        { method: 'segments', open: true },
      ],
    });
    expect(loaded).toMatchObject({ status: 0 });
    const waiting = Number(/: ([\d.]+) MiB in \d segments/.exec(loaded?.stdout ?? '')?.[1]);
    const taken = freeMemory(before) - freeMemory(after);
    expect(taken).toBeGreaterThan(0.95 * waiting);
    expect(taken).toBeLessThan(1.5 * waiting);
    const ram = said(doctor).checks.find(({ code }) => code === 'DOCTOR_RAM');
    const needed = Number(/needs (\d+)(\.\d)? MiB/.exec(ram?.finding ?? '')?.[1]);
    expect(Math.abs(needed - waiting - files / MiB)).toBeLessThan(1.5);
  });

  it('and the kernel that was loaded starts', () => {
    expect(guest.outcome).toBe('reset');
    expect(guest.witnesses).toMatchObject([{ cmdline: line }]);
  });
});

/** In MiB. */
function freeMemory(meminfo: CommandResult | undefined): number {
  return Number(/MemFree: +(\d+) kB/.exec(meminfo?.stdout ?? '')?.[1]) / 1024;
}
