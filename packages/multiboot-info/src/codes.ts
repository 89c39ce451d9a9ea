import { machineName, typeName, type ElfHeader } from '@kexec-kit/elf';
import { type Codes, type Diagnostic, hex, type Range } from '@kexec-kit/loader-api';
import type { FlatField } from './flat.js';

/** What both protocols can say of an image, of what goes with it, and of the machine. A loader adds these to its own. */
export const multibootCodes = {
  MULTIBOOT_MACHINE: {
    cause: 'The ELF file is for another machine or word size than a Multiboot kernel can be entered in.',
    cure: 'Give a kernel that was built for x86; an ELF64 file needs Multiboot2, or load addresses in its header.',
    spec: 'Multiboot 0.6.96, 3.1; gABI, "ELF Header", e_machine',
  },
  MULTIBOOT_NOT_EXECUTABLE: {
    cause: 'The ELF file is an object file, a core file or alike: nothing that can be entered.',
    cure: 'Give a linked kernel.',
    spec: 'gABI, "ELF Header", e_type',
  },
  MULTIBOOT_NOT_LOADABLE: {
    cause: 'The file is no ELF file, and its Multiboot header does not say where it is to be loaded.',
    cure: 'Give an ELF file, or link the header with load addresses (flag 16; in Multiboot2 the address tag).',
    spec: 'Multiboot 0.6.96, 3.1.2; Multiboot2 2.0, 3.1.5',
  },
  MULTIBOOT_BAD_ADDRESS: {
    cause:
      'A load address in the Multiboot header contradicts another one, or the place of the header in the file.',
    cure: 'Link the image again: load_addr <= header_addr, load_end_addr behind it, bss_end_addr not before that.',
    spec: 'Multiboot 0.6.96, 3.1.3; Multiboot2 2.0, 3.1.5',
  },
  MULTIBOOT_TRUNCATED: {
    cause: 'The file ends before load_end_addr, up to which its Multiboot header wants it loaded.',
    cure: 'Copy or download the file again: the end of it is missing.',
    spec: 'Multiboot 0.6.96, 3.1.3; Multiboot2 2.0, 3.1.5',
  },
  MULTIBOOT_ENTRY_OUTSIDE: {
    cause: 'The entry point lies in no memory that is loaded.',
    cure: 'Link the image again with an entry point that is in its code.',
    spec: 'Multiboot 0.6.96, 3.1.3; Multiboot2 2.0, 3.1.6',
  },
  MULTIBOOT_ABOVE_4G: {
    cause:
      'The image was linked at or above 4 GiB, where code that is entered in 32-bit mode is not reached.',
    cure: 'Link it below 4 GiB.',
    spec: 'Multiboot 0.6.96, 3.2; Multiboot2 2.0, 3.3',
  },
  MULTIBOOT_COMMAND_LINE_NUL: {
    cause:
      'The command line of the kernel or of a module contains a NUL byte, at which the kernel would stop reading.',
    cure: 'Remove the NUL byte.',
    spec: 'Multiboot 0.6.96, 3.3',
  },
  MULTIBOOT_MODULE_EMPTY: {
    cause: 'A file given as a module has no bytes.',
    cure: 'Check that it was written completely, or leave it out.',
    spec: 'Multiboot 0.6.96, 3.3',
  },
  MULTIBOOT_NO_SCREEN: {
    cause: 'The kernel asks for information about the screen, and this machine has none that is known.',
    cure: 'Nothing, if the kernel has another console; otherwise boot the running kernel with a screen, and leave out --no-video.',
    spec: 'Multiboot 0.6.96, 3.1.2; Multiboot2 2.0, 3.1.10',
  },
  MULTIBOOT_NO_FIRMWARE_TABLES: {
    cause:
      'This machine has EFI, and the kernel is not told where its tables are: it finds no ACPI by itself there.',
    cure: 'Nothing, if the kernel can do without ACPI; otherwise name the RSDP to it if it has an option for that.',
    spec: 'ACPI 6.5, 5.2.5.1',
  },
  MULTIBOOT_PURPOSE: {
    cause: 'A crash kernel was asked for, and this loader plans normal kernels only.',
    cure: 'Plan without the crash purpose.',
  },
} satisfies Codes;

type Code = keyof typeof multibootCodes;
type Rest = Omit<Diagnostic, 'code' | 'severity' | 'hint' | 'spec'>;

function diagnostic(code: Code, rest: Rest): Diagnostic {
  const { cure, ...info } = multibootCodes[code];
  return { code, severity: 'error', hint: cure, ...('spec' in info ? { spec: info.spec } : {}), ...rest };
}

function warning(code: Code, rest: Rest): Diagnostic {
  return { ...diagnostic(code, rest), severity: 'warning' };
}

export function wrongMachine(
  source: string,
  { e_ident, e_machine }: ElfHeader,
  expected: string,
): Diagnostic {
  return diagnostic('MULTIBOOT_MACHINE', {
    message: `${source} is not for the machine that its Multiboot header means.`,
    at: { source, offset: 0x12, field: 'e_machine' },
    found: `ei_class ${e_ident.ei_class}, ${machineName(e_machine)}`,
    expected,
  });
}

export function notExecutable(source: string, { e_type }: ElfHeader): Diagnostic {
  return diagnostic('MULTIBOOT_NOT_EXECUTABLE', {
    message: `${source} is nothing that can be entered.`,
    at: { source, offset: 0x10, field: 'e_type' },
    found: typeName(e_type),
    expected: 'ET_EXEC or ET_DYN',
  });
}

export function notLoadable(source: string, offset: number, expected: string): Diagnostic {
  return diagnostic('MULTIBOOT_NOT_LOADABLE', {
    message: `${source} has a Multiboot header, but neither it nor an ELF header says where it is to be loaded.`,
    at: { source, offset },
    found: 'no ELF file',
    expected,
  });
}

/** @param where - Of the field in the file. */
export function badAddress(
  source: string,
  where: { readonly field: FlatField; readonly offset: number },
  found: number,
  expected: string,
): Diagnostic {
  return diagnostic('MULTIBOOT_BAD_ADDRESS', {
    message: `The ${where.field} of ${source} cannot be meant.`,
    at: { source, offset: where.offset, field: where.field },
    found: hex(found),
    expected,
  });
}

export function truncated(source: string, size: number, end: bigint): Diagnostic {
  return diagnostic('MULTIBOOT_TRUNCATED', {
    message: `${source} is cut off: what is loaded should end at ${hex(end)} in the file.`,
    at: { source, offset: size, field: 'load_end_addr' },
    found: `${size} bytes in the file`,
    expected: `at least ${end} bytes`,
  });
}

/** @param offset - Of the field in the file. */
export function entryOutside(source: string, offset: number, field: string, entry: bigint): Diagnostic {
  return diagnostic('MULTIBOOT_ENTRY_OUTSIDE', {
    message: `The entry point of ${source} lies in no memory that is loaded.`,
    at: { source, offset, field },
    found: hex(entry),
    expected: 'an address in what is loaded',
  });
}

export function above4G(source: string, { start, end }: Range): Diagnostic {
  return diagnostic('MULTIBOOT_ABOVE_4G', {
    message: `${source} was linked to end above 4 GiB, and a Multiboot kernel is entered in 32-bit mode.`,
    at: { source },
    found: `${hex(start)}-${hex(end)}`,
    expected: 'an end at 0x100000000 or below',
  });
}

/** @param whose - `the kernel`, or a module's file. */
export function commandLineNul(whose: string, at: number): Diagnostic {
  return diagnostic('MULTIBOOT_COMMAND_LINE_NUL', {
    message: `The command line of ${whose} contains a NUL byte.`,
    at: { field: 'options' },
    found: `NUL at byte ${at}`,
    expected: 'text without NUL',
  });
}

export function moduleEmpty(name: string): Diagnostic {
  return diagnostic('MULTIBOOT_MODULE_EMPTY', {
    message: `The module ${name} is empty.`,
    at: { source: name, field: 'options.module' },
    found: '0 bytes',
    expected: 'at least one byte',
  });
}

/** @param wanted - The flag or the tag that asks; a wish is worth a word, no warning. */
export function noScreen(wanted: string, severity: 'warning' | 'info'): Diagnostic {
  return {
    ...diagnostic('MULTIBOOT_NO_SCREEN', {
      message: `The kernel asks for a screen (${wanted}), and none is known of this machine.`,
      at: { field: 'machine.firmware.screen' },
      found: 'no screen',
      expected: 'a frame buffer, or text',
    }),
    severity,
  };
}

/** @param why - Why it is not told: the protocol, or what its kind of kernel makes of it. */
export function noFirmwareTables(why: string): Diagnostic {
  return warning('MULTIBOOT_NO_FIRMWARE_TABLES', {
    message: `This machine has EFI, and the kernel is not told where the firmware's tables are: ${why}.`,
    at: { field: 'machine.firmware.efi' },
  });
}

export function purposeNotSupported(purpose: string): Diagnostic {
  return diagnostic('MULTIBOOT_PURPOSE', {
    message: `This loader does not plan for the purpose ${purpose}.`,
    found: purpose,
    expected: 'normal',
  });
}
