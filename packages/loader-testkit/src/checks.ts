import type { AnyLoader, LoaderManifest, Machine } from '@kexec-kit/loader-api';
import { copy, freeze } from './data.js';
import { filePlanChecks } from './file-plan-checks.js';
import { loadChecks } from './load-checks.js';
import { standardMachines } from './machines.js';
import { payloadChecks } from './payload-checks.js';
import { planChecks } from './plan-checks.js';
import { probeChecks } from './probe-checks.js';
import type { Sample } from './sample.js';
import { shapeChecks } from './shape-checks.js';

/** What the author of a loader gives. */
export interface KitInput {
  readonly loader: AnyLoader;
  /** Images that the loader takes: at least one, better one of each kind. */
  readonly accepts: readonly Sample[];
  /** Look-alikes: images that `probe` or `load` refuses. */
  readonly rejects?: readonly Pick<Sample, 'name' | 'bytes'>[];
  /** Where every sample must find a place, by name. Default: {@link standardMachines}. */
  readonly machines?: Readonly<Record<string, Machine>>;
  /** What `loader.json` holds. Given, it must be what the code says. */
  readonly manifest?: LoaderManifest;
}

/** One thing that a loader must do. */
export interface Check {
  /** The rule, e.g. `load.truncation`. */
  readonly id: string;
  /** The rule in words, and the sample that it is tried on. */
  readonly name: string;
  /** Throws an error whose message is for the loader's author. */
  readonly run: () => void;
}

/** What the groups of checks work on. Machines are frozen: a loader that writes into one throws. */
export type Kit = Required<Omit<KitInput, 'manifest'>>;

/**
 * Everything that any loader must do, as data for any test runner.
 *
 * @example
 * ```ts
 * for (const { name, run } of checks({ loader, accepts: samples })) test(name, run);
 * ```
 */
export function* checks(input: KitInput): Generator<Check> {
  const { manifest, rejects = [], machines = standardMachines, accepts, ...rest } = input;
  // Node's Buffer is a Uint8Array whose slice() is no copy: a damaged copy of one would damage the sample.
  const accepted = accepts.map((sample) => ({ ...sample, bytes: new Uint8Array(sample.bytes) }));
  const kit: Kit = { ...rest, accepts: accepted, rejects, machines: freeze(copy(machines)) };
  yield* shapeChecks(kit, manifest);
  yield* probeChecks(kit);
  yield* loadChecks(kit);
  yield* payloadChecks(kit);
  yield* planChecks(kit);
  yield* filePlanChecks(kit);
}
