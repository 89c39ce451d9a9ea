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
  /** What a dump of this machine has to say of the running kernel; only where memory is reserved for a crash kernel. */
  readonly crash?: CrashFacts;
  /** The running kernel's command line. */
  readonly commandLine: string;
  /** How many CPUs are possible. */
  readonly cpus: number;
  /** What the firmware left behind and the next kernel will want; absent is "not known". */
  readonly firmware: Firmware;
}

/** What the kernel that takes over after a crash, and who reads its dump, must know of the kernel that crashed. */
export interface CrashFacts {
  /** System RAM, hot-plugged too. Sorted, disjoint. */
  readonly systemRam: readonly Range[];
  /** Where each CPU leaves its registers when the kernel dies; ascending by `cpu`. */
  readonly cpuNotes: readonly CpuNotes[];
  /** Where the note lies that says how to read the rest: `VMCOREINFO`. */
  readonly vmcoreinfo?: Range;
  /** The running kernel's own code and data; absent where /proc/kcore does not say. */
  readonly kernel?: KernelImage;
  /** The virtual address of physical address 0 in the direct mapping; absent where /proc/kcore does not say. */
  readonly pageOffset?: Address;
}

/** Physical memory with an ELF note that the dying CPU fills. */
export interface CpuNotes extends Range {
  /** As in /sys/devices/system/cpu/cpuN. */
  readonly cpu: number;
}

/** Where the running kernel lies; with KASLR elsewhere after every boot. */
export interface KernelImage extends Range {
  readonly virtualStart: Address;
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
  /** Where purgatory says its words, besides debugcon (port 0xe9). */
  readonly console: Console;
  /** Purgatory brings the VGA to text mode 3 (80 by 25), and the next kernel is told of that screen. Default false. */
  readonly resetVga?: boolean;
  /** Purgatory sets the two 8259 interrupt controllers up as a BIOS leaves them. Default false. */
  readonly resetPic?: boolean;
  /** false: nothing that was loaded is verified before it is entered; faster, and blind. Default true. */
  readonly checks?: boolean;
}

/** `{}` is debugcon alone. */
export interface Console {
  /** The text screen at 0xb8000, 80 by 25. */
  readonly vga?: boolean;
  readonly serial?: SerialPort;
  /** Say how it goes, too, not only what went wrong. Default false. */
  readonly verbose?: boolean;
}

/** A 16550 UART. */
export interface SerialPort {
  /** The first of its eight I/O ports, up to 0xfff8: 0x3f8 is the first serial port of a PC. */
  readonly port: number;
  /** 9600 to 115200, a divisor of 115200; absent: left as the running kernel has set it. */
  readonly baud?: number;
}

export type Purpose = 'normal' | 'crash';
