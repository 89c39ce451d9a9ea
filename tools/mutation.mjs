// @ts-check
/**
 * Do the tests see it when the code is changed? Stryker changes it in thousands of places, one at a time, and each package's own
 * tests run against each change: what none of them notices has survived. Takes minutes for each package, so it is no part of
 * `npm test`.
 *
 *     npm run mutation                       # every package below
 *     npm run mutation -- --package memory   # one; may be repeated
 *
 * The table goes to stdout; each survivor with its place stands in `.cache/mutation/PACKAGE.txt`.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execute, Failed } from './execute.mjs';
import { root } from './workspace.mjs';

/** The packages in which a slip would be silent: what they compute is believed by everything after them. */
const packages = ['memory', 'elf', 'linux-boot', 'link', 'multiboot-info'];

/**
 * @typedef {{ id: string, status: string, mutatorName: string, replacement?: string, location: { start: { line: number, column: number } } }} Mutant
 * @typedef {{ files: Record<string, { source: string, mutants: Mutant[] }> }} Report
 */

/** Wording is not part of any promise (codes are), so that a changed sentence is nothing that a test should notice. */
const wording = ['StringLiteral'];

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
  for (const name of wanted) rows.push(row(name, await mutate(name)));
  console.log(table([head, ...rows]));
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
    timeoutMS: 5000,
    allowEmpty: false,
  };
}

const head = ['package', 'mutants', 'killed', 'survived', 'score', 'score without wording'];

/**
 * @param {string} name
 * @param {Report} report
 * @returns {string[]}
 */
function row(name, report) {
  const all = Object.entries(report.files).flatMap(([file, { mutants }]) =>
    mutants.map((mutant) => ({ file, ...mutant })),
  );
  const counted = all.filter(({ status }) => isKilled(status) || isSurvivor(status));
  const logic = counted.filter(({ mutatorName }) => !wording.includes(mutatorName));
  const survivors = counted.filter(({ status }) => isSurvivor(status));
  writeFileSync(join(folder, `${name}.txt`), survivors.map(line).sort().join(''));
  const killed = counted.length - survivors.length;
  return [
    name,
    String(counted.length),
    String(killed),
    String(survivors.length),
    percent(killed, counted.length),
    percent(logic.filter(({ status }) => isKilled(status)).length, logic.length),
  ];
}

/** @param {{ file: string, location: Mutant['location'], mutatorName: string, replacement?: string }} survivor */
function line({ file, location: { start }, mutatorName, replacement = '' }) {
  return `${file}:${String(start.line)}:${String(start.column)} ${mutatorName} ${JSON.stringify(replacement.slice(0, 100))}\n`;
}

/** @param {string} status */
function isKilled(status) {
  return status === 'Killed' || status === 'Timeout';
}

/** @param {string} status */
function isSurvivor(status) {
  return status === 'Survived' || status === 'NoCoverage';
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
