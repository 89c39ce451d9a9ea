import { E820_TYPE } from '@kexec-kit/linux-boot';
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
  const { machine, commandLine, modules, limits } = input;
  const texts = modules.filter(({ commandLine: text }) => text !== '');
  const low = (id: SegmentId, bytes: Uint8Array, align: bigint, why: string): Segment => ({
    id,
    parts: [{ bytes }],
    memorySize: BigInt(bytes.length),
    placements: [{ within: range(LOWEST, limits.infoEnd), align, from: 'bottom' }],
    why: `${why}; ${limits.infoWhy}`,
  });
  return [
    {
      ...low(
        START_INFO,
        encodeStartInfo(machine, modules.length),
        STRUCTURE_ALIGN,
        'hvm_start_info: the kernel finds its address in ebx',
      ),
      relocations: startInfoRelocations(machine, modules),
    },
    ...(machine.told.length === 0
      ? []
      : [
          low(
            MEMORY_MAP,
            encodeMemoryMap(machine.told),
            STRUCTURE_ALIGN,
            'the memory map, as the firmware told it',
          ),
        ]),
    ...(modules.length === 0
      ? []
      : [
          {
            ...low(MODULE_LIST, encodeModuleList(modules), STRUCTURE_ALIGN, 'the module list'),
            relocations: modules.flatMap(moduleRelocations),
          },
        ]),
    low(COMMAND_LINE, commandLine, 1n, 'the command line with its NUL'),
    ...texts.map(({ id, commandLine: text }) =>
      low(textId(id), encodeText(`${text}\0`), 1n, `the command line of ${id} with its NUL`),
    ),
  ];
}

function encodeStartInfo({ told, firmware }: Machine, modules: number): Uint8Array {
  const { at } = HvmStartInfo;
  return writer(START_INFO_SIZE)
    .u32(at.magic, XEN_HVM_START_MAGIC_VALUE)
    .u32(at.version, VERSION)
    .u32(at.nr_modules, modules)
    .u64(at.rsdp_paddr, firmware.acpiRsdp ?? 0n)
    .u32(at.memmap_entries, told.length).value;
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
