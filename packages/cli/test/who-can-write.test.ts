import { chmodSync, lchownSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { whoElseCanWrite } from '../src/who-can-write.js';

/** Root's program. Who runs these tests as another user makes files of another user by making them. */
const self = realpathSync('/usr/lib');
const NOBODY = 65534;

function notOfRoot(path: string): string {
  if (process.getuid?.() === 0) lchownSync(path, NOBODY, NOBODY);
  return path;
}

function scratch(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'kexec-kit-who-')));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  return folder;
}

it('nobody else, for what is in folders of root', () => {
  expect(whoElseCanWrite(self)(['/usr/bin', '/usr/bin/env'])).toBeUndefined();
});

it('the owner of a link in /tmp, even where it leads to a file of root', () => {
  const link = join(tmpdir(), `kexec-kit-who-link-${String(process.pid)}`);
  symlinkSync('/usr/bin/env', link);
  onTestFinished(() => {
    rmSync(link);
  });
  notOfRoot(link);
  expect(whoElseCanWrite(self)([link])).toMatch(/belongs to user \d+, neither root nor/);
});

it('the owner of a folder in /tmp, even where what is in it belongs to root', () => {
  const folder = scratch();
  const inner = join(folder, 'inner');
  symlinkSync('/usr/bin', inner);
  notOfRoot(folder);
  expect(whoElseCanWrite(self)([join(inner, 'env')])).toMatch(/belongs to user \d+, neither root nor/);
});

it('everybody, for a folder that holds not the program, and none for one that does', () => {
  const folder = scratch();
  const open = join(folder, 'open');
  for (const name of [open, join(open, 'program'), join(open, 'loader')]) mkdirSync(name, { mode: 0o755 });
  chmodSync(open, 0o777);
  mkdirSync(join(folder, 'program'), { mode: 0o755 });
  const loader = join(open, 'loader');
  expect(whoElseCanWrite(join(folder, 'program'))([loader])).toBe(
    `${open} can be written by others (mode 777): chmod go-w it`,
  );
  expect(whoElseCanWrite(join(open, 'program'))([loader])).toBeUndefined();
});

it('an error, for links that lead to each other', () => {
  const folder = scratch();
  symlinkSync('b', join(folder, 'a'));
  symlinkSync('a', join(folder, 'b'));
  expect(() => whoElseCanWrite(folder)([join(folder, 'a')])).toThrow(/ELOOP|too many links/);
});
