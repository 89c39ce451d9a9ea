import { type ElfHeader, machineName, typeName } from '@kexec-kit/elf';
import { type Codes, type Diagnostic, hex, type Range } from '@kexec-kit/loader-api';

const PVH = 'xen/docs/misc/pvh.pandoc';
const ELFNOTE = 'xen/include/public/elfnote.h';
const START_INFO = 'xen/include/public/arch-x86/hvm/start_info.h';

/** Every code of this loader's own; those of reading the file come from `@kexec-kit/elf`. */
export const pvhCodes = {
  PVH_NO_ENTRY: {
    cause: 'The file has no note that says where it is entered (Xen note 18, PHYS32_ENTRY).',
    cure: 'Leave out --type pvh, or give a kernel with a PVH entry: Linux has one with CONFIG_PVH, in its vmlinux.',
    spec: PVH,
  },
  PVH_BAD_NOTE: {
    cause: 'A note that the PVH entry needs has a value that it cannot mean.',
    cure: 'The file was damaged or built wrongly: get it from its source again.',
    spec: ELFNOTE,
  },
  PVH_ENTRY_OUTSIDE: {
    cause: 'The PVH entry lies in no segment that is loaded.',
    cure: 'Link the image again: PHYS32_ENTRY is a physical address in its code.',
    spec: `${ELFNOTE}, XEN_ELFNOTE_PHYS32_ENTRY`,
  },
  PVH_MACHINE: {
    cause: 'The file is for another machine than x86.',
    cure: 'Give a kernel that was built for x86.',
    spec: 'gABI, "ELF Header", e_machine',
  },
  PVH_NOT_EXECUTABLE: {
    cause: 'The file is an object file, a core file or alike: nothing that can be entered.',
    cure: 'Give a linked kernel, e.g. vmlinux.',
    spec: 'gABI, "ELF Header", e_type',
  },
  PVH_ABOVE_4G: {
    cause:
      'The image was linked at or above 4 GiB, where code that is entered in 32-bit mode is not reached.',
    cure: 'Give it another entry (--type elf), or link it below 4 GiB.',
    spec: PVH,
  },
  PVH_ADDRESS_TAKEN: {
    cause: 'The memory that the image was linked for may not be had, and the image cannot be moved.',
    cure: 'Use a kernel with the note PHYS32_RELOC (Linux 6.12 has it), start it as ELF (--type elf), or widen --mem-min and --mem-max.',
    spec: `${ELFNOTE}, XEN_ELFNOTE_PHYS32_RELOC`,
  },
  PVH_MEMORY_MAP_TOO_LONG: {
    cause:
      'The memory map has more ranges than the PVH entry of Linux takes: it would use memory that it was not told is taken.',
    cure: 'Start the kernel as ELF (--type elf), which hands on all of them.',
    spec: `${START_INFO}, memmap_entries`,
  },
  PVH_MODULE_EMPTY: {
    cause: 'A file given as a module has no bytes.',
    cure: 'Check that it was written completely, or leave it out.',
  },
  PVH_COMMAND_LINE_NUL: {
    cause: 'The command line of a module contains a NUL byte, at which the kernel would stop reading.',
    cure: 'Remove the NUL byte.',
    spec: `${START_INFO}, hvm_modlist_entry`,
  },
  PVH_EFI_NOT_HANDED_ON: {
    cause: 'This machine has EFI, and hvm_start_info has no place for it.',
    cure: 'Nothing, if the next kernel can do without EFI variables; otherwise start it as bzImage, or through the firmware.',
    spec: START_INFO,
  },
  PVH_NO_RSDP: {
    cause:
      'The machine has EFI and its description does not say where the RSDP is, so that the next kernel finds no ACPI.',
    cure: 'Take the machine description again as root.',
    spec: `${START_INFO}, rsdp_paddr`,
  },
  PVH_PURPOSE: {
    cause: 'A crash kernel was asked for, and this loader plans normal kernels only.',
    cure: 'Use the bzImage of the kernel, or its vmlinux with --type elf.',
  },
} satisfies Codes;

type Code = keyof typeof pvhCodes;
type Rest = Omit<Diagnostic, 'code' | 'severity' | 'hint' | 'spec'>;

function diagnostic(code: Code, rest: Rest): Diagnostic {
  const { cure, ...info } = pvhCodes[code];
  return { code, severity: 'error', hint: cure, ...('spec' in info ? { spec: info.spec } : {}), ...rest };
}

function warning(code: Code, rest: Rest): Diagnostic {
  return { ...diagnostic(code, rest), severity: 'warning' };
}

export function noEntry(source: string, notes: number): Diagnostic {
  return diagnostic('PVH_NO_ENTRY', {
    message: `${source} has no PVH entry.`,
    at: { source, field: 'notes' },
    found: `${notes} notes, none of owner "Xen" and type 18`,
    expected: 'a note PHYS32_ENTRY (18) of owner "Xen"',
  });
}

export function badNote(
  source: string,
  { name, offset }: { readonly name: string; readonly offset: number },
  found: string,
  expected: string,
): Diagnostic {
  return diagnostic('PVH_BAD_NOTE', {
    message: `The note ${name} of ${source} cannot be meant.`,
    at: { source, offset, field: `notes.${name}` },
    found,
    expected,
  });
}

export function entryOutside(source: string, offset: number, entry: bigint): Diagnostic {
  return diagnostic('PVH_ENTRY_OUTSIDE', {
    message: `The PVH entry of ${source} lies in no segment that is loaded.`,
    at: { source, offset, field: 'notes.PHYS32_ENTRY' },
    found: hex(entry),
    expected: 'a physical address in a PT_LOAD',
  });
}

export function wrongMachine(source: string, { e_machine }: ElfHeader): Diagnostic {
  return diagnostic('PVH_MACHINE', {
    message: `${source} is for another machine than x86.`,
    at: { source, offset: 0x12, field: 'e_machine' },
    found: machineName(e_machine),
    expected: 'EM_386 or EM_X86_64',
  });
}

export function notExecutable(source: string, { e_type }: ElfHeader): Diagnostic {
  return diagnostic('PVH_NOT_EXECUTABLE', {
    message: `${source} is nothing that can be entered.`,
    at: { source, offset: 0x10, field: 'e_type' },
    found: typeName(e_type),
    expected: 'ET_EXEC or ET_DYN',
  });
}

export function above4G(source: string, { start, end }: Range): Diagnostic {
  return diagnostic('PVH_ABOVE_4G', {
    message: `${source} was linked at or above 4 GiB, and its PVH entry is 32-bit code.`,
    at: { source, field: 'programHeaders' },
    found: `${hex(start)}-${hex(end)}`,
    expected: 'an end at 0x100000000 or below',
  });
}

/** @param taken - What of the image's own memory may not be had, and why. */
export function addressTaken(
  source: string,
  wanted: Range,
  taken: Range & { readonly reason: string },
): Diagnostic {
  const [own, other] = [wanted, taken].map(({ start, end }) => `${hex(start)}-${hex(end)}`);
  return diagnostic('PVH_ADDRESS_TAKEN', {
    message: `${source} has to lie at ${own}, and ${other} of it may not be had: ${taken.reason}. Without a note PHYS32_RELOC it cannot be moved.`,
    at: { source, field: 'programHeaders' },
    found: `${other} (${taken.reason})`,
    expected: `usable memory at ${own}`,
  });
}

export function memoryMapTooLong(ranges: number, most: number): Diagnostic {
  return diagnostic('PVH_MEMORY_MAP_TOO_LONG', {
    message: `The memory map has ${ranges} ranges, and Linux takes ${most} of them by its PVH entry.`,
    at: { field: 'machine.told' },
    found: `${ranges} ranges`,
    expected: `at most ${most} ranges`,
  });
}

export function moduleEmpty(name: string): Diagnostic {
  return diagnostic('PVH_MODULE_EMPTY', {
    message: `The module ${name} is empty.`,
    at: { source: name, field: 'options.module' },
    found: '0 bytes',
    expected: 'at least one byte',
  });
}

export function moduleCommandLineNul(name: string, at: number): Diagnostic {
  return diagnostic('PVH_COMMAND_LINE_NUL', {
    message: `The command line of the module ${name} contains a NUL byte.`,
    at: { source: name, field: 'options.module' },
    found: `NUL at byte ${at}`,
    expected: 'text without NUL',
  });
}

export function efiNotHandedOn(): Diagnostic {
  return warning('PVH_EFI_NOT_HANDED_ON', {
    message: 'EFI runtime services are not handed on: hvm_start_info has no place for them.',
    at: { field: 'machine.firmware.efi' },
  });
}

export function noRsdp(): Diagnostic {
  return warning('PVH_NO_RSDP', {
    message: 'Nobody knows where the RSDP is: on a machine with EFI the next kernel will find no ACPI.',
    at: { field: 'machine.firmware.acpiRsdp' },
  });
}

export function purposeNotSupported(purpose: string): Diagnostic {
  return diagnostic('PVH_PURPOSE', {
    message: `This loader does not plan for the purpose ${purpose}.`,
    found: purpose,
    expected: 'normal',
  });
}
