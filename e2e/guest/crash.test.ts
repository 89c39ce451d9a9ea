import { describe, expect, it } from 'vitest';
import { EM_X86_64, ET_CORE, findNote, PT_LOAD } from '@kexec-kit/elf';
import { decodeText } from '@kexec-kit/structures';
import { image } from '../../tools/images.mjs';
import { initramfs } from '../../tools/initramfs.mjs';
import { captureInit, capturedOf } from '../boot/crash.js';
import { quiet, runGuest } from './guest.js';
import { INSTALLED } from './rootfs.js';

/** Written to the kernel log before the crash; that lies in the kernel's own image, the first that a dump holds. */
const WORD = 'kexec-kit-last-word';
const init = captureInit(
  `dd if=/proc/vmcore bs=1048576 count=64 2>/dev/null | grep -a -o ${WORD} | head -n 1`,
);

describe('a crash kernel', () => {
  it.each([
    ['linux-6.12-cloud', 1024, 1],
    // Here the region lies above 896 MiB.
    ['linux-6.1', 2048, 2],
  ])(
    'of %s takes over when it crashes, with %i MiB of memory and %i CPU, and has its dump',
    async (name, memory, cpus) => {
      const kernel = (await image(name)).path;
      const guest = await runGuest({
        kernel,
        memory,
        append: 'crashkernel=256M',
        qemu: ['-smp', String(cpus)],
        files: { 'guest/vmlinuz': { from: kernel }, 'guest/capture.gz': initramfs({ init }) },
        stages: [
          [
            `node /${INSTALLED}/node_modules/.bin/kexec-kit load --crash --method segments /guest/vmlinuz --initrd /guest/capture.gz --command-line '${quiet} captured'`,
            'cat /sys/kernel/kexec_crash_loaded; grep Crash /proc/iomem; uname -r',
            `echo ${WORD} > /dev/kmsg; echo c > /proc/sysrq-trigger`,
          ],
        ],
      });
      const [loaded, state] = guest.results;
      expect(loaded).toMatchObject({ status: 0 });
      const [isLoaded, , release] = state?.stdout.split('\n') ?? [];
      expect(isLoaded).toBe('1');
      const { cmdline, elf, size, asked } = capturedOf(guest.console);
      expect(cmdline).toMatch(new RegExp(`^elfcorehdr=0x[0-9a-f]{16} ${quiet} captured$`));
      expect(elf.header).toMatchObject({ e_type: ET_CORE, e_machine: EM_X86_64 });
      expect(elf.notes.map((note) => note.name)).toEqual([
        ...Array.from({ length: cpus }, () => 'CORE'),
        'VMCOREINFO',
      ]);
      const vmcoreinfo = decodeText(findNote(elf.notes, 'VMCOREINFO', 0)?.desc ?? new Uint8Array());
      expect(vmcoreinfo).toContain(`OSRELEASE=${String(release)}\n`);
      const loads = elf.programHeaders.filter(({ p_type }) => p_type === PT_LOAD);
      expect(size).toBe(
        loads.reduce(
          (end, { p_offset, p_memsz }) => (p_offset + p_memsz > end ? p_offset + p_memsz : end),
          0n,
        ),
      );
      expect(size).toBeGreaterThan(BigInt(memory - 256 - 8) << 20n);
      expect(asked).toBe(WORD);
    },
  );
});
