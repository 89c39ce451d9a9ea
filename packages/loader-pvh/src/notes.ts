import { findNote, type Note, XEN_ELFNOTE_PHYS32_ENTRY, XEN_ELFNOTE_PHYS32_RELOC } from '@kexec-kit/elf';
import { type Address, fail, hex, ok, type Result } from '@kexec-kit/loader-api';
import { isPowerOfTwo } from '@kexec-kit/memory';
import { badNote } from './codes.js';

/** Where a kernel may lie, by its note PHYS32_RELOC. Both bounds are inclusive, as in the note. */
export interface Relocation {
  /** Of the image's start, in bytes; undefined when the program headers say. */
  readonly align: bigint | undefined;
  /** The lowest address of the image's start. */
  readonly min: Address;
  /** The highest address of the image's last byte. */
  readonly max: Address;
}

/** xen/include/public/elfnote.h, XEN_ELFNOTE_PHYS32_RELOC: what holds where the note is shorter. */
const LEAST = 0n;
const MOST = 0xffffffffn;

/** The note by which a kernel says that it has a PVH entry. */
export function entryNote(notes: readonly Note[]): Note | undefined {
  return findNote(notes, 'Xen', XEN_ELFNOTE_PHYS32_ENTRY);
}

export function relocationNote(notes: readonly Note[]): Note | undefined {
  return findNote(notes, 'Xen', XEN_ELFNOTE_PHYS32_RELOC);
}

/** The entry point: a physical address of 4 bytes, or of 8 in an ELF64 file. */
export function readEntry(source: string, { desc, offset }: Note): Result<Address> {
  const view = viewOf(desc);
  if (desc.length === 4) return ok(BigInt(view.getUint32(0, true)));
  if (desc.length === 8) return ok(view.getBigUint64(0, true));
  return fail(badNote(source, { name: 'PHYS32_ENTRY', offset }, `${desc.length} bytes`, '4 or 8 bytes'));
}

/** Up to three numbers of 4 bytes: alignment, lowest start, highest last byte. */
export function readRelocation(source: string, { desc, offset }: Note): Result<Relocation> {
  const wrong = (found: string, expected: string) =>
    fail(badNote(source, { name: 'PHYS32_RELOC', offset }, found, expected));
  if (desc.length % 4 !== 0 || desc.length > 12) return wrong(`${desc.length} bytes`, '0, 4, 8 or 12 bytes');
  const view = viewOf(desc);
  const number = (index: number) =>
    index * 4 < desc.length ? BigInt(view.getUint32(index * 4, true)) : undefined;
  const [align, min, max] = [number(0), number(1) ?? LEAST, number(2) ?? MOST];
  if (align !== undefined && !isPowerOfTwo(align))
    return wrong(`an alignment of ${hex(align)}`, 'a power of two');
  if (min > max) return wrong(`from ${hex(min)} to ${hex(max)}`, 'a lowest address below the highest');
  return ok({ align, min, max });
}

function viewOf(desc: Uint8Array): DataView {
  return new DataView(desc.buffer, desc.byteOffset, desc.byteLength);
}
