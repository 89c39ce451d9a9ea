import { type EfiSystem, type Firmware, type Machine, range, type Region } from '@kexec-kit/loader-api';
import { writer } from '@kexec-kit/structures';
import { BOOT_FLAG, HEADER_MAGIC, HEADER_START, type HandoverInput, SetupHeader } from '../src/index.js';

/** A first sector with a setup header, made by hand: the values of Debian's 6.12 kernel where nothing else is said. */
export function sector(
  changes: Partial<Record<keyof typeof SetupHeader.at, number>> = {},
  displacement = 0x6a,
): Uint8Array {
  const values = {
    setup_sects: 0x27,
    root_flags: 1,
    syssize: 0xb1820,
    vid_mode: 0xffff,
    boot_flag: BOOT_FLAG,
    jump: 0xeb | (displacement << 8),
    header: HEADER_MAGIC,
    version: 0x020f,
    kernel_version: 0x42c0,
    loadflags: 1,
    code32_start: 0x100000,
    initrd_addr_max: 0x7fffffff,
    kernel_alignment: 0x200000,
    relocatable_kernel: 1,
    min_alignment: 0x15,
    xloadflags: 0x7f,
    cmdline_size: 0x7ff,
    pref_address: 0x1000000,
    init_size: 0x37dc000,
    ...changes,
  };
  const page = writer(4096);
  for (const [name, value] of Object.entries(values)) {
    const { offset, size } = SetupHeader.at[name as keyof typeof SetupHeader.at];
    page.bytes(offset, writer(8).u64(0, BigInt(value)).value.subarray(0, size));
  }
  return page.value;
}

export function machine(told: readonly Region[] = BIOS_1_GIB, firmware: Firmware = {}): Machine {
  return {
    architecture: 'x86_64',
    told,
    usable: [],
    crashKernel: [],
    commandLine: 'BOOT_IMAGE=/boot/vmlinuz root=/dev/vda1 ro',
    cpus: 1,
    firmware,
  };
}

/** What SeaBIOS tells a guest of QEMU's q35 with `-m 1G`. */
export const BIOS_1_GIB: readonly Region[] = [
  { ...range(0x0n, 0x9fc00n), kind: 'ram' },
  { ...range(0x9fc00n, 0xa0000n), kind: 'reserved' },
  { ...range(0xf0000n, 0x100000n), kind: 'reserved' },
  { ...range(0x100000n, 0x3ffdd000n), kind: 'ram' },
  { ...range(0x3ffdd000n, 0x40000000n), kind: 'reserved' },
];

/** The least that can be handed on: one runtime range, and no two addresses alike. */
export const SMALL_EFI: EfiSystem = {
  bits: 64,
  systemTable: 1n,
  vendor: 2n,
  runtime: 3n,
  configurationTable: 4n,
  smbios: 5n,
  descriptorVersion: 1,
  runtimeMap: [{ type: 5, physicalStart: 0n, virtualStart: 0n, numberOfPages: 1n, attribute: 1n }],
};

export function input(changes: Partial<HandoverInput> = {}): HandoverInput {
  return {
    header: sector().subarray(HEADER_START, 0x26c),
    machine: machine(),
    policy: { efi: true, video: 'auto', console: {} },
    commandLine: 'console=ttyS0',
    commandLineLimit: 2047,
    initrds: [],
    addressEnd: 1n << 64n,
    initrdEnd: 1n << 64n,
    kernelTakesEfi: true,
    ...changes,
  };
}
