import { EM_386, EM_X86_64, type ElfHeader, ET_CORE, ET_REL, machineName, typeName } from '@kexec-kit/elf';
import type { Codes, Diagnostic } from '@kexec-kit/loader-api';

/** Every code of this loader's own; those of reading the file come from `@kexec-kit/elf`. */
export const loaderCodes = {
  ELF_MACHINE: {
    cause:
      'The file is for another machine than x86, or for a mix of word sizes that no x86 CPU is entered in.',
    cure: 'Give a kernel that was built for x86: ELF64 with EM_X86_64, or ELF32 with EM_386.',
    spec: 'gABI, "ELF Header", e_machine',
  },
  ELF_NOT_EXECUTABLE: {
    cause: 'The file is an object file, a core file or alike: nothing that can be entered.',
    cure: 'Give a linked kernel, e.g. vmlinux.',
    spec: 'gABI, "ELF Header", e_type',
  },
  ELF_SHARED_LIBRARY: {
    cause: 'The file is a shared library: it needs a dynamic linker and an operating system.',
    cure: 'Give a kernel.',
    spec: 'gABI, "Dynamic Section"',
  },
  ELF_USER_PROGRAM: {
    cause: 'The file is a program for an operating system, which calls a kernel that would be gone.',
    cure: 'Give a kernel; a program is started by its name.',
  },
  ELF_RUNNING_KERNEL: {
    cause: 'The running kernel is 32-bit, and entering a 64-bit ELF file needs a 64-bit one.',
    cure: 'Boot a 64-bit kernel first.',
  },
  ELF_CRASH_ARGUMENTS: {
    cause:
      'A crash kernel was asked for, of a kernel that is not handed Linux boot parameters: nothing else tells it of the dump.',
    cure: 'Use a Linux kernel, with the arguments that it gets by itself.',
    spec: 'Documentation/admin-guide/kdump/kdump.rst',
  },
  ELF_NOT_HANDED_OVER: {
    cause: 'Something was given for the kernel that the chosen style of arguments does not hand over.',
    cure: 'Leave it out, or choose --args linux if the kernel takes Linux boot parameters.',
  },
} satisfies Codes;

type Code = keyof typeof loaderCodes;

function diagnostic(code: Code, rest: Omit<Diagnostic, 'code' | 'severity' | 'hint' | 'spec'>): Diagnostic {
  const { cure, ...info } = loaderCodes[code];
  return { code, severity: 'error', hint: cure, ...('spec' in info ? { spec: info.spec } : {}), ...rest };
}

export function wrongMachine(source: string, { e_ident, e_machine }: ElfHeader): Diagnostic {
  const isX86 = e_machine === EM_386 || e_machine === EM_X86_64;
  return diagnostic('ELF_MACHINE', {
    message: isX86
      ? `${source} is for x86, but of the other word size.`
      : `${source} is for another machine than x86.`,
    at: { source, offset: 0x12, field: 'e_machine' },
    found: `ei_class ${e_ident.ei_class}, ${machineName(e_machine)}`,
    expected: 'ELFCLASS64 (2) with EM_X86_64, or ELFCLASS32 (1) with EM_386',
  });
}

const KINDS: Readonly<Record<number, string>> = {
  [ET_REL]: 'an object file or a kernel module',
  [ET_CORE]: 'a core file',
};

export function notExecutable(source: string, e_type: number): Diagnostic {
  return diagnostic('ELF_NOT_EXECUTABLE', {
    message: `${source} is ${KINDS[e_type] ?? 'no executable'}.`,
    at: { source, offset: 0x10, field: 'e_type' },
    found: typeName(e_type),
    expected: 'ET_EXEC or ET_DYN',
  });
}

/** @param evidence - What the file has, e.g. `a DT_SONAME in its dynamic section`. */
export function sharedLibrary(source: string, evidence: string): Diagnostic {
  return diagnostic('ELF_SHARED_LIBRARY', {
    message: `${source} is a shared library.`,
    at: { source },
    found: evidence,
    expected: 'a kernel',
  });
}

/** @param evidence - What the file has, e.g. `a PT_INTERP`. */
export function userProgram(source: string, evidence: string): Diagnostic {
  return diagnostic('ELF_USER_PROGRAM', {
    message: `${source} is a program for an operating system, not a kernel.`,
    at: { source },
    found: evidence,
    expected: 'a kernel',
  });
}

export function runningKernel(architecture: string): Diagnostic {
  return diagnostic('ELF_RUNNING_KERNEL', {
    message: 'A 64-bit ELF file cannot be entered from a 32-bit kernel.',
    at: { field: 'machine.architecture' },
    found: architecture,
    expected: 'x86_64',
  });
}

export function crashArguments(style: string): Diagnostic {
  return diagnostic('ELF_CRASH_ARGUMENTS', {
    message: `A crash kernel cannot be told of the dump with the arguments ${style}.`,
    found: style,
    expected: 'linux',
  });
}

export function notHandedOver(style: string, what: string): Diagnostic {
  return diagnostic('ELF_NOT_HANDED_OVER', {
    message: `The arguments of style ${style} have no ${what}.`,
    at: { field: 'options.args' },
    found: `${what} with --args ${style}`,
    expected: style === 'elf' ? 'a command line at most' : 'neither command line nor initrd',
  });
}
