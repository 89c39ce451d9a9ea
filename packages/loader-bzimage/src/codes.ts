import { type Codes, type Diagnostic, hex } from '@kexec-kit/loader-api';
import { protocolName } from '@kexec-kit/linux-boot';
import { type FormatError, placeOf } from '@kexec-kit/structures';

const BOOT_RST = 'Documentation/arch/x86/boot.rst';

/** Every code of this loader's own; those of building boot_params come from `@kexec-kit/linux-boot`. */
export const bzimageCodes = {
  BZIMAGE_NOT_A_KERNEL: {
    cause: 'The file lacks the marks of a Linux/x86 kernel: 0xaa55 at 0x1fe and "HdrS" at 0x202.',
    cure: 'Give the vmlinuz or bzImage of an x86 kernel, or another --type.',
    spec: `${BOOT_RST}, boot_flag and header`,
  },
  BZIMAGE_TRUNCATED: {
    cause: 'The file ends before the kernel that its header declares.',
    cure: 'Copy or download the kernel again: the end of it is missing.',
    spec: `${BOOT_RST}, syssize`,
  },
  BZIMAGE_SIGNATURE_LOST: {
    cause: 'The kernel is whole, but the certificates that sign it are cut off or missing.',
    cure: 'Copy the kernel again if anybody is to verify its signature; it boots without.',
    spec: 'PE Format, "The Attribute Certificate Table (Image Only)"',
  },
  BZIMAGE_HEADER_LENGTH: {
    cause: 'The length that the setup header declares does not fit the protocol version that it declares.',
    cure: 'The kernel was damaged or built by something else than Linux: get it from its source again.',
    spec: `${BOOT_RST}, jump`,
  },
  BZIMAGE_BAD_FIELD: {
    cause: 'A field of the setup header has a value that no kernel can mean.',
    cure: 'The kernel was damaged or built by something else than Linux: get it from its source again.',
    spec: `${BOOT_RST}, "Details of Header Fields"`,
  },
  BZIMAGE_NO_PAYLOAD: {
    cause:
      'The kernel does not say where its compressed part is: it is older than Linux 2.6.26, or no Linux at all.',
    cure: 'Boot it as it is; there is nothing in it to be extracted.',
    spec: `${BOOT_RST}, payload_offset and payload_length`,
  },
  BZIMAGE_PAYLOAD_OUTSIDE: {
    cause: 'The place where the header says that the compressed part is does not lie within the kernel.',
    cure: 'The kernel was damaged or built by something else than Linux: get it from its source again.',
    spec: `${BOOT_RST}, payload_offset and payload_length`,
  },
  BZIMAGE_PROTOCOL_TOO_OLD: {
    cause:
      'The kernel speaks a boot protocol that lacks the entry asked for: the 64-bit one came with 2.12, the 32-bit one needs 2.02.',
    cure: 'Leave the choice of the entry to the loader, or use --real-mode after a BIOS.',
    spec: `${BOOT_RST}, version`,
  },
  BZIMAGE_NO_64BIT_ENTRY: {
    cause: 'The 64-bit entry was asked for, and the kernel has none (xloadflags bit 0, XLF_KERNEL_64).',
    cure: 'Leave the choice of the entry to the loader, or use a 64-bit kernel.',
    spec: `${BOOT_RST}, xloadflags`,
  },
  BZIMAGE_RUNNING_KERNEL: {
    cause: 'The running kernel is 32-bit, and entering a kernel at its 64-bit entry needs a 64-bit one.',
    cure: 'Leave the choice of the entry to the loader: a 64-bit kernel has a 32-bit entry too.',
    spec: `${BOOT_RST}, "64-bit Boot Protocol"`,
  },
  BZIMAGE_ENTRY_CONFLICT: {
    cause: 'Two entries were asked for at once: --real-mode and --entry-32bit.',
    cure: 'Give one of them.',
  },
  BZIMAGE_NO_BIOS: {
    cause:
      'The 16-bit entry was asked for on a machine that was started by EFI: the real-mode code needs a BIOS.',
    cure: 'Use the 32-bit or the 64-bit entry: they ask nobody.',
    spec: `${BOOT_RST}, "The Linux/x86 Boot Protocol"`,
  },
  BZIMAGE_BIOS_NOT_SEEN: {
    cause:
      'The 16-bit entry asks a BIOS for memory, screen and disks, and nothing shows that this machine has one.',
    cure: 'Make sure that there is a BIOS, or use the 32-bit or the 64-bit entry: they ask nobody.',
    spec: `${BOOT_RST}, "The Linux/x86 Boot Protocol"`,
  },
  BZIMAGE_I386_LIMIT: {
    cause:
      'With an i386 kernel on either side of the hand-over everything but the initrd lies below 896 MiB, or below initrd_addr_max, and the kernel does not fit there.',
    cure: 'Leave room below 896 MiB (for a crash kernel: crashkernel=256M@64M), or use 64-bit kernels on both sides.',
    spec: `${BOOT_RST}, initrd_addr_max`,
  },
  BZIMAGE_LAST_PARAGRAPH: {
    cause:
      'The file ends within the last 16 bytes that its header declares, and is not of those that Linux itself pads.',
    cure: 'Nothing is to be done if the image comes so: its header counts in units of 16 bytes.',
    spec: `${BOOT_RST}, syssize`,
  },
  BZIMAGE_CRASH_REAL_MODE: {
    cause:
      'A crash kernel was to be entered at its 16-bit entry, which works in memory that belongs to the system that crashed.',
    cure: 'Use the 32-bit or the 64-bit entry.',
    spec: 'Documentation/admin-guide/kdump/kdump.rst, "System kernel config options"',
  },
  BZIMAGE_CRASH_FIXED: {
    cause: 'A crash kernel runs at one address only, and that is not in the memory reserved for it.',
    cure: 'Use a kernel that was built with CONFIG_RELOCATABLE, as those of distributions are, or reserve memory where this one runs: crashkernel=64M@16M.',
    spec: `${BOOT_RST}, relocatable_kernel`,
  },
  BZIMAGE_NOT_FOR_FILE_LOAD: {
    cause:
      'The call kexec_file_load was asked for, and a running kernel loads only 64-bit bzImages of protocol 2.12 that may go above 4 GiB (xloadflags bits 0 and 1), entered in 64-bit mode.',
    cure: 'Use kexec_load: kexec-kit --method segments, kexec -c.',
    spec: `${BOOT_RST}, xloadflags`,
  },
} satisfies Codes;

type Code = keyof typeof bzimageCodes;

function diagnostic(code: Code, rest: Omit<Diagnostic, 'code' | 'severity' | 'hint' | 'spec'>): Diagnostic {
  const { cure, ...info } = bzimageCodes[code];
  return { code, severity: 'error', hint: cure, ...('spec' in info ? { spec: info.spec } : {}), ...rest };
}

export function notAKernel(source: string, found: string): Diagnostic {
  return diagnostic('BZIMAGE_NOT_A_KERNEL', {
    message: `${source} is not a Linux/x86 kernel.`,
    at: { source, offset: 0x1fe, field: 'setup_header.boot_flag' },
    found,
    expected: '0xaa55 at 0x1fe and "HdrS" at 0x202',
  });
}

/** The header itself is cut off. */
export function headerTruncated(source: string, size: number, error: FormatError): Diagnostic {
  return diagnostic('BZIMAGE_TRUNCATED', {
    message: `${source} ends within its setup header.`,
    // A field may begin behind the end, where the header left others out.
    at: { ...placeOf(error, source), offset: Math.min(error.offset, size) },
    found: `${size} bytes in the file`,
    expected: `${error.expected} at ${hex(error.offset)}`,
  });
}

/** What the header declares is cut off. */
export function kernelTruncated(
  source: string,
  size: number,
  declared: number,
  field: 'setup_sects' | 'syssize',
): Diagnostic {
  return diagnostic('BZIMAGE_TRUNCATED', {
    message: `${source} is cut off: ${declared - size} bytes of the kernel are missing.`,
    at: { source, offset: size, field: `setup_header.${field}` },
    found: `${size} bytes`,
    expected: `at least ${declared} bytes`,
  });
}

export function signatureLost(source: string, size: number, end: number): Diagnostic {
  return {
    ...diagnostic('BZIMAGE_SIGNATURE_LOST', {
      message: `${source} has lost ${end - size} bytes of the certificates that sign it.`,
      at: { source, offset: size, field: 'pe_certificates.certificate_table' },
      found: `${size} bytes`,
      expected: `${end} bytes`,
    }),
    severity: 'warning',
  };
}

export function headerLength(source: string, found: string, expected: string): Diagnostic {
  return diagnostic('BZIMAGE_HEADER_LENGTH', {
    message: `The setup header of ${source} has an impossible length.`,
    at: { source, offset: 0x200, field: 'setup_header.jump' },
    found,
    expected,
  });
}

export function badField(
  source: string,
  field: { readonly name: string; readonly offset: number },
  found: string,
  expected: string,
): Diagnostic {
  return diagnostic('BZIMAGE_BAD_FIELD', {
    message: `The ${field.name} of ${source} cannot be meant.`,
    at: { source, offset: field.offset, field: `setup_header.${field.name}` },
    found,
    expected,
  });
}

export function protocolTooOld(source: string, version: number, entry: string, since: string): Diagnostic {
  return diagnostic('BZIMAGE_PROTOCOL_TOO_OLD', {
    message: `${source} speaks boot protocol ${protocolName(version)}, which has no ${entry}-bit entry.`,
    at: { source, offset: 0x206, field: 'setup_header.version' },
    found: protocolName(version),
    expected: `${since} or newer`,
  });
}

export function no64BitEntry(source: string, xloadflags: number): Diagnostic {
  return diagnostic('BZIMAGE_NO_64BIT_ENTRY', {
    message: `${source} has no 64-bit entry.`,
    at: { source, offset: 0x236, field: 'setup_header.xloadflags' },
    found: `xloadflags ${hex(xloadflags)}`,
    expected: 'bit 0 (XLF_KERNEL_64) set',
  });
}

export function runningKernel(architecture: string): Diagnostic {
  return diagnostic('BZIMAGE_RUNNING_KERNEL', {
    message: 'The 64-bit entry cannot be reached from a 32-bit kernel.',
    at: { field: 'machine.architecture' },
    found: architecture,
    expected: 'x86_64',
  });
}

export function entriesConflict(): Diagnostic {
  return diagnostic('BZIMAGE_ENTRY_CONFLICT', {
    message: 'The 16-bit and the 32-bit entry cannot both be taken.',
    found: '--real-mode and --entry-32bit',
    expected: 'one of them',
  });
}

export function noBios(): Diagnostic {
  return diagnostic('BZIMAGE_NO_BIOS', {
    message: 'An EFI machine has no BIOS, which the 16-bit entry needs.',
    at: { field: 'machine.firmware.efi' },
    found: 'EFI',
    expected: 'a BIOS',
  });
}

export function biosNotSeen(): Diagnostic {
  return {
    ...diagnostic('BZIMAGE_BIOS_NOT_SEEN', {
      message: 'The 16-bit entry needs a BIOS, and this machine shows none.',
      at: { field: 'machine.firmware' },
      found: 'no ACPI RSDP below 1 MiB and no EDD',
      expected: 'a BIOS',
    }),
    severity: 'warning',
  };
}

/** @param i386 - Which side is i386, in one clause. */
export function i386Limit(i386: string, end: bigint, found: string): Diagnostic {
  return diagnostic('BZIMAGE_I386_LIMIT', {
    message: `The kernel has to lie below ${hex(end)}, since ${i386}, and does not fit there.`,
    found,
    expected: `room below ${hex(end)}`,
  });
}

/** The file is shorter than its header declares, but by less than the header can count. */
export function lastParagraph(source: string, size: number, declared: number): Diagnostic {
  return {
    ...diagnostic('BZIMAGE_LAST_PARAGRAPH', {
      message: `${source} ends ${declared - size} bytes before the end of its last paragraph.`,
      at: { source, offset: size, field: 'setup_header.syssize' },
      found: `${size} bytes`,
      expected: `${declared} bytes, rounded up to 16`,
    }),
    severity: 'info',
  };
}

export function crashInRealMode(): Diagnostic {
  return diagnostic('BZIMAGE_CRASH_REAL_MODE', {
    message: 'A crash kernel cannot be entered at its 16-bit entry.',
    found: 'the 16-bit entry',
    expected: 'the 32-bit or the 64-bit entry',
  });
}

/** @param region - Where it would have to lie, in words. */
export function crashFixed(source: string, address: bigint, region: string): Diagnostic {
  return diagnostic('BZIMAGE_CRASH_FIXED', {
    message: `${source} runs at ${hex(address)} only.`,
    at: { source, offset: 0x234, field: 'setup_header.relocatable_kernel' },
    found: `relocatable_kernel 0, for ${hex(address)}`,
    expected: `relocatable_kernel 1, or memory reserved at ${hex(address)} instead of ${region}`,
  });
}

export function noPayload(source: string): Diagnostic {
  return diagnostic('BZIMAGE_NO_PAYLOAD', {
    message: `${source} does not say where its compressed part is.`,
    at: { source, field: 'setup_header.payload_length' },
    found: '0, or no such field',
    expected: 'the size of a compressed kernel',
  });
}

/** @param end - Where the payload would end, in bytes of the file. */
export function payloadOutside(source: string, end: number, size: number): Diagnostic {
  return diagnostic('BZIMAGE_PAYLOAD_OUTSIDE', {
    message: `The compressed part of ${source} would not lie within it.`,
    at: { source, field: 'setup_header.payload_length' },
    found: `an end at ${hex(end)}`,
    expected: `an end at ${hex(size)} or before`,
  });
}

/** What the running kernel would answer with ENOEXEC. */
export function notForFileLoad(source: string, field: string, found: string, expected: string): Diagnostic {
  return diagnostic('BZIMAGE_NOT_FOR_FILE_LOAD', {
    message: `${source} is no kernel that the running one can load by itself.`,
    at: { source, field },
    found,
    expected,
  });
}
