import { fail, hex, ok, type Result, type SourceBytes } from '@kexec-kit/loader-api';
import { parse } from '@kexec-kit/structures';
import { noHeader, requiredFlag } from './codes1.js';
import { AOUT_KLUDGE, MEMORY_INFO, MULTIBOOT_HEADER_MAGIC, PAGE_ALIGN, VIDEO_MODE } from './constants.js';
import { MultibootAddresses, MultibootGraphics, MultibootHeader } from './generated/multiboot-header.js';
import { findHeader, type Found } from './find.js';

/** A Multiboot header: what a kernel asks for. */
export interface Multiboot1Header {
  /** In the file, in bytes. */
  readonly offset: number;
  readonly flags: number;
  /** Where the file goes; only with flag 16. */
  readonly addresses: MultibootAddresses | undefined;
  /** Only with flag 2. */
  readonly graphics: MultibootGraphics | undefined;
}

/** Multiboot 0.6.96, 3.1.1: where the header lies, wholly. */
export const HEADER_SEARCH = { within: 8192, align: 4 } as const;
/** From the start of the header, in bytes. */
export const ADDRESSES_AT = 12;
const GRAPHICS_AT = 32;
/** Bits that a loader must know, and those that are known. */
const REQUIRED = 0xffff;
const KNOWN = PAGE_ALIGN | MEMORY_INFO | VIDEO_MODE;

/** The header of a file, or why there is none: for a probe. */
export function findMultibootHeader(bytes: Uint8Array): Found {
  return findHeader(bytes, { ...HEADER_SEARCH, words: 3, magic: MULTIBOOT_HEADER_MAGIC });
}

/**
 * Reads the Multiboot header of a file.
 *
 * @returns MULTIBOOT_NO_HEADER, or MULTIBOOT_REQUIRED_FLAG for what the kernel requires and nobody can give.
 */
export function readMultibootHeader({
  name,
  bytes,
}: Pick<SourceBytes, 'name' | 'bytes'>): Result<Multiboot1Header> {
  const found = findMultibootHeader(bytes);
  if (!found.ok) return fail(noHeader(name, found.reason));
  const { offset } = found;
  const window = bytes.subarray(offset, HEADER_SEARCH.within);
  const { flags } = parse(MultibootHeader, window);
  const unknown = bitsOf(flags & REQUIRED & ~KNOWN);
  if (unknown.length > 0) return fail(requiredFlag(name, offset + MultibootHeader.at.flags.offset, unknown));
  const needed = (flags & VIDEO_MODE) !== 0 ? 48 : (flags & AOUT_KLUDGE) !== 0 ? 32 : 12;
  if (window.length < needed)
    return fail(noHeader(name, `the one at ${hex(offset)} is cut off after ${window.length} bytes`));
  return ok({
    offset,
    flags,
    addresses:
      (flags & AOUT_KLUDGE) === 0 ? undefined : parse(MultibootAddresses, window.subarray(ADDRESSES_AT)),
    graphics: (flags & VIDEO_MODE) === 0 ? undefined : parse(MultibootGraphics, window.subarray(GRAPHICS_AT)),
  });
}

function bitsOf(value: number): number[] {
  return Array.from({ length: 16 }, (_, bit) => bit).filter((bit) => (value & (1 << bit)) !== 0);
}
