// @ts-check
/**
 * Runs fuzz cases in worker threads: hands out ranges of cases, ends a thread whose case takes too long, and gathers
 * what they report. The cases themselves, and all that is tested, are e2e/fuzz.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import { image } from './images.mjs';
import { root } from './workspace.mjs';

/** @import { Plugin } from 'esbuild' */

/** A case that takes longer, in milliseconds of its thread's time on a CPU, is a hang: others may load the machine. */
export const CASE_TIME = 1000;
/** How often is looked, in milliseconds. */
const LOOK = 100;
/** Cases handed out at once. */
const RANGE = 250;
/** And so long by the clock, in milliseconds: a case may wait for what never comes. */
const WAITING = 60 * CASE_TIME;
/** Of a tick in /proc, in milliseconds (USER_HZ). */
const TICK = 10;
/** Of one thread's heap, in MiB: arrays and objects; buffers are counted by the case. */
const HEAP = 192;

/** Every real image that a seed is made of. */
export const images = [
  'linux-6.12-cloud',
  'linux-6.1',
  'linux-6.1-686-pae',
  'busybox-i386',
  'memtest86+x64',
  'memtest86+ia32',
  'grub-i386-xen_pvh',
  'xen-4.17',
  'tboot',
  'multiboot-example',
];

/**
 * @typedef {object} Finding
 * @property {string} format
 * @property {number} seed
 * @property {number} index
 * @property {string} kind crash, rule, outside, memory or hang.
 * @property {string} message
 * @property {string} stack
 */
/**
 * @typedef {object} Job
 * @property {string} format
 * @property {number} seed
 * @property {number} from
 * @property {number} to
 * @property {Uint8Array} [input] Run these bytes instead of those of the case.
 * @property {boolean} [make] Only make the input of `from`.
 */
/**
 * What came of one format.
 *
 * @typedef {object} Report
 * @property {string} format
 * @property {number} cases
 * @property {number} ms Of threads' time: with two threads, two seconds each second.
 * @property {Record<string, number>} reached How many cases passed each stage.
 * @property {{ ms: number; index: number }} slowest
 * @property {{ bytes: number; index: number }} largest In buffers.
 * @property {{ finding: Finding; input: Uint8Array }[]} findings
 */
/** @typedef {{ bundle: string; paths: Record<string, string> }} Code */

/** What boot-entries takes from `node:fs` are the files of a case; the worker itself has the real one. @type {Plugin} */
const filesOfBootEntries = {
  name: 'files of boot-entries',
  setup(bundling) {
    bundling.onResolve({ filter: /^node:fs$/ }, ({ importer }) =>
      importer.includes('/packages/boot-entries/')
        ? { path: join(root, 'e2e/fuzz/memory-files.ts') }
        : undefined,
    );
  },
};

/**
 * Bundles the fuzz worker with the packages by their source, and finds the images.
 *
 * @returns {Promise<Code>}
 */
export async function prepare() {
  const folder = join(root, '.cache/fuzz');
  mkdirSync(folder, { recursive: true });
  const bundle = join(folder, `worker-${String(process.pid)}.mjs`);
  await build({
    absWorkingDir: root,
    entryPoints: ['e2e/fuzz/worker.ts'],
    outfile: bundle,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    conditions: ['@kexec-kit/source'],
    alias: { 'node:fs/promises': './e2e/fuzz/memory-files.ts' },
    plugins: [filesOfBootEntries],
    sourcemap: 'inline',
    sourcesContent: false,
    logLevel: 'warning',
  });
  const found = await Promise.all(images.map(async (name) => [name, (await image(name)).path]));
  return { bundle, paths: Object.fromEntries(found) };
}

/**
 * The time that a thread of this process has had on a CPU, in milliseconds (proc_pid_stat(5), utime and stime).
 *
 * @param {number} id
 */
function cpuTime(id) {
  // It has not begun to run.
  if (id === 0) return 0;
  const [, fields = ''] = readFileSync(`/proc/self/task/${String(id)}/stat`, 'latin1').split(') ');
  const [user, system] = fields.split(' ').slice(11, 13);
  return (Number(user) + Number(system)) * TICK;
}

/** One thread, and what it does now. */
class Thread {
  /** @param {Code} code */
  constructor({ bundle, paths }) {
    this.shared = new SharedArrayBuffer(12);
    this.now = new Int32Array(this.shared);
    this.now[0] = -1;
    this.worker = new Worker(bundle, {
      workerData: { root, images: paths, shared: this.shared },
      resourceLimits: { maxOldGenerationSizeMb: HEAP },
      execArgv: ['--enable-source-maps'],
    });
    // Between jobs nobody listens, and a thread that is ended for its time may die of its memory first.
    this.worker.on('error', () => undefined);
  }

  /**
   * Runs a job to its end, or until a case of it takes too long, or the thread dies.
   *
   * @param {Job} job
   * @param {(found: { finding: Finding; input: Uint8Array }) => void} report
   * @returns {Promise<{ done: any } | { stuck: number } | { dead: number; why: string }>}
   */
  run(job, report) {
    const { worker, now } = this;
    return new Promise((resolve) => {
      let begun = -1;
      let since = { cpu: 0, clock: 0 };
      const timer = setInterval(() => {
        const index = Atomics.load(now, 0);
        if (Atomics.load(now, 1) !== begun || index < 0) {
          begun = Atomics.load(now, 1);
          since = { cpu: cpuTime(Atomics.load(now, 2)), clock: performance.now() };
          return;
        }
        const late = performance.now() - since.clock > WAITING;
        if (late || cpuTime(Atomics.load(now, 2)) - since.cpu > CASE_TIME) end({ stuck: index });
      }, LOOK);
      /** @param {any} message */
      const onMessage = (message) => {
        if (message.type === 'finding') report(message);
        else end({ done: message });
      };
      /** @param {Error} error */
      const onError = (error) => {
        end({ dead: Atomics.load(now, 0), why: error.message });
      };
      /** @param {any} outcome */
      const end = (outcome) => {
        clearInterval(timer);
        worker.off('message', onMessage).off('error', onError);
        resolve(outcome);
      };
      worker.on('message', onMessage).on('error', onError);
      worker.postMessage(job);
    });
  }

  /** At once, whatever it does. */
  end() {
    return this.worker.terminate();
  }

  /** Of itself, having nothing to do. */
  async leave() {
    const exit = new Promise((resolve) => this.worker.once('exit', resolve));
    this.worker.postMessage('leave');
    await exit;
  }
}

/**
 * Runs jobs on so many threads. A case that hangs or kills its thread is a finding, and the rest of its range goes on in
 * a new thread.
 *
 * @param {Code} code
 * @param {readonly Job[]} jobs
 * @param {{ threads?: number; onProgress?: (cases: number, findings: number) => void; until?: number }} [options]
 *   `until`: no range is begun after that time, as `performance.now()` has it.
 * @returns {Promise<Report[]>}
 */
export async function runJobs(code, jobs, { threads = 2, onProgress, until = Infinity } = {}) {
  const queue = inTurn(jobs.map(ranges));
  /** @type {Map<string, Report>} */
  const reports = new Map();
  for (const { format } of jobs) reports.set(format, emptyReport(format));
  let cases = 0;
  let findings = 0;

  const work = async () => {
    let thread = new Thread(code);
    for (let job = queue.shift(); job !== undefined; job = queue.shift()) {
      if (performance.now() > until) break;
      const report = /** @type {Report} */ (reports.get(job.format));
      /** @type {Report['findings']} */
      const found = [];
      const outcome = await thread.run(job, (each) => found.push(each));
      if ('done' in outcome) {
        gather(report, job, outcome.done);
        report.findings.push(...found);
        cases += job.to - job.from;
        findings += found.length;
        onProgress?.(cases, findings);
        continue;
      }
      await thread.end();
      thread = new Thread(code);
      const index = 'stuck' in outcome ? outcome.stuck : outcome.dead;
      if (index < 0) throw new Error(`a fuzz thread ended: ${'why' in outcome ? outcome.why : ''}`);
      queue.unshift(...around(job, index));
      const kind = 'dead' in outcome ? 'memory' : 'hang';
      const message = 'dead' in outcome ? outcome.why : `takes more than ${String(CASE_TIME)} ms`;
      const input = await inputOf(thread, job, index);
      report.findings.push({
        finding: { format: job.format, seed: job.seed, index, kind, message, stack: '' },
        input,
      });
      report.cases += 1;
      cases += 1;
      findings += 1;
      onProgress?.(cases, findings);
    }
    await thread.leave();
  };
  await Promise.all(Array.from({ length: threads }, work));
  return [...reports.values()];
}

/**
 * @param {Job} job
 * @returns {Job[]}
 */
function ranges(job) {
  const starts = [];
  for (let from = job.from; from < job.to; from += RANGE) starts.push(from);
  return starts.map((from) => ({ ...job, from, to: Math.min(job.to, from + RANGE) }));
}

/**
 * One of each list, then the next of each: who stops early has seen something of every format.
 *
 * @template T
 * @param {readonly (readonly T[])[]} lists
 * @returns {T[]}
 */
function inTurn(lists) {
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, i) => lists.flatMap((list) => list.slice(i, i + 1))).flat();
}

/**
 * What is left of a range without one case: what came before it is run again, for its report is lost.
 *
 * @param {Job} job
 * @param {number} index
 */
function around(job, index) {
  return [
    { ...job, to: index },
    { ...job, from: index + 1 },
  ].filter(({ from, to }) => from < to);
}

/**
 * @param {Thread} thread
 * @param {Job} job
 * @param {number} index
 * @returns {Promise<Uint8Array>}
 */
async function inputOf(thread, job, index) {
  if (job.input !== undefined) return job.input;
  const made = await thread.run({ ...job, from: index, to: index + 1, make: true }, () => undefined);
  return 'done' in made ? made.done.input : new Uint8Array();
}

/** @param {string} format */
function emptyReport(format) {
  return {
    ...{ format, cases: 0, ms: 0, reached: {}, findings: [] },
    slowest: { ms: 0, index: 0 },
    largest: { bytes: 0, index: 0 },
  };
}

/**
 * @param {Report} report
 * @param {Job} job
 * @param {Omit<Report, 'format' | 'cases' | 'findings'>} done
 */
function gather(report, { from, to }, { ms, reached, slowest, largest }) {
  report.cases += to - from;
  report.ms += ms;
  for (const [stage, count] of Object.entries(reached))
    report.reached[stage] = (report.reached[stage] ?? 0) + count;
  if (slowest.ms > report.slowest.ms) report.slowest = slowest;
  if (largest.bytes > report.largest.bytes) report.largest = largest;
}
