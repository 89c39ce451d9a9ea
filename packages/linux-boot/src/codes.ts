import { type Codes, type Diagnostic, hex } from '@kexec-kit/loader-api';
import { LOWEST } from './placement.js';

const BOOT_RST = 'Documentation/arch/x86/boot.rst';

/** Every code that building the boot parameters can give: a loader for Linux kernels adds these to its own. */
export const linuxBootCodes = {
  LINUX_COMMAND_LINE_TOO_LONG: {
    cause: 'The command line is longer than the kernel can take.',
    cure: 'Shorten it: the kernel would silently drop what is beyond its limit.',
    spec: `${BOOT_RST}, cmdline_size`,
  },
  LINUX_COMMAND_LINE_NUL: {
    cause: 'The command line contains a NUL byte, at which the kernel would stop reading.',
    cure: 'Remove the NUL byte.',
    spec: `${BOOT_RST}, "The Kernel Command Line"`,
  },
  LINUX_INITRD_EMPTY: {
    cause: 'A file given as an initrd has no bytes.',
    cure: 'Check that the initrd was written completely, or leave it out.',
  },
  LINUX_INITRD_TOO_LARGE: {
    cause:
      'The initrds together are larger than the memory in which this kernel, entered so, can look for them.',
    cure: 'Use a smaller initrd, or the 64-bit entry of a 64-bit kernel.',
    spec: `${BOOT_RST}, initrd_addr_max`,
  },
  LINUX_MEMORY_MAP_CUT: {
    cause:
      'The memory map has more ranges than boot_params holds, and the kernel is too old to be told of the rest (setup_data came with protocol 2.09).',
    cure: 'Nothing is damaged: the kernel uses less memory than there is. Use a newer kernel to use all of it.',
    spec: `${BOOT_RST}, setup_data`,
  },
  LINUX_EFI_NOT_HANDED_ON: {
    cause: 'This machine has EFI runtime services, and the next kernel will start without them.',
    cure: 'Boot through the firmware if the next kernel needs EFI variables, or switch EFI off if it does not.',
    spec: `${BOOT_RST}, xloadflags`,
  },
  LINUX_MACHINE_FIELD: {
    cause: 'A value in the machine description cannot be written into the boot parameters.',
    cure: 'Take the machine description again, or correct the field.',
    spec: 'Documentation/arch/x86/zero-page.rst',
  },
} satisfies Codes;

export function commandLineTooLong(length: number, limit: number): Diagnostic {
  return {
    code: 'LINUX_COMMAND_LINE_TOO_LONG',
    severity: 'error',
    message: `The command line has ${length} bytes; this kernel takes ${limit}.`,
    at: { field: 'setup_header.cmdline_size' },
    found: `${length} bytes`,
    expected: `at most ${limit} bytes`,
    hint: linuxBootCodes.LINUX_COMMAND_LINE_TOO_LONG.cure,
    spec: linuxBootCodes.LINUX_COMMAND_LINE_TOO_LONG.spec,
  };
}

export function commandLineHasNul(at: number): Diagnostic {
  return {
    code: 'LINUX_COMMAND_LINE_NUL',
    severity: 'error',
    message: 'The command line contains a NUL byte.',
    found: `NUL at byte ${at}`,
    expected: 'text without NUL',
    hint: linuxBootCodes.LINUX_COMMAND_LINE_NUL.cure,
    spec: linuxBootCodes.LINUX_COMMAND_LINE_NUL.spec,
  };
}

export function initrdEmpty(name: string): Diagnostic {
  return {
    code: 'LINUX_INITRD_EMPTY',
    severity: 'warning',
    message: `The initrd ${name} is empty.`,
    at: { source: name },
    found: '0 bytes',
    expected: 'an archive',
    hint: linuxBootCodes.LINUX_INITRD_EMPTY.cure,
  };
}

export function initrdTooLarge(size: bigint, end: bigint): Diagnostic {
  return {
    code: 'LINUX_INITRD_TOO_LARGE',
    severity: 'error',
    message: `The initrds have ${size} bytes, and this kernel looks for them below ${hex(end)}.`,
    at: { field: 'setup_header.ramdisk_size' },
    found: `${size} bytes`,
    expected: `at most ${end - LOWEST} bytes, from 1 MiB on`,
    hint: linuxBootCodes.LINUX_INITRD_TOO_LARGE.cure,
    spec: linuxBootCodes.LINUX_INITRD_TOO_LARGE.spec,
  };
}

export function memoryMapCut(ranges: number, handed: number): Diagnostic {
  return {
    code: 'LINUX_MEMORY_MAP_CUT',
    severity: 'warning',
    message: `The kernel is told of the first ${handed} ranges of memory only.`,
    at: { field: 'boot_params.e820_table' },
    found: `${ranges} ranges`,
    expected: `at most ${handed} ranges`,
    hint: linuxBootCodes.LINUX_MEMORY_MAP_CUT.cure,
    spec: linuxBootCodes.LINUX_MEMORY_MAP_CUT.spec,
  };
}

/** @param reason - One clause, e.g. `the kernel lacks XLF_EFI_KEXEC`. */
export function efiNotHandedOn(reason: string): Diagnostic {
  return {
    code: 'LINUX_EFI_NOT_HANDED_ON',
    severity: 'warning',
    message: `EFI runtime services are not handed on: ${reason}.`,
    hint: linuxBootCodes.LINUX_EFI_NOT_HANDED_ON.cure,
    spec: linuxBootCodes.LINUX_EFI_NOT_HANDED_ON.spec,
  };
}

export function machineField(field: string, found: string, expected: string): Diagnostic {
  return {
    code: 'LINUX_MACHINE_FIELD',
    severity: 'error',
    message: `The machine's ${field} cannot be handed on.`,
    at: { field },
    found,
    expected,
    hint: linuxBootCodes.LINUX_MACHINE_FIELD.cure,
    spec: linuxBootCodes.LINUX_MACHINE_FIELD.spec,
  };
}
