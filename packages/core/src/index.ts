/**
 * The engine: chooses a loader for an image, decodes its options, plans and links, and saves what came of it.
 * Pure: nothing here reads a file; what is fast or outside is handed in.
 *
 * @packageDocumentation
 */
export * from './address-text.js';
export { coreCodes } from './codes.js';
export * from './decompress-image.js';
export * from './extract.js';
export * from './generated/submission-schema.js';
export * from './looks-like.js';
export * from './near.js';
export * from './options.js';
export * from './pipeline.js';
export { DEFAULT_POLICY } from './plan-input.js';
export * from './plan-file.js';
export * from './registry.js';
export * from './saved/parse.js';
export * from './saved/serialize.js';
export * from './select.js';
export * from './signature.js';
export * from './targets.js';
