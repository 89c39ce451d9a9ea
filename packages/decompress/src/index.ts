/**
 * gzip, zstd, xz, lzma, bzip2, lz4 and lzo behind one streaming interface with limits.
 *
 * @packageDocumentation
 */
export { decompressCodes } from './codes.js';
export * from './decompress.js';
export * from './detect.js';
export * from './options.js';
export * from './pieces.js';
