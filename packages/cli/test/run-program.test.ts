import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { runProgram } from '../src/run-program.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kexec-kit-run-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

function program(name: string, text: string, mode = 0o755): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

it('gives the exit status, and 128 for a signal', async () => {
  expect(await runProgram('true', [])).toBe(0);
  expect(await runProgram('/bin/sh', ['-c', 'exit 7'])).toBe(7);
  expect(await runProgram('sh', ['-c', 'kill -9 $$'])).toBe(128);
});

it('runs nothing from PATH: neither before the own folders of the system, nor after them', async () => {
  program('true', '#!/bin/sh\nexit 42\n');
  program('kexec-kit-no-such-program', '#!/bin/sh\nexit 42\n');
  vi.stubEnv('PATH', folder);
  expect(await runProgram('true', [])).toBe(0);
  expect(await runProgram('kexec-kit-no-such-program', [])).toBeUndefined();
});

it('says that there is none', async () => {
  expect(await runProgram('kexec-kit-no-such-program', [])).toBeUndefined();
  expect(await runProgram(join(folder, 'none'), [])).toBeUndefined();
  expect(await runProgram(join(program('file', ''), 'none'), [])).toBeUndefined();
});

it('says 126 of what cannot be run, and does not throw', async () => {
  expect(await runProgram(program('not-executable', '#!/bin/sh\n', 0o644), [])).toBe(126);
  expect(await runProgram(folder, [])).toBe(126);
  symlinkSync('loop', join(folder, 'loop'));
  expect(await runProgram(join(folder, 'loop'), [])).toBe(126);
});
