import { isDeepStrictEqual } from 'node:util';
import { beginCounting, endCounting } from './allocations.js';
import { placeInArena } from './arena.js';
import { Finding } from './finding.js';
import { randomOf } from './random.js';
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

/**
 * Runs a case twice, with another poison around the input and at another place in memory each time: who reads outside, or
 * remembers the first time, gives something else the second.
 *
 * @throws Finding, or whatever the code under test throws.
 */
export async function runCase(target: Target, input: Uint8Array): Promise<Ran> {
  const first = await runIn(target, input, 0xa5, 0);
  const second = await runIn(target, input, 0x5a, 24);
  if (!isDeepStrictEqual(first.value, second.value))
    throw new Finding('outside', 'gives something else when the bytes around the input are others');
  return { reached: first.reached, memory: Math.max(first.memory, second.memory) };
}

async function runIn(
  target: Target,
  input: Uint8Array,
  poison: number,
  shift: number,
): Promise<Ran & { value: unknown }> {
  const arena = placeInArena(input, poison, shift);
  const choose = randomOf(target.name, input);
  beginCounting();
  try {
    const { reached, value } = await target.run(arena.bytes, choose);
    const memory = endCounting();
    arena.demandUntouched();
    return { reached, value, memory };
  } finally {
    endCounting();
  }
}
