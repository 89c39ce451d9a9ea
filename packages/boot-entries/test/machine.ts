import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export const fixtures = fileURLToPath(new URL('fixtures', import.meta.url));

export interface Machine {
  readonly root: string;
  put(path: string, text?: string): void;
  link(path: string, to: string): void;
}

/** A machine's tree, in a folder that lives as long as the test: a fixture's files, and those that are put there. */
export function machine(fixture?: string): Machine {
  const root = mkdtempSync(join(tmpdir(), 'kexec-kit-boot-entries-'));
  onTestFinished(() => {
    rmSync(root, { recursive: true });
  });
  if (fixture !== undefined) cpSync(join(fixtures, fixture), root, { recursive: true });
  const parent = (path: string): string => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    return join(root, path);
  };
  return {
    root,
    put: (path, text = 'a file') => {
      writeFileSync(parent(path), text);
    },
    link: (path, to) => {
      symlinkSync(to, parent(path));
    },
  };
}

/** / on vda2 and /boot on vda1, as proc_pid_mountinfo(5) has it. */
export const bootApart = [
  '22 1 254:2 / / rw,relatime shared:1 - ext4 /dev/vda2 rw',
  '30 22 254:1 / /boot rw,relatime shared:2 - ext4 /dev/vda1 rw',
  '',
].join('\n');
