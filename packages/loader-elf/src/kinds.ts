import {
  DT_NEEDED,
  DT_SONAME,
  dynamicTags,
  EM_386,
  EM_X86_64,
  type Elf,
  ELFCLASS64,
  ELFOSABI_GNU,
  ET_DYN,
  ET_EXEC,
  findNote,
  isLinux,
  type Note,
  PT_GNU_RELRO,
  PT_INTERP,
  PT_LOAD,
  PT_TLS,
  XEN_ELFNOTE_PHYS32_ENTRY,
} from '@kexec-kit/elf';
import type { Diagnostic } from '@kexec-kit/loader-api';
import { notExecutable, sharedLibrary, userProgram, wrongMachine } from './codes.js';
import type { ElfKernel } from './image.js';

/** Of owner "GNU": the oldest system that a program runs on (Linux Standard Base, "Additional Special Sections"). */
const NT_GNU_ABI_TAG = 1;
/** Of owner "Go": the build of a program that the Go tool chain linked. */
const NT_GO_BUILD_ID = 4;

/** Whether it wants to be entered with hvm_start_info. A Linux kernel can be, and need not. */
export function asksForPvh(notes: readonly Note[]): boolean {
  return findNote(notes, 'Xen', XEN_ELFNOTE_PHYS32_ENTRY) !== undefined && !isLinux(notes);
}

/** The state in which a file of that class and machine is entered; undefined for what x86 does not start. */
export function modeOf({ header }: Elf): ElfKernel['mode'] | undefined {
  const isWide = header.e_ident.ei_class === ELFCLASS64;
  if (isWide && header.e_machine === EM_X86_64) return 'long64';
  return !isWide && header.e_machine === EM_386 ? 'protected32' : undefined;
}

/** Why a well-formed file is nothing that a CPU can be given to; undefined for a kernel. */
export function whyNotAKernel(name: string, bytes: Uint8Array, elf: Elf): Diagnostic | undefined {
  const { e_type } = elf.header;
  if (modeOf(elf) === undefined) return wrongMachine(name, elf.header);
  if (e_type !== ET_EXEC && e_type !== ET_DYN) return notExecutable(name, e_type);
  if (isLinux(elf.notes)) return undefined;
  const tags = dynamicTags(bytes, elf);
  if (tags.includes(DT_SONAME)) return sharedLibrary(name, 'a DT_SONAME in its dynamic section');
  const mark = MARKS.find(({ on }) => on(elf));
  if (mark !== undefined) return userProgram(name, mark.says);
  return tags.includes(DT_NEEDED)
    ? sharedLibrary(name, 'a DT_NEEDED in its dynamic section: it needs other libraries')
    : undefined;
}

interface Mark {
  readonly says: string;
  readonly on: (elf: Elf) => boolean;
}

/**
 * What a program for an operating system has and a kernel has not. Not among them: PT_GNU_STACK, PT_GNU_PROPERTY and
 * PT_GNU_RELRO, which linkers add to kernels too, unless somebody tells them where a kernel is to lie.
 */
const MARKS: readonly Mark[] = [
  { says: 'a PT_INTERP: it wants to be started by a dynamic linker', on: (elf) => has(elf, PT_INTERP) },
  {
    says: 'a GNU ABI-tag note: it was linked with the start-up code of a C library',
    on: ({ notes }) => findNote(notes, 'GNU', NT_GNU_ABI_TAG) !== undefined,
  },
  {
    says: `ei_osabi ${ELFOSABI_GNU} (ELFOSABI_GNU): it wants symbols resolved at run time`,
    on: ({ header }) => header.e_ident.ei_osabi === ELFOSABI_GNU,
  },
  {
    says: 'a linker default address and a PT_TLS or PT_GNU_RELRO: nobody said where it is to lie',
    on: (elf) => isAtDefaultAddress(elf) && (has(elf, PT_TLS) || has(elf, PT_GNU_RELRO)),
  },
  {
    says: 'a linker default address and a Go build ID',
    on: (elf) => isAtDefaultAddress(elf) && findNote(elf.notes, 'Go', NT_GO_BUILD_ID) !== undefined,
  },
];

function has({ programHeaders }: Elf, type: number): boolean {
  return programHeaders.some(({ p_type }) => p_type === type);
}

/** Where linkers put a program when nobody says where (psABI for x86-64 and i386): no address is physical there. */
const DEFAULT_ADDRESSES = [0x400000n, 0x8048000n];

function isAtDefaultAddress({ header, programHeaders }: Elf): boolean {
  const [first] = programHeaders.filter(({ p_type }) => p_type === PT_LOAD);
  if (first === undefined || header.e_type !== ET_EXEC || first.p_vaddr !== first.p_paddr) return false;
  return DEFAULT_ADDRESSES.includes(first.p_vaddr);
}
