import { fail, hex, type Codes, type Diagnostic, type Failure, type Target } from '@kexec-kit/loader-api';

/** Every code that this package gives. */
export const qemuCodes: Codes = {
  QEMU_BAD_GUEST: {
    cause: 'QEMU cannot be the machine that was asked for.',
    cure: 'Take another model or another memory size.',
  },
  QEMU_OTHER_MACHINE: {
    cause: 'The submission was made for a machine with another memory map than the guest.',
    cure: 'Boot it with the memory size and model that it was planned for, or plan it again for this guest.',
  },
  QEMU_UNSUPPORTED: {
    cause: 'The submission asks for something that only another backend can do.',
    cure: 'Plan it again for the target of this guest: qemu-x86_64, or qemu-i386 where the architecture is i386.',
  },
  QEMU_BAD_SUBMISSION: {
    cause: 'A segment, a mapping or the entry of the submission is not possible on this guest.',
    cure: 'Plan it again: a submission that was linked for this guest and not edited never has this.',
  },
  QEMU_SOURCE: {
    cause: 'The bytes of a source could not be read when the guest was filled.',
    cure: 'Put the file back where it was when the plan was made.',
  },
  QEMU_NO_ROOM: {
    cause: "The guest's memory could not be written to a temporary file.",
    cure: 'Free space in /dev/shm or in the directory for temporary files, or give the guest less memory.',
  },
  QEMU_MISSING: {
    cause: 'The program qemu-system-x86_64 is not in PATH.',
    cure: 'Install it: apt install qemu-system-x86',
  },
  QEMU_TOO_MUCH_CONTENT: {
    cause: 'The segments hold more than QEMU can copy into place behind SeaBIOS.',
    cure: 'Take a smaller initrd, or boot without a firmware where the kernel needs none.',
  },
  QEMU_NO_BIOS: {
    cause: 'The guest is to have SeaBIOS, and its image bios-256k.bin is not where QEMU looks for it.',
    cure: 'Install it: apt install seabios',
  },
  QEMU_NO_MEMORY_MAP: {
    cause: 'SeaBIOS did not come as far as to boot what asks for its memory map.',
    cure: 'Give the guest more memory; SeaBIOS 1.16 of Debian 12 is known to work.',
  },
  QEMU_DIED: {
    cause: 'QEMU ended by itself with an error, not because the guest did.',
    cure: 'Read what it said; qemu-system-x86_64 of Debian 12 (7.2) is known to work.',
  },
  QEMU_SAID: {
    cause: 'QEMU wrote something on its error output although the run went on.',
    cure: 'Nothing, if the guest behaves.',
  },
};

/** A guest that QEMU cannot be. */
export function badGuest(field: string, found: string, expected: string): Failure {
  return failure('QEMU_BAD_GUEST', `no guest can have ${field} ${found}`, { at: { field }, found, expected });
}

/** A submission for another map; the differences as `mapDifference` gives them. */
export function otherMachine(differences: readonly string[]): Failure {
  return failure(
    'QEMU_OTHER_MACHINE',
    `the submission was made for another machine: ${differences.join('; ')}`,
    {
      found: differences.join('; '),
    },
  );
}

/** A submission whose way of hand-over QEMU does not do. */
export function unsupported(what: string, expected: string, { name }: Target): Failure {
  return failure('QEMU_UNSUPPORTED', `${name} cannot apply ${what}`, { found: what, expected });
}

/** A part of a submission that cannot be done on this guest. */
export function badSubmission(field: string, message: string): Failure {
  return failure('QEMU_BAD_SUBMISSION', `${field} ${message}`, { at: { field } });
}

/** A source that `read` rejected. */
export function unreadableSource(source: string, error: unknown): Failure {
  return failure('QEMU_SOURCE', `the source ${source} could not be read: ${textOf(error)}`, {
    at: { source },
  });
}

/** The memory file could not be written. */
export function noRoom(directory: string, error: unknown): Failure {
  return failure('QEMU_NO_ROOM', `the guest's memory could not be written to ${directory}: ${textOf(error)}`);
}

/** No emulator. */
export function missing(program: string): Failure {
  return failure('QEMU_MISSING', `${program} was not found in PATH`);
}

/** More than fits through fw_cfg; both in bytes. */
export function tooMuchContent(size: bigint, most: bigint): Failure {
  return failure('QEMU_TOO_MUCH_CONTENT', `the segments hold ${hex(size)} bytes, and SeaBIOS is in the way`, {
    found: hex(size),
    expected: `at most ${hex(most)} bytes`,
  });
}

/** No SeaBIOS in any of QEMU's directories. */
export function noBios(image: string, directories: readonly string[]): Failure {
  return failure('QEMU_NO_BIOS', `${image} is in none of the directories where QEMU looks`, {
    found: directories.join(', '),
    expected: image,
  });
}

/** SeaBIOS did not get there. */
export function noMemoryMap(outcome: string): Failure {
  return failure('QEMU_NO_MEMORY_MAP', `SeaBIOS told no memory map: the guest ended with ${outcome}`, {
    found: outcome,
  });
}

/** QEMU failed; what it wrote on stderr, and how it ended. */
export function died(how: string, said: string): Failure {
  const words = said.trim();
  return failure('QEMU_DIED', `QEMU ended with ${how}${words === '' ? '' : `: ${words}`}`, { found: how });
}

/** QEMU wrote to stderr but went on. */
export function said(words: string): Diagnostic {
  return {
    code: 'QEMU_SAID',
    severity: 'warning',
    message: `QEMU said: ${words.trim()}`,
    hint: hintOf('QEMU_SAID'),
  };
}

function failure(code: string, message: string, more: Partial<Diagnostic> = {}): Failure {
  return fail({ code, severity: 'error', message, hint: hintOf(code), ...more });
}

function hintOf(code: string): string {
  return qemuCodes[code]?.cure ?? '';
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
