// @ts-check
/**
 * npm run fuzz: damaged inputs for every reader and loader.
 *
 *     npm run fuzz -- --format all --cases 1000000 --seed 1
 *     npm run fuzz -- --format elf --seed 1 --case 4711      # that one again
 *     npm run fuzz -- --list
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { formats, planted } from './fuzz-formats.mjs';
import { prepare, runJobs } from './fuzz-run.mjs';
import { root } from './workspace.mjs';

/** @import { Job, Report } from './fuzz-run.mjs' */

const { values } = parseArgs({
  options: {
    format: { type: 'string', default: 'all' },
    cases: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    case: { type: 'string' },
    minutes: { type: 'string' },
    threads: { type: 'string', default: '2' },
    list: { type: 'boolean', default: false },
  },
});

/** Findings that look alike are printed and saved so many times. */
const SHOWN = 2;

/** @param {string} name */
function number(name) {
  const text = /** @type {Record<string, string | boolean | undefined>} */ (values)[name];
  if (typeof text !== 'string' || !/^\d{1,9}$/.test(text))
    throw new Error(`--${name} takes a number below 10^9`);
  return Number(text);
}

/** @returns {Job[]} */
function jobs() {
  const wanted = values.format === 'all' ? formats : values.format.split(',');
  const unknown = wanted.find((name) => !formats.includes(name) && !planted.includes(name));
  if (unknown !== undefined) throw new Error(`--format ${unknown} is none of all, ${formats.join(', ')}`);
  const seed = number('seed');
  if (values.case !== undefined) {
    const from = number('case');
    return wanted.map((format) => ({ format, seed, from, to: from + 1 }));
  }
  const each = Math.ceil(number('cases') / wanted.length);
  return wanted.map((format) => ({ format, seed, from: 0, to: each }));
}

/** @param {readonly Report[]} reports */
function print(reports) {
  const rows = reports.map((report) => [
    report.format,
    String(report.cases),
    report.ms === 0 ? '-' : String(Math.round((1000 * report.cases) / report.ms)),
    stages(report),
    `${report.slowest.ms.toFixed(0)} ms (${String(report.slowest.index)})`,
    `${(report.largest.bytes / 2 ** 20).toFixed(2)} MiB (${String(report.largest.index)})`,
    String(report.findings.length),
  ]);
  const head = [
    'format',
    'cases',
    'cases/s and thread',
    'reached, % of cases',
    'slowest (case)',
    'most buffers (case)',
    'findings',
  ];
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => (row[i] ?? '').length)));
  const line = (/** @type {readonly string[]} */ row) =>
    `| ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`;
  console.log([line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n'));
}

/** @param {Report} report */
function stages({ reached, cases }) {
  return Object.entries(reached)
    .sort(([, a], [, b]) => b - a)
    .map(([stage, count]) => `${stage} ${((100 * count) / cases).toFixed(0)}`)
    .join(', ');
}

/** Saves findings as fixtures, which a test runs from then on; a planted one stays out of them. @param {readonly Report[]} reports */
function save(reports) {
  /** @type {Map<string, number>} */
  const alike = new Map();
  for (const { finding, input } of reports.flatMap(({ findings }) => findings)) {
    const { format, seed, index, kind, message, stack } = finding;
    const where = stack.split('\n').slice(1, 3).join('\n');
    const key = `${format} ${kind} ${message.replace(/0x[0-9a-f]+|\d+/g, 'N')} ${where}`;
    alike.set(key, (alike.get(key) ?? 0) + 1);
    if ((alike.get(key) ?? 0) > SHOWN) continue;
    const folder = join(root, planted.includes(format) ? '.cache/fuzz/planted' : 'e2e/fuzz/fixtures', format);
    mkdirSync(folder, { recursive: true });
    // What is text is easier to look at as such.
    const extension = input[0] === 0x7b ? 'json' : 'bin';
    const file = join(folder, `${String(seed)}-${String(index)}.${extension}`);
    writeFileSync(file, input);
    console.log(`\n${kind} in ${format}, case ${String(index)}: ${message}\n${where}\n  ${file}`);
    console.log(`  npm run fuzz -- --format ${format} --seed ${String(seed)} --case ${String(index)}`);
  }
  for (const [key, count] of alike)
    if (count > SHOWN) console.log(`\n${String(count)} times: ${key.split('\n')[0] ?? ''}`);
}

if (values.list) {
  console.log(formats.join('\n'));
} else {
  const code = await prepare();
  const started = performance.now();
  let shown = started;
  const reports = await runJobs(code, jobs(), {
    threads: number('threads'),
    ...(values.minutes !== undefined && { until: started + 60_000 * number('minutes') }),
    onProgress: (cases, findings) => {
      if (performance.now() - shown < 10_000) return;
      shown = performance.now();
      const seconds = (shown - started) / 1000;
      console.log(
        `${String(cases)} cases, ${String(findings)} findings, ${(cases / seconds).toFixed(0)} cases/s`,
      );
    },
  });
  rmSync(code.bundle);
  print(reports);
  save(reports);
  const count = reports.reduce((sum, { cases }) => sum + cases, 0);
  const seconds = (performance.now() - started) / 1000;
  const peak = process.resourceUsage().maxRSS / 1024;
  const findings = reports.reduce((sum, each) => sum + each.findings.length, 0);
  console.log(
    `\n${String(count)} cases in ${seconds.toFixed(0)} s (${(count / seconds).toFixed(0)} a second), ` +
      `${String(findings)} findings, peak memory ${peak.toFixed(0)} MiB`,
  );
  if (findings > 0) process.exitCode = 1;
}
