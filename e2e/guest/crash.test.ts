import { describe, expect, it } from 'vitest';
import { EM_X86_64, ET_CORE, findNote, PT_LOAD } from '@kexec-kit/elf';
import { decodeText } from '@kexec-kit/structures';
import { image } from '../../tools/images.mjs';
import { initramfs } from '../../tools/initramfs.mjs';
import { captureInit, capturedOf } from '../boot/crash.js';
import { quiet, runGuest } from './guest.js';
import { i386, x86_64, type Userland } from './rootfs.js';

/** Written to the kernel log before the crash; that lies in the kernel's own image, the first that a dump holds. */
const WORD = 'kexec-kit-last-word';
/** Where i386 kernels end: 896 MiB. */
const I386_END = 0x38000000;
const init = captureInit(
  `dd if=/proc/vmcore bs=1048576 count=64 2>/dev/null | grep -a -o ${WORD} | head -n 1`,
);

interface Case {
  /** The running kernel and the crash kernel are the same. */
  readonly kernel: string;
  /** In MiB. */
  readonly memory: number;
  readonly cpus: number;
  readonly userland: Userland;
  /** Loads /guest/vmlinuz and /guest/capture.gz as a crash kernel, with the command line that follows. */
  readonly load: string;
}

const ours =
  'kexec-kit load /guest/vmlinuz --crash --method segments --initrd /guest/capture.gz --command-line';
const asKexec = 'kexec -c -p /guest/vmlinuz --initrd=/guest/capture.gz --append';

/** With 2 GiB the region lies between 896 MiB and 4 GiB: with i386 programs that is the case of the mail of 2021-08. */
const cases: readonly Case[] = [
  { kernel: 'linux-6.12-cloud', memory: 2048, cpus: 1, userland: i386, load: ours },
  { kernel: 'linux-6.1', memory: 2048, cpus: 2, userland: x86_64, load: asKexec },
  ...(process.env['KEXEC_KIT_ALL'] === '1'
    ? [{ kernel: 'linux-6.12-cloud', memory: 1024, cpus: 1, userland: x86_64, load: ours }]
    : []),
];

describe.concurrent('a crash kernel takes over when the running kernel crashes, and has its dump', () => {
  it.each(cases)('$kernel, $memory MiB, $cpus CPU, $userland.name programs: $load', async (made) => {
    const { cpus, load, memory, userland } = made;
    const kernel = (await image(made.kernel)).path;
    const guest = await runGuest({
      kernel,
      memory,
      userland,
      append: 'crashkernel=256M',
      qemu: ['-smp', String(cpus)],
      files: { 'guest/vmlinuz': { from: kernel }, 'guest/capture.gz': initramfs({ init }) },
      stages: [
        [
          `${load} '${quiet} captured'`,
          'cat /sys/kernel/kexec_crash_loaded; uname -r; grep Crash /proc/iomem',
          `echo ${WORD} > /dev/kmsg; echo c > /proc/sysrq-trigger`,
        ],
      ],
    });
    const [loaded, state] = guest.results;
    expect(loaded).toMatchObject({ status: 0 });
    const [isLoaded, release = '', region = ''] = state?.stdout.split('\n') ?? [];
    expect(isLoaded).toBe('1');
    if (memory === 2048) expect(Number.parseInt(region, 16)).toBeGreaterThan(I386_END);

    const { cmdline, elf, size, asked } = capturedOf(guest.console);
    expect(cmdline).toMatch(new RegExp(`^elfcorehdr=0x[0-9a-f]{16} ${quiet} captured$`));
    expect(elf.header).toMatchObject({ e_type: ET_CORE, e_machine: EM_X86_64 });
    expect(elf.notes.map(({ name }) => name)).toEqual([
      ...Array.from({ length: cpus }, () => 'CORE'),
      'VMCOREINFO',
    ]);
    const vmcoreinfo = decodeText(findNote(elf.notes, 'VMCOREINFO', 0)?.desc ?? new Uint8Array());
    expect(vmcoreinfo).toContain(`OSRELEASE=${release}\n`);
    const ends = elf.programHeaders
      .filter(({ p_type }) => p_type === PT_LOAD)
      .map(({ p_offset, p_memsz }) => p_offset + p_memsz);
    expect(ends).toContain(size);
    expect(size).toBeGreaterThan(BigInt(memory - 256 - 8) << 20n);
    expect(asked).toBe(WORD);
  });
});
