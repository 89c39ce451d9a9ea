import {
  addressOf,
  type EfiMemoryDescriptor as Descriptor,
  type EfiSystem,
  type Relocation,
  type SegmentId,
} from '@kexec-kit/loader-api';
import { encodeText, type StructureBuilder, writer } from '@kexec-kit/structures';
import { BootParams } from './generated/boot-params.js';
import { EfiMemoryDescriptor } from './generated/efi-memory-descriptor.js';
import { EfiSetupData } from './generated/efi-setup-data.js';

/** In bytes: EFI_MEMORY_DESCRIPTOR, version 1, as the kernel's own runtime map has it (UEFI 2.10, 7.2.3). */
export const EFI_DESCRIPTOR_SIZE = 40;
const EFI_DESCRIPTOR_VERSION = 1;
const EFI_SETUP_DATA_SIZE = 96;

/** Why EFI cannot be handed on to this kernel, in one clause; undefined when it can. */
export function whyNotEfi(efi: EfiSystem, kernelTakesEfi: boolean): string | undefined {
  if (!kernelTakesEfi) return 'the kernel lacks XLF_EFI_KEXEC';
  if (efi.bits !== 64) return 'the firmware is 32-bit and the kernel 64-bit';
  if (efi.descriptorVersion !== EFI_DESCRIPTOR_VERSION) {
    return `memory descriptors have version ${efi.descriptorVersion}, the kernel knows 1`;
  }
  return efi.runtimeMap.length === 0 ? 'the running kernel tells no runtime map' : undefined;
}

/** Writes efi_info but the address of the memory map, which is returned as relocations. */
export function writeEfiInfo(params: StructureBuilder, efi: EfiSystem, map: SegmentId): Relocation[] {
  params
    .bytes(BootParams.at['efi_info.efi_loader_signature'], encodeText('EL64'))
    .u32(BootParams.at['efi_info.efi_systab'], efi.systemTable & 0xffffffffn)
    .u32(BootParams.at['efi_info.efi_systab_hi'], efi.systemTable >> 32n)
    .u32(BootParams.at['efi_info.efi_memdesc_size'], EFI_DESCRIPTOR_SIZE)
    .u32(BootParams.at['efi_info.efi_memdesc_version'], efi.descriptorVersion)
    .u32(BootParams.at['efi_info.efi_memmap_size'], efi.runtimeMap.length * EFI_DESCRIPTOR_SIZE);
  return halves(
    BootParams.at['efi_info.efi_memmap'].offset,
    BootParams.at['efi_info.efi_memmap_hi'].offset,
    map,
  );
}

/** A 64-bit address of which two fields far apart each hold a half. */
export function halves(low: number, high: number, segment: SegmentId): Relocation[] {
  return [
    { offset: low, value: { ...addressOf(segment), part: 'low32' }, encoding: 'u32' },
    { offset: high, value: { ...addressOf(segment), part: 'high32' }, encoding: 'u32' },
  ];
}

/** The data of a SETUP_EFI node. */
export function encodeEfiSetupData(efi: EfiSystem): Uint8Array {
  return writer(EFI_SETUP_DATA_SIZE)
    .u64(EfiSetupData.at.fw_vendor, efi.vendor)
    .u64(EfiSetupData.at.runtime, efi.runtime)
    .u64(EfiSetupData.at.tables, efi.configurationTable)
    .u64(EfiSetupData.at.smbios, efi.smbios ?? 0n).value;
}

/** The runtime map as the kernel reads it, in its order. */
export function encodeRuntimeMap(map: readonly Descriptor[]): Uint8Array {
  const bytes = writer(map.length * EFI_DESCRIPTOR_SIZE);
  for (const [i, descriptor] of map.entries()) {
    bytes.bytes(i * EFI_DESCRIPTOR_SIZE, encodeDescriptor(descriptor));
  }
  return bytes.value;
}

function encodeDescriptor(descriptor: Descriptor): Uint8Array {
  return writer(EFI_DESCRIPTOR_SIZE)
    .u32(EfiMemoryDescriptor.at.type, descriptor.type)
    .u64(EfiMemoryDescriptor.at.physical_start, descriptor.physicalStart)
    .u64(EfiMemoryDescriptor.at.virtual_start, descriptor.virtualStart)
    .u64(EfiMemoryDescriptor.at.number_of_pages, descriptor.numberOfPages)
    .u64(EfiMemoryDescriptor.at.attribute, descriptor.attribute).value;
}
