import { hex, type Codes, type Diagnostic, type Range } from '@kexec-kit/loader-api';
import { quote } from './text.js';

const IOMEM = '/proc/iomem';
const MEMMAP = '/sys/firmware/memmap';
const MEMMAP_SPEC = 'Documentation/ABI/testing/sysfs-firmware-memmap';
const BOOT_PARAMS = '/sys/kernel/boot_params/data';

/** Every code of this package, for `explain` and the generated reference. */
export const codes = {
  MACHINE_FILE_UNREADABLE: {
    cause: 'A file in /proc or /sys is there but cannot be read.',
    cure: 'Run as root; in a container, give it the host’s /proc and /sys.',
  },
  MACHINE_FILE_MISSING: {
    cause: 'A file that says something about the machine is not there, so a default was taken.',
    cure: 'Mount /proc and /sys; look whether the running kernel was configured without the file.',
  },
  MACHINE_ARCHITECTURE_UNKNOWN: {
    cause:
      'The running kernel is of an architecture that kexec-kit does not know, or does not say which it is.',
    cure: 'Run on x86_64 or i386.',
  },
  MACHINE_IOMEM_MISSING: {
    cause: '/proc/iomem is not there.',
    cure: 'Mount /proc.',
  },
  MACHINE_IOMEM_HIDDEN: {
    cause:
      'The kernel shows the addresses in /proc/iomem to privileged readers only; here all of them are zero.',
    cure: 'Run as root (CAP_SYS_ADMIN in the first user namespace).',
    spec: 'Documentation/filesystems/proc.rst',
  },
  MACHINE_IOMEM_MALFORMED: {
    cause: 'A line of /proc/iomem is not `start-end : name`.',
    cure: 'Report it with the line; the file was probably not written by Linux.',
  },
  MACHINE_MEMMAP_MISSING: {
    cause: 'The kernel does not show what the firmware told of memory, so /proc/iomem is handed on instead.',
    cure: 'Use a kernel with CONFIG_FIRMWARE_MEMMAP; below Xen this is normal.',
    spec: MEMMAP_SPEC,
  },
  MACHINE_MEMMAP_MALFORMED: {
    cause: 'An entry of /sys/firmware/memmap lacks a start, an end or a type that can be understood.',
    cure: 'Report it with the entry; the files were probably not written by Linux.',
    spec: MEMMAP_SPEC,
  },
  MACHINE_MEMMAP_UNKNOWN_TYPE: {
    cause: 'The firmware’s map has a type that kexec-kit does not know; it is treated as reserved.',
    cure: 'Nothing needs to be done; report the type so that it can be handed on as what it is.',
    spec: MEMMAP_SPEC,
  },
  MACHINE_MEMMAP_OVERLAP: {
    cause: 'Two entries of the firmware’s map overlap; what is not RAM wins.',
    cure: 'Nothing needs to be done; the firmware is at fault.',
  },
  MACHINE_TOO_MANY_REGIONS: {
    cause: 'The memory map has more entries than any machine.',
    cure: 'Look at the file: it was probably not written by Linux.',
  },
  MACHINE_NO_RAM: {
    cause: 'No page of RAM is left in which anything could be placed.',
    cure: 'Compare System RAM in /proc/iomem with /sys/firmware/memmap; is a `mem=` or `memmap=` too strict?',
  },
  MACHINE_BOOT_PARAMS_MALFORMED: {
    cause: 'The running kernel’s boot parameters are not 4096 bytes long.',
    cure: 'Report it; screen, EFI, EDD and ACPI pointers of the boot parameters were left out.',
    spec: 'Documentation/arch/x86/zero-page.rst',
  },
  MACHINE_COMMAND_LINE_TOO_LONG: {
    cause: 'The running kernel’s command line is longer than any that Linux takes, so it was left out.',
    cure: 'Look at the file: it was probably not written by Linux.',
  },
  MACHINE_CPUS_MALFORMED: {
    cause: 'The list of possible CPUs cannot be understood, so one CPU was assumed.',
    cure: 'Report it with the list.',
    spec: 'Documentation/admin-guide/cputopology.rst',
  },
  MACHINE_EFI_INCOMPLETE: {
    cause:
      'The machine was started by EFI, but the kernel does not show everything that the next kernel needs of it.',
    cure: 'The next kernel will run without EFI runtime services; boot without `efi=noruntime` to keep them.',
    spec: 'Documentation/ABI/testing/sysfs-firmware-efi',
  },
  MACHINE_EDD_MALFORMED: {
    cause: 'A disk in /sys/firmware/edd cannot be understood; it was left out.',
    cure: 'Nothing needs to be done unless the next kernel has to find its disk by EDD.',
  },
  MACHINE_CRASH_NOTES: {
    cause:
      'The kernel does not say, or not in a form that can be understood, where its CPUs leave their registers at a crash.',
    cure: 'Run as root; a dump would lack what the CPUs were doing. Below Xen the hypervisor keeps these notes.',
    spec: 'Documentation/ABI/testing/sysfs-devices-system-cpu',
  },
  MACHINE_VMCOREINFO: {
    cause: 'The kernel does not say, or not in a form that can be understood, where its vmcoreinfo lies.',
    cure: 'Use a kernel with CONFIG_VMCORE_INFO (CONFIG_CRASH_CORE before Linux 6.9); without it most tools cannot read a dump.',
    spec: 'Documentation/ABI/testing/sysfs-kernel-vmcoreinfo',
  },
  MACHINE_KCORE_UNKNOWN: {
    cause: '/proc/kcore cannot be read, or does not say where the kernel maps memory.',
    cure: 'Nothing needs to be done for makedumpfile or crash, which read vmcoreinfo; gdb may not find symbols in a dump.',
    spec: 'Documentation/filesystems/proc.rst',
  },
  MACHINE_SNAPSHOT_NOT_JSON: {
    cause: 'The snapshot is not JSON.',
    cure: 'Take a new one with `kexec-kit machine`.',
  },
  MACHINE_SNAPSHOT_FORMAT: {
    cause: 'The file is JSON, but no machine snapshot.',
    cure: 'Give a file that `kexec-kit machine` wrote.',
  },
  MACHINE_SNAPSHOT_VERSION: {
    cause: 'The snapshot is of a version that this kexec-kit does not know.',
    cure: 'Take a new one with this kexec-kit, or update kexec-kit.',
  },
  MACHINE_SNAPSHOT_INVALID: {
    cause: 'A field of the snapshot is missing, unknown, of the wrong form or contradicts another.',
    cure: 'Take a new one with `kexec-kit machine`; snapshots are not edited by hand without care.',
  },
} as const satisfies Codes;

type Code = keyof typeof codes;
type Details = Omit<Diagnostic, 'code' | 'severity' | 'message'>;

function diagnostic(
  severity: Diagnostic['severity'],
  code: Code,
  message: string,
  details: Details = {},
): Diagnostic {
  const { cure, spec } = codes[code] as { cure: string; spec?: string };
  return { code, severity, message, hint: cure, ...(spec === undefined ? {} : { spec }), ...details };
}

export const fileUnreadable = (path: string, why: string): Diagnostic =>
  diagnostic('error', 'MACHINE_FILE_UNREADABLE', `${path} cannot be read`, {
    at: { source: path },
    found: why,
  });

export const fileMissing = (path: string, assumed: string): Diagnostic =>
  diagnostic('warning', 'MACHINE_FILE_MISSING', `${path} is not there: ${assumed}`, { at: { source: path } });

export const architectureUnknown = (found: string | undefined): Diagnostic =>
  diagnostic('error', 'MACHINE_ARCHITECTURE_UNKNOWN', 'the running kernel’s architecture is not known', {
    found: quote(found),
    expected: 'x86_64 or i386 to i686',
  });

export const iomemMissing = (): Diagnostic =>
  diagnostic('error', 'MACHINE_IOMEM_MISSING', `${IOMEM} is not there`, { at: { source: IOMEM } });

export const iomemHidden = (lines: number): Diagnostic =>
  diagnostic(
    'error',
    'MACHINE_IOMEM_HIDDEN',
    `all addresses in ${IOMEM} are zero: they are hidden from you`,
    {
      at: { source: IOMEM },
      found: `${String(lines)} lines, each 00000000-00000000`,
      expected: 'addresses',
    },
  );

export const iomemMalformed = (line: number, text: string): Diagnostic =>
  diagnostic('error', 'MACHINE_IOMEM_MALFORMED', `line ${String(line)} of ${IOMEM} is not a memory range`, {
    at: { source: IOMEM, field: `line ${String(line)}` },
    found: quote(text),
    expected: 'start-end : name, in hexadecimal, start not above end',
  });

export const memmapMissing = (): Diagnostic =>
  diagnostic('warning', 'MACHINE_MEMMAP_MISSING', `${MEMMAP} is not there: ${IOMEM} is handed on instead`, {
    at: { source: MEMMAP },
  });

export const memmapMalformed = (entry: number, field: string, found: string | undefined): Diagnostic =>
  diagnostic(
    'error',
    'MACHINE_MEMMAP_MALFORMED',
    `entry ${String(entry)} of ${MEMMAP} is not a memory range`,
    {
      at: { source: MEMMAP, field: `${String(entry)}/${field}` },
      found: quote(found),
      expected: field === 'type' ? 'a word' : '0x and up to 16 hexadecimal digits, start not above end',
    },
  );

export const memmapUnknownType = (type: string): Diagnostic =>
  diagnostic(
    'info',
    'MACHINE_MEMMAP_UNKNOWN_TYPE',
    `memory of the unknown type ${quote(type)} is treated as reserved`,
    {
      at: { source: MEMMAP },
      found: quote(type),
    },
  );

export const memmapOverlap = (a: Range, b: Range): Diagnostic =>
  diagnostic('warning', 'MACHINE_MEMMAP_OVERLAP', 'the firmware’s map has entries that overlap', {
    at: { source: MEMMAP },
    found: `${hex(a.start)}-${hex(a.end)} and ${hex(b.start)}-${hex(b.end)}`,
  });

export const tooManyRegions = (source: string, limit: number): Diagnostic =>
  diagnostic('error', 'MACHINE_TOO_MANY_REGIONS', `${source} has more than ${String(limit)} entries`, {
    at: { source },
    expected: `at most ${String(limit)}`,
  });

export const noRam = (): Diagnostic =>
  diagnostic('error', 'MACHINE_NO_RAM', 'no page of RAM is left in which anything could be placed', {
    at: { source: IOMEM },
  });

export const bootParamsMalformed = (size: number): Diagnostic =>
  diagnostic('error', 'MACHINE_BOOT_PARAMS_MALFORMED', `${BOOT_PARAMS} is not a struct boot_params`, {
    at: { source: BOOT_PARAMS },
    found: `${String(size)} bytes`,
    expected: '4096 bytes',
  });

export const commandLineTooLong = (length: number, limit: number): Diagnostic =>
  diagnostic('warning', 'MACHINE_COMMAND_LINE_TOO_LONG', 'the command line in /proc/cmdline is left out', {
    at: { source: '/proc/cmdline' },
    found: `${String(length)} characters`,
    expected: `at most ${String(limit)}`,
  });

export const cpusMalformed = (found: string): Diagnostic =>
  diagnostic('error', 'MACHINE_CPUS_MALFORMED', 'the list of possible CPUs cannot be understood: 1 assumed', {
    at: { source: '/sys/devices/system/cpu/possible' },
    found: quote(found),
    expected: 'ascending numbers and ranges, e.g. 0-3,8-11',
  });

export const efiIncomplete = (what: string, found: string | undefined): Diagnostic =>
  diagnostic('error', 'MACHINE_EFI_INCOMPLETE', `EFI is not handed on: ${what} is missing or malformed`, {
    at: { source: '/sys/firmware/efi', field: what },
    found: quote(found),
  });

export const eddMalformed = (disk: string, field: string, found: string | undefined): Diagnostic =>
  diagnostic(
    'error',
    'MACHINE_EDD_MALFORMED',
    `${disk}: ${field} cannot be understood; the disk is left out`,
    {
      at: { source: `/sys/firmware/edd/${disk}`, field },
      found: quote(found),
    },
  );

export const noCrashNotes = (): Diagnostic =>
  diagnostic('warning', 'MACHINE_CRASH_NOTES', 'no CPU says where it leaves its registers at a crash', {
    at: { source: '/sys/devices/system/cpu/cpu*/crash_notes' },
  });

export const crashNotesMalformed = (cpu: string, found: string): Diagnostic =>
  diagnostic('warning', 'MACHINE_CRASH_NOTES', `where ${cpu} leaves its registers at a crash is not clear`, {
    at: { source: `/sys/devices/system/cpu/${cpu}/crash_notes` },
    found: quote(found),
    expected: 'an address in hexadecimal, and a size in crash_notes_size',
  });

export const vmcoreinfoMalformed = (found: string | undefined): Diagnostic =>
  diagnostic('warning', 'MACHINE_VMCOREINFO', 'where the vmcoreinfo lies is not known', {
    at: { source: '/sys/kernel/vmcoreinfo' },
    found: quote(found),
    expected: 'an address and a size in hexadecimal',
  });

export const kcoreUnknown = (isHidden: boolean): Diagnostic =>
  diagnostic('info', 'MACHINE_KCORE_UNKNOWN', 'where the kernel maps memory is not known', {
    at: { source: '/proc/kcore' },
    found: isHidden ? 'a file that cannot be read' : 'no program header with the address of RAM',
  });

export const snapshotNotJson = (why: string): Diagnostic =>
  diagnostic('error', 'MACHINE_SNAPSHOT_NOT_JSON', 'the machine snapshot is not JSON', { found: quote(why) });

export const snapshotFormat = (found: string, expected: string): Diagnostic =>
  diagnostic('error', 'MACHINE_SNAPSHOT_FORMAT', 'this is no machine snapshot', {
    at: { field: 'format' },
    found,
    expected,
  });

export const snapshotVersion = (found: string, expected: number): Diagnostic =>
  diagnostic('error', 'MACHINE_SNAPSHOT_VERSION', 'the machine snapshot is of another version', {
    at: { field: 'version' },
    found,
    expected: String(expected),
  });

export const snapshotInvalid = (field: string, found: string, expected: string): Diagnostic =>
  diagnostic(
    'error',
    'MACHINE_SNAPSHOT_INVALID',
    `the machine snapshot’s ${field || 'content'} is not valid`,
    {
      at: { field },
      found,
      expected,
    },
  );
