import type { Purpose } from '@kexec-kit/loader-api';

/** What is loaded, by the names under which kexec(8) and we know it. */
export type Format = 'bzimage64' | 'bzimage32' | 'elf' | 'multiboot' | 'multiboot2';
export const formats: readonly Format[] = ['bzimage64', 'bzimage32', 'elf', 'multiboot', 'multiboot2'];

/** One range of the firmware's map, by the kernel's word for its kind. Half-open, as everywhere. */
export interface ToldRange {
  readonly start: bigint;
  readonly end: bigint;
  readonly type: string;
}

/** A machine as /proc and /sys show it. */
export interface MadeMachine {
  /** Ascending, disjoint. */
  readonly told: readonly ToldRange[];
  /** RAM that the running kernel does not use (`mem=`, `memmap=`): told of, and not in /proc/iomem. */
  readonly unused: readonly { readonly start: bigint; readonly end: bigint }[];
  /** Within RAM, ascending. */
  readonly crash: readonly { readonly start: bigint; readonly end: bigint }[];
  readonly commandLine: string;
  /** What /sys/kernel/boot_params/data says; absent when there is no such file. */
  readonly bootParams?: MadeBootParams;
  readonly efi?: MadeEfi;
}

export interface MadeBootParams {
  readonly hardwareSubarch: number;
  /** 0 for none. */
  readonly acpiRsdp: bigint;
  /** 64 bytes of screen_info in hexadecimal. */
  readonly screenInfo: string;
}

export interface MadeEfi {
  readonly systemTable: bigint;
  readonly vendor: bigint;
  readonly runtime: bigint;
  readonly configurationTable: bigint;
  /** 0 for none. */
  readonly smbios: bigint;
  readonly runtimeMap: readonly {
    readonly type: number;
    readonly physicalStart: bigint;
    readonly virtualStart: bigint;
    readonly numberOfPages: bigint;
    readonly attribute: bigint;
  }[];
}

/** The header of a bzImage; fields that its version lacks are not written. */
export interface BzImageShape {
  readonly version: number;
  readonly setupSects: number;
  /** In bytes: the protected-mode code. */
  readonly code: number;
  readonly relocatable: boolean;
  /** Powers of two: the alignments are 1 << n. */
  readonly alignment: number;
  readonly minAlignment: number;
  readonly prefAddress: bigint;
  readonly initSize: number;
  readonly xloadflags: number;
  readonly cmdlineSize: number;
  readonly initrdAddrMax: number;
}

export interface ElfLoadShape {
  /** From the image's first byte, in pages. */
  readonly gap: number;
  /** In bytes. */
  readonly content: number;
  /** Memory beyond the content, in bytes. */
  readonly zeros: number;
}

export interface ElfShape {
  readonly bits: 32 | 64;
  /** ET_DYN: may be moved. */
  readonly movable: boolean;
  readonly base: bigint;
  /** p_align is 1 << n. */
  readonly alignment: number;
  readonly loads: readonly ElfLoadShape[];
  /** From the start of the first load, in bytes. */
  readonly entry: number;
  /** Whether there is a PT_NOTE. */
  readonly note: boolean;
}

export interface MultibootShape {
  readonly elf: ElfShape;
  /** Of the header, below 16 bits: page align 1, memory 2, video 4. */
  readonly flags: number;
  /** Load addresses in the header in place of ELF headers. */
  readonly kludge: boolean;
}

export interface Multiboot2Shape {
  readonly elf: ElfShape;
  /** Information that is asked for, by tag type. */
  readonly requests: readonly number[];
  readonly framebuffer: boolean;
  readonly moduleAlign: boolean;
  readonly relocatable?: {
    readonly min: number;
    readonly max: number;
    /** 0, or the alignment is 1 << n. */
    readonly alignment: number;
    readonly preference: 0 | 1 | 2;
  };
}

/** A made-up image; or a real one, whose shape says what the policy of kexec(8) looks at. */
export type Image = { readonly file?: string } & MadeImage;

type MadeImage =
  | { readonly format: 'bzimage64' | 'bzimage32'; readonly bzimage: BzImageShape }
  | { readonly format: 'elf'; readonly elf: ElfShape; readonly args: 'elf' | 'linux' | 'none' }
  | { readonly format: 'multiboot'; readonly multiboot: MultibootShape }
  | { readonly format: 'multiboot2'; readonly multiboot2: Multiboot2Shape };

export interface CaseOptions {
  readonly commandLine: string;
  readonly reuse: boolean;
  /** In bytes; 0 for none. */
  readonly initrd: number;
  readonly modules: readonly { readonly size: number; readonly text: string }[];
  readonly efi: boolean;
  /** Both ends or none: `--mem-min`, `--mem-max`. */
  readonly memory?: { readonly start: bigint; readonly end: bigint };
}

/** One question to the oracle: an image, a machine, what is asked for. Plain data: saved, shrunk, repeated. */
export interface Case {
  readonly image: Image;
  readonly machine: MadeMachine;
  readonly options: CaseOptions;
  readonly purpose: Purpose;
}

/** As JSON; addresses are `0x…`. */
export function serializeCase(made: Case): string {
  const hexadecimal = (_: string, value: unknown) =>
    typeof value === 'bigint' ? `0x${value.toString(16)}` : value;
  return `${JSON.stringify(made, hexadecimal, 2)}\n`;
}

/** What {@link serializeCase} wrote: a string that is wholly `0x…` is an address. */
export function parseCase(text: string): Case {
  const address = (_: string, value: unknown) =>
    typeof value === 'string' && /^0x[0-9a-f]+$/.test(value) ? BigInt(value) : value;
  return JSON.parse(text, address) as Case;
}
