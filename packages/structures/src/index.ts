/**
 * Checked reading and building of on-disk structures.
 *
 * @packageDocumentation
 */
export * from './format-error.js';
export * from './text.js';
export * from './writer.js';
