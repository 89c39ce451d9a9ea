import { E820_TYPE, type MapHole, mapRelocations, mapToTell, type MapToTell } from '@kexec-kit/linux-boot';
import {
  addressOf,
  type Machine,
  range,
  type Region,
  type Relocation,
  type Segment,
  type SegmentId,
  sizeOf,
} from '@kexec-kit/loader-api';
import { encodeText, type Spot, writer } from '@kexec-kit/structures';
import { HvmMemmapTableEntry, HvmModlistEntry, HvmStartInfo } from './generated/start-info.js';
import { type Limits, LOWEST } from './limits.js';
import type { Module } from './modules.js';

/** "xEn3" with the highest bit of the E set (start_info.h, magic). */
export const XEN_HVM_START_MAGIC_VALUE = 0x336ec578;
/** With a memory map. */
const VERSION = 1;
/** In bytes, without padding: start_info.h. */
export const START_INFO_SIZE = 56;
export const MODLIST_ENTRY_SIZE = 32;
export const MEMMAP_ENTRY_SIZE = 24;
/** In bytes: every structure begins with, or consists of, 64-bit fields. */
const STRUCTURE_ALIGN = 8n;

/** The segment whose address the kernel finds in ebx. */
export const START_INFO: SegmentId = 'start-info';
const MODULE_LIST: SegmentId = 'module-list';
const MEMORY_MAP: SegmentId = 'memory-map';
const COMMAND_LINE: SegmentId = 'command-line';

/** What is told besides addresses. */
export interface StartInfoInput {
  readonly machine: Machine;
  /** A segment that the memory map tells of by itself. */
  readonly hole: MapHole | undefined;
  /** With its NUL. */
  readonly commandLine: Uint8Array;
  readonly modules: readonly Module[];
  readonly limits: Limits;
}

/**
 * hvm_start_info, what it points to, and the command lines: segments linked by relocations. All of it is read before the
 * kernel has page tables of its own, so that it lies as low as there is room.
 */
export function startInfoSegments(input: StartInfoInput): Segment[] {
  const { machine, hole, commandLine, modules, limits } = input;
  const map = mapToTell(machine.told, hole);
  const structures = [startInfo(input), ...memoryMap(map), ...moduleList(modules)];
  const texts = [
    { id: COMMAND_LINE, bytes: commandLine, why: 'the command line with its NUL' },
    ...modules.filter(({ commandLine: text }) => text !== '').map(moduleText),
  ];
  return [
    ...structures.map((content) => lowSegment(content, STRUCTURE_ALIGN, limits)),
    ...texts.map((content) => lowSegment(content, 1n, limits)),
  ];
}

/** `memmap_entries`. */
export function rangesOf({ machine, hole }: Pick<StartInfoInput, 'machine' | 'hole'>): number {
  return mapToTell(machine.told, hole).regions.length;
}

/** What becomes a segment. */
interface Content {
  readonly id: SegmentId;
  readonly bytes: Uint8Array;
  readonly relocations?: readonly Relocation[];
  readonly why: string;
}

function lowSegment(
  { id, bytes, relocations, why }: Content,
  align: bigint,
  { infoEnd, infoWhy }: Limits,
): Segment {
  return {
    id,
    parts: [{ bytes }],
    memorySize: BigInt(bytes.length),
    placements: [{ within: range(LOWEST, infoEnd), align, from: 'bottom' }],
    why: `${why}; ${infoWhy}`,
    ...(relocations === undefined ? {} : { relocations }),
  };
}

function startInfo(input: StartInfoInput): Content {
  return {
    id: START_INFO,
    bytes: encodeStartInfo(input),
    relocations: startInfoRelocations(input.machine, input.modules),
    why: 'hvm_start_info: the kernel finds its address in ebx',
  };
}

function memoryMap({ regions, values }: MapToTell): Content[] {
  if (regions.length === 0) return [];
  const { addr, size } = HvmMemmapTableEntry.at;
  const table = { offset: 0, entrySize: MEMMAP_ENTRY_SIZE, start: addr.offset, size: size.offset };
  return [
    {
      id: MEMORY_MAP,
      bytes: encodeMemoryMap(regions),
      relocations: mapRelocations(values, table),
      why: `the memory map, as the firmware told it${values.length > 0 ? ', but for the page of last words' : ''}`,
    },
  ];
}

function moduleList(modules: readonly Module[]): Content[] {
  if (modules.length === 0) return [];
  const relocations = modules.flatMap(moduleRelocations);
  return [{ id: MODULE_LIST, bytes: encodeModuleList(modules), relocations, why: 'the module list' }];
}

function moduleText({ id, commandLine }: Module): Content {
  const why = `the command line of ${id} with its NUL`;
  return { id: textId(id), bytes: encodeText(`${commandLine}\0`), why };
}

function encodeStartInfo(input: StartInfoInput): Uint8Array {
  const { machine, modules } = input;
  const { at } = HvmStartInfo;
  return writer(START_INFO_SIZE)
    .u32(at.magic, XEN_HVM_START_MAGIC_VALUE)
    .u32(at.version, VERSION)
    .u32(at.nr_modules, modules.length)
    .u64(at.rsdp_paddr, machine.firmware.acpiRsdp ?? 0n)
    .u32(at.memmap_entries, rangesOf(input)).value;
}

function startInfoRelocations({ told }: Machine, modules: readonly Module[]): Relocation[] {
  const { at } = HvmStartInfo;
  return [
    pointer(at.cmdline_paddr, COMMAND_LINE),
    ...(told.length === 0 ? [] : [pointer(at.memmap_paddr, MEMORY_MAP)]),
    ...(modules.length === 0 ? [] : [pointer(at.modlist_paddr, MODULE_LIST)]),
  ];
}

/** A memory map as entries of the table, in its order: nothing is dropped, joined or changed. */
export function encodeMemoryMap(told: readonly Region[]): Uint8Array {
  const { at } = HvmMemmapTableEntry;
  const table = writer(told.length * MEMMAP_ENTRY_SIZE);
  for (const [i, region] of told.entries()) {
    const entry = writer(MEMMAP_ENTRY_SIZE)
      .u64(at.addr, region.start)
      .u64(at.size, sizeOf(region))
      .u32(at.type, E820_TYPE[region.kind]);
    table.bytes(i * MEMMAP_ENTRY_SIZE, entry.value);
  }
  return table.value;
}

function encodeModuleList(modules: readonly Module[]): Uint8Array {
  const table = writer(modules.length * MODLIST_ENTRY_SIZE);
  for (const [i, { size }] of modules.entries()) {
    const entry = writer(MODLIST_ENTRY_SIZE).u64(HvmModlistEntry.at.size, size);
    table.bytes(i * MODLIST_ENTRY_SIZE, entry.value);
  }
  return table.value;
}

function moduleRelocations({ id, commandLine }: Module, index: number): Relocation[] {
  const { at } = HvmModlistEntry;
  const entry = index * MODLIST_ENTRY_SIZE;
  return [
    pointer(entry + at.paddr.offset, id),
    ...(commandLine === '' ? [] : [pointer(entry + at.cmdline_paddr.offset, textId(id))]),
  ];
}

function textId(module: SegmentId): SegmentId {
  return `${module}.command-line`;
}

function pointer(where: Spot, segment: SegmentId): Relocation {
  const offset = typeof where === 'number' ? where : where.offset;
  return { offset, value: addressOf(segment), encoding: 'u64' };
}
