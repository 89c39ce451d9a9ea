import { access, constants } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';

/** Where a system has its programs; the last one is NixOS's. Not PATH: this runs as root, and PATH may be somebody else's. */
const FOLDERS = ['/usr/sbin', '/usr/bin', '/sbin', '/bin', '/run/current-system/sw/bin'];

/** As a shell says that a program is there and cannot be run. */
const CANNOT_RUN = 126;
const ABSENT: readonly string[] = ['ENOENT', 'ENOTDIR'];

/**
 * Runs a program, by its path or by its name in the system's folders, with our own streams. Gives its exit status, 128 when
 * a signal ended it, 126 when it cannot be run, or undefined where there is none.
 */
export async function runProgram(name: string, args: readonly string[]): Promise<number | undefined> {
  const path = isAbsolute(name) ? name : await firstOf(FOLDERS.map((folder) => join(folder, name)));
  if (path === undefined) return undefined;
  // Only now: it brings Node's network code with it, and most commands run no program.
  const { spawn } = await import('node:child_process');
  const ended = new Promise<number>((resolve, reject) => {
    const child = spawn(path, args, { stdio: 'inherit' });
    child.on('error', reject);
    child.on('exit', (status) => {
      resolve(status ?? 128);
    });
  });
  return ended.catch((error: unknown) => {
    const { code = '' } = error as NodeJS.ErrnoException;
    return ABSENT.includes(code) ? undefined : CANNOT_RUN;
  });
}

async function firstOf(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    const isProgram = await access(path, constants.X_OK).then(
      () => true,
      () => false, // not there, or not to be run: the next may be
    );
    if (isProgram) return path;
  }
  return undefined;
}
