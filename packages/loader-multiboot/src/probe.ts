import { isElf } from '@kexec-kit/elf';
import { hex, type Probe } from '@kexec-kit/loader-api';
import { AOUT_KLUDGE, findMultibootHeader, HEADER_SEARCH, MultibootHeader } from '@kexec-kit/multiboot-info';

/** 0x1badb002, little-endian (Multiboot 0.6.96, 3.1.2, magic). */
export const SIGNATURES = [{ ...HEADER_SEARCH, hex: '02b0ad1b' }] as const;

/** A header with a right checksum is Multiboot's: what is wrong besides is said by `load`. */
export function probe(image: Uint8Array): Probe {
  const found = findMultibootHeader(image);
  if (!found.ok) return { match: false, reason: found.reason };
  const view = new DataView(image.buffer, image.byteOffset, image.byteLength);
  const flags = view.getUint32(found.offset + MultibootHeader.at.flags.offset, true);
  const kind =
    (flags & AOUT_KLUDGE) !== 0 ? 'load addresses in it' : isElf(image) ? 'ELF' : 'of no known format';
  return { match: true, detail: `Multiboot kernel, header at ${hex(found.offset)}, ${kind}` };
}
