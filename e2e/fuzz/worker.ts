/**
 * Runs ranges of cases in a thread of its own, and writes down before each which it is: when the thread must be ended,
 * its parent knows why. All of the code under test is in this thread.
 */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { countAllocations } from './allocations.js';
import { inputOf, runCase } from './case.js';
import { Finding } from './finding.js';
import { hashOf } from './random.js';
import type { Seed, Sources, Target } from './target.js';
import { targets } from './targets/index.js';

/** Words of the memory that is shared with the parent: the case's index, how many were begun, and this thread's number. */
const INDEX = 0;
const BEGUN = 1;
const THREAD = 2;

interface Setup {
  readonly root: string;
  /** Paths by names. */
  readonly images: Readonly<Record<string, string>>;
  readonly shared: SharedArrayBuffer;
}
/** Cases of one format; with `input`, those bytes instead; `make` only makes the input of the first. */
interface Job {
  readonly format: string;
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  readonly input?: Uint8Array;
  readonly make?: boolean;
}

const { root, images, shared } = workerData as Setup;
const sources: Sources = {
  image(name) {
    const path = images[name];
    if (path === undefined) throw new Error(`the image ${name} was not handed in`);
    return new Uint8Array(readFileSync(path));
  },
  json: (path) => JSON.parse(readFileSync(join(root, path), 'utf8')) as unknown,
  texts: (path) => {
    const found = readdirSync(join(root, path), { recursive: true, withFileTypes: true });
    const files = found.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
    const texts = files.sort().map((file) => [relative(join(root, path), file), readFileSync(file, 'utf8')]);
    return Object.fromEntries(texts) as Record<string, string>;
  },
};
const now = new Int32Array(shared);
const seeds = new Map<string, readonly Seed[]>();

Atomics.store(now, THREAD, Number(readlinkSync('/proc/thread-self').split('/').at(-1)));
countAllocations();
parentPort?.on('message', (job: Job | 'leave') => {
  if (job === 'leave') parentPort?.close();
  else void answer(job);
});

async function answer(job: Job): Promise<void> {
  const target = targets.find(({ name }) => name === job.format);
  if (target === undefined) throw new Error(`no format ${job.format}`);
  if (job.make === true) parentPort?.postMessage({ type: 'input', input: makeInput(target, job, job.from) });
  else parentPort?.postMessage({ type: 'done', ...(await runRange(target, job)) });
}

function makeInput(target: Target, job: Job, index: number): Uint8Array {
  if (job.input !== undefined) return new Uint8Array(job.input);
  if (!seeds.has(target.name)) seeds.set(target.name, target.seeds(sources));
  return inputOf(target, seeds.get(target.name) ?? [], { seed: job.seed, index });
}

async function runRange(target: Target, job: Job): Promise<object> {
  const reached: Record<string, number> = {};
  let [slowest, largest] = [
    { ms: 0, index: job.from },
    { bytes: 0, index: job.from },
  ];
  const started = performance.now();
  for (let index = job.from; index < job.to; index += 1) {
    const input = makeInput(target, job, index);
    begin(index);
    const before = performance.now();
    try {
      const ran = await (job.input === undefined
        ? runCase(target, input)
        : runCase(target, input, hashOf(input), true));
      for (const stage of ran.reached) reached[stage] = (reached[stage] ?? 0) + 1;
      if (ran.memory > largest.bytes) largest = { bytes: ran.memory, index };
    } catch (error) {
      parentPort?.postMessage({ type: 'finding', finding: describe(error, job, index), input });
    }
    const ms = performance.now() - before;
    if (ms > slowest.ms) slowest = { ms, index };
  }
  begin(-1);
  return { reached, slowest, largest, ms: performance.now() - started };
}

function begin(index: number): void {
  Atomics.store(now, INDEX, index);
  Atomics.add(now, BEGUN, 1);
}

function describe(error: unknown, { format, seed }: Job, index: number): object {
  const { name = 'Error', message = String(error), stack = '' } = error instanceof Error ? error : {};
  const kind = error instanceof Finding ? error.kind : name === 'NonConforming' ? kindOf(message) : 'crash';
  return { format, seed, index, kind, message: `${name}: ${message}`, stack };
}

/** The conformance kit turns an exception into its own; what is thrown for too much memory goes through it as well. */
function kindOf(message: string): string {
  if (message.includes('threw Finding')) return 'memory';
  return message.includes(' threw ') ? 'crash' : 'rule';
}
