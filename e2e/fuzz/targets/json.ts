import { isDeepStrictEqual } from 'node:util';
import { coreCodes, parseSubmission, serializeSubmission } from '@kexec-kit/core';
import type { Codes, Machine, Plan, Result, SegmentsSubmission } from '@kexec-kit/loader-api';
import { machineCodes, parseMachine, redact, serializeMachine } from '@kexec-kit/machine';
import { integrityOf, type Covered } from '../insides.js';
import { demandMachine, startSomething } from '../machine-rules.js';
import { engines } from '../engines.js';
import { rule } from '../finding.js';
import { mutate } from '../mutate.js';
import { mutateJson, type Json } from '../mutate-json.js';
import type { Random } from '../random.js';
import { snapshotSeeds, submissionSeeds } from '../seeds/json.js';
import { demandSubmission } from '../submission-rules.js';
import type { Answer, Seed, Target } from '../target.js';

/** Damaged as a tree; at times as text. */
function makeJson(random: Random, seeds: readonly Seed[], seal: (tree: Json) => Json): Uint8Array {
  if (random.oneIn(8)) return mutate(random, seeds);
  const tree = mutateJson(JSON.parse(Buffer.from(random.pick(seeds).bytes).toString()) as Json, random);
  return Buffer.from(JSON.stringify(seal(tree)));
}

/** Whoever edits a saved submission can compute its digest, too: else nothing would come further than that. */
function sealed(tree: Json): Json {
  const isObject = typeof tree === 'object' && tree !== null && !Array.isArray(tree);
  return isObject && 'submission' in tree
    ? { ...tree, integrity: integrityOf(tree as unknown as Covered, engines) }
    : tree;
}

export function demandFailure(result: Result<unknown>, codes: Codes): void {
  for (const { code, message, severity } of result.diagnostics) {
    rule(Object.hasOwn(codes, code), `the code ${code} is not declared`);
    rule(
      message !== '' && message.length < 2000,
      `${code} has a message of ${String(message.length)} characters`,
    );
    rule(severity !== 'error' || !result.ok, `a success with the error ${code}`);
  }
}

const NO_PLAN = { clobbers: [] } as unknown as Plan;

function readSubmission(bytes: Uint8Array): Answer {
  const text = Buffer.from(bytes).toString();
  const read = parseSubmission(text, engines);
  demandFailure(read, coreCodes);
  if (!read.ok) return { reached: isJson(text) ? ['json'] : [], value: read };
  const submission = read.value;
  if (submission.method === 'segments' && submission.purpose === 'normal')
    demandSubmission(submission, NO_PLAN, machineOf(submission));
  const again = parseSubmission(serializeSubmission(submission, engines), engines);
  rule(
    again.ok && isDeepStrictEqual(again.value, submission),
    'what is accepted is another one when it is saved and read again',
  );
  return { reached: ['json', 'accepted'], value: read };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function machineOf({ architecture, map }: SegmentsSubmission): Machine {
  return { architecture, ...map, crashKernel: [], commandLine: '', cpus: 1, firmware: {} };
}

function readSnapshot(bytes: Uint8Array, choose: Random): Answer {
  const text = Buffer.from(bytes).toString();
  const read = parseMachine(text);
  demandFailure(read, machineCodes);
  if (!read.ok) return { reached: isJson(text) ? ['json'] : [], value: read };
  demandMachine(read.value);
  const again = parseMachine(serializeMachine(read.value));
  rule(
    again.ok && isDeepStrictEqual(again.value, read.value),
    'what is accepted is another one when it is written and read again',
  );
  redact(read.value);
  const started = startSomething(read.value, choose);
  return { reached: ['json', 'accepted', ...(started ? ['linked on it'] : [])], value: read };
}

export const jsonTargets: readonly Target[] = [
  {
    name: 'submission',
    stages: ['json', 'accepted'],
    seeds: submissionSeeds,
    make: (random, seeds) => makeJson(random, seeds, sealed),
    run: readSubmission,
  },
  {
    name: 'snapshot',
    stages: ['json', 'accepted', 'linked on it'],
    seeds: snapshotSeeds,
    make: (random, seeds) => makeJson(random, seeds, (tree) => tree),
    run: readSnapshot,
  },
];
