// @ts-check
/**
 * Do the tests see it when the code is changed? Stryker changes it in thousands of places, one at a time, and its tests run against
 * each change: what none of them notices has survived, and is either accepted with a reason, in
 * `packages/PACKAGE/test/survivors.json`, or makes the run fail. Takes minutes for each package, so it is no part of `npm test`.
 *
 *     npm run mutation                       # every package below
 *     npm run mutation -- --package memory   # one; may be repeated
 *
 * The table goes to stdout; the survivors that nobody accepted stand in `.cache/mutation/PACKAGE.txt`.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execute, Failed } from './execute.mjs';
import { mutated } from './mutation-packages.mjs';
import { judge } from './mutation-survivors.mjs';
import { root } from './workspace.mjs';

/** @import { Accepted, Judged, Report } from './mutation-survivors.mjs' */

const packages = Object.keys(mutated);

const folder = join(root, '.cache/mutation');

async function main() {
  const { values } = parseArgs({ options: { package: { type: 'string', multiple: true } } });
  const wanted = values.package ?? packages;
  const unknown = wanted.find((name) => !packages.includes(name));
  if (unknown !== undefined) {
    console.error(`--package ${unknown} is none of ${packages.join(', ')}`);
    process.exitCode = 2;
    return;
  }
  mkdirSync(folder, { recursive: true });
  const rows = [];
  for (const name of wanted) rows.push(told(name, judge(await mutate(name), acceptedIn(name))));
  console.log(table([head, ...rows]));
}

/**
 * @param {string} name
 * @returns {readonly Accepted[]}
 */
function acceptedIn(name) {
  const file = join(root, 'packages', name, 'test/survivors.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
}

/**
 * @param {string} name
 * @returns {Promise<Report>}
 */
async function mutate(name) {
  const config = join(folder, `${name}.json`);
  const report = join(folder, `${name}.report.json`);
  writeFileSync(config, JSON.stringify(configuration(name, report)));
  try {
    await execute(process.execPath, ['node_modules/@stryker-mutator/core/bin/stryker.js', 'run', config], {
      env: { KEXEC_KIT_MUTATED: name },
    });
  } catch (error) {
    if (!(error instanceof Failed)) throw error;
    throw new Failed(`${name}: ${error.message}`);
  }
  return JSON.parse(readFileSync(report, 'utf8'));
}

/**
 * @param {string} name
 * @param {string} report
 */
function configuration(name, report) {
  return {
    mutate: [`packages/${name}/src/**/*.ts`, '!**/generated/**', '!**/index.ts'],
    testRunner: 'vitest',
    plugins: ['@stryker-mutator/vitest-runner'],
    vitest: { configFile: 'tools/mutation.vitest.mjs', related: false },
    ignorePatterns: ['.cache', '**/dist', 'packages/*/bundle'],
    tempDirName: '.cache/mutation/tree',
    reporters: ['json', 'progress'],
    jsonReporter: { fileName: report },
    coverageAnalysis: 'perTest',
    ignoreStatic: mutated[name]?.ignoreStatic ?? false,
    // A loop without end, and not a machine that others load: what is timed out counts as noticed.
    timeoutMS: 20_000,
    allowEmpty: false,
  };
}

const head = ['package', 'mutants', 'killed', 'words', 'accepted', 'open', 'score', 'score without words'];

/**
 * @param {string} name
 * @param {Judged} judged
 * @returns {string[]} Its row of the table.
 */
function told(name, { mutants, killed, words, accepted, open, stale }) {
  writeFileSync(join(folder, `${name}.txt`), open.map((key) => `${key}\n`).join(''));
  for (const key of stale) console.log(`${name}: accepted, but no longer survives: ${key}`);
  if (open.length > 0) {
    process.exitCode = 1;
    console.log(`${name}: .cache/mutation/${name}.txt names what survived and nobody accepted`);
  }
  const numbers = [mutants, killed, words, accepted, mutants - killed - words - accepted].map(String);
  return [name, ...numbers, percent(killed, mutants), percent(killed, mutants - words)];
}

/**
 * @param {number} part
 * @param {number} whole
 */
function percent(part, whole) {
  return `${((100 * part) / Math.max(whole, 1)).toFixed(1)} %`;
}

/** @param {readonly string[][]} rows */
function table(rows) {
  const widths = head.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  const lines = rows.map(
    (cells) => `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`,
  );
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [lines[0], rule, ...lines.slice(1)].join('\n');
}

await main();
