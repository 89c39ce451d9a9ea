import { PAGE_SIZE, toIndex, type Address, type Range } from '@kexec-kit/loader-api';
import { encodeText, writer, type StructureBuilder } from '@kexec-kit/structures';

/** How a boot loader may enter an image. */
export const bootProtocols = ['multiboot', 'multiboot2', 'pvh'] as const;
export type BootProtocol = (typeof bootProtocols)[number];

/** The page in front of a bundle that makes it an ELF file, which a boot loader loads and enters. In bytes. */
export const FRONT_SIZE = PAGE_SIZE;

// What lies where in the front page. Multiboot's header is within the first 8192 bytes of the file, Multiboot2's within 32768.
const PROGRAM_HEADERS = 0x34;
const MULTIBOOT = 0x80;
const NOTE = 0x90;
const NOTE_SIZE = 0x14;
const MULTIBOOT2 = 0xb0;
const ENTRY = 0xf0;
const ENTRY_PVH = 0x100;

/** ELF-32 Object File Format, 1.1, figure 1-3 and 2-1. */
const EHDR_SIZE = 0x34;
const PHDR_SIZE = 0x20;
const EM_386 = 3;
const PT_LOAD = 1;
const PT_NOTE = 4;
const READ_WRITE_EXECUTE = 7;
const READ = 4;
/** Xen, public/elfnote.h: XEN_ELFNOTE_PHYS32_ENTRY. */
const PHYS32_ENTRY = 18;
/** Xen, public/arch-x86/hvm/start_info.h: the structure's magic, which the program expects in eax for PVH. */
const PVH_MAGIC = 0x336ec578;

export interface Front {
  /** All memory of the image, the front page too. */
  readonly place: Range;
  readonly protocols: readonly BootProtocol[];
  /** Of the program's way in, from the header's first byte. */
  readonly bootEntry: number;
}

/** The front page of an image. */
export function frontOf({ place, protocols, bootEntry }: Front): Uint8Array {
  const front = writer(toIndex(FRONT_SIZE));
  const bundle = place.start + FRONT_SIZE;
  const has = (protocol: BootProtocol) => protocols.includes(protocol);
  writeEntry(front, ENTRY, { bundle, bootEntry, start: place.start });
  if (has('pvh')) {
    // PVH promises nothing of eax.
    front.u8(ENTRY_PVH, 0xb8).u32(ENTRY_PVH + 1, PVH_MAGIC); // mov $PVH_MAGIC, %eax
    writeEntry(front, ENTRY_PVH + 5, { bundle, bootEntry, start: place.start });
  }
  const byMultiboot = has('multiboot') || has('multiboot2');
  writeElf(front, place, { entry: byMultiboot ? ENTRY : ENTRY_PVH, hasNote: has('pvh') });
  if (has('multiboot')) writeMultiboot(front);
  if (has('multiboot2')) writeMultiboot2(front);
  if (has('pvh')) writeNote(front, place.start + BigInt(ENTRY_PVH));
  return front.value;
}

interface Jump {
  readonly start: Address;
  readonly bundle: Address;
  readonly bootEntry: number;
}

/** `mov $bundle, %edi; jmp bundle + bootEntry`: eax and ebx stay as the boot loader left them. */
function writeEntry(front: StructureBuilder, at: number, { start, bundle, bootEntry }: Jump): void {
  const next = start + BigInt(at + 10);
  front
    .u8(at, 0xbf)
    .u32(at + 1, bundle)
    .u8(at + 5, 0xe9)
    .u32(at + 6, bundle + BigInt(bootEntry) - next);
}

function writeElf(
  front: StructureBuilder,
  place: Range,
  { entry, hasNote }: { entry: number; hasNote: boolean },
): void {
  front
    .bytes(0, Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 1, 1, 1)) // e_ident: ELFCLASS32, ELFDATA2LSB, EV_CURRENT
    .u16(0x10, 2) // e_type: ET_EXEC
    .u16(0x12, EM_386) // e_machine
    .u32(0x14, 1) // e_version
    .u32(0x18, place.start + BigInt(entry)) // e_entry
    .u32(0x1c, PROGRAM_HEADERS) // e_phoff
    .u16(0x28, EHDR_SIZE) // e_ehsize
    .u16(0x2a, PHDR_SIZE) // e_phentsize
    .u16(0x2c, hasNote ? 2 : 1); // e_phnum
  const size = place.end - place.start;
  writeProgramHeader(front, PROGRAM_HEADERS, {
    ...{ type: PT_LOAD, offset: 0, address: place.start, size },
    ...{ flags: READ_WRITE_EXECUTE, align: PAGE_SIZE },
  });
  if (!hasNote) return;
  writeProgramHeader(front, PROGRAM_HEADERS + PHDR_SIZE, {
    ...{ type: PT_NOTE, offset: NOTE, address: place.start + BigInt(NOTE), size: BigInt(NOTE_SIZE) },
    ...{ flags: READ, align: 4n },
  });
}

interface ProgramHeader {
  readonly type: number;
  readonly offset: number;
  readonly address: Address;
  readonly size: bigint;
  readonly flags: number;
  readonly align: bigint;
}

function writeProgramHeader(front: StructureBuilder, at: number, header: ProgramHeader): void {
  const { type, offset, address, size, flags, align } = header;
  front
    .u32(at, type) // p_type
    .u32(at + 0x04, offset) // p_offset
    .u32(at + 0x08, address) // p_vaddr
    .u32(at + 0x0c, address) // p_paddr
    .u32(at + 0x10, size) // p_filesz
    .u32(at + 0x14, size) // p_memsz
    .u32(at + 0x18, flags) // p_flags
    .u32(at + 0x1c, align); // p_align
}

/** Multiboot 0.6.96, 3.1.1 and 3.1.2: magic, flags, checksum. Bit 1: the memory map is needed. */
function writeMultiboot(front: StructureBuilder): void {
  const [magic, flags] = [0x1badb002, 1 << 1];
  front
    .u32(MULTIBOOT, magic)
    .u32(MULTIBOOT + 4, flags)
    .u32(MULTIBOOT + 8, negated(magic + flags));
}

/** Multiboot2 2.0, 3.1.1: magic, architecture, length, checksum; 3.1.4: the memory map is needed; 3.1.3: the end. */
function writeMultiboot2(front: StructureBuilder): void {
  const [magic, i386, length] = [0xe85250d6, 0, 0x28];
  front
    .u32(MULTIBOOT2, magic)
    .u32(MULTIBOOT2 + 4, i386)
    .u32(MULTIBOOT2 + 8, length)
    .u32(MULTIBOOT2 + 12, negated(magic + i386 + length))
    .u16(MULTIBOOT2 + 16, 1) // type: information request
    .u32(MULTIBOOT2 + 20, 12) // size
    .u32(MULTIBOOT2 + 24, 6) // mbi_tag_types[0]: memory map
    .u32(MULTIBOOT2 + 36, 8); // size of the end tag, which is type 0
}

/** Xen, public/elfnote.h: name size, descriptor size, type, name, where PVH enters. */
function writeNote(front: StructureBuilder, entry: Address): void {
  front
    .u32(NOTE, 4)
    .u32(NOTE + 4, 4)
    .u32(NOTE + 8, PHYS32_ENTRY)
    .bytes(NOTE + 12, encodeText('Xen\0'))
    .u32(NOTE + 16, entry);
}

function negated(sum: number): bigint {
  return BigInt.asUintN(32, -BigInt(sum));
}
