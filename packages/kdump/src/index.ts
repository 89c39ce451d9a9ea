/**
 * What a kernel that takes over after a crash is handed besides what every kernel is: the `elfcorehdr` that describes the
 * memory of the kernel that crashed, a memory map that keeps it out of there, and where to find the one.
 *
 * Pure, and of no format: every loader that ends in a Linux kernel plans crash kernels with this.
 *
 * @packageDocumentation
 */
export * from './capture.js';
export * from './capture-map.js';
export { kdumpCodes, noRegion } from './codes.js';
export * from './dumped.js';
export * from './elfcorehdr.js';
