import type { Target } from '../target.js';
import { bootEntriesTarget } from './boot-entries.js';
import { decompressorTargets } from './decompressors.js';
import { loaderTargets } from './loaders.js';
import { jsonTargets } from './json.js';
import { machineTarget } from './machine.js';
import { plantedTargets } from './planted.js';
import { readerTargets } from './readers.js';

/** Every format that is fuzzed, and those that are broken on purpose. */
export const targets: readonly Target[] = [
  ...loaderTargets,
  ...readerTargets,
  ...decompressorTargets,
  ...jsonTargets,
  machineTarget,
  bootEntriesTarget,
  ...plantedTargets,
];
