import { linuxTarget } from '@kexec-kit/core';
import type { Architecture, Target } from '@kexec-kit/loader-api';

/** The word size of this program. */
export const callerAbi: Architecture = process.arch === 'ia32' ? 'i386' : 'x86_64';

/** How a running kernel of this architecture hands over, called from this program. */
export function targetFor(architecture: Architecture): Target {
  return linuxTarget(architecture, callerAbi);
}
