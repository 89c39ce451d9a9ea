/**
 * Runs a submission in QEMU with no outer kernel: from reset to the state of hand-over in a ROM of our own.
 *
 * @packageDocumentation
 */
export { available, boot, type BootOptions } from './boot.js';
export { qemuCodes } from './codes.js';
export {
  checkGuest,
  firmwareFor,
  guestFirmwares,
  guestMachine,
  guestModels,
  qemuI386Target,
  qemuTarget,
  targetOf,
  type Guest,
  type GuestFirmware,
  type GuestModel,
} from './guest.js';
export { buildPageTables, type IdentityMap, type PagingLevels } from './page-tables.js';
export { probeGuestMachine } from './probe.js';
export { RAM_PATTERN } from './ram.js';
export { buildRom, REGISTER_GARBAGE, ROM_PAGE, type Rom, type RomInput } from './rom.js';
export type { BootResult, RunOptions } from './run.js';
