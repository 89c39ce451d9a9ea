import { constants } from 'node:fs';
// eslint-disable-next-line n/no-unsupported-features/node-builtins -- in 18.15 and later, only 19.0 to 19.5 lack statfs
import { access, mkdtemp, open, rm, statfs, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** The emulator: it serves for both architectures. */
export const PROGRAM = 'qemu-system-x86_64';

const SHARED_MEMORY = '/dev/shm';

/**
 * Makes a file that nobody else can open and that is gone when the last process closes it: it has lost its name
 * before anything is written to it. A child finds it as /dev/fd/N.
 */
export async function openNameless(directory: string): Promise<FileHandle> {
  const own = await mkdtemp(join(directory, 'kexec-kit-')); // 0700
  try {
    return await open(join(own, 'file'), 'wx+', 0o600);
  } finally {
    await rm(own, { recursive: true });
  }
}

/** Where a file of this size is best: in memory when there is room for all of it, else on disk. */
export async function scratchDirectory(size: bigint): Promise<string> {
  const free = await statfs(SHARED_MEMORY, { bigint: true }).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => 0n, // not on every system
  );
  return free > size ? SHARED_MEMORY : tmpdir();
}

/** The path of a program, or undefined. */
export async function findProgram(name: string): Promise<string | undefined> {
  for (const directory of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(directory, name);
    const found = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (directory !== '' && found) return path;
  }
  return undefined;
}
