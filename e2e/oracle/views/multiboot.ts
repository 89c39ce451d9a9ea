import {
  MultibootInfo,
  MultibootMmap,
  MultibootModule,
  readInfoTags,
  BasicMemoryTag,
  LoadBaseTag,
  ModuleTag,
  STRING_AT,
  TAG,
} from '@kexec-kit/multiboot-info';
import { parse, toHex } from '@kexec-kit/structures';
import { read, readText, type Loaded } from '../memory.js';
import { putMap, type MapEntry } from './memory-map.js';
import { content, type Looking } from './view.js';

const INFO_SIZE = 120;
const MODULE_SIZE = 16;
/** So many bits of `flags` mean something. */
const FLAGS = 13;

/** A Multiboot kernel: the information block in ebx, its memory map, its modules. */
export function lookAtMultiboot(looking: Looking, info: bigint): void {
  const { pieces } = looking.scene;
  const block = read(pieces, info, INFO_SIZE);
  if (block === undefined) {
    looking.put('multiboot_info', 'nothing');
    return;
  }
  looking.name('multiboot-info', info);
  const fields = parse(MultibootInfo, block);
  looking.put('flags, other bits', fields.flags >>> FLAGS);
  for (let bit = 0; bit < FLAGS; bit++) looking.put(`flags bit ${bit}`, (fields.flags >> bit) & 1);
  looking.put('mem_lower', fields.mem_lower);
  looking.put('mem_upper', fields.mem_upper);
  looking.put('cmdline', readText(pieces, BigInt(fields.cmdline)));
  looking.put('boot_loader_name', readText(pieces, BigInt(fields.boot_loader_name)));
  looking.put('mods_count', fields.mods_count);
  for (let i = 0; i < Math.min(fields.mods_count, 64); i++) {
    const entry = read(pieces, BigInt(fields.mods_addr) + BigInt(i * MODULE_SIZE), MODULE_SIZE);
    if (entry === undefined) break;
    const { mod_start, mod_end, string } = parse(MultibootModule, entry);
    putModule(looking, i, [BigInt(mod_start), BigInt(mod_end)], readText(pieces, BigInt(string)));
  }
  const { mmap_addr, mmap_length } = fields;
  if (mmap_length > 0) looking.name('mmap', BigInt(mmap_addr));
  putMmap(looking, read(pieces, BigInt(mmap_addr), mmap_length) ?? new Uint8Array());
}

function putModule(looking: Looking, i: number, [start, end]: [bigint, bigint], string?: string): void {
  looking.name(`module.${i}`, start);
  const bytes = end < start ? undefined : read(looking.scene.pieces, start, Number(end - start));
  looking.put(`module[${i}]`, bytes && content(bytes));
  looking.put(`module[${i}] string`, string);
  looking.put(`module[${i}] at a page`, String(start % 4096n === 0n));
}

function putMmap(looking: Looking, map: Uint8Array): void {
  const entries: MapEntry[] = [];
  for (let at = 0; at + 24 <= map.length;) {
    const { size, base_addr, length, type } = parse(MultibootMmap, map.subarray(at, at + 24));
    entries.push({ start: base_addr, end: base_addr + length, type });
    at += size + 4;
    if (size < 20) break;
  }
  putMap(looking, 'mmap', entries);
}

const MMAP_HEAD = 16;
/** Most bytes of an information block: its own first word says how many. */
const MOST = 1 << 20;

/** A Multiboot2 kernel: the tags in ebx. */
export function lookAtMultiboot2(looking: Looking, info: bigint): void {
  const { pieces } = looking.scene;
  const size = read(pieces, info, 4);
  const total = size === undefined ? 0 : new DataView(size.buffer).getUint32(0, true);
  const block = total > MOST ? undefined : read(pieces, info, total);
  if (block === undefined) {
    looking.nameTruncated('multiboot-info', info);
    looking.put('multiboot2 information', 'nothing');
    return;
  }
  looking.name('multiboot-info', info);
  const tags = readInfoTags(block);
  looking.put('tags', [...new Set(tags.map(({ type }) => type))].sort((a, b) => a - b).join(' '));
  let modules = 0;
  for (const { type, bytes } of tags) {
    if (type === TAG.module) putModuleTag(looking, modules++, bytes);
    else TAGS[type]?.(looking, bytes);
    if (TAGS[type] === undefined && type !== TAG.module) looking.put(`tag ${type}`, toHex(bytes));
  }
  looking.put('modules', modules);
}

function textOf(bytes: Uint8Array, from: number): string {
  const end = bytes.indexOf(0, from);
  return Buffer.from(bytes.subarray(from, end < 0 ? bytes.length : end)).toString('latin1');
}

function putModuleTag(looking: Looking, i: number, bytes: Uint8Array): void {
  const { mod_start, mod_end } = parse(ModuleTag, bytes);
  putModule(looking, i, [BigInt(mod_start), BigInt(mod_end)], textOf(bytes, 16));
}

const TAGS: Readonly<Record<number, (looking: Looking, bytes: Uint8Array) => void>> = {
  [TAG.commandLine]: (looking, bytes) => {
    looking.put('cmdline', textOf(bytes, STRING_AT));
  },
  [TAG.bootLoaderName]: (looking, bytes) => {
    looking.put('boot_loader_name', textOf(bytes, STRING_AT));
  },
  [TAG.basicMemory]: (looking, bytes) => {
    const { mem_lower, mem_upper } = parse(BasicMemoryTag, bytes);
    looking.put('mem_lower', mem_lower);
    looking.put('mem_upper', mem_upper);
  },
  [TAG.memoryMap]: (looking, bytes) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const size = view.getUint32(8, true);
    looking.put('mmap, entry_size', size);
    const entries: MapEntry[] = [];
    for (let at = MMAP_HEAD; at + size <= bytes.length && size >= 24; at += size) {
      const start = view.getBigUint64(at, true);
      const end = start + view.getBigUint64(at + 8, true);
      entries.push({ start, end, type: view.getUint32(at + 16, true) });
    }
    putMap(looking, 'mmap', entries);
  },
  [TAG.loadBase]: (looking, bytes) => {
    looking.put('load_base_addr', `to be named ${parse(LoadBaseTag, bytes).load_base_addr}`);
  },
};

/** The load base is named when the image has its name. */
export function nameLoadBase(looking: Looking): void {
  const raw = looking.items.get('load_base_addr');
  if (raw !== undefined)
    looking.put('load_base_addr', looking.symbol(BigInt(raw.replace('to be named ', ''))));
}

/** What we load of an image besides its segments: symbols. */
export function isApart(piece: Loaded & { readonly id?: string }): boolean {
  return ['stack', 'elf-sections', 'purgatory'].includes(piece.id ?? '');
}
