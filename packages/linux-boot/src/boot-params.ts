import { type EddInfo, type Machine, type Policy, type Region, toIndex } from '@kexec-kit/loader-api';
import { fromHex, type StructureBuilder, writer } from '@kexec-kit/structures';
import { E820_TABLE, encodeE820, extendedMemory, splitE820 } from './e820.js';
import { BootParams } from './generated/boot-params.js';
import { SetupHeader } from './generated/setup-header.js';
import { HEADER_START } from './setup-header.js';

/** In bytes: `struct boot_params` is one page. */
export const BOOT_PARAMS_SIZE = 4096;
/** `type_of_loader`: the identifier of kexec, which the kernel's own kexec_file_load uses too (boot.rst, 0x210/1). */
export const LOADER_TYPE = 0xd0;
/** In bytes: `struct edd_info`. */
export const EDD_ENTRY_SIZE = 82;

/** What goes into boot_params besides addresses. */
export interface BootParamsInput {
  /** The image's setup header: the bytes from 0x1f1 on that exist. */
  readonly header: Uint8Array;
  readonly machine: Machine;
  /** The memory map that is handed over. Default: the machine's. */
  readonly map?: readonly Region[];
  readonly policy: Pick<Policy, 'video'>;
  /** In bytes; 0 for none. */
  readonly initrdSize: bigint;
  /** Write it instead of the image's own, when the kernel may lie at less than it prefers. */
  readonly kernelAlignment?: number;
}

/**
 * boot_params, all but the addresses of other segments: those are relocations.
 * Everything is zero but the image's setup header and what the machine knows: a screen nobody knows of is no screen.
 *
 * @throws RangeError when a value does not fit: check the machine with `checkFirmware` first.
 */
export function buildBootParams({ header, machine, ...input }: BootParamsInput): StructureBuilder {
  const params = writer(BOOT_PARAMS_SIZE).bytes(HEADER_START, header);
  params
    .u8(SetupHeader.at.type_of_loader, LOADER_TYPE)
    // The rest of the mask is for 16-bit code, which does not run.
    .u8(SetupHeader.at.loadflags, 0)
    .u32(SetupHeader.at.hardware_subarch, machine.firmware.hardwareSubarch ?? 0)
    .u64(BootParams.at.acpi_rsdp_addr, machine.firmware.acpiRsdp ?? 0n);
  if (input.kernelAlignment !== undefined) params.u32(SetupHeader.at.kernel_alignment, input.kernelAlignment);
  writeInitrdSize(params, input.initrdSize);
  writeScreen(params, machine, input.policy);
  writeMemory(params, machine, input.map);
  if (machine.firmware.edd !== undefined) writeEdd(params, machine.firmware.edd);
  return params;
}

function writeInitrdSize(params: StructureBuilder, size: bigint): void {
  params
    // The image's own value means nothing; a relocation writes the address if there is an initrd.
    .u32(SetupHeader.at.ramdisk_image, 0)
    .u32(SetupHeader.at.ramdisk_size, size & 0xffffffffn)
    .u32(BootParams.at.ext_ramdisk_size, size >> 32n);
}

function writeScreen(params: StructureBuilder, machine: Machine, policy: Pick<Policy, 'video'>): void {
  const { screen } = machine.firmware;
  if (policy.video === 'none' || screen === undefined) return;
  params.bytes(BootParams.at.screen_info, fromHex(screen.screenInfo));
}

function writeMemory(params: StructureBuilder, { told }: Machine, map = told): void {
  const { inline } = splitE820(map);
  const { ext_mem_k, alt_mem_k } = extendedMemory(told);
  params
    .u8(BootParams.at.e820_entries, inline.length)
    .bytes(E820_TABLE, encodeE820(inline))
    .u16(BootParams.at['screen_info.ext_mem_k'], toIndex(ext_mem_k))
    .u32(BootParams.at.alt_mem_k, alt_mem_k);
}

function writeEdd(params: StructureBuilder, { entries, mbrSignatures }: EddInfo): void {
  params
    .u8(BootParams.at.eddbuf_entries, entries.length)
    .u8(BootParams.at.edd_mbr_sig_buf_entries, mbrSignatures.length);
  for (const [i, entry] of entries.entries()) {
    params.bytes(BootParams.at.eddbuf.offset + i * EDD_ENTRY_SIZE, fromHex(entry));
  }
  for (const [i, signature] of mbrSignatures.entries()) {
    params.u32(BootParams.at.edd_mbr_sig_buffer.offset + i * 4, signature);
  }
}
