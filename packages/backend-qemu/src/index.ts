/**
 * Runs a submission in QEMU with no outer kernel: from reset to the state of hand-over in a ROM of our own.
 *
 * @packageDocumentation
 */
export { available, boot, type BootOptions } from './boot.js';
export { qemuCodes } from './codes.js';
export { checkGuest, guestMachine, guestModels, qemuTarget, type Guest, type GuestModel } from './guest.js';
export { buildPageTables, type IdentityMap, type PagingLevels } from './page-tables.js';
export { RAM_PATTERN } from './ram.js';
export { REGISTER_GARBAGE, ROM_PAGE } from './rom.js';
export type { BootResult, RunOptions } from './run.js';
