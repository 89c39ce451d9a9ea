/**
 * What runs between two kernels: verifies the next one, sets its registers, enters it.
 * A blob of our own for each running architecture, and the parameter block that tells it what to do.
 *
 * @packageDocumentation
 */
export { purgatory32Sha256 } from './generated/purgatory32.js';
export { purgatory64Sha256 } from './generated/purgatory64.js';
export { PurgatoryParameters as ParameterBlock } from './generated/parameters.js';
export {
  lastWordsCodes,
  readLastWords,
  type HandoverRecord,
  type HandoverState,
  type Mismatch,
} from './last-words.js';
export { canEnter, layoutOf, reachOf, type Counts, type PurgatoryLayout } from './layout.js';
export {
  POKE_SIZE,
  REGION_NAME_SIZE,
  buildParameters,
  type MemoryCopy,
  type PurgatoryParameters,
  type VerifiedRegion,
  type WrittenPoke,
} from './parameters.js';
