/**
 * Loads a submission into the running Linux with kexec_load or kexec_file_load, and starts what is loaded.
 *
 * @packageDocumentation
 */
export type { Intent, LinuxBackend, LinuxBackendOptions, LinuxStatus } from './backend.js';
export { linuxCodes } from './codes.js';
export { explainErrno, type ErrnoContext } from './errno.js';
export { linuxBackend } from './linux.js';
export type { LoadRecord } from './record.js';
