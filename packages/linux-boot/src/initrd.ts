import {
  type Address,
  type Diagnostic,
  type FileValue,
  PAGE_SIZE,
  type Part,
  type Segment,
  type SegmentId,
} from '@kexec-kit/loader-api';
import { initrdEmpty, initrdTooLarge } from './codes.js';
import { anywhereBelow, LOWEST } from './placement.js';

/** The segment of the initrds. */
export const INITRD: SegmentId = 'initrd';

/** Archives of one initramfs begin at multiples of this (Documentation/driver-api/early-userspace/buffer-format.rst). */
const ARCHIVE_ALIGN = 4;

/**
 * Several initrds as one, each beginning at a multiple of 4 bytes: slices of the files with zeros between them.
 * Files without a byte are left out.
 * The kernel unpacks them in order; a later file replaces an earlier one's.
 */
export function concatenateInitrds(files: readonly FileValue[]): {
  readonly parts: Part[];
  readonly size: bigint;
} {
  const filled = files.filter(({ size }) => size > 0);
  const parts = filled.flatMap((file, i): Part[] => {
    const padding = i === filled.length - 1 ? 0n : BigInt(-file.size & (ARCHIVE_ALIGN - 1));
    const slice = { source: file.source, offset: 0, length: file.size };
    return padding === 0n ? [slice] : [slice, { zeros: padding }];
  });
  return { parts, size: parts.reduce((sum, part) => sum + lengthOf(part), 0n) };
}

function lengthOf(part: Part): bigint {
  if ('source' in part) return BigInt(part.length);
  return 'zeros' in part ? part.zeros : 0n;
}

/** The initrds as one segment, of which no byte lies at or above `end`. */
export function initrdSegment({ parts, size }: ReturnType<typeof concatenateInitrds>, end: Address): Segment {
  return {
    id: INITRD,
    parts,
    memorySize: size,
    placements: [anywhereBelow(end, PAGE_SIZE)],
    why: 'the initrds, one after the other',
  };
}

/** Why initrds of that size, in bytes, lie nowhere below `end`; undefined when they may. */
export function checkInitrdSize(size: bigint, end: Address): Diagnostic | undefined {
  return size > 0n && LOWEST + size > end ? initrdTooLarge(size, end) : undefined;
}

/** A word for each file without a byte. */
export function emptyInitrds(files: readonly FileValue[]): Diagnostic[] {
  return files.filter(({ size }) => size === 0).map(({ name }) => initrdEmpty(name));
}
