import type { Codes, Diagnostic } from '@kexec-kit/loader-api';

const GRUB = 'GNU GRUB Manual 2.06';
const BLS = 'https://uapi-group.org/specifications/specs/boot_loader_specification/';
const XEN = 'xen/docs/misc/efi.pandoc';

/** Every code of this package, for `explain` and the generated reference. */
export const codes = {
  BOOT_ENTRIES_NONE: {
    cause:
      'Neither a GRUB configuration nor Boot Loader Specification entries, unified kernel images or a configuration of xen.efi were found that start a kernel.',
    cure: 'Mount /boot and the EFI system partition, and read them as root; or load the kernel by its path.',
  },
  BOOT_ENTRIES_UNREADABLE: {
    cause: 'A file of the boot loader is there but cannot be read, or is too large to be one.',
    cure: 'Run as root: distributions keep grub.cfg from other users, since it may hold passwords.',
  },
  BOOT_ENTRIES_SYNTAX: {
    cause: 'A GRUB script is not one: what follows the place that is named was not read.',
    cure: 'Check it with grub-script-check, and generate it again with update-grub or grub2-mkconfig.',
    spec: `${GRUB}, section 6.2`,
  },
  BOOT_ENTRIES_NOT_UNDERSTOOD: {
    cause:
      'A GRUB script uses a command whose result is not known here; where it is a condition, it counts as false.',
    cure: 'Compare the entry with what GRUB shows when "e" is pressed; if they differ, load the kernel by its path.',
    spec: `${GRUB}, section 16.3`,
  },
  BOOT_ENTRIES_LIMIT: {
    cause: 'A GRUB script does more than any real one: it loops for ever, or nests too deep. It was stopped.',
    cure: 'Look at the place that is named; entries before it are listed.',
  },
  BOOT_ENTRIES_NOT_HANDED_ON: {
    cause: 'An entry hands its kernel something that kexec-kit does not hand on.',
    cure: 'Start it without, if it can do without; else boot it through the firmware.',
  },
  BOOT_ENTRIES_FILE_MISSING: {
    cause: 'A file that an entry names is not there, or lies on a file system that is not mounted.',
    cure: 'Mount the file system that holds it.',
  },
  BOOT_ENTRIES_XEN_EFI: {
    cause: 'Xen is there as an EFI program only, which nothing but the firmware can start.',
    cure: 'Install Xen for boot loaders with Multiboot, as distributions do: /boot/xen-VERSION.gz of the same version.',
    spec: XEN,
  },
  BOOT_ENTRIES_PATH_BLANK: {
    cause: 'The path of a module has a blank in it, where its command line would begin.',
    cure: 'Rename the file, and generate the configuration again.',
  },
  BOOT_ENTRIES_NO_DEFAULT: {
    cause: 'The default of the configuration starts no kernel that could be loaded, or no default is known.',
    cure: 'Name an entry: "kexec-kit boot-entry list" shows them.',
  },
  BOOT_ENTRIES_UNKNOWN: {
    cause: 'No entry has the name or ID that was asked for, or several have.',
    cure: 'Take an ID from "kexec-kit boot-entry list".',
    spec: BLS,
  },
} as const satisfies Codes;

/** Longer than this, nothing is told, in characters: what is wrong with a text may be its length. */
const LONGEST = 300;

function short(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

export function none(looked: readonly string[]): Diagnostic {
  return {
    code: 'BOOT_ENTRIES_NONE',
    severity: 'error',
    message: 'no boot entry was found that starts a kernel',
    expected: `one of ${looked.join(', ')}`,
    hint: 'mount /boot and the EFI system partition, and read them as root',
  };
}

export function unreadable(path: string, why: string): Diagnostic {
  return {
    code: 'BOOT_ENTRIES_UNREADABLE',
    severity: 'warning',
    message: `${short(path)} cannot be read`,
    at: { source: path },
    found: why,
    hint: 'run as root',
  };
}

export function syntax(at: string, what: string): Diagnostic {
  return {
    code: 'BOOT_ENTRIES_SYNTAX',
    severity: 'warning',
    message: `what follows was not read: ${what}`,
    at: { source: at },
    hint: 'grub-script-check says more',
    spec: codes.BOOT_ENTRIES_SYNTAX.spec,
  };
}

export function notUnderstood(at: string, command: string): Diagnostic {
  return {
    code: 'BOOT_ENTRIES_NOT_UNDERSTOOD',
    severity: 'warning',
    message: `GRUB's command "${short(command)}" is not understood here, and counts as failed`,
    at: { source: at },
    hint: 'compare with what GRUB shows when "e" is pressed',
    spec: codes.BOOT_ENTRIES_NOT_UNDERSTOOD.spec,
  };
}

export function limit(at: string, what: string): Diagnostic {
  return {
    code: 'BOOT_ENTRIES_LIMIT',
    severity: 'warning',
    message: `the script was stopped: ${what}`,
    at: { source: at },
    hint: 'what comes before is listed',
  };
}

export function notHandedOn(at: string, what: string): Diagnostic {
  return {
    code: 'BOOT_ENTRIES_NOT_HANDED_ON',
    severity: 'warning',
    message: `${short(what)} is not handed on`,
    at: { source: at },
    hint: 'start it without, if it can do without',
  };
}

export function fileMissing(at: string, file: string, why: string): Diagnostic {
  return {
    code: 'BOOT_ENTRIES_FILE_MISSING',
    severity: 'warning',
    message: `${short(file)} is not there: ${short(why)}`,
    at: { source: at },
    hint: 'mount the file system that holds it',
  };
}

export function xenEfi(at: string, program: string, version: string | undefined): Diagnostic {
  const expected = version === undefined ? '/boot/xen-VERSION.gz' : `/boot/xen-${version}.gz`;
  return {
    code: 'BOOT_ENTRIES_XEN_EFI',
    severity: 'warning',
    message: `${short(program)} can be started by the firmware only, and there is no other Xen`,
    at: { source: at },
    expected,
    hint: 'install Xen for boot loaders with Multiboot',
    spec: XEN,
  };
}

export function pathBlank(at: string, file: string): Diagnostic {
  return {
    code: 'BOOT_ENTRIES_PATH_BLANK',
    severity: 'warning',
    message: `the path of a module has a blank in it: ${short(file)}`,
    at: { source: at },
    hint: 'rename the file',
  };
}

/** @param wanted - What the configuration calls its default; undefined where it names none. */
export function noDefault(wanted: string | undefined): Diagnostic {
  return {
    code: 'BOOT_ENTRIES_NO_DEFAULT',
    severity: 'warning',
    message:
      wanted === undefined
        ? 'no entry is the default'
        : `the default, "${short(wanted)}", starts no kernel that is listed`,
    hint: 'name an entry',
  };
}

export function unknown(name: string, alike: readonly string[]): Diagnostic {
  return {
    code: 'BOOT_ENTRIES_UNKNOWN',
    severity: 'error',
    message:
      alike.length === 0
        ? `no boot entry is called "${short(name)}"`
        : `several boot entries are called "${short(name)}"`,
    ...(alike.length > 0 && { found: short(alike.join(', ')) }),
    hint: '"kexec-kit boot-entry list" shows them',
  };
}
