import { addressOf, type Expr, type Machine, type Relocation, sizeOf } from '@kexec-kit/loader-api';
import { type MapHole, mapRelocations } from '@kexec-kit/linux-boot';
import { encodeText, writer } from '@kexec-kit/structures';
import type { Framebuffer } from './framebuffer.js';
import {
  BasicMemoryTag,
  Efi32Tag,
  Efi64Tag,
  ElfSectionsTag,
  FramebufferTag,
  InfoTag,
  LoadBaseTag,
  MemoryMapEntry,
  MemoryMapTag,
  ModuleTag,
  Multiboot2Info,
  StringTag,
} from './generated/multiboot2-info.js';
import { memoryOf, typeOf } from './memory-map.js';
import type { Module } from './modules.js';
import type { InfoBlock } from './multiboot-info.js';

const ALIGN = 8;
const HEAD = 8;
const ENTRY_SIZE = 24;
const END = 0;

/**
 * The information block of Multiboot2 2.0, 3.6: its size, the tags in their order, each padded to 8 bytes, and the end tag.
 *
 * @example
 * ```ts
 * buildMultiboot2Info([stringTag(1, 'quiet')]).bytes.length; // 32
 * ```
 */
export function buildMultiboot2Info(tags: readonly InfoBlock[]): InfoBlock {
  const all = [...tags, tag(END, HEAD).block];
  const relocations: Relocation[] = [];
  const starts: number[] = [];
  let end = HEAD;
  for (const { bytes, relocations: own } of all) {
    const start = end;
    starts.push(start);
    relocations.push(...own.map((each) => ({ ...each, offset: each.offset + start })));
    end = Math.ceil((start + bytes.length) / ALIGN) * ALIGN;
  }
  const block = writer(end).u32(Multiboot2Info.at.total_size, end);
  all.forEach(({ bytes }, i) => block.bytes(starts[i] ?? end, bytes));
  return { bytes: block.value, relocations };
}

/** A tag of that type and size, both written, nothing else. */
function tag(type: number, size: number): { at: ReturnType<typeof writer>; block: InfoBlock } {
  const at = writer(size).u32(InfoTag.at.type, type).u32(InfoTag.at.size, size);
  return { at, block: { bytes: at.value, relocations: [] } };
}

/** Types 1 and 2: the command line, the name of the boot loader. */
export function stringTag(type: 1 | 2, text: string): InfoBlock {
  const string = encodeText(`${text}\0`);
  const { at, block } = tag(type, HEAD + string.length);
  at.bytes(HEAD, string);
  return block;
}

/** Type 3. */
export function moduleTag({ segment, offset, size, string: text }: Module): InfoBlock {
  const string = encodeText(`${text}\0`);
  const { mod_start, mod_end } = ModuleTag.at;
  const { at, block } = tag(3, mod_end.offset + mod_end.size + string.length);
  at.bytes(mod_end.offset + mod_end.size, string);
  const pointer = (field: { offset: number }, value: Expr): Relocation => {
    return { offset: field.offset, value, encoding: 'u32' };
  };
  return {
    ...block,
    relocations: [
      pointer(mod_start, addressOf(segment, offset)),
      pointer(mod_end, addressOf(segment, offset + size)),
    ],
  };
}

/** Type 4. @param hole - A segment that the map tells of by itself. */
export function basicMemoryTag(told: Machine['told'], hole?: MapHole): InfoBlock {
  const { mem_lower, mem_upper, upper } = memoryOf(told, hole);
  const { at, block } = tag(4, sizeOfReader(BasicMemoryTag));
  at.u32(BasicMemoryTag.at.mem_lower, mem_lower).u32(BasicMemoryTag.at.mem_upper, mem_upper);
  if (upper === undefined) return block;
  const { offset } = BasicMemoryTag.at.mem_upper;
  return { ...block, relocations: [{ offset, value: upper, encoding: 'u32' }] };
}

/** Type 6. In its order: nothing is dropped or joined. @param hole - A segment that the map tells of by itself. */
export function memoryMapTag(told: Machine['told'], hole?: MapHole): InfoBlock {
  const { regions, values } = memoryOf(told, hole).map;
  const { entry_size, entry_version } = MemoryMapTag.at;
  const first = entry_version.offset + entry_version.size;
  const { at, block } = tag(6, first + regions.length * ENTRY_SIZE);
  at.u32(entry_size, ENTRY_SIZE);
  for (const [i, region] of regions.entries()) {
    const entry = writer(ENTRY_SIZE)
      .u64(MemoryMapEntry.at.base_addr, region.start)
      .u64(MemoryMapEntry.at.length, sizeOf(region))
      .u32(MemoryMapEntry.at.type, typeOf(region.kind));
    at.bytes(first + i * ENTRY_SIZE, entry.value);
  }
  const { base_addr, length } = MemoryMapEntry.at;
  const table = { offset: first, entrySize: ENTRY_SIZE, start: base_addr.offset, size: length.offset };
  return { ...block, relocations: mapRelocations(values, table) };
}

/** Type 8. */
export function framebufferTag(screen: Framebuffer): InfoBlock {
  const f = FramebufferTag.at;
  const colors = f.reserved.offset + f.reserved.size;
  const { at, block } = tag(8, colors + screen.color_info.length);
  at.u64(f.framebuffer_addr, screen.framebuffer_addr)
    .u32(f.framebuffer_pitch, screen.framebuffer_pitch)
    .u32(f.framebuffer_width, screen.framebuffer_width)
    .u32(f.framebuffer_height, screen.framebuffer_height)
    .u8(f.framebuffer_bpp, screen.framebuffer_bpp)
    .u8(f.framebuffer_type, screen.framebuffer_type)
    .bytes(colors, screen.color_info);
  return block;
}

/** What tag 9 says: section headers as they stand in the file, and what is written into them. */
export interface SectionHeaders extends InfoBlock {
  readonly num: number;
  readonly entsize: number;
  readonly shndx: number;
}

/** Type 9. */
export function elfSectionsTag({ num, entsize, shndx, bytes, relocations }: SectionHeaders): InfoBlock {
  const f = ElfSectionsTag.at;
  const first = f.shndx.offset + f.shndx.size;
  const { at, block } = tag(9, first + bytes.length);
  at.u32(f.num, num).u32(f.entsize, entsize).u32(f.shndx, shndx).bytes(first, bytes);
  return { ...block, relocations: relocations.map((each) => ({ ...each, offset: each.offset + first })) };
}

/** Type 11, or 12 for 64-bit firmware. */
export function efiSystemTableTag({ bits, systemTable }: NonNullable<Machine['firmware']['efi']>): InfoBlock {
  const { at, block } = bits === 32 ? tag(11, sizeOfReader(Efi32Tag)) : tag(12, sizeOfReader(Efi64Tag));
  if (bits === 32) at.u32(Efi32Tag.at.pointer, systemTable);
  else at.u64(Efi64Tag.at.pointer, systemTable);
  return block;
}

/** Type 21. @param base - Where the image's first byte ends up. */
export function loadBaseTag(base: Expr): InfoBlock {
  const { block } = tag(21, sizeOfReader(LoadBaseTag));
  const offset = LoadBaseTag.at.load_base_addr.offset;
  return { ...block, relocations: [{ offset, value: base, encoding: 'u32' }] };
}

function sizeOfReader({ size = 0 }: { readonly size: number | undefined }): number {
  return size;
}

/** A tag of an information block: its type, and its bytes as far as its size says. */
export interface ReadInfoTag {
  readonly type: number;
  readonly bytes: Uint8Array;
}

/** The tags of a block in front of its end tag, as far as they lie within it: to show what somebody was told. */
export function readInfoTags(bytes: Uint8Array): ReadInfoTag[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = bytes.length < HEAD ? 0 : Math.min(bytes.length, view.getUint32(0, true));
  const tags: ReadInfoTag[] = [];
  for (let at = HEAD; at + HEAD <= end;) {
    const [type, size] = [view.getUint32(at, true), view.getUint32(at + 4, true)];
    if (type === END || size < HEAD || at + size > end) break;
    tags.push({ type, bytes: bytes.subarray(at, at + size) });
    at += Math.ceil(size / ALIGN) * ALIGN;
  }
  return tags;
}

/** The text of tag 1 or 2, in bytes without its NUL. */
export const STRING_AT = StringTag.at.size.offset + StringTag.at.size.size;
