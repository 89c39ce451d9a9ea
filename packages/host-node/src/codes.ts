import { hex } from '@kexec-kit/loader-api';
import type { Codes, Diagnostic } from '@kexec-kit/loader-api';

const KINDS = {
  FILE_NOT_FOUND: ['there is no such file:', 'check the path'],
  FILE_IS_DIRECTORY: ['this is a directory, not a file:', 'give a file in it'],
  FILE_NOT_REGULAR: ['this is a device, pipe or socket, not a file:', 'copy its content into a file first'],
  FILE_EMPTY: ['the file is empty:', 'copy or download it again'],
  FILE_UNREADABLE: ['the file may not be read:', 'run as root, or change its permissions'],
} as const;

/** What is wrong with a file before a byte of it was read. */
export function unfit(code: keyof typeof KINDS, path: string, found?: string): Diagnostic {
  const [what, hint] = KINDS[code];
  return error(code, path, `${what} ${path}`, { hint, ...(found !== undefined && { found }) });
}

export function readFailed(path: string, reason: string): Diagnostic {
  return error('FILE_READ_FAILED', path, `reading ${path} failed`, {
    found: reason,
    hint: 'check the disk or the mount',
  });
}

export function fileTooLarge(path: string, size: number, limit: number): Diagnostic {
  return error('FILE_TOO_LARGE', path, `${path} is larger than an image can be`, {
    found: `${hex(size)} bytes`,
    expected: `at most ${hex(limit)} bytes`,
    hint: 'give a kernel image; is this a disk image?',
  });
}

export function sourceChanged(path: string, found: string, expected: string): Diagnostic {
  return error('SOURCE_CHANGED', path, `${path} is not what it was when the plan was made`, {
    found,
    expected,
    hint: 'make the plan again',
  });
}

export function sourceUnknown(id: string): Diagnostic {
  return error('SOURCE_UNKNOWN', id, `no source ${JSON.stringify(id)} was opened`, {
    hint: 'open every source of the plan',
  });
}

export function fileUntrusted(path: string, found: string, expected: string): Diagnostic {
  return error('FILE_UNTRUSTED', path, `somebody else could have written ${path}`, {
    found,
    expected,
    hint: 'whoever can change a saved plan owns the machine: make the plan again, as the user who applies it',
  });
}

export function writeFailed(path: string, reason: string): Diagnostic {
  return error('FILE_WRITE_FAILED', path, `writing ${path} failed`, {
    found: reason,
    hint: 'check that its directory exists and has room',
  });
}

export function outputIsDisk(path: string): Diagnostic {
  return error('OUTPUT_IS_DISK', path, `${path} is a disk, which is not written to`, {
    found: 'a block device',
    expected: 'a file, a pipe or a terminal',
    hint: 'write a file; copy that with dd if the disk is really meant',
  });
}

function error(
  code: string,
  source: string,
  message: string,
  more: Pick<Diagnostic, 'found' | 'expected' | 'hint'>,
): Diagnostic {
  return { code, severity: 'error', message, at: { source }, ...more };
}

/** What every code of this package means. */
export const hostCodes: Codes = {
  FILE_NOT_FOUND: { cause: 'A file that was named does not exist.', cure: 'Check the path.' },
  FILE_IS_DIRECTORY: { cause: 'A directory was named where a file is needed.', cure: 'Give a file.' },
  FILE_NOT_REGULAR: {
    cause: 'A device, pipe or socket was named where a file is needed.',
    cure: 'Copy the content into a file first.',
  },
  FILE_EMPTY: { cause: 'A file that was named has no content.', cure: 'Copy or download it again.' },
  FILE_UNREADABLE: {
    cause: 'Permissions forbid to read a file.',
    cure: 'Run as root, or change its permissions.',
  },
  FILE_READ_FAILED: { cause: 'Reading a file failed on the way.', cure: 'Check the disk or the mount.' },
  FILE_TOO_LARGE: { cause: 'A file is larger than an image can be.', cure: 'Give a kernel image.' },
  FILE_UNTRUSTED: {
    cause:
      'A saved plan belongs to somebody else than root or the user, or others may write it; it could start any kernel.',
    cure: 'Make the plan again, as the user who applies it.',
  },
  FILE_WRITE_FAILED: {
    cause: 'Writing a file failed.',
    cure: 'Check that its directory exists and has room.',
  },
  OUTPUT_IS_DISK: {
    cause: 'A disk was named as the place of an output, which would overwrite what is on it.',
    cure: 'Write a file; copy that to the disk with dd if the disk is really meant.',
  },
  SOURCE_CHANGED: {
    cause: 'A file changed after it was read for planning.',
    cure: 'Make the plan again.',
  },
  SOURCE_UNKNOWN: {
    cause: 'A plan uses a source that was not opened.',
    cure: 'Open every source of the plan before reading.',
  },
};
