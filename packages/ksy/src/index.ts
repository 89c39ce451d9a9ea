/**
 * Compiles Kaitai Struct descriptions to typed, checked readers.
 *
 * @packageDocumentation
 */
export { compileKsy } from './compile.js';
export { KsyError } from './error.js';
