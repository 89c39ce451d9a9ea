import { isDeepStrictEqual } from 'node:util';
import { beginCounting, endCounting } from './allocations.js';
import { placeInArena } from './arena.js';
import { Finding } from './finding.js';
import { hashOf, randomOf } from './random.js';
import type { Seed, Target } from './target.js';

/** The input of one case: of the run's seed and the case's index alone. */
export function inputOf(
  target: Target,
  seeds: readonly Seed[],
  { seed, index }: { seed: number; index: number },
): Uint8Array {
  return target.make(randomOf(seed, target.name, index), seeds);
}

export interface Ran {
  readonly reached: readonly string[];
  /** In buffers, in bytes. */
  readonly memory: number;
}

/** One case in so many is run twice, and looked at in everything. */
const SAMPLE = 4;

/**
 * Runs a case, and of a sample each case once more, with another poison around the input and at another place in memory:
 * who reads outside, or remembers the first time, gives something else the second.
 *
 * @param choice - Decides on what goes with the input. Default: its hash, so that a fixture needs nothing else.
 * @param thorough - Default: whether the case is one of the sample.
 * @throws Finding, or whatever the code under test throws.
 */
export async function runCase(
  target: Target,
  input: Uint8Array,
  choice: number = hashOf(input),
  thorough: boolean = choice % SAMPLE === 0,
): Promise<Ran> {
  const first = await runIn(target, input, { poison: 0xa5, shift: 0, thorough, choice });
  if (!thorough) return first;
  const second = await runIn(target, input, { poison: 0x5a, shift: 24, thorough, choice });
  if (!isDeepStrictEqual(first.value, second.value))
    throw new Finding('outside', 'gives something else when the bytes around the input are others');
  return { reached: first.reached, memory: Math.max(first.memory, second.memory) };
}

interface Place {
  readonly poison: number;
  /** In bytes. */
  readonly shift: number;
  readonly thorough: boolean;
  /** Of what goes with the input. */
  readonly choice: number;
}

async function runIn(
  target: Target,
  input: Uint8Array,
  { poison, shift, thorough, choice }: Place,
): Promise<Ran & { value: unknown }> {
  const arena = placeInArena(input, poison, shift);
  const choose = randomOf(target.name, choice);
  beginCounting();
  try {
    const { reached, value } = await target.run(arena.bytes, choose, { thorough });
    const memory = endCounting();
    arena.demandUntouched();
    return { reached, value, memory };
  } finally {
    endCounting();
  }
}
