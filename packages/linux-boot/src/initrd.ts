import type { FileValue, Part } from '@kexec-kit/loader-api';

/** Archives of one initramfs begin at multiples of this (Documentation/driver-api/early-userspace/buffer-format.rst). */
const ARCHIVE_ALIGN = 4;

/**
 * Several initrds as one, each beginning at a multiple of 4 bytes: slices of the files with zeros between them.
 * The kernel unpacks them in order; a later file replaces an earlier one's.
 */
export function concatenateInitrds(files: readonly FileValue[]): {
  readonly parts: Part[];
  readonly size: bigint;
} {
  const parts = files.flatMap((file, i): Part[] => {
    const padding = i === files.length - 1 ? 0n : BigInt(-file.size & (ARCHIVE_ALIGN - 1));
    const slice = { source: file.source, offset: 0, length: file.size };
    return padding === 0n ? [slice] : [slice, { zeros: padding }];
  });
  return { parts, size: parts.reduce((sum, part) => sum + lengthOf(part), 0n) };
}

function lengthOf(part: Part): bigint {
  if ('source' in part) return BigInt(part.length);
  return 'zeros' in part ? part.zeros : 0n;
}
