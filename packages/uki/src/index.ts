/**
 * Unified kernel images: a PE image of an EFI stub, a Linux kernel, its initrd and its command line, each in a section of
 * its own. Where they lie, and what the image is called; how a kernel is started is not known here.
 *
 * @packageDocumentation
 */
export { ukiCodes } from './codes.js';
export * from './os-release.js';
export { profilesOf, type Components } from './profiles.js';
export * from './sections.js';
export * from './uki.js';
export { PeHeader, PeImage, SectionHeader } from './generated/pe-sections.js';
