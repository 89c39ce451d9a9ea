import { createHash } from 'node:crypto';
import type { SourceBytes } from '@kexec-kit/loader-api';
import { elfFile } from '../../../tools/elf-file.mjs';
import type { ElfShape } from '../../../tools/elf-file.mjs';

const text = (content: string) => Uint8Array.from(content, (letter) => letter.charCodeAt(0));

/** Some code, and data with a BSS of a page behind it. */
export const CODE = { p_flags: 5, p_align: 0x1000, content: new Uint8Array(0x123).fill(0x90) };
export const DATA = {
  p_flags: 6,
  p_align: 0x1000,
  content: new Uint8Array(0x41).fill(0xda),
  p_memsz: 0x1041,
};

/** What a Linux kernel says to Xen (Xen, public/elfnote.h): XEN_ELFNOTE_GUEST_OS, and of newer ones its build salt. */
export const GUEST_OS = { name: 'Xen', type: 6, desc: text('linux\0') };
export const BUILD_SALT = { name: 'Linux', type: 0x100, desc: text('6.12\0') };
/** XEN_ELFNOTE_PHYS32_ENTRY. */
export const PHYS32_ENTRY = { name: 'Xen', type: 18, desc: Uint8Array.of(0, 0, 0x10, 0) };

/** Linked at 1 MiB, entered by a virtual address in the higher half. */
export const KERNEL64: ElfShape = {
  header: { e_entry: 0xffffffff80000010n },
  segments: [
    { ...CODE, p_vaddr: 0xffffffff80000000n, p_paddr: 0x100000 },
    { ...DATA, p_vaddr: 0xffffffff80002000n, p_paddr: 0x102000 },
  ],
};
export const KERNEL32: ElfShape = {
  bits: 32,
  header: { e_entry: 0x100010 },
  segments: [
    { ...CODE, p_vaddr: 0x100000, p_paddr: 0x100000 },
    { ...DATA, p_vaddr: 0x102000, p_paddr: 0x102000 },
  ],
};

/** The same, linked at 0 to be moved, at 64 KiB. */
export const MOVABLE64: ElfShape = {
  header: { e_type: 3, e_entry: 0x10 },
  segments: [
    { ...CODE, p_align: 0x10000 },
    { ...DATA, p_vaddr: 0x2000, p_paddr: 0x2000 },
  ],
};
/** To be moved, but with an address that it prefers. */
export const MOVABLE32: ElfShape = {
  ...KERNEL32,
  header: { ...KERNEL32.header, e_type: 3 },
};

/** With the addresses and the program headers of Debian's vmlinux 6.12, per-CPU data at virtual 0 included. */
export const VMLINUX: ElfShape = {
  header: { e_entry: 0x1000b53 },
  segments: [
    {
      ...CODE,
      content: new Uint8Array(0x1000),
      p_vaddr: 0xffffffff81000000n,
      p_paddr: 0x1000000,
      p_align: 0x200000,
    },
    { ...DATA, p_vaddr: 0xffffffff82c00000n, p_paddr: 0x1c00000, p_align: 0x200000 },
    { ...DATA, p_vaddr: 0, p_paddr: 0x1e00000, p_align: 0x200000 },
    {
      ...DATA,
      p_flags: 7,
      p_vaddr: 0xffffffff83316000n,
      p_paddr: 0x1e16000,
      p_align: 0x200000,
      p_memsz: 0xeea000,
    },
    { notes: [BUILD_SALT, PHYS32_ENTRY, GUEST_OS] },
  ],
};
export const VMLINUX32: ElfShape = {
  ...KERNEL32,
  segments: [...(KERNEL32.segments ?? []), { notes: [GUEST_OS] }],
};

export function source(shape: ElfShape, name = 'kernel.elf'): SourceBytes {
  const bytes = elfFile(shape);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { id: 'image', name, size: bytes.length, sha256, bytes };
}
