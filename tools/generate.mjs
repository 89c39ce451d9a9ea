/**
 * Writes everything that is generated and committed, or with `--check` says what is not fresh (exit 1).
 *
 * Two conventions, so that a new package needs no edit here:
 * - `packages/X/src/NAME.ksy` gives `packages/X/src/generated/NAME.ts`;
 * - `packages/X/build.mjs`, where there is one, exports `generate({ check })`, which writes or compares its own files and
 *   returns the paths of those that were not fresh.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { generateReference } from './reference.mjs';

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {(options: { check: boolean }) => Promise<readonly string[]>} generate
 *   writes, or with `check` compares; gives the files that were not fresh
 */

const root = fileURLToPath(new URL('..', import.meta.url));
const packages = readdirSync(join(root, 'packages')).map((name) => join(root, 'packages', name));

/** @type {readonly Step[]} */
const steps = [
  { name: 'readers from .ksy', generate: generateReaders },
  ...packages
    .map((folder) => join(folder, 'build.mjs'))
    .filter((script) => existsSync(script))
    .map((script) => ({
      name: relative(root, script),
      generate: (/** @type {{ check: boolean }} */ options) => runScript(script, options),
    })),
  // Last: it reads what the others write.
  { name: 'docs/reference', generate: generateReference },
];

const check = process.argv.includes('--check');
let stale = 0;
for (const { name, generate } of steps) {
  for (const file of await generate({ check })) {
    stale += 1;
    const words = check
      ? 'is not what its source gives: run "npm run generate" and commit it'
      : `written (${name})`;
    console.log(`${relative(root, file)} ${words}`);
  }
}
if (check && stale > 0) process.exitCode = 1;

/** @param {{ check: boolean }} options */
async function generateReaders({ check }) {
  // The generator is TypeScript itself; it needs nothing that is generated.
  execFileSync(
    process.execPath,
    [join(root, 'node_modules/typescript/bin/tsc'), '--build', join(root, 'packages/ksy')],
    {
      stdio: 'inherit',
    },
  );
  const { compileKsy } = await import('../packages/ksy/dist/index.js');
  const stale = [];
  for (const source of packages.flatMap((folder) => descriptions(join(folder, 'src')))) {
    const target = join(dirname(source), 'generated', `${basename(source, '.ksy')}.ts`);
    const fresh = await compileKsy(readFileSync(source, 'utf8'), { file: basename(source) });
    if (existsSync(target) && readFileSync(target, 'utf8') === fresh) continue;
    stale.push(target);
    if (check) continue;
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, fresh);
  }
  return stale;
}

/**
 * @param {string} folder
 * @returns {string[]}
 */
function descriptions(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ksy'))
    .sort()
    .map((name) => join(folder, name));
}

/**
 * @param {string} script
 * @param {{ check: boolean }} options
 * @returns {Promise<readonly string[]>}
 */
async function runScript(script, options) {
  const { generate } = /** @type {Step} */ (await import(pathToFileURL(script).href));
  return generate(options);
}
