/**
 * gzip, zstd, xz and lzma behind one streaming interface with limits.
 *
 * @packageDocumentation
 */
export { decompressCodes } from './codes.js';
export * from './decompress.js';
export * from './detect.js';
