/**
 * Loads a submission into the running Linux with kexec_load or kexec_file_load, and starts what is loaded.
 *
 * @packageDocumentation
 */
export type { ExecuteOptions, Intent, LinuxBackend, LinuxBackendOptions, LinuxStatus } from './backend.js';
export { linuxCodes } from './codes.js';
export type { ErrnoContext } from './cause.js';
export { explainErrno } from './errno.js';
export type { ExtraFlag } from './flags.js';
export { linuxBackend } from './linux.js';
export type { LoadRecord } from './record.js';
