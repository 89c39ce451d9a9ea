import { hex, type Codes, type Diagnostic, type Purpose } from '@kexec-kit/loader-api';
import { errnoCodes } from './errno-codes.js';

/** Every code of this package. */
export const linuxCodes: Codes = {
  LINUX_OTHER_MACHINE: {
    cause: 'The submission was made for a machine with another memory map than the running one has now.',
    cure: 'Make the plan again on this machine.',
  },
  LINUX_UNSUPPORTED: {
    cause: 'The submission was made for another way of hand-over than the running kernel has.',
    cure: 'Make the plan again on this machine, for this backend.',
  },
  LINUX_BAD_SUBMISSION: {
    cause: 'A segment of the submission lies where the running kernel, or this program, cannot put it.',
    cure: 'Make the plan again on this machine, with the program that is to load it.',
  },
  LINUX_SOURCE: {
    cause: 'The bytes of a source could not be read when they were to be loaded.',
    cure: 'Put the file back where it was when the plan was made.',
  },
  LINUX_OUT_OF_MEMORY: {
    cause: 'This program could not get the memory in which it hands a segment to the kernel.',
    cure: 'Free memory, take a smaller initrd, or use kexec_file_load, which needs no second copy.',
  },
  LINUX_FLAG_UNKNOWN: {
    cause: 'The running kernel is older than a flag that was asked for, so it was loaded without.',
    cure: 'Nothing: everything else is as asked. For what the flag does, a newer kernel is needed.',
  },
  LINUX_NOTHING_LOADED: {
    cause: 'There is nothing to start: no kernel is loaded.',
    cure: 'Load one first; kexec-kit status says what is loaded.',
  },
  LINUX_CRASH_NOT_STARTED: {
    cause: 'A crash kernel is started by a crash of the running one, by nothing else.',
    cure: 'To try it out: echo c > /proc/sysrq-trigger, which crashes this machine.',
  },
  LINUX_CAME_BACK: {
    cause: 'The call that starts the loaded kernel returned without an error, and this one still runs.',
    cure: 'Look at the log of the running kernel; in a container only the machine itself can start a kernel.',
  },
  LINUX_STILL_LOADED: {
    cause: 'A load failed, and what had been loaded before is still there.',
    cure: 'Nothing, if that is wanted; kexec-kit unload takes it away.',
  },
  LINUX_NONE_LOADED: {
    cause: 'A load failed, and nothing is loaded now.',
    cure: 'Cure what the error names, and load again.',
  },
  LINUX_CRASH_LOST: {
    cause:
      'Loading a crash kernel failed, and the one that had been loaded before is gone: they share one piece of memory, which the kernel clears first.',
    cure: 'Load a crash kernel again at once: until then a crash is not caught.',
  },
  LINUX_NO_KEXEC: {
    cause: 'The running kernel does not say whether a kernel is loaded: it was built without kexec.',
    cure: 'Use a kernel with CONFIG_KEXEC or CONFIG_KEXEC_FILE; mount /sys.',
  },
  LINUX_STATE_UNREAD: {
    cause:
      'What the running kernel says of whether a kernel is loaded could not be read, so that it is not known.',
    cure: 'Ask as root, where /sys is that of the running kernel.',
  },
  LINUX_RECORD_UNWRITTEN: {
    cause: 'A kernel was loaded, and what it is could not be written down under /run/kexec-kit.',
    cure: 'Nothing for the load itself; mount /run so that kexec-kit status can tell what is loaded.',
  },
  LINUX_RECORD_UNREAD: {
    cause:
      'What was written down about the loaded kernel cannot be read by this user, was not written by root, or is damaged.',
    cure: 'Ask as root; a damaged record is replaced by the next load.',
  },
  LINUX_MEMORY_FILE: {
    cause: 'The kernel gave no file in memory, through which it is handed what is no plain file.',
    cure: 'Free memory, or use kexec_load.',
  },
  ...errnoCodes,
};

/** The differences as `mapDifference` gives them. */
export function otherMachine(differences: readonly string[]): Diagnostic {
  const found = differences.join('; ');
  return error('LINUX_OTHER_MACHINE', `the plan was made for another memory map: ${found}`, { found });
}

/** A target that is not the running kernel's. */
export function unsupported(found: string, expected: string): Diagnostic {
  return error('LINUX_UNSUPPORTED', `a plan for ${found} cannot be loaded by ${expected}`, {
    found,
    expected,
  });
}

/** Something in a submission that cannot be done here. */
export function badSubmission(field: string, found: string, expected: string): Diagnostic {
  return error('LINUX_BAD_SUBMISSION', `${field} ${found}, where ${expected} is needed`, {
    at: { field },
    found,
    expected,
  });
}

/** What `read` rejected with, where the host has no words of its own for it. */
export function sourceUnread(source: string, reason: unknown): Diagnostic {
  return error('LINUX_SOURCE', `the source ${source} could not be read: ${textOf(reason)}`, {
    at: { source },
  });
}

export function outOfMemory(size: number, reason: unknown): Diagnostic {
  return error('LINUX_OUT_OF_MEMORY', `this program got no buffer of ${hex(size)} bytes: ${textOf(reason)}`, {
    found: `${hex(size)} bytes`,
  });
}

export function flagsUnknown(names: readonly string[]): Diagnostic {
  const flags = names.join(', ');
  return info('LINUX_FLAG_UNKNOWN', `the running kernel does not know ${flags}: loaded without`, {
    found: flags,
  });
}

export function nothingLoaded(): Diagnostic {
  return error('LINUX_NOTHING_LOADED', 'no kernel is loaded that could be started', {
    at: { source: '/sys/kernel/kexec_loaded' },
    found: '0',
    expected: '1',
  });
}

export function crashNotStarted(): Diagnostic {
  return error('LINUX_CRASH_NOT_STARTED', 'a crash kernel cannot be started by a command');
}

export function cameBack(): Diagnostic {
  return error('LINUX_CAME_BACK', 'the loaded kernel was to be started, and this one still runs');
}

/** What is loaded after a load that failed. */
export function leftAfterFailure(purpose: Purpose, before: boolean, after: boolean): Diagnostic {
  if (after)
    return info('LINUX_STILL_LOADED', `the ${words[purpose]} that was loaded before is still loaded`);
  if (before) return info('LINUX_CRASH_LOST', `the ${words[purpose]} that was loaded before is gone`);
  return info('LINUX_NONE_LOADED', `no ${words[purpose]} is loaded`);
}

const words: Readonly<Record<Purpose, string>> = { normal: 'kernel', crash: 'crash kernel' };

export function noKexec(path: string): Diagnostic {
  return error('LINUX_NO_KEXEC', `the running kernel does not say whether a kernel is loaded`, {
    at: { source: path },
    expected: '0 or 1',
  });
}

export function stateUnread(path: string, reason: string): Diagnostic {
  return error('LINUX_STATE_UNREAD', `whether a kernel is loaded is not known: ${reason}`, {
    at: { source: path },
    expected: '0 or 1',
  });
}

export function recordUnwritten(path: string, reason: unknown): Diagnostic {
  return {
    ...error('LINUX_RECORD_UNWRITTEN', `${path} could not be written: ${textOf(reason)}`, {
      at: { source: path },
    }),
    severity: 'warning',
  };
}

export function recordUnread(path: string, reason: string): Diagnostic {
  return info('LINUX_RECORD_UNREAD', `what was loaded is not known: ${reason}`, { at: { source: path } });
}

export function noMemoryFile(errno: string): Diagnostic {
  return error('LINUX_MEMORY_FILE', `memfd_create failed with ${errno}`, { found: errno });
}

type More = Pick<Diagnostic, 'at' | 'found' | 'expected'>;

function error(code: string, message: string, more: More = {}): Diagnostic {
  return { code, severity: 'error', message, ...more, hint: hintOf(code) };
}

function info(code: string, message: string, more: More = {}): Diagnostic {
  return { code, severity: 'info', message, ...more, hint: hintOf(code) };
}

function hintOf(code: string): string {
  return linuxCodes[code]?.cure ?? '';
}

function textOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}
