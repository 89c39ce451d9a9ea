import { isElf } from '@kexec-kit/elf';
import { hex, type Probe } from '@kexec-kit/loader-api';
import { findMultiboot2Header, HEADER2_SEARCH } from '@kexec-kit/multiboot-info';

/** 0xe85250d6, little-endian (Multiboot2 2.0, 3.1.2, magic). */
export const SIGNATURES = [{ ...HEADER2_SEARCH, hex: 'd65052e8' }] as const;

/** A header with a right checksum is Multiboot2's: what is wrong besides is said by `load`. */
export function probe(image: Uint8Array): Probe {
  const found = findMultiboot2Header(image);
  if (!found.ok) return { match: false, reason: found.reason };
  const kind = isElf(image) ? 'ELF' : 'no ELF';
  return { match: true, detail: `Multiboot2 kernel, header at ${hex(found.offset)}, ${kind}` };
}
