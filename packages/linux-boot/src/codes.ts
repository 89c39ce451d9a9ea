import type { Codes, Diagnostic } from '@kexec-kit/loader-api';

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
