import { type Address, type Codes, type Diagnostic, hex, type Range } from '@kexec-kit/loader-api';

const SETUP = 'xen/arch/x86/setup.c';
const HEAD = 'xen/arch/x86/boot/head.S';

/** Every code of this loader's own; those of the file and of what it is told come from `elf` and `multiboot-info`. */
export const xenCodes = {
  XEN_NOT_XEN: {
    cause: 'The file is an ELF file that has nothing of the Xen hypervisor in it.',
    cure: 'Leave out --type xen, or give the hypervisor: xen.gz of a distribution, xen/xen of a build.',
  },
  XEN_NO_HEADER: {
    cause: 'The image has no Multiboot header, of neither version, with a right checksum.',
    cure: 'Give xen.gz or xen: xen-syms and xen.efi cannot be started this way.',
    spec: 'Multiboot 0.6.96, 3.1.1; Multiboot2 2.0, 3.1.1',
  },
  XEN_PROTOCOL: {
    cause:
      'The version of Multiboot that --protocol asks for is none of those that the image has a header for.',
    cure: 'Leave out --protocol: the highest version that the image has is taken.',
  },
  XEN_NO_DOM0: {
    cause:
      'Xen starts with a kernel for its first domain, and none was given; or something was given for a kernel that is not there.',
    cure: 'Give the kernel with --dom0 FILE, or as the first --module.',
    spec: SETUP,
  },
  XEN_DOM0_COMMAND_LINE_TOO_LONG: {
    cause:
      "The command line of dom0's kernel is longer than Xen hands on: the rest would be cut off without a word.",
    cure: 'Shorten the command line.',
    spec: 'xen/include/public/xen.h, MAX_GUEST_CMDLINE',
  },
  XEN_NO_BIOS: {
    cause:
      'This machine has no BIOS, and Xen trusts what one leaves below 1 MiB: two words there are written just before it starts, and it is told not to call the BIOS (no-real-mode).',
    cure: 'Nothing; --bios present, if this machine has a BIOS after all.',
    spec: HEAD,
  },
  XEN_NO_TRAMPOLINE: {
    cause:
      'Without a BIOS, Xen takes 64 KiB below 640 KiB to start its CPUs, and on this machine that memory is not all RAM.',
    cure: 'Start Xen through the firmware of this machine.',
    spec: HEAD,
  },
  XEN_NO_ACPI: {
    cause:
      'Xen looks for the ACPI tables below 1 MiB only, and on this machine they are reached from elsewhere.',
    cure: 'Without ACPI dom0 has fewer devices, and its console needs initcall_blacklist=cmos_init; to have ACPI, start Xen through the firmware.',
    spec: 'ACPI 6.5, 5.2.5.1; xen/drivers/acpi/osl.c',
  },
} satisfies Codes;

type Code = keyof typeof xenCodes;
type Rest = Omit<Diagnostic, 'code' | 'severity' | 'hint' | 'spec'>;

function diagnostic(code: Code, rest: Rest, severity: Diagnostic['severity'] = 'error'): Diagnostic {
  const { cure, ...info } = xenCodes[code];
  return { code, severity, hint: cure, ...('spec' in info ? { spec: info.spec } : {}), ...rest };
}

export function notXen(source: string): Diagnostic {
  return diagnostic('XEN_NOT_XEN', {
    message: `${source} is not the Xen hypervisor.`,
    at: { source },
    found: 'nothing that only Xen says',
    expected: 'the words with which Xen begins to speak',
  });
}

/** @param reasons - Why neither header counts. */
export function noHeader(source: string, reasons: readonly string[]): Diagnostic {
  return diagnostic('XEN_NO_HEADER', {
    message: `${source} has no Multiboot header.`,
    at: { source, field: 'multiboot_header.magic' },
    found: reasons.join('; '),
    expected: 'a Multiboot or Multiboot2 header with a right checksum',
  });
}

export function protocolMissing(source: string, wanted: string, has: readonly string[]): Diagnostic {
  return diagnostic('XEN_PROTOCOL', {
    message: `${source} has no header of Multiboot ${wanted}.`,
    at: { source, field: 'options.protocol' },
    found: wanted,
    expected: has.join(' or '),
  });
}

/** @param orphans - The options that were given for a kernel that is not there. */
export function noDom0(orphans: readonly string[]): Diagnostic {
  const given = orphans.join(' and ');
  return diagnostic('XEN_NO_DOM0', {
    message:
      orphans.length === 0
        ? 'Xen does not start without a kernel for dom0.'
        : `${given} was given without a kernel for dom0 that it is for.`,
    at: { field: 'options.dom0' },
    found: orphans.length === 0 ? 'neither --dom0 nor --module' : `${given} without --dom0`,
    expected: '--dom0 FILE',
  });
}

export function dom0CommandLineTooLong(length: number, limit: number): Diagnostic {
  return diagnostic('XEN_DOM0_COMMAND_LINE_TOO_LONG', {
    message: `The command line of dom0 has ${length} bytes, and Xen hands on ${limit} at most.`,
    at: { field: 'options.dom0Arguments' },
    found: `${length} bytes`,
    expected: `at most ${limit} bytes`,
  });
}

/** @param because - What says that there is no BIOS. */
export function noBios(because: string, pokes: readonly string[]): Diagnostic {
  return diagnostic(
    'XEN_NO_BIOS',
    {
      message: `This machine has no BIOS: ${because}. So ${pokes.join(' and ')}, and no-real-mode is added.`,
      at: { field: 'machine.firmware' },
      found: because,
    },
    'info',
  );
}

/** @param taken - The first stretch of it that is not RAM. */
export function noTrampoline({ start, end }: Range, taken: Range): Diagnostic {
  return diagnostic('XEN_NO_TRAMPOLINE', {
    message: `Xen would write to ${hex(start)}-${hex(end)} to start its CPUs, and ${hex(taken.start)}-${hex(taken.end)} of it is no RAM.`,
    at: { field: 'machine.told' },
    found: `${hex(taken.start)}-${hex(taken.end)} is no RAM`,
    expected: `RAM at ${hex(start)}-${hex(end)}`,
  });
}

/** @param rsdp - Where the RSDP is, if that is known. */
export function noAcpi(rsdp: Address | undefined): Diagnostic {
  const where = rsdp === undefined ? 'where EFI put it' : `at ${hex(rsdp)}`;
  return diagnostic(
    'XEN_NO_ACPI',
    {
      message: `Xen will find no ACPI: the RSDP is ${where}, and it is looked for below 1 MiB only.`,
      at: { field: 'machine.firmware.acpiRsdp' },
      found: where,
      expected: 'below 0x100000',
    },
    'warning',
  );
}
