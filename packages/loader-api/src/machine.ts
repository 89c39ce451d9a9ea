import type { Address, Range } from './address.js';

/**
 * What a range of the firmware's memory map is. The names and, in brackets, the E820 type (ACPI 6.5, 15.1):
 * ram (1), reserved (2), acpi (3), nvs (4), unusable (5), persistent (7), persistent-legacy (12), soft-reserved (0xefffffff).
 */
export type RegionKind =
  'ram' | 'reserved' | 'acpi' | 'nvs' | 'unusable' | 'persistent' | 'persistent-legacy' | 'soft-reserved';

/** One range of the firmware's memory map. */
export interface Region extends Range {
  readonly kind: RegionKind;
}

export type Architecture = 'x86_64' | 'i386';

/**
 * A snapshot of one machine: plain data, taken once, never mutated, handed read-only to everybody.
 * It is also the test fixture. Everything a loader may know of a machine stands here.
 */
export interface Machine {
  /** The running kernel's architecture, not the userland's. */
  readonly architecture: Architecture;
  /** What the firmware told: handed over to the next kernel as it is. Sorted, disjoint. */
  readonly told: readonly Region[];
  /** Where content may be placed: System RAM within `told`'s RAM. Sorted, disjoint, page-aligned inwards, nothing below 0x1000. */
  readonly usable: readonly Range[];
  /** Reserved for crash kernels, ascending; empty when there is no crashkernel=. */
  readonly crashKernel: readonly Range[];
  /** The running kernel's command line. */
  readonly commandLine: string;
  /** How many CPUs are possible. */
  readonly cpus: number;
  /** What the firmware left behind and the next kernel will want; absent is "not known". */
  readonly firmware: Firmware;
}

export interface Firmware {
  /** Physical address of the ACPI RSDP. */
  readonly acpiRsdp?: Address;
  readonly efi?: EfiSystem;
  readonly screen?: Screen;
  /** `boot_params.hdr.hardware_subarch` of the running kernel (Documentation/arch/x86/boot.rst, 0x23c). */
  readonly hardwareSubarch?: number;
  /** BIOS Enhanced Disk Drive data, from /sys/firmware/edd. */
  readonly edd?: EddInfo;
}

/** What the EFI system table of the running system said, and the runtime map in force. */
export interface EfiSystem {
  /** Word size of the firmware. */
  readonly bits: 32 | 64;
  readonly systemTable: Address;
  /** From /sys/firmware/efi: fw_vendor, runtime and config_table, physical. */
  readonly vendor: Address;
  readonly runtime: Address;
  readonly configurationTable: Address;
  readonly smbios?: Address;
  /** `EFI_MEMORY_DESCRIPTOR` version: 1. */
  readonly descriptorVersion: number;
  /** /sys/firmware/efi/runtime-map, in its order. */
  readonly runtimeMap: readonly EfiMemoryDescriptor[];
}

/** UEFI 2.10, 7.2.3. */
export interface EfiMemoryDescriptor {
  readonly type: number;
  readonly physicalStart: Address;
  readonly virtualStart: Address;
  readonly numberOfPages: bigint;
  readonly attribute: bigint;
}

/** `struct screen_info` of the running kernel as 64 bytes of lower-case hexadecimal: handed on untouched. */
export interface Screen {
  readonly screenInfo: string;
}

export interface EddInfo {
  /** `boot_params.eddbuf`: one entry of 82 bytes per BIOS disk, lower-case hexadecimal; at most 6. */
  readonly entries: readonly string[];
  /** `boot_params.edd_mbr_sig_buffer`; at most 16. */
  readonly mbrSignatures: readonly number[];
}

/** What belongs to no loader, and every loader obeys. */
export interface Policy {
  /** Content is placed within this range only (`--mem-min`, `--mem-max`). */
  readonly memory?: Range;
  /** Hand EFI on to the next kernel where it can take it. Default true. */
  readonly efi: boolean;
  /** `auto`: hand the running screen on; `none`: say there is none. */
  readonly video: 'auto' | 'none';
  /** What purgatory says its words on, besides debugcon. */
  readonly console: 'serial' | 'none';
}

export type Purpose = 'normal' | 'crash';
