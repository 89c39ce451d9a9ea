/**
 * The system calls under kexec, from Node.
 *
 * @packageDocumentation
 */
export { errnoName, ERRNO } from './errno.js';
export { KEXEC, KEXEC_FILE } from './flags.js';
export { linuxSyscalls } from './linux.js';
export type {
  Failed,
  KexecFileLoadCall,
  KexecLoadCall,
  KexecSegment,
  SyscallPort,
  SyscallResult,
} from './port.js';
