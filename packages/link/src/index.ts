/**
 * The linker: packs, places, finishes, relocates and digests a loader's plan into a submission. Pure.
 *
 * @packageDocumentation
 */
export { linkCodes } from './codes.js';
export type { FailedSearch, LinkFailure, LinkInput, LinkResult } from './input.js';
export { link } from './link.js';
