import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { image } from '../../tools/images.mjs';
import { initramfs } from '../../tools/initramfs.mjs';
import { captureInit, capturedOf } from '../boot/crash.js';
import { nextStage, quiet, runGuest, type Files, type GuestResult } from './guest.js';
import { bzImage, last, resultOf, type Linux } from './kexec.js';
import { programOf } from './library.js';
import type { Facts } from './program/facts.js';
import { takeScreen, withUefi, type Screen } from './uefi.js';

const all = process.env['KEXEC_KIT_ALL'] === '1';

/** What each kernel loads; the first is 6.1, which the firmware has started. */
type Hop = readonly [call: '-c' | '-s', kernel: Linux];

const chains: readonly (readonly Hop[])[] = [
  [
    ['-c', '6.12'],
    ['-c', '6.1'],
  ],
  // By kexec_file_load the kernel hands on what it thinks right: what it does and what we do go together.
  ...(all
    ? [
        [
          ['-s', '6.1'],
          ['-c', '6.1'],
          ['-s', '6.1'],
        ] satisfies Hop[],
      ]
    : []),
];

/** The firmware, and up to four kernels; ten times what they take alone. */
const TIMEOUT = 600_000;
const VENDOR = '6b657865-632d-4b69-b74d-6b657865632d';
const variable = (stage: number): string => `KexecKit${stage}-${VENDOR}`;
/** Non-volatile, for boot services and at run time, as efivarfs wants it said (Documentation/filesystems/efivarfs.rst). */
const written = (stage: number): string => `\x07\0\0\0by ${stage}`;
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const mountVariables = `
module=/opt/guest/efivarfs-$(uname -r | cut -d . -f 1,2)
insmod $module 2>/dev/null || { unxz < $module > /run/efivarfs.ko && insmod /run/efivarfs.ko; }
mount -t efivarfs efivarfs /sys/firmware/efi/efivars`.trim();
const setVariable = (stage: number): string =>
  `printf '\\7\\0\\0\\0by ${stage}' > /sys/firmware/efi/efivars/${variable(stage)}`;
const tellFacts = 'node /opt/guest/facts.mjs';
/** On a cleared console without a cursor: so the same text is the same picture. */
const show = (text: string): string => `printf '\\033[?25l\\033[H\\033[J${text}' > /dev/tty1`;
/** In each kernel another picture, then the one that is the same in all. */
const paint = (stage: number): string =>
  `${show(`stage ${stage}`)}; ${takeScreen}; ${show('A console on a framebuffer')}; ${takeScreen}`;

const stage = (number: number): string[] => [mountVariables, setVariable(number), tellFacts, paint(number)];

async function shared(): Promise<Files> {
  const path = async (name: string) => ({ from: (await image(name)).path });
  return {
    'opt/guest/facts.mjs': programOf('facts'),
    'opt/guest/linux-6.1': { from: await bzImage('6.1') },
    'opt/guest/linux-6.12': { from: await bzImage('6.12') },
    'opt/guest/efivarfs-6.1': await path('linux-6.1-efivarfs'),
    'opt/guest/efivarfs-6.12': await path('linux-6.12-cloud-efivarfs'),
  };
}

describe('a machine with UEFI', () => {
  it.each(chains.map((chain) => [chain.map((hop) => hop.join(' ')).join(', then '), chain] as const))(
    'keeps its variables, its tables and its screen: kexec %s',
    async (_name, chain) => {
      const stages = [...chain, undefined].map((hop, number) =>
        hop === undefined ? stage(number) : [...stage(number), ...onward(number + 1, hop)],
      );
      await withUefi(async ({ qemu, screens }) => {
        const kernel = await bzImage('6.1');
        const guest = await runGuest({ kernel, qemu, shared: await shared(), stages, timeout: TIMEOUT });
        expect(guest.outcome, last(guest)).toBe('finished');
        expect(guest.results.filter(({ status, stderr }) => status !== 0 || stderr !== '')).toEqual([]);
        const first = factsOf(guest, 0);
        expectUefi(first);
        for (const [number, [, kernel]] of chain.entries())
          expectSame(factsOf(guest, number + 1), first, number + 1, kernel);
        expectScreens(screens, stages.length);
      });
    },
  );
});

function onward(number: number, [call, kernel]: Hop): string[] {
  const load = `kexec ${call} -l /opt/guest/linux-${kernel} --initrd=/rootfs.cpio --append="${nextStage(number)}"`;
  return ['repack /rootfs.cpio', load, 'kexec -e'];
}

const factsOf = (guest: GuestResult, number: number): Facts =>
  JSON.parse(resultOf(guest, number, tellFacts).stdout) as Facts;

/** That there is something to be kept. */
function expectUefi({
  acpi,
  efi,
  found,
  framebuffer,
  log,
  logo,
  runtimeMap,
  smbios,
  variables,
}: Facts): void {
  expect(efi).toMatchObject({ fw_platform_size: '64' });
  expect(found).toMatchObject({ acpiRsdp: expect.any(String) as unknown, efi: { bits: 64 } });
  expect(runtimeMap.length).toBeGreaterThan(3);
  expect(Object.keys(acpi)).toEqual(expect.arrayContaining(['APIC', 'DSDT', 'FACP']));
  expect(Object.keys(smbios)).toEqual(['DMI', 'smbios_entry_point']);
  expect(Object.keys(variables)).toEqual(expect.arrayContaining([expect.stringMatching(/^BootOrder-/)]));
  expect(variables).toMatchObject({ [variable(0)]: sha256(written(0)) });
  expect(logo).toHaveProperty('image');
  expect(framebuffer).toMatchObject({ fb: '0 EFI VGA', virtual_size: '1280,800' });
  expect(log).toContain('fb0: EFI VGA frame buffer device');
}

/** But for what each kernel has added. */
function expectSame(facts: Facts, first: Facts, number: number, kernel: Linux): void {
  const { release, logo, variables, ...same } = facts;
  expect(release.startsWith(`${kernel}.`), release).toBe(true);
  expect(same).toEqual({ ...first, release: undefined, logo: undefined, variables: undefined });
  const added = Array.from({ length: number }, (_, index) => [
    variable(index + 1),
    sha256(written(index + 1)),
  ]);
  expect(variables).toEqual({ ...first.variables, ...Object.fromEntries(added) });
  // The kernel for virtual machines has no eye for it; the next one finds it where it was all the same.
  expect(logo).toEqual(kernel === '6.1' ? first.logo : {});
}

/** The same picture in all kernels, though each has painted another one in between. */
function expectScreens(screens: readonly Screen[], kernels: number): void {
  expect(screens).toHaveLength(2 * kernels);
  expect(screens[0]).toMatchObject({ width: 1280, height: 800 });
  const pictures = screens.map(({ pixels }) => createHash('sha256').update(pixels).digest('hex'));
  const [own, common] = [0, 1].map((odd) => new Set(pictures.filter((_, index) => index % 2 === odd)));
  expect([own?.size, common?.size]).toEqual([kernels, 1]);
  expect(screens[1]?.pixels.some((sample) => sample > 0)).toBe(true);
}

if (all) {
  it('a crash kernel comes up on a machine with UEFI, which it goes on using', async () => {
    const init = captureInit('cat /sys/firmware/efi/fw_platform_size /proc/fb | xargs');
    await withUefi(async ({ qemu }) => {
      const guest = await runGuest({
        ...{ kernel: await bzImage('6.1'), append: 'crashkernel=256M', qemu, shared: await shared() },
        files: { 'guest/capture.gz': initramfs({ init }) },
        stages: [
          [
            `kexec -c -p /opt/guest/linux-6.1 --initrd=/guest/capture.gz --append="${quiet} captured"`,
            'echo c > /proc/sysrq-trigger',
          ],
        ],
      });
      expect(guest.results, last(guest)).toMatchObject([{ status: 0 }]);
      const { asked, cmdline } = capturedOf(guest.console);
      expect(cmdline).toMatch(/^elfcorehdr=0x[0-9a-f]+ .*captured$/);
      expect(asked).toBe('64 0 EFI VGA');
    });
  });
}
