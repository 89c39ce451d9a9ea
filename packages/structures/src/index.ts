/**
 * Checked reading and building of on-disk structures.
 *
 * @packageDocumentation
 */
export * from './format-error.js';
export { type Compiled, type Field, parse, type Reader, reader } from './reader.js';
export { CheckedStream } from './stream.js';
export * from './text.js';
export * from './writer.js';
