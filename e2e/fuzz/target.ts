import type { Random } from './random.js';

/** A number or a name within a seed, by its format's own table: where structure-aware mutation strikes. */
export interface SeedField {
  readonly name: string;
  /** In bytes of the seed. */
  readonly offset: number;
  readonly size: number;
}

/** Something that is right, to be damaged. */
export interface Seed {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly fields: readonly SeedField[];
}

/** What came of one case. */
export interface Answer {
  /** The stages that it passed. */
  readonly reached: readonly string[];
  /** Everything that was read, for the comparison of two runs over the same bytes. */
  readonly value: unknown;
}

/** How much is looked at. */
export interface RunOptions {
  /** Also what costs more than the case itself: on a sample of the cases, always the same ones. */
  readonly thorough: boolean;
}

/** What seeds are made of. */
export interface Sources {
  /** A real image, by its name in tools/images.mjs. */
  readonly image: (name: string) => Uint8Array;
  /** A file of this repository, by its path from the root. */
  readonly json: (path: string) => unknown;
  /** The text files in a folder of this repository and below, by their paths from there. */
  readonly texts: (path: string) => Readonly<Record<string, string>>;
}

/** One format to be fuzzed. */
export interface Target {
  readonly name: string;
  /** What a case goes through, shallow first. */
  readonly stages: readonly string[];
  /** It is broken on purpose: for the tests of the fuzzer, and not one of `all`. */
  readonly planted?: boolean;
  seeds(sources: Sources): readonly Seed[];
  /** One damaged input. */
  make(random: Random, seeds: readonly Seed[]): Uint8Array;
  /**
   * Runs one case. It depends on the bytes alone: `choose` is seeded by them, so that a fixture needs nothing else.
   *
   * @throws Finding for what breaks a rule; anything else thrown is a crash.
   */
  run(bytes: Uint8Array, choose: Random, options: RunOptions): Answer | Promise<Answer>;
}
