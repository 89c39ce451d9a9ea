// @ts-check
/**
 * Writes docs/reference from the tables that the program itself runs on: nothing there is written twice.
 * A step of tools/generate.mjs.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { bundleModule } from './bundle-module.mjs';
import { differencesPage } from './reference/differences.mjs';
import { cliPage, codesPage, loadersPage } from './reference/markdown.mjs';
import { kexecPage } from './reference/kexec.mjs';
import { manPage } from './reference/man.mjs';
import { packages, readJson, root } from './workspace.mjs';

/** @typedef {import('../packages/cli/src/commands.js').Command} Command */
/** @typedef {import('../packages/cli/src/kexec/table.js').KexecOption} KexecOption */
/** @typedef {import('@kexec-kit/loader-api').Codes} Codes */
/** @typedef {import('@kexec-kit/loader-api').LoaderManifest} LoaderManifest */

/**
 * @typedef {object} Facts
 * @property {string} version
 * @property {readonly Command[]} commands
 * @property {readonly (readonly [number, string])[]} exits
 * @property {(option: import('@kexec-kit/loader-api').Option) => string} spelling
 * @property {(option: import('@kexec-kit/loader-api').Option) => string} summaryOf
 * @property {readonly KexecOption[]} kexecOptions
 * @property {readonly string[]} kexecGroups
 * @property {readonly { package: string; codes: Codes }[]} codeTables Every code once, with the package that gives it.
 * @property {readonly { package: string; manifest: LoaderManifest }[]} loaders
 * @property {readonly import('../e2e/oracle/rules/rule.js').Rule[]} rules Where we differ from kexec-tools.
 */

/** @type {Readonly<Record<string, (facts: Facts) => string>>} */
const pages = {
  'docs/reference/cli.md': cliPage,
  'docs/reference/codes.md': codesPage,
  'docs/reference/loaders.md': loadersPage,
  'docs/reference/kexec-options.md': kexecPage,
  'docs/reference/differences.md': differencesPage,
  'docs/reference/kexec-kit.1': manPage,
};

/**
 * @param {{ check: boolean }} options With `check` nothing is written.
 * @returns {Promise<readonly string[]>} The files that were not fresh.
 */
export async function generateReference({ check }) {
  const facts = await gather();
  const stale = [];
  for (const [name, render] of Object.entries(pages)) {
    const file = join(root, name);
    const fresh = await formatted(file, render(facts));
    if (existsSync(file) && readFileSync(file, 'utf8') === fresh) continue;
    stale.push(file);
    if (check) continue;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, fresh);
  }
  return stale;
}

/**
 * @param {string} file
 * @param {string} text
 */
async function formatted(file, text) {
  if (!file.endsWith('.md')) return text;
  return format(text, { ...(await resolveConfig(file)), filepath: file });
}

/** @returns {Promise<Facts>} */
async function gather() {
  const documented = packages().filter(({ layer }) => layer !== 'kit' && layer !== 'dev');
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '--build', ...documented.map(({ path }) => path)], {
    stdio: 'inherit',
  });
  const { commands } = await import('../packages/cli/dist/commands.js');
  const { exitMeanings } = await import('../packages/cli/dist/exit.js');
  const { spelling, summaryOf } = await import('../packages/cli/dist/help.js');
  const { groups, kexecOptions } = await import('../packages/cli/dist/kexec/table.js');
  const loaders = documented
    .filter(({ layer }) => layer === 'loader')
    .map(({ path, manifest }) => ({ package: manifest.name, manifest: readJson(join(path, 'loader.json')) }));
  const { version } = readJson(join(root, 'packages/cli/package.json'));
  return {
    version,
    commands,
    exits: exitMeanings,
    spelling,
    summaryOf,
    kexecOptions,
    kexecGroups: groups,
    codeTables: await codeTables(documented),
    loaders,
    rules: await oracleRules(),
  };
}

async function oracleRules() {
  const bundle = await bundleModule('e2e/oracle/rules/index.ts', join(root, '.cache/oracle/rules.mjs'));
  const { rules } = await import(pathToFileURL(bundle).href);
  return rules;
}

/**
 * The code tables that packages export; the command line exports nothing, its own is read from inside.
 *
 * @param {readonly import('./workspace.mjs').Package[]} documented
 */
async function codeTables(documented) {
  const seen = new Set();
  const tables = [];
  // Loaders last: what they share with others belongs to the library that they have it from.
  const isLoader = (/** @type {import('./workspace.mjs').Package} */ { layer }) =>
    layer === 'loader' ? 1 : 0;
  for (const each of [...documented].sort((a, b) => isLoader(a) - isLoader(b))) {
    const codes = (await tablesOf(each))
      .flatMap((table) => Object.entries(table))
      .filter(([code]) => !seen.has(code))
      .sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [code] of codes) seen.add(code);
    if (codes.length > 0) tables.push({ package: each.manifest.name, codes: Object.fromEntries(codes) });
  }
  return tables;
}

/**
 * @param {import('./workspace.mjs').Package} from
 * @returns {Promise<readonly Codes[]>}
 */
async function tablesOf({ folder, path, layer }) {
  if (layer === 'loader') return [readJson(join(path, 'loader.json')).codes];
  return Object.values(await import(join(path, 'dist', folder === 'cli' ? 'codes.js' : 'index.js'))).filter(
    isCodeTable,
  );
}

/**
 * @param {unknown} value
 * @returns {value is Codes}
 */
function isCodeTable(value) {
  if (typeof value !== 'object' || value === null) return false;
  const rows = Object.values(value);
  return (
    rows.length > 0 && rows.every((row) => typeof row?.cause === 'string' && typeof row.cure === 'string')
  );
}
