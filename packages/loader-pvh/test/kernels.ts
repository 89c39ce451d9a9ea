import { createHash } from 'node:crypto';
import {
  type FileValue,
  type Machine,
  type Plan,
  type Result,
  type Segment,
  type SourceBytes,
  unwrap,
} from '@kexec-kit/loader-api';
import { standardMachines } from '@kexec-kit/loader-testkit';
import { elfFile, type ElfShape, type NoteShape, type SegmentShape } from '../../../tools/elf-file.mjs';
import { loader, type PvhKernel } from '../src/index.js';

const text = (content: string) => Uint8Array.from(content, (letter) => letter.charCodeAt(0));

/** Numbers of 4 bytes, as in a note. */
export function words(...values: readonly number[]): Uint8Array {
  return new Uint8Array(Uint32Array.from(values).buffer);
}

/** Xen, public/elfnote.h: XEN_ELFNOTE_PHYS32_ENTRY, XEN_ELFNOTE_PHYS32_RELOC, XEN_ELFNOTE_GUEST_OS. */
export const phys32Entry = (desc: Uint8Array): NoteShape => ({ name: 'Xen', type: 18, desc });
export const phys32Reloc = (desc: Uint8Array): NoteShape => ({ name: 'Xen', type: 19, desc });
export const GUEST_OS = { name: 'Xen', type: 6, desc: text('linux\0') };

const CODE = { p_flags: 5, content: new Uint8Array(0x1000).fill(0x90) };
/** With a BSS of a page. */
const DATA = { p_flags: 6, content: new Uint8Array(0x41).fill(0xda), p_memsz: 0x1041 };

/** With the addresses and program headers of Debian's vmlinux 6.12, per-CPU data at virtual 0 included; its text is shorter. */
const LINUX_LOADS: readonly SegmentShape[] = [
  { ...CODE, p_vaddr: 0xffffffff81000000n, p_paddr: 0x1000000, p_align: 0x200000 },
  { ...DATA, p_vaddr: 0xffffffff82c00000n, p_paddr: 0x1c00000, p_align: 0x200000 },
  { ...DATA, p_vaddr: 0, p_paddr: 0x1e00000, p_align: 0x200000 },
  {
    ...DATA,
    p_flags: 7,
    p_vaddr: 0xffffffff83316000n,
    p_paddr: 0x1e16000,
    p_align: 0x200000,
    p_memsz: 0xea000,
  },
];
const LINUX_ENTRY = phys32Entry(words(0x1000a30, 0));

export const VMLINUX_6_12: ElfShape = {
  header: { e_entry: 0x1000b53 },
  segments: [
    ...LINUX_LOADS,
    { notes: [phys32Reloc(words(0x200000, 0x1000000, 0x3fffffff)), LINUX_ENTRY, GUEST_OS] },
  ],
};
/** It has no note PHYS32_RELOC. */
export const VMLINUX_6_1: ElfShape = {
  header: { e_entry: 0x1000000 },
  segments: [...LINUX_LOADS, { notes: [LINUX_ENTRY, GUEST_OS] }],
};
/** i386 Linux: linked at 16 MiB, entered by a word of 4 bytes. */
export const VMLINUX_686: ElfShape = {
  bits: 32,
  header: { e_entry: 0x1000000 },
  segments: [
    { ...CODE, p_vaddr: 0xc1000000, p_paddr: 0x1000000, p_align: 0x1000 },
    { ...DATA, p_vaddr: 0xc1400000, p_paddr: 0x1400000, p_align: 0x1000 },
    { notes: [phys32Entry(words(0x1000100)), GUEST_OS] },
  ],
};
/** As Debian's grub-i386-xen_pvh.bin: linked at 1 MiB, two loads that share a page, one note. */
export const GRUB: ElfShape = {
  bits: 32,
  header: { e_entry: 0x100000 },
  segments: [
    { ...CODE, p_flags: 7, p_paddr: 0x100000, p_align: 0x1000, p_memsz: 0x1858 },
    { ...DATA, p_flags: 7, p_paddr: 0x101858, p_align: 4 },
    { notes: [phys32Entry(words(0x100000))] },
  ],
};

/** An image of one load that has that note PHYS32_RELOC, and says nothing else of itself. */
export function movable(reloc: readonly number[], load: SegmentShape = {}): ElfShape {
  return {
    header: { e_entry: 0 },
    segments: [
      { ...CODE, p_paddr: 0x1000000, ...load },
      { notes: [phys32Entry(words(0x1000010)), phys32Reloc(words(...reloc))] },
    ],
  };
}

export function source(shape: ElfShape, name = 'kernel.elf'): SourceBytes {
  const bytes = elfFile(shape);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { id: 'image', name, size: bytes.length, sha256, bytes };
}

export function kernel(shape: ElfShape): PvhKernel {
  return unwrap(loader.load(source(shape)));
}

type Input = Parameters<typeof loader.plan>[1];

export const NOTHING = { commandLine: undefined, reuseCommandLine: false, initrd: [], module: [] } as const;
export const POLICY = { efi: true, video: 'auto', console: {} } as const;
export const file = (id: string, size: number, args = ''): FileValue => ({
  source: id,
  name: `${id}.img`,
  size,
  arguments: args,
});

export function plan(shape: ElfShape, changes: Partial<Input> = {}): Result<Plan> {
  const machine: Machine = standardMachines.above4g;
  return loader.plan(kernel(shape), {
    machine,
    purpose: 'normal',
    policy: POLICY,
    options: NOTHING,
    ...changes,
  });
}

export function segments(result: Result<Plan>): Record<string, Segment> {
  return Object.fromEntries(unwrap(result).segments.map((segment) => [segment.id, segment]));
}

export function bytesOf(segment: Segment | undefined): Uint8Array {
  const [part] = (segment?.parts ?? []) as readonly { readonly bytes?: Uint8Array }[];
  if (part?.bytes === undefined) throw new Error('a segment without bytes of its own');
  return part.bytes;
}
