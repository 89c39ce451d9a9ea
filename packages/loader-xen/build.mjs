/** Writes `loader.json` from the loader's code: what can be known of it without running it. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { argv, execPath } from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { format } from 'prettier';

const here = fileURLToPath(new URL('.', import.meta.url));
const file = fileURLToPath(new URL('loader.json', import.meta.url));
const tsc = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url));

/**
 * @param {{ check: boolean }} options With `check` nothing is written.
 * @returns {Promise<readonly string[]>} The file, if it was not fresh.
 */
export async function generate({ check }) {
  execFileSync(execPath, [tsc, '--build', here], { stdio: 'inherit' });
  const { manifestOf } = await import('@kexec-kit/loader-api');
  const { loader } = await import('./dist/index.js');
  const fresh = await format(JSON.stringify(manifestOf(loader)), { parser: 'json', printWidth: 110 });
  if (existsSync(file) && readFileSync(file, 'utf8') === fresh) return [];
  if (!check) writeFileSync(file, fresh);
  return [file];
}

if (pathToFileURL(argv[1] ?? '').href === import.meta.url) await generate({ check: false });
