// @ts-check
/** A section of tools/bench.mjs: `kexec-kit load` beside "kexec -c -l", whole processes, both with their system call answered. */
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { oracle } from './oracle-kexec.mjs';
import { letLoad, oracleForNode } from './oracle-node.mjs';

const cli = join(fileURLToPath(new URL('..', import.meta.url)), 'packages/cli/bin/kexec-kit.mjs');
const MOST_FOR_FILE = 60;

/** @typedef {{ seconds: number; kib: number }} Figures */
/** @typedef {{ argv: readonly string[]; env: Readonly<Record<string, string>> }} Run */

/**
 * @typedef {object} Bench
 * @property {number} rounds
 * @property {string} kernel
 * @property {string} machine The folder that stands for `/`.
 * @property {string} report Where the system calls are written down.
 * @property {readonly { title: string; initrd?: string; aim: number }[]} cases
 * @property {(run: Run) => Figures} measure
 */

/** @param {Bench} bench */
export function printLoads({ rounds, kernel, machine, report, cases, measure }) {
  letLoad(machine);
  const env = { KEXEC_ROOT: machine, KEXEC_REPORT: report };
  const { command, environment } = oracle();
  console.log('kexec-kit load beside "kexec -c -l" of Debian\n');
  for (const { title, initrd, aim } of cases) {
    const more = initrd === undefined ? [] : [`--initrd=${initrd}`];
    const ours = (/** @type {string} */ method) => ({
      argv: [process.execPath, cli, 'load', kernel, ...more, '--method', method],
      env: { ...env, ...oracleForNode() },
    });
    const runs = {
      theirs: { argv: [command, '-c', '-l', kernel, ...more], env: { ...env, ...environment } },
      segments: ours('segments'),
      file: ours('file'),
    };
    const figures = alternate(rounds, runs, measure);
    const ratio = median(
      figures.segments.map(({ seconds }, i) => seconds / (figures.theirs[i]?.seconds ?? Number.NaN)),
    );
    const [they, we, file] = [mib(figures.theirs), mib(figures.segments), mib(figures.file)];
    console.log(title);
    console.log(
      `  wall time    ${seconds(figures.segments)} against ${seconds(figures.theirs)}: ratio ${ratio.toFixed(2)} (aim: at most ${aim})`,
    );
    console.log(`  peak memory  ${we} MiB against ${they} MiB: ${we - they} MiB more (aim: at most 50)`);
    console.log(
      `  -s           ${seconds(figures.file)}, ${file} MiB in all (aim: at most ${MOST_FOR_FILE})\n`,
    );
  }
}

/**
 * One after the other, so that what else the machine does meets all of them; the first round warms up.
 *
 * @template {string} Name
 * @param {number} rounds
 * @param {Readonly<Record<Name, Run>>} runs
 * @param {(run: Run) => Figures} measure
 */
function alternate(rounds, runs, measure) {
  const names = /** @type {Name[]} */ (Object.keys(runs));
  /** @type {Partial<Record<Name, Figures[]>>} */
  const figures = {};
  for (let round = -1; round < rounds; round++) {
    for (const name of names) {
      const one = measure(runs[name]);
      if (round >= 0) (figures[name] ??= []).push(one);
    }
  }
  return /** @type {Record<Name, Figures[]>} */ (figures);
}

/** @param {readonly Figures[]} list */
function seconds(list) {
  return `${median(list.map(({ seconds }) => seconds)).toFixed(3)} s`;
}

/** @param {readonly Figures[]} list */
function mib(list) {
  return Math.round(median(list.map(({ kib }) => kib)) / 1024);
}

/** @param {readonly number[]} values */
function median(values) {
  const sorted = [...values].sort((x, y) => x - y);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
