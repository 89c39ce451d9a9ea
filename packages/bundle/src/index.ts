/**
 * Turns a submission into one file that needs no running kernel: an ELF image that a boot loader starts, or a module that a
 * boot loader leaves in memory for later. Pure; what the file holds of the sources is named, not read.
 *
 * @packageDocumentation
 */
export { bundle, type Bundle, type BundledPiece, type BundleOptions } from './bundle.js';
export { bundleCodes } from './codes.js';
export { BundleHeader, BundleSegment, BundleStretch } from './generated/bundle.js';
export { program32Sha256 } from './generated/program32.js';
export { program64Sha256 } from './generated/program64.js';
export { bootProtocols, type BootProtocol } from './image.js';
