import { describe, expect, test } from 'vitest';
import { range, type Result } from '@kexec-kit/loader-api';
import { contains } from '@kexec-kit/memory';
import { readMachine } from '@kexec-kit/machine';
import { readTree, recordedTree, without, type RecordedTree } from './trees.js';

const small = recordedTree('small');
const uefi = recordedTree('uefi');
const crashHigh = recordedTree('crash-high');

async function readWell(tree: RecordedTree) {
  const result = await readTree(tree);
  if (!result.ok) throw new Error(result.diagnostics[0].message);
  return result;
}
const codesOf = (result: Result<unknown>) => result.diagnostics.map(({ code }) => code);

describe('readMachine', () => {
  test('places where both the firmware and the running kernel say RAM', async () => {
    const { value } = await readWell(recordedTree('holes'));
    expect(value.told.filter(({ kind }) => kind === 'ram').at(-1)).toMatchObject(
      range(0x10_0000n, 0xffe_0000n),
    );
    expect(contains(value.usable, range(0x500_0000n, 0x600_0000n))).toBe(true);
    expect(contains(value.usable, range(0x600_0000n, 0x600_1000n))).toBe(false);
  });

  test('keeps away from what the EFI runtime map names, though both maps call it RAM', async () => {
    const { value } = await readWell(uefi);
    const [kept] = value.firmware.efi!.runtimeMap.filter(({ type }) => type === 4);
    expect(kept?.physicalStart).toBe(0x1d8f_c000n);
    expect(contains(value.usable, range(0x1d8f_b000n, 0x1d8f_c000n))).toBe(true);
    expect(contains(value.usable, range(0x1d8f_c000n, 0x1d8f_d000n))).toBe(false);
  });

  test('lists both crash regions, the low one first', async () => {
    const { value } = await readWell(crashHigh);
    expect(value.crashKernel.map(({ start }) => start)).toEqual([0x6f00_0000n, 0x1_ef00_0000n]);
  });

  test('asks what a dump needs where memory is reserved for a crash kernel, and nowhere else', async () => {
    const { value } = await readWell(recordedTree('crash-smp'));
    expect(value.crash?.cpuNotes.map(({ cpu }) => cpu)).toEqual([0, 1, 2, 3]);
    expect(value.crash?.kernel?.virtualStart).toBe(0xffff_ffff_96e0_0000n);
    expect((await readWell(small)).value).not.toHaveProperty('crash');
  });

  test.each([
    ['the notes of the CPUs', /crash_notes$/, 'MACHINE_CRASH_NOTES', { cpuNotes: [] }],
    ['vmcoreinfo', /vmcoreinfo/, 'MACHINE_VMCOREINFO', { vmcoreinfo: undefined }],
    ['/proc/kcore', /kcore/, 'MACHINE_KCORE_UNKNOWN', { kernel: undefined, pageOffset: undefined }],
  ])('says what a dump will lack without %s', async (_, path, code, rest) => {
    const result = await readWell(without(recordedTree('crash'), path));
    expect(codesOf(result)).toEqual([code]);
    const { value: whole } = await readWell(recordedTree('crash'));
    expect(result.value.crash).toEqual({ ...whole.crash, ...rest });
  });

  test('says so where the notes of a CPU are nonsense, and leaves that CPU out', async () => {
    const path = '/sys/devices/system/cpu/cpu2/crash_notes';
    const result = await readWell({ ...recordedTree('crash-smp'), [path]: 'nowhere\n' });
    expect(codesOf(result)).toEqual(['MACHINE_CRASH_NOTES']);
    expect(result.value.crash?.cpuNotes.map(({ cpu }) => cpu)).toEqual([0, 1, 3]);
  });

  test.each(['', 'no ELF file', '\x7fELF'])(
    'takes a /proc/kcore of %o for one that does not say',
    async (kcore) => {
      const result = await readWell({ ...recordedTree('crash'), '/proc/kcore': kcore });
      expect(codesOf(result)).toEqual(['MACHINE_KCORE_UNKNOWN']);
    },
  );

  test('without a firmware map hands on /proc/iomem, and says so', async () => {
    const result = await readWell(without(small, /memmap/));
    expect(codesOf(result)).toEqual(['MACHINE_MEMMAP_MISSING']);
    const { value: whole } = await readWell(small);
    expect(result.value.usable).toEqual(whole.usable);
    expect(result.value.told[0]).toEqual({ ...range(0n, 0x1000n), kind: 'reserved' });
  });

  test('leaves out a command line that no kernel would take, so that the machine can be saved and read again', async () => {
    const result = await readWell({ ...small, '/proc/cmdline': `${'x'.repeat(65_537)}\n` });
    expect(codesOf(result)).toEqual(['MACHINE_COMMAND_LINE_TOO_LONG']);
    expect(result.value.commandLine).toBe('');
  });

  test('takes EDD from the edd module where boot_params are not shown', async () => {
    const { value } = await readWell(small);
    const result = await readWell(without(small, /boot_params/));
    expect(codesOf(result)).toEqual(['MACHINE_FILE_MISSING']);
    expect(result.value.firmware).toEqual({ edd: value.firmware.edd });
  });

  test('takes the RSDP from systab where boot_params have none', async () => {
    const { value } = await readWell(without(uefi, /boot_params/));
    expect(value.firmware.acpiRsdp).toBe(0x1f77_e014n);
    expect(value.firmware.efi).toBeUndefined();
  });

  test('leaves EFI out, with a warning, where the kernel shows no runtime map', async () => {
    const result = await readWell(without(uefi, /runtime-map/));
    expect(result.value.firmware.efi).toBeUndefined();
    expect(result.diagnostics).toMatchObject([{ code: 'MACHINE_EFI_INCOMPLETE', severity: 'warning' }]);
  });

  test.each([
    ['MACHINE_IOMEM_MISSING', without(small, /iomem/)],
    ['MACHINE_IOMEM_HIDDEN', { ...small, '/proc/iomem': '00000000-00000000 : System RAM\n' }],
    ['MACHINE_IOMEM_MALFORMED', { ...small, '/proc/iomem': 'nonsense\n' }],
    ['MACHINE_MEMMAP_MALFORMED', { ...small, '/sys/firmware/memmap/0/start': 'nonsense\n' }],
    ['MACHINE_NO_RAM', { ...small, '/proc/iomem': '00000000-00000fff : Reserved\n' }],
    ['MACHINE_ARCHITECTURE_UNKNOWN', { ...small, '/proc/sys/kernel/arch': 'aarch64\n' }],
    ['MACHINE_ARCHITECTURE_UNKNOWN', without(small, /arch$/)],
  ])('fails with %s', async (code, tree) => {
    const result = await readTree(tree);
    expect(result.ok).toBe(false);
    expect(codesOf(result)).toEqual([code]);
  });

  test('assumes one CPU, and says so, where the list is missing or nonsense', async () => {
    const missing = await readWell(without(small, /possible/));
    expect([missing.value.cpus, ...codesOf(missing)]).toEqual([1, 'MACHINE_FILE_MISSING']);
    const nonsense = await readWell({ ...small, '/sys/devices/system/cpu/possible': 'all\n' });
    expect([nonsense.value.cpus, ...codesOf(nonsense)]).toEqual([1, 'MACHINE_CPUS_MALFORMED']);
  });

  test('a file that is a directory is unreadable, and named', async () => {
    const result = await readTree({ ...without(small, /iomem/), '/proc/iomem/x': '' });
    expect(result).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'MACHINE_FILE_UNREADABLE', at: { source: '/proc/iomem' }, found: 'EISDIR' }],
    });
  });

  test('reads this very machine, or says in a code why it cannot', async () => {
    const result = await readMachine();
    if (result.ok) expect(result.value.usable.length).toBeGreaterThan(0);
    else expect(result.diagnostics[0].code).toMatch(/^MACHINE_/);
  });
});
