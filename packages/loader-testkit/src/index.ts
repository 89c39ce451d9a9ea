/**
 * Conformance checks for any loader, independent of the test runner.
 *
 * @packageDocumentation
 */
export { checks, type Check, type KitInput } from './checks.js';
export { foreignFiles } from './foreign.js';
export { standardMachines } from './machines.js';
export { imageOf, type Sample } from './sample.js';
