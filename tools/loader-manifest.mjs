// @ts-check
/** Writes a loader's `loader.json` from its code: what can be known of it without running it. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { format } from 'prettier';
import { root } from './workspace.mjs';

/**
 * @param {string} from `import.meta.url` of the package's build.mjs.
 * @param {{ check: boolean }} options With `check` nothing is written.
 * @returns {Promise<readonly string[]>} The file, if it was not fresh.
 */
export async function generateManifest(from, { check }) {
  const folder = fileURLToPath(new URL('.', from));
  const file = join(folder, 'loader.json');
  execFileSync(execPath, [join(root, 'node_modules/typescript/bin/tsc'), '--build', folder], {
    stdio: 'inherit',
  });
  const { manifestOf } = await import('@kexec-kit/loader-api');
  const { loader } = await import(pathToFileURL(join(folder, 'dist/index.js')).href);
  const fresh = await format(JSON.stringify(manifestOf(loader)), { parser: 'json', printWidth: 110 });
  if (existsSync(file) && readFileSync(file, 'utf8') === fresh) return [];
  if (!check) writeFileSync(file, fresh);
  return [file];
}
