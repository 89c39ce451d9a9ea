import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';

const home = fileURLToPath(new URL('..', import.meta.url));
const tsc = fileURLToPath(new URL('../../../node_modules/typescript/bin/tsc', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'kexec-ksy-'));
const input = join(folder, 'record.ksy');
const output = join(folder, 'deep', 'record.ts');
const fixture = (name: string) => readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8');

/** The launcher as npm links it. */
function kexecKsy(...argv: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(home, 'bin/kexec-ksy.mjs'), ...argv], {
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

beforeAll(() => {
  execFileSync(process.execPath, [tsc, '--build', home]);
  writeFileSync(input, fixture('record.ksy'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

it('writes a reader, then finds it fresh, then tells when it is not', () => {
  expect(kexecKsy(input, '-o', output, '--check')).toEqual({
    status: 1,
    stdout: '',
    stderr: `kexec-ksy: ${output} is not what ${input} gives: run kexec-ksy without --check and commit it\n`,
  });
  expect(kexecKsy(input, '-o', output)).toEqual({ status: 0, stdout: '', stderr: '' });
  expect(readFileSync(output, 'utf8')).toBe(fixture('record.ts'));
  expect(kexecKsy(input, '-o', output, '--check').status).toBe(0);
  writeFileSync(output, `${fixture('record.ts')} `);
  expect(kexecKsy(input, '-o', output, '--check').status).toBe(1);
});

it.each([
  [['missing.ksy', '-o', 'x.ts'], /^kexec-ksy: ENOENT.*missing\.ksy/],
  [[input], /^kexec-ksy: one FILE\.ksy and -o FILE\.ts are needed/],
  [[input, '--frob'], /^kexec-ksy: Unknown option '--frob'/],
])('says in one sentence what is wrong with %s', (argv, sentence) => {
  const { status, stdout, stderr } = kexecKsy(...argv);
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toMatch(sentence);
  expect(stderr).not.toMatch(/^\s+at /m);
});

it('passes on why a .ksy is refused', () => {
  const bad = join(folder, 'bad.ksy');
  writeFileSync(bad, 'meta: { id: bad, endian: le }\nseq: [{ id: x, type: y }]\n');
  const stderr = 'kexec-ksy: bad.ksy: /seq/0: there is no type "y" in this file\n';
  expect(kexecKsy(bad, '-o', output)).toEqual({ status: 1, stdout: '', stderr });
});

it('helps', () => {
  expect(kexecKsy('--help')).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('Usage: kexec-ksy') as string,
  });
});
