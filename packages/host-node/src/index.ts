/**
 * What Node does for kexec-kit: files, hashing, decompression.
 *
 * @packageDocumentation
 */
export { hostCodes, sourceChanged } from './codes.js';
export * from './embed.js';
export * from './engines.js';
export { openFile, type OpenFile } from './open-file.js';
export * from './open-source.js';
export { hashedFile, type HashedFile } from './hashed-file.js';
export * from './private-file.js';
export * from './source-error.js';
export * from './source-reader.js';
export * from './write-pieces.js';
