import type { Codes, Diagnostic } from '@kexec-kit/loader-api';

const KDUMP_RST = 'Documentation/admin-guide/kdump/kdump.rst';

/** Every code that preparing a crash kernel can give: a loader for Linux kernels adds these to its own. */
export const kdumpCodes = {
  KDUMP_NO_REGION: {
    cause: 'No memory is reserved for a crash kernel.',
    cure: 'Boot the running kernel with crashkernel=256M, or with less or more, as the crash kernel and its initrd need.',
    spec: `${KDUMP_RST}, "crashkernel syntax"`,
  },
  KDUMP_NO_NOTES: {
    cause:
      'Where the CPUs leave their registers at a crash is not known, so that there would be nothing to dump.',
    cure: 'Read the machine as root, or take its snapshot again on the machine itself: it has to be of the boot that may crash.',
    spec: `${KDUMP_RST}, "Load the Dump-capture Kernel"`,
  },
  KDUMP_TOO_MANY_PIECES: {
    cause: 'Memory and CPUs are more pieces than an ELF header can count.',
    cure: 'Report it, with the snapshot of the machine: no machine should have so many.',
    spec: 'gABI, "ELF Header", e_phnum',
  },
} satisfies Codes;

function diagnostic(
  code: keyof typeof kdumpCodes,
  rest: Omit<Diagnostic, 'code' | 'severity' | 'hint' | 'spec'>,
): Diagnostic {
  const { cure, spec } = kdumpCodes[code];
  return { code, severity: 'error', hint: cure, spec, ...rest };
}

/** What is said where the machine has no memory for a crash kernel. */
export function noRegion(): Diagnostic {
  return diagnostic('KDUMP_NO_REGION', {
    message: 'No memory is reserved for a crash kernel.',
    at: { field: 'machine.crashKernel' },
    found: 'no region',
    expected: '"Crash kernel" in /proc/iomem',
  });
}

export function noNotes(): Diagnostic {
  return diagnostic('KDUMP_NO_NOTES', {
    message: 'Where the CPUs leave their registers at a crash is not known.',
    at: { field: 'machine.crash.cpuNotes' },
    found: 'no CPU',
    expected: 'at least one, from /sys/devices/system/cpu/cpu*/crash_notes',
  });
}

export function tooManyPieces(count: number, most: number): Diagnostic {
  return diagnostic('KDUMP_TOO_MANY_PIECES', {
    message: `Memory and CPUs of this machine are ${count} pieces.`,
    at: { field: 'machine.crash' },
    found: `${count} pieces`,
    expected: `at most ${most}`,
  });
}
