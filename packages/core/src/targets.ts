import type { Architecture, Target } from '@kexec-kit/loader-api';

const KEXEC_SEGMENT_MAX = 16;

/**
 * How a running Linux hands over through kexec_load: in the mode of its own architecture, with RAM, the segments and the
 * first MiB mapped. On x86_64 no destination lies above 64 TiB (KEXEC_DESTINATION_MEMORY_LIMIT), on i386 above 4 GiB.
 *
 * @param architecture - Of the running kernel, whatever userland runs on it.
 * @param callerAbi - Of the calling process: a 32-bit one cannot name an address above 4 GiB.
 * @example
 * ```ts
 * linuxTarget('x86_64').maxSegments; // 16
 * ```
 */
export function linuxTarget(architecture: Architecture, callerAbi: Architecture = architecture): Target {
  const narrow = architecture === 'i386' || callerAbi === 'i386';
  return {
    name: `linux-${architecture}`,
    handoff: architecture === 'x86_64' ? 'long64' : 'protected32',
    maxSegments: KEXEC_SEGMENT_MAX,
    addressEnd: narrow ? 1n << 32n : 1n << 46n,
    maps: 'ram',
    callerAbi,
  };
}
