import { guestModels } from '@kexec-kit/backend-qemu';
import { describe, expect, it } from 'vitest';
import { expectLinux, linuxOf } from './witness-linux.js';
import { expectWithin } from './witness-state.js';
import { hexOf, noise, piece, tell, type Request, type Told } from './witness.js';

const MIB = 1n << 20n;
const GIB = 1n << 30n;
const commandLine = { 'command-line': ['root=/dev/sda "quoted words" \\ ünïcödé'] };

/** The formats in which a kernel is entered by Linux's 64-bit protocol, and what has its first instruction. */
const kernels = [
  ['bzimage', 'kernel'],
  ['elf64-linux', 'load.0'],
  ['vmlinux', 'load.0'],
] as const;

async function tellAndCompare(request: Request, code: string): Promise<Told> {
  const told = await tell(request);
  expect(told.witness).toMatchObject({ witness: request.kernel, mode: 'long64' });
  expectWithin(told, told.witness.entry, code);
  expectLinux(told, request);
  return told;
}

describe.each(kernels)('%s, entered by the 64-bit boot protocol', (kernel, code) => {
  describe.each(guestModels)('on %s', (model) => {
    it.each([4, 5] as const)('is handed what was planned, with %d levels of paging', async (paging) => {
      const guest = { model, memory: 64n * MIB, paging };
      await tellAndCompare({ kernel, guest, options: commandLine, initrds: [noise(70_001)] }, code);
    });

    it('and above 4 GiB', async () => {
      const guest = { model, memory: 6n * GIB };
      const policy = { memory: { start: 4n * GIB, end: 16n * GIB } };
      const request = { kernel, guest, policy, options: commandLine, initrds: [noise(4096)] };
      const { submission } = await tellAndCompare(request, code);
      expect(piece(submission, code).start).toBeGreaterThanOrEqual(4n * GIB);
      expect(piece(submission, 'initrd').start).toBeGreaterThanOrEqual(4n * GIB);
    });
  });

  const guest = { model: 'microvm', memory: 64n * MIB } as const;

  it('says the same when every register that was not promised holds garbage', async () => {
    await tellAndCompare({ kernel, guest, options: commandLine, initrds: [noise(1)], garbage: true }, code);
  });

  it('finds initrds of odd lengths one after the other', async () => {
    await tellAndCompare({ kernel, guest, initrds: [noise(1001), noise(2002), noise(3)] }, code);
  });

  it('is handed neither command line nor initrd when there is none', async () => {
    const told = await tellAndCompare({ kernel, guest }, code);
    expect(linuxOf(told)).toMatchObject({ commandLine: { text: '' }, initrd: { size: '0x0' } });
  });

  it.each([4, 5] as const)(
    'needs nothing mapped but its segments, with %d levels of paging',
    async (paging) => {
      const strict = { ...guest, paging, strictMap: true };
      await tellAndCompare({ kernel, guest: strict, options: commandLine, initrds: [noise(5000)] }, code);
    },
  );
});

describe('what the firmware left', () => {
  const efi = {
    bits: 64,
    systemTable: 0x1_2345_6000n,
    ...{ vendor: 0x7000n, runtime: 0x8000n, configurationTable: 0x9000n, smbios: 0xa000n },
    descriptorVersion: 1,
    runtimeMap: [
      {
        type: 5,
        physicalStart: 0x100_0000n,
        virtualStart: 0xffff_fffe_0000_0000n,
        numberOfPages: 3n,
        attribute: 15n,
      },
      {
        type: 6,
        physicalStart: 0x200_0000n,
        virtualStart: 0xffff_fffe_0010_0000n,
        numberOfPages: 1n,
        attribute: 15n,
      },
    ],
  } as const;
  const firmware = {
    acpiRsdp: 0x1_0000_e014n,
    hardwareSubarch: 4,
    screen: { screenInfo: 'ab'.repeat(64) },
    edd: { entries: ['12'.repeat(82), '34'.repeat(82)], mbrSignatures: [0xdeadbeef, 0x12345678, 1] },
    efi,
  };

  it('arrives in the fields that Linux knows', async () => {
    const told = await tell({ kernel: 'bzimage', guest: { model: 'microvm', memory: 64n * MIB }, firmware });
    const { fields, setupData, efiMemoryMap } = linuxOf(told);
    expect(fields).toMatchObject({
      ...{ acpi_rsdp_addr: '0x10000e014', hardware_subarch: '0x4' },
      ...{ eddbuf_entries: '0x2', edd_mbr_sig_buf_entries: '0x3' },
      edd_mbr_sig_buffer: 'efbeadde7856341201000000'.padEnd(128, '0'),
      eddbuf: `${'12'.repeat(82)}${'34'.repeat(82)}`.padEnd(984, '0'),
      ...{ efi_loader_signature: '0x34364c45', efi_systab: '0x23456000', efi_systab_hi: '0x1' }, // "EL64"
      ...{ efi_memdesc_size: '0x28', efi_memdesc_version: '0x1', efi_memmap_size: '0x50' },
    });
    // All of the screen but ext_mem_k, which shares its bytes and counts memory.
    expect(fields['screen_info']).toMatch(/^abab.{4}(?:ab){60}$/);
    expect(efiMemoryMap).toMatchObject({
      address: hexOf(piece(told.submission, 'efi-runtime-map').start),
      size: '0x50',
    });
    const node = setupData.find(({ type }) => type === '0x4');
    expect(node).toMatchObject({ len: '0x60' });
  });
});
