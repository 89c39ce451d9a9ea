import {
  range,
  type Firmware,
  type Machine,
  type Range,
  type Region,
  type RegionKind,
} from '@kexec-kit/loader-api';
import { usableFrom } from '@kexec-kit/memory';

const MIB = 1n << 20n;
const GIB = 1n << 30n;

const region = (kind: RegionKind, start: bigint, end: bigint): Region => ({ ...range(start, end), kind });

function machine(
  told: readonly Region[],
  more: Partial<Pick<Machine, 'usable' | 'crashKernel' | 'crash' | 'firmware' | 'cpus'>> = {},
): Machine {
  const systemRam: Range[] = told.filter(({ kind }) => kind === 'ram');
  return {
    architecture: 'x86_64',
    told,
    usable: usableFrom({ told, systemRam }),
    crashKernel: [],
    commandLine: 'console=ttyS0',
    cpus: 1,
    firmware: { hardwareSubarch: 0 },
    ...more,
  };
}

/** 300 regions of seven kinds: more than a next kernel's map has inline. Only the last is large enough for a big kernel. */
function manyRanges(): Machine {
  const kinds: readonly RegionKind[] = ['reserved', 'acpi', 'nvs', 'unusable', 'persistent', 'soft-reserved'];
  const pairs = Array.from({ length: 149 }, (_, index) => {
    const start = MIB + BigInt(index) * 32n * MIB;
    const end = start + (index === 148 ? GIB : 32n * MIB);
    const cut = end - 0x1000n * BigInt(1 + (index % 7));
    return [region('ram', start, cut), region(kinds[index % kinds.length] ?? 'reserved', cut, end)];
  });
  return machine([region('ram', 0n, 0x9fc00n), region('reserved', 0x9fc00n, 0xa0000n), ...pairs.flat()]);
}

const uefiFirmware: Firmware = {
  acpiRsdp: 0x1f77e014n,
  hardwareSubarch: 0,
  screen: { screenInfo: '00'.repeat(64) },
  efi: {
    bits: 64,
    systemTable: 0x1f5ec018n,
    vendor: 0x1f51c818n,
    runtime: 0x1f5ecb98n,
    configurationTable: 0x1f5ecc98n,
    smbios: 0x1f518000n,
    descriptorVersion: 1,
    runtimeMap: [
      {
        type: 6,
        physicalStart: 0x1ff58000n,
        virtualStart: 0xfffffffefff58000n,
        numberOfPages: 0x20n,
        attribute: 0x800000000000000fn,
      },
      {
        type: 5,
        physicalStart: 0x1f5ed000n,
        virtualStart: 0xfffffffeff5ed000n,
        numberOfPages: 0x100n,
        attribute: 0x800000000000000fn,
      },
      {
        type: 6,
        physicalStart: 0x1f4ed000n,
        virtualStart: 0xfffffffeff4ed000n,
        numberOfPages: 0x100n,
        attribute: 0x800000000000000fn,
      },
      {
        type: 6,
        physicalStart: 0x1eab7000n,
        virtualStart: 0xfffffffefeab7000n,
        numberOfPages: 0xc1n,
        attribute: 0x800000000000000fn,
      },
      {
        type: 4,
        physicalStart: 0x1d8fc000n,
        virtualStart: 0xfffffffefd8fc000n,
        numberOfPages: 0x28n,
        attribute: 0x800000000000000fn,
      },
    ],
  },
};

const diskFirmware: Firmware = {
  acpiRsdp: 0xf59d0n,
  hardwareSubarch: 0,
  screen: {
    screenInfo: '000900fc0000005000001000000019'.padEnd(128, '0'),
  },
  edd: {
    entries: [
      '803007000e000f3f1e00020010000000100000003f00000001400000000000000002c0f480d9ddbe2c000000504349204154412020202020000101'.padEnd(
        162,
        '0',
      ) + 'c5',
    ],
    mbrSignatures: [1802182694],
  },
};

/**
 * Machines on which every sample is planned: recorded from real kernels, but for `manyRanges` and `onlyAbove4g`, which are
 * made up. Pure data; the checks freeze their own copy.
 *
 * @example
 * ```ts
 * checks({ loader, accepts: samples, machines: { small: standardMachines.small } });
 * ```
 */
export const standardMachines = {
  /** 128 MiB, BIOS, one disk. */
  small: machine(
    [
      region('ram', 0x0n, 0x9fc00n),
      region('reserved', 0x9fc00n, 0xa0000n),
      region('reserved', 0xf0000n, 0x100000n),
      region('ram', 0x100000n, 0x7fe0000n),
      region('reserved', 0x7fe0000n, 0x8000000n),
      region('reserved', 0xfffc0000n, 0x100000000n),
      region('reserved', 0xfd00000000n, 0x10000000000n),
    ],
    { firmware: diskFirmware, cpus: 2 },
  ),
  /** What the firmware calls RAM, and the running kernel was told not to use. */
  holes: machine(
    [
      region('ram', 0x0n, 0x9fc00n),
      region('reserved', 0x9fc00n, 0xa0000n),
      region('reserved', 0xf0000n, 0x100000n),
      region('ram', 0x100000n, 0xffe0000n),
      region('reserved', 0xffe0000n, 0x10000000n),
      region('reserved', 0xfffc0000n, 0x100000000n),
      region('reserved', 0xfd00000000n, 0x10000000000n),
    ],
    {
      usable: [
        range(0x1000n, 0x9f000n),
        range(0x100000n, 0x3000000n),
        range(0x3100000n, 0x6000000n),
        range(0x7000000n, 0xc800000n),
        range(0xc810000n, 0xffe0000n),
      ],
    },
  ),
  /** RAM below and above 4 GiB. */
  above4g: machine([
    region('ram', 0x0n, 0x9fc00n),
    region('reserved', 0x9fc00n, 0xa0000n),
    region('reserved', 0xf0000n, 0x100000n),
    region('ram', 0x100000n, 0x7ffe0000n),
    region('reserved', 0x7ffe0000n, 0x80000000n),
    region('reserved', 0xb0000000n, 0xc0000000n),
    region('reserved', 0xfed1c000n, 0xfed20000n),
    region('reserved', 0xfffc0000n, 0x100000000n),
    region('ram', 0x100000000n, 0x200000000n),
    region('reserved', 0xfd00000000n, 0x10000000000n),
  ]),
  /** A crash region above 4 GiB, and its helper below. */
  crash: machine(
    [
      region('ram', 0x0n, 0x9fc00n),
      region('reserved', 0x9fc00n, 0xa0000n),
      region('reserved', 0xf0000n, 0x100000n),
      region('ram', 0x100000n, 0x7ffe0000n),
      region('reserved', 0x7ffe0000n, 0x80000000n),
      region('reserved', 0xb0000000n, 0xc0000000n),
      region('reserved', 0xfed1c000n, 0xfed20000n),
      region('reserved', 0xfffc0000n, 0x100000000n),
      region('ram', 0x100000000n, 0x200000000n),
      region('reserved', 0xfd00000000n, 0x10000000000n),
    ],
    {
      crashKernel: [range(0x6f000000n, 0x7f000000n), range(0x1ef000000n, 0x1ff000000n)],
      crash: {
        systemRam: [
          range(0x1000n, 0x9fc00n),
          range(0x100000n, 0x7ffe0000n),
          range(0x100000000n, 0x200000000n),
        ],
        cpuNotes: [{ cpu: 0, ...range(0x1ffc3d800n, 0x1ffc3d970n) }],
        vmcoreinfo: range(0x100856000n, 0x100857024n),
        kernel: { ...range(0x2f000000n, 0x31c30000n), virtualStart: 0xffffffff8d000000n },
        pageOffset: 0xffff89e7c0000000n,
      },
    },
  ),
  /** A crash region between 896 MiB and 4 GiB. */
  crashBelow4g: machine(
    [
      region('ram', 0x0n, 0x9fc00n),
      region('reserved', 0x9fc00n, 0xa0000n),
      region('reserved', 0xf0000n, 0x100000n),
      region('ram', 0x100000n, 0x7ffe0000n),
      region('reserved', 0x7ffe0000n, 0x80000000n),
      region('reserved', 0xfffc0000n, 0x100000000n),
      region('reserved', 0xfd00000000n, 0x10000000000n),
    ],
    {
      cpus: 4,
      crashKernel: [range(0x6f000000n, 0x7f000000n)],
      crash: {
        systemRam: [range(0x1000n, 0x9fc00n), range(0x100000n, 0x7ffe0000n)],
        cpuNotes: [
          { cpu: 0, ...range(0x7fa3d800n, 0x7fa3d970n) },
          { cpu: 1, ...range(0x7fabd800n, 0x7fabd970n) },
          { cpu: 2, ...range(0x7fb3d800n, 0x7fb3d970n) },
          { cpu: 3, ...range(0x7fbbd800n, 0x7fbbd970n) },
        ],
        vmcoreinfo: range(0x7fb74000n, 0x7fb75024n),
        kernel: { ...range(0x35a00000n, 0x38630000n), virtualStart: 0xffffffff96e00000n },
        pageOffset: 0xffff8bfb40000000n,
      },
    },
  ),
  /** UEFI: a map in pieces, and a runtime map. */
  uefi: machine(
    [
      region('ram', 0x0n, 0xa0000n),
      region('ram', 0x100000n, 0x800000n),
      region('nvs', 0x800000n, 0x808000n),
      region('ram', 0x808000n, 0x80b000n),
      region('nvs', 0x80b000n, 0x80c000n),
      region('ram', 0x80c000n, 0x810000n),
      region('nvs', 0x810000n, 0x900000n),
      region('ram', 0x900000n, 0x1eab7000n),
      region('reserved', 0x1eab7000n, 0x1eb78000n),
      region('ram', 0x1eb78000n, 0x1f4ed000n),
      region('reserved', 0x1f4ed000n, 0x1f76d000n),
      region('acpi', 0x1f76d000n, 0x1f77f000n),
      region('nvs', 0x1f77f000n, 0x1f7ff000n),
      region('ram', 0x1f7ff000n, 0x1ff58000n),
      region('reserved', 0x1ff58000n, 0x1ff78000n),
      region('nvs', 0x1ff78000n, 0x20000000n),
      region('reserved', 0xb0000000n, 0xc0000000n),
    ],
    {
      usable: [
        range(0x1000n, 0xa0000n),
        range(0x100000n, 0x800000n),
        range(0x808000n, 0x80b000n),
        range(0x80c000n, 0x810000n),
        range(0x900000n, 0x1d8fc000n),
        range(0x1d924000n, 0x1eab7000n),
        range(0x1eb78000n, 0x1f4ed000n),
        range(0x1f7ff000n, 0x1ff58000n),
      ],
      firmware: uefiFirmware,
    },
  ),
  /** All that is usable, but for the first 640 KiB, is at or above 4 GiB. */
  onlyAbove4g: machine([
    region('ram', 0n, 0x9fc00n),
    region('reserved', 0x9fc00n, 0x100000n),
    region('reserved', 0xfec00000n, 4n * GIB),
    region('ram', 4n * GIB, 8n * GIB),
  ]),
  manyRanges: manyRanges(),
} as const satisfies Readonly<Record<string, Machine>>;
