import {
  addressOf,
  type Expr,
  type Machine,
  type Region,
  type Relocation,
  type SegmentId,
  sizeOf,
} from '@kexec-kit/loader-api';
import { type MapHole, mapRelocations } from '@kexec-kit/linux-boot';
import { encodeText, writer } from '@kexec-kit/structures';
import {
  INFO_BOOT_LOADER_NAME,
  INFO_CMDLINE,
  INFO_FRAMEBUFFER,
  INFO_MEM_MAP,
  INFO_MEMORY,
  INFO_MODS,
} from './constants.js';
import type { Framebuffer } from './framebuffer.js';
import { MultibootInfo, MultibootMmap, MultibootModule } from './generated/multiboot-info.js';
import { type Memory, memoryOf, typeOf } from './memory-map.js';
import type { Module } from './modules.js';

/** What a Multiboot kernel is told. */
export interface Multiboot1Contents {
  /** The id of the segment that the block becomes: what points into it is relative to that. */
  readonly segment: SegmentId;
  readonly told: Machine['told'];
  /** A segment that the map tells of by itself. */
  readonly hole?: MapHole | undefined;
  readonly commandLine: string;
  readonly bootLoaderName: string;
  readonly modules: readonly Module[];
  readonly framebuffer: Framebuffer | undefined;
}

/** Bytes, and what is written into them once everything has an address. */
export interface InfoBlock {
  readonly bytes: Uint8Array;
  readonly relocations: readonly Relocation[];
}

/** In bytes. */
const INFO_SIZE = 120;
const MODULE_SIZE = 16;
const MMAP_SIZE = 24;
/** `size` of a map entry does not count itself (Multiboot 0.6.96, 3.3). */
const MMAP_REST = 20;

/**
 * The information block of Multiboot 0.6.96, 3.3: one piece of memory, in which lie the structure, the memory map, the module
 * list and the texts, in this order.
 *
 * @example
 * ```ts
 * buildMultibootInfo({ segment: 'info', told: [], commandLine: '', bootLoaderName: '', modules: [], framebuffer: undefined })
 *   .bytes.length; // 122
 * ```
 */
export function buildMultibootInfo(contents: Multiboot1Contents): InfoBlock {
  const { segment, modules } = contents;
  const memory = memoryOf(contents.told, contents.hole);
  const { regions, values } = memory.map;
  const texts = [contents.commandLine, contents.bootLoaderName, ...modules.map(({ string }) => string)].map(
    (text) => encodeText(`${text}\0`),
  );
  const mapAt = INFO_SIZE;
  const modulesAt = mapAt + regions.length * MMAP_SIZE;
  const [textAt, size] = stack(texts, modulesAt + modules.length * MODULE_SIZE);
  const block = writer(size).bytes(0, encodeStructure(contents, memory)).bytes(mapAt, encodeMap(regions));
  texts.forEach((text, i) => block.bytes(textAt(i), text));
  const { at } = MultibootInfo;
  const own = (offset: number, to: number) => pointer(offset, addressOf(segment, BigInt(to)));
  return {
    bytes: block.value,
    relocations: [
      own(at.cmdline.offset, textAt(0)),
      own(at.boot_loader_name.offset, textAt(1)),
      own(at.mmap_addr.offset, mapAt),
      ...(memory.upper === undefined ? [] : [pointer(at.mem_upper.offset, memory.upper)]),
      ...mapRelocations(values, {
        ...{ offset: mapAt, entrySize: MMAP_SIZE },
        ...{ start: MultibootMmap.at.base_addr.offset, size: MultibootMmap.at.length.offset },
      }),
      ...(modules.length === 0 ? [] : [own(at.mods_addr.offset, modulesAt)]),
      ...modules.flatMap((module, i) =>
        moduleRelocations(modulesAt + i * MODULE_SIZE, module, addressOf(segment, BigInt(textAt(i + 2)))),
      ),
    ],
  };
}

/** Where each text lies, one behind the other, and where they end. */
function stack(texts: readonly Uint8Array[], from: number): [(index: number) => number, number] {
  let end = from;
  const starts = texts.map(({ length }) => {
    const start = end;
    end += length;
    return start;
  });
  return [(index) => starts[index] ?? end, end];
}

function encodeStructure(
  { modules, framebuffer }: Multiboot1Contents,
  { map, mem_lower, mem_upper }: Memory,
): Uint8Array {
  const { at } = MultibootInfo;
  const always = INFO_MEMORY | INFO_CMDLINE | INFO_MODS | INFO_MEM_MAP | INFO_BOOT_LOADER_NAME;
  const info = writer(INFO_SIZE)
    .u32(at.flags, framebuffer === undefined ? always : always | INFO_FRAMEBUFFER)
    .u32(at.mem_lower, mem_lower)
    .u32(at.mem_upper, mem_upper)
    .u32(at.mods_count, modules.length)
    .u32(at.mmap_length, map.regions.length * MMAP_SIZE);
  if (framebuffer === undefined) return info.value;
  return info
    .u64(at.framebuffer_addr, framebuffer.framebuffer_addr)
    .u32(at.framebuffer_pitch, framebuffer.framebuffer_pitch)
    .u32(at.framebuffer_width, framebuffer.framebuffer_width)
    .u32(at.framebuffer_height, framebuffer.framebuffer_height)
    .u8(at.framebuffer_bpp, framebuffer.framebuffer_bpp)
    .u8(at.framebuffer_type, framebuffer.framebuffer_type)
    .bytes(at.color_info, framebuffer.color_info).value;
}

/** In its order: nothing is dropped, joined or changed. */
function encodeMap(regions: readonly Region[]): Uint8Array {
  const { at } = MultibootMmap;
  const map = writer(regions.length * MMAP_SIZE);
  for (const [i, region] of regions.entries()) {
    const entry = writer(MMAP_SIZE)
      .u32(at.size, MMAP_REST)
      .u64(at.base_addr, region.start)
      .u64(at.length, sizeOf(region))
      .u32(at.type, typeOf(region.kind));
    map.bytes(i * MMAP_SIZE, entry.value);
  }
  return map.value;
}

function moduleRelocations(entry: number, { segment, offset, size }: Module, string: Expr): Relocation[] {
  const { at } = MultibootModule;
  return [
    pointer(entry + at.mod_start.offset, addressOf(segment, offset)),
    pointer(entry + at.mod_end.offset, addressOf(segment, offset + size)),
    pointer(entry + at.string.offset, string),
  ];
}

function pointer(offset: number, value: Expr): Relocation {
  return { offset, value, encoding: 'u32' };
}
