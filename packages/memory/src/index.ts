/**
 * Physical memory: sets of half-open ranges, the search for a hole with a reason for every refusal, and what names a map.
 *
 * @packageDocumentation
 */
export * from './crash.js';
export * from './fingerprint.js';
export * from './hole.js';
export * from './map.js';
export * from './ranges.js';
