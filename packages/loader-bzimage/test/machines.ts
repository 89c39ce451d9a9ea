import { type EfiSystem, type Machine, range, type Region, type RegionKind } from '@kexec-kit/loader-api';

const GIB = 1n << 30n;

function region(start: bigint, end: bigint, kind: RegionKind): Region {
  return { ...range(start, end), kind };
}

function machine(told: readonly Region[], rest: Partial<Machine> = {}): Machine {
  return {
    architecture: 'x86_64',
    told,
    usable: told
      .filter(({ kind, start }) => kind === 'ram' && start > 0n)
      .map(({ start, end }) => range(start, end)),
    crashKernel: [],
    commandLine: 'BOOT_IMAGE=/boot/vmlinuz-6.1.0-50-amd64 root=/dev/vda1 ro quiet',
    cpus: 2,
    firmware: {},
    ...rest,
  };
}

/** What SeaBIOS tells a guest of QEMU's q35 with `-m 1G`, its RSDP and text screen. */
export const BIOS_1_GIB = machine(
  [
    region(0x0n, 0x9fc00n, 'ram'),
    region(0x9fc00n, 0xa0000n, 'reserved'),
    region(0xf0000n, 0x100000n, 'reserved'),
    region(0x100000n, 0x3ffdd000n, 'ram'),
    region(0x3ffdd000n, 0x40000000n, 'reserved'),
  ],
  {
    firmware: {
      acpiRsdp: 0xf59d0n,
      // 80 columns, 25 lines, isVGA 1, 16 points.
      screen: { screenInfo: `00190000000003500000030000001901${'1000'.padEnd(96, '0')}` },
    },
  },
);

const EFI: EfiSystem = {
  bits: 64,
  systemTable: 0x7e9ec018n,
  vendor: 0x7e9ecf98n,
  runtime: 0x7f9edb98n,
  configurationTable: 0x7e9eab18n,
  smbios: 0x7e9d0000n,
  descriptorVersion: 1,
  runtimeMap: [
    {
      type: 5,
      physicalStart: 0x7e8ed000n,
      virtualStart: 0xffffffffeea00000n,
      numberOfPages: 256n,
      attribute: 0x800000000000000fn,
    },
  ],
};

/** A guest of OVMF with 8 GiB: made up after one, with fewer ranges. */
export const UEFI_8_GIB = machine(
  [
    region(0x0n, 0xa0000n, 'ram'),
    region(0x100000n, 0x7e8ed000n, 'ram'),
    region(0x7e8ed000n, 0x7e9ed000n, 'reserved'),
    region(0x7e9ed000n, 0x7e9fd000n, 'acpi'),
    region(0x7e9fd000n, 0x7ea7d000n, 'nvs'),
    region(4n * GIB, 10n * GIB, 'ram'),
  ],
  { firmware: { acpiRsdp: 0x7e9fc014n, efi: EFI } },
);

/** More ranges than boot_params holds: 16 MiB of RAM and a reserved page in turns, then RAM above 4 GiB. */
export const RANGES_300 = machine([
  ...Array.from({ length: 149 }, (_, i) => {
    const start = BigInt(i) << 24n;
    return [
      region(start, start + 0xfff000n, 'ram'),
      region(start + 0xfff000n, start + 0x1000000n, 'reserved'),
    ];
  }).flat(),
  region(4n * GIB, 5n * GIB, 'ram'),
  region(5n * GIB, 6n * GIB, 'reserved'),
]);
