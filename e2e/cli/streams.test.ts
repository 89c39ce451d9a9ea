import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const program = (name: string): string =>
  `'${process.execPath}' '${fileURLToPath(new URL(`../../packages/cli/bin/${name}.mjs`, import.meta.url))}'`;
const kexecKit = program('kexec-kit');

/** The status of the first program of a pipeline, and what it said on stderr. */
function inShell(script: string): { readonly status: number | null; readonly stderr: string } {
  const { status, stderr } = spawnSync('bash', ['-c', script], { encoding: 'utf8', timeout: 60_000 });
  return { status, stderr };
}
const first = 'exit ${PIPESTATUS[0]}';

test.each([
  ['an unknown file', 'inspect nothing --json', 1],
  ['an unknown option', 'inspect --nothing', 2],
  ['a list that is longer than a pipe', 'explain --json', 0],
])('a reader that has gone changes no exit status: %s', (_, words, status) => {
  expect(inShell(`${kexecKit} ${words} 2>/dev/null | true; ${first}`).status).toBe(status);
  expect(inShell(`${kexecKit} ${words} 2>&1 >/dev/null | true; ${first}`).status).toBe(status);
  expect(inShell(`${kexecKit} ${words} 2>&1 | true; ${first}`).status).toBe(status);
});

test('kexec refuses with its own status, whoever reads', () => {
  expect(inShell(`${program('kexec')} --nothing 2>&1 | true; ${first}`).status).toBe(1);
});

test('a full disk is one sentence, and a failure', () => {
  const { status, stderr } = inShell(`${kexecKit} explain > /dev/full`);
  expect(status).toBe(1);
  expect(stderr).toMatch(/^error: stdout cannot be written: ENOSPC[^\n]*\n$/);
});
