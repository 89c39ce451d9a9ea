import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { serializeCase, type Case, type Format } from './case.js';
import { casesOf } from './generate.js';
import type { Comparison, Difference, Tampering } from './judge.js';
import { reduce } from './reduce.js';
import { judge, type Rule, type Verdict } from './rules/index.js';
import { ask } from './run.js';

/** kexec(8) runs at once. */
const WORKERS = 2;
/** Disagreements of one format about one kind of item. */
const MADE_SMALL = 3;

/** What is asked for. */
export interface Run {
  readonly machines: number;
  readonly formats: readonly Format[];
  readonly seed: number;
  /** Where disagreements are saved. */
  readonly saveTo?: string;
  /** By which differences are explained; all of them unless a test says otherwise. */
  readonly rules?: readonly Rule[];
  /** What is done to our side, by tests of the oracle itself. */
  readonly tampering?: Tampering;
  readonly progress?: (done: number, disagreements: number) => void;
}

/** What no rule explains, made small. */
export interface Disagreement {
  readonly format: Format;
  /** Of the case before it was made smaller: `--seed S --machines 1 --format F`. */
  readonly seed: number;
  readonly smallest: Case;
  readonly differences: readonly Difference[];
  /** Where the smallest case was saved. */
  readonly file?: string;
}

export interface Tally {
  readonly kinds: Map<Verdict['kind'], number>;
  readonly rules: Map<string, number>;
  /** Group of items to how many are equal, of how many. */
  readonly counts: Map<string, { equal: number; all: number }>;
  /** Both load: there is something to compare. */
  loaded: number;
}

export interface Report {
  readonly seconds: number;
  readonly tallies: ReadonlyMap<Format, Tally>;
  readonly disagreements: readonly Disagreement[];
}

/** Asks about generated machines, two at a time, and makes small what no rule explains. */
export async function runMany(run: Run): Promise<Report> {
  const started = Date.now();
  const tallies = new Map(run.formats.map((format) => [format, emptyTally()]));
  const disagreements: Disagreement[] = [];
  const kinds = new Map<string, number>();
  let next = 0;
  const worker = async (folder: string) => {
    for (let index = next++; index < run.machines; index = next++) {
      const format = run.formats[index % run.formats.length] as Format;
      const seed = seedOf(run, index);
      const made = caseOf(format, seed);
      const comparison = await ask(made, folder, run.tampering);
      const verdict = judge(comparison, run.rules);
      count(tallies.get(format) as Tally, comparison, verdict);
      if (verdict.kind === 'disagreement') {
        const kind = kindOf(verdict.unexplained[0]);
        add(kinds, `${format} ${kind}`);
        const found = { format, seed, made, verdict };
        // The fourth of a kind would be the same again, at hundred times the price.
        const isNew = (kinds.get(`${format} ${kind}`) ?? 0) <= MADE_SMALL;
        disagreements.push(
          isNew ? await makeSmall(found, folder, run) : await save(found, made, folder, run),
        );
      }
      run.progress?.(index + 1, disagreements.length);
    }
  };
  await inFolders(WORKERS, worker);
  return { seconds: (Date.now() - started) / 1000, tallies, disagreements };
}

/** Runs something in as many scratch folders at once, in memory where there is such a file system. */
export async function inFolders(many: number, work: (folder: string) => Promise<void>): Promise<void> {
  const scratch = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'kexec-kit-oracle-'));
  try {
    await Promise.all(Array.from({ length: many }, (_, i) => work(join(scratch, String(i)))));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The case of a seed: the same for ever, as long as the generators are the same. */
export function caseOf(format: Format, seed: number): Case {
  const [made] = fc.sample(casesOf(format), { numRuns: 1, seed });
  if (made === undefined) throw new Error('nothing generated');
  return made;
}

/** Every case has a seed of its own; a run of one case has the seed that was asked for. */
function seedOf({ machines, seed }: Run, index: number): number {
  if (machines === 1) return seed;
  return Math.imul(seed ^ Math.imul(index + 1, 0x9e3779b1), 0x85ebca6b) >>> 1;
}

function emptyTally(): Tally {
  return { kinds: new Map(), rules: new Map(), counts: new Map(), loaded: 0 };
}

function count(tally: Tally, { evidence, counts }: Comparison, { kind, rules: names }: Verdict): void {
  add(tally.kinds, kind);
  for (const name of names) add(tally.rules, name);
  if (evidence.theirView !== undefined && evidence.ourView !== undefined) tally.loaded += 1;
  for (const [group, { equal, all }] of counts) {
    const sum = tally.counts.get(group) ?? { equal: 0, all: 0 };
    tally.counts.set(group, { equal: sum.equal + equal, all: sum.all + all });
  }
}

function add<K>(map: Map<K, number>, key: K): void {
  map.set(key, (map.get(key) ?? 0) + 1);
}

async function makeSmall(
  found: { readonly format: Format; readonly seed: number; readonly made: Case; readonly verdict: Verdict },
  folder: string,
  run: Run,
): Promise<Disagreement> {
  const { made, verdict } = found;
  const wanted = kindOf(verdict.unexplained[0]);
  const shows = async (smaller: Case) => {
    const { unexplained } = judge(await ask(smaller, folder, run.tampering), run.rules);
    return unexplained.some((each) => kindOf(each) === wanted);
  };
  return save(found, await reduce(made, shows), folder, run);
}

async function save(
  { format, seed }: Pick<Disagreement, 'format' | 'seed'>,
  smallest: Case,
  folder: string,
  run: Run,
): Promise<Disagreement> {
  const differences = judge(await ask(smallest, folder, run.tampering), run.rules).unexplained;
  if (run.saveTo === undefined) return { format, seed, smallest, differences };
  mkdirSync(run.saveTo, { recursive: true });
  const file = join(run.saveTo, `${format}-${seed}.json`);
  writeFileSync(file, serializeCase(smallest));
  return { format, seed, smallest, differences, file };
}

/** What a difference is about, whatever its number: making a case smaller must not lead to another disagreement. */
function kindOf(difference: Difference | undefined): string {
  return (difference?.item ?? '').replace(/\d+/g, 'N');
}
