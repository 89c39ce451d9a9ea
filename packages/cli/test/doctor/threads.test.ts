import { range } from '@kexec-kit/loader-api';
import { describe, expect, it } from 'vitest';
import type { DoctorCode } from '../../src/doctor/codes.js';
import { diagnose } from '../../src/doctor/diagnose.js';
import type { Level } from '../../src/doctor/verdict.js';
import { facts, image, MiB, refusal, situation, type Change } from './healthy.js';

// Public threads in which people asked why kexec did not work. Each machine is made up from what its thread tells.
interface Thread {
  readonly origin: string;
  /** What was seen. */
  readonly seen: string;
  /** A machine like the one of the thread, and what was to be loaded. */
  readonly machine: Change;
  /** What the doctor answers. */
  readonly code: DoctorCode;
  readonly level: Level;
  readonly says: RegExp;
  /** Whether it would have let it be tried. */
  readonly can: boolean;
}

const notByItself = refusal('FILE_LOAD_UNSUPPORTED', 'the running kernel cannot load this image by itself');

const threads: readonly Thread[] = [
  {
    origin: 'https://github.com/zbm-dev/zfsbootmenu/issues/660',
    seen: '"Could not find a free area of memory of 0x3f8001 bytes" for Xen, and nobody could say why',
    machine: {
      image: image({
        file: notByItself,
        segments: refusal('LINK_NO_PLACE', 'xen fits nowhere that it may go'),
      }),
    },
    code: 'DOCTOR_KEXEC_LOAD',
    level: 'failure',
    says: /fits nowhere/,
    can: false,
  },
  {
    origin: 'https://github.com/coreos/bugs/issues/167',
    seen: 'the kernel that was started fails to locate the RSDP on an EFI system',
    machine: { surroundings: { efi: true }, machine: { firmware: {} } },
    code: 'DOCTOR_ACPI',
    level: 'warning',
    says: /not told where the ACPI tables of this EFI machine are/,
    can: true,
  },
  {
    origin: 'https://github.com/u-root/u-root/issues/3384',
    seen: '"function not implemented" on an architecture without kexec_file_load',
    machine: { machine: { architecture: 'i386' }, wanted: ['file'] },
    code: 'DOCTOR_ARCHITECTURE',
    level: 'failure',
    says: /i386/,
    can: false,
  },
  {
    origin: 'https://github.com/u-root/u-root/pull/2392',
    seen: 'the same, with CONFIG_KEXEC and without CONFIG_KEXEC_FILE',
    machine: { facts: { config: { ...facts.config, KEXEC_FILE: 'n' } }, wanted: ['file'] },
    code: 'DOCTOR_KERNEL_CONFIG',
    level: 'failure',
    says: /CONFIG_KEXEC_FILE is not set/,
    can: false,
  },
  {
    origin: 'https://github.com/u-root/u-root/issues/3236',
    seen: '"exec format error" for an image of another kind, by kexec_file_load alone',
    machine: { image: image({ file: notByItself }), wanted: ['file'] },
    code: 'DOCTOR_KEXEC_FILE_LOAD',
    level: 'failure',
    says: /cannot load this image by itself/,
    can: false,
  },
  {
    origin: 'https://github.com/systemd/systemd/pull/41390',
    seen: 'ENOEXEC for what is compressed or wrapped, where kexec_load would have done',
    machine: { image: image({ file: notByItself }) },
    code: 'DOCTOR_KEXEC_FILE_LOAD',
    level: 'note',
    says: /cannot load this image by itself/,
    can: true,
  },
  {
    origin: 'https://github.com/nix-community/nixos-anywhere/issues/84',
    seen: '"kexec_load failed: Invalid argument" on a machine with little RAM and a swap file',
    machine: {
      facts: { memory: { total: 960n * MiB, available: 800n * MiB } },
      image: image({ files: 400, waiting: 490n }),
    },
    code: 'DOCTOR_RAM',
    level: 'failure',
    says: /takes 490 MiB, and half of RAM is 480 MiB/,
    can: false,
  },
  {
    origin: 'https://github.com/nix-community/nixos-anywhere/issues/143',
    seen: '"kexec_file_load failed: No data available" with Secure Boot',
    machine: { facts: { secureBoot: true, lockdown: 'integrity' }, image: image({ isSigned: false }) },
    code: 'DOCTOR_SIGNATURE',
    level: 'failure',
    says: /carries no signature/,
    can: false,
  },
  {
    origin: 'https://github.com/nix-community/nixos-anywhere/issues/164',
    seen: '"Could not get memory layout" on a guest of Xen',
    machine: { surroundings: { xen: { control: false } } },
    code: 'DOCTOR_XEN',
    level: 'warning',
    says: /a guest of Xen/,
    can: true,
  },
  {
    origin: 'https://github.com/nix-community/nixos-anywhere/issues/289',
    seen: 'a black screen on a small PC with Intel graphics',
    machine: { surroundings: { graphics: ['i915'] } },
    code: 'DOCTOR_SCREEN',
    level: 'warning',
    says: /i915 drives the screen/,
    can: true,
  },
  {
    origin: 'https://github.com/nix-community/nixos-anywhere/issues/348',
    seen: '"kexec invoked oom-killer" on a machine with 1 GiB',
    machine: {
      facts: { memory: { total: 956n * MiB, available: 640n * MiB } },
      image: image({ files: 330, waiting: 360n }),
    },
    code: 'DOCTOR_RAM',
    level: 'failure',
    says: /needs 690 MiB .* 640 MiB are free/,
    can: false,
  },
  {
    origin: 'https://github.com/onedr0p/home-ops/pull/8568',
    seen: 'the i915 driver does not start again: kexec is switched off by hand',
    machine: { surroundings: { graphics: ['i915'], framebuffers: ['i915drmfb'] } },
    code: 'DOCTOR_SCREEN',
    level: 'warning',
    says: /i915 drives the screen/,
    can: true,
  },
  {
    origin: 'https://github.com/linuxboot/book/issues/172',
    seen: 'without CONFIG_FIRMWARE_MEMMAP there is no /sys/firmware/memmap',
    machine: {
      facts: { config: { ...facts.config, FIRMWARE_MEMMAP: 'n' } },
      said: ['MACHINE_MEMMAP_MISSING'],
    },
    code: 'DOCTOR_FIRMWARE_MAP',
    level: 'warning',
    says: /does not show the memory map of the firmware/,
    can: true,
  },
  {
    origin: 'https://github.com/linuxboot/heads/pull/1436',
    seen: 'people stay in the dark until the next kernel has loaded the driver of the screen',
    machine: { surroundings: { graphics: ['virtio_gpu'], framebuffers: ['virtio_gpudrmfb'] } },
    code: 'DOCTOR_SCREEN',
    level: 'note',
    says: /virtio_gpu drives the screen/,
    can: true,
  },
  {
    origin: 'https://github.com/canonical/tdx/issues/204',
    seen: 'kexec in a TD: "the operation fails and system freezes"',
    machine: { surroundings: { confidential: 'tdx' }, facts: { release: '6.8.0-1010-intel' } },
    code: 'DOCTOR_CONFIDENTIAL_VM',
    level: 'failure',
    says: /encrypted \(Intel TDX\)/,
    can: false,
  },
];

describe('a thread in which people asked why kexec did not work would have been answered', () => {
  it.each(threads)('$origin: $seen', ({ machine, code, level, says, can }) => {
    const diagnosis = diagnose(situation(machine));
    expect(diagnosis.can).toBe(can);
    const answer = diagnosis.findings.find((finding) => finding.code === code);
    expect(answer).toMatchObject({ level });
    expect(answer?.finding).toMatch(says);
  });

  it('by nothing else than what makes the machine special', () => {
    const healthy = diagnose(situation({ image: image(), machine: { crashKernel: [range(0n, MiB)] } }));
    const bad = healthy.findings.filter(({ level }) => level === 'failure' || level === 'warning');
    expect(bad).toEqual([]);
  });
});
