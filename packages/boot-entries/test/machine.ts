import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export const fixtures = fileURLToPath(new URL('fixtures', import.meta.url));

export interface Machine {
  readonly root: string;
  put(path: string, content?: string | Uint8Array): void;
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
    put: (path, content = 'a file') => {
      writeFileSync(parent(path), content);
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

/** A variable of the firmware as efivarfs shows it: attributes, then UTF-16 with a NUL. */
export function loaderVariable(made: Machine, name: string, value: string): void {
  const path = `/sys/firmware/efi/efivars/${name}-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f`;
  made.put(path, Buffer.concat([Buffer.of(7, 0, 0, 0), Buffer.from(`${value}\0`, 'utf16le')]));
}

/** The EFI system partition at /efi, the extended boot loader partition at /boot. */
export const espAndXbootldr = [
  '22 1 254:3 / / rw,relatime - ext4 /dev/vda3 rw',
  '30 22 254:2 / /boot rw,relatime - vfat /dev/vda2 rw',
  '31 22 254:1 / /efi rw,relatime - vfat /dev/vda1 rw',
  '',
].join('\n');
