import { BootParams, E820_ENTRY_SIZE, SetupHeader } from '@kexec-kit/linux-boot';
import { hex } from '@kexec-kit/loader-api';
import { toHex, type Field } from '@kexec-kit/structures';
import { read, readText } from '../memory.js';
import { lookAtCore } from './core.js';
import { putMap, type MapEntry } from './memory-map.js';
import { content, type Looking } from './view.js';

const PAGE = 4096;

/** A Linux kernel at its 32-bit or 64-bit entry: boot_params and all that it points to. */
export function lookAtLinux(looking: Looking, params: bigint): void {
  const { pieces } = looking.scene;
  const page = read(pieces, params, PAGE);
  if (page === undefined) {
    looking.put('boot_params', 'nothing');
    return;
  }
  looking.name('boot-params', params);
  const view = new DataView(page.buffer);
  putFields(looking, page);
  putPointers(looking, view);
  const more = putSetupData(looking, view.getBigUint64(SetupHeader.at.setup_data.offset, true));
  const count = page[BootParams.at.e820_entries.offset] ?? 0;
  const table = BootParams.at.e820_table.offset;
  putMap(looking, 'e820', [
    ...entriesOf(page.subarray(table, table + count * E820_ENTRY_SIZE)),
    ...entriesOf(more),
  ]);
}

/** Structures that are shown field by field, and what is shown in another way. */
const PARENTS = ['screen_info', 'efi_info', 'hdr', 'before'];
const POINTERS = [
  'cmd_line_ptr',
  'ext_cmd_line_ptr',
  'ramdisk_image',
  'ext_ramdisk_image',
  'setup_data',
  'efi_info.efi_memmap',
  'efi_info.efi_memmap_hi',
];
const TABLES = ['e820_table'];

const leaves: readonly Field[] = [...BootParams.fields, ...SetupHeader.fields].filter(
  ({ name }) => !PARENTS.includes(name),
);

function putFields(looking: Looking, page: Uint8Array): void {
  const rest = page.slice();
  for (const { name, offset, size } of leaves) {
    rest.fill(0, offset, offset + size);
    if (POINTERS.includes(name) || TABLES.includes(name)) continue;
    looking.put(`boot_params.${name}`, valueOf(page.subarray(offset, offset + size)));
  }
  looking.put('boot_params, between its fields', valueOf(rest));
}

function valueOf(bytes: Uint8Array): string {
  if (bytes.every((byte) => byte === 0)) return '0x0';
  if (bytes.length > 8) return toHex(bytes).replace(/(00)+$/, '');
  return hex([...bytes].reverse().reduce((value, byte) => (value << 8n) | BigInt(byte), 0n));
}

function putPointers(looking: Looking, view: DataView): void {
  const { pieces } = looking.scene;
  const at = { ...BootParams.at, ...SetupHeader.at };
  const pair = (low: keyof typeof at, high: keyof typeof at) =>
    BigInt(view.getUint32(at[low].offset, true)) | (BigInt(view.getUint32(at[high].offset, true)) << 32n);
  const commandLine = pair('cmd_line_ptr', 'ext_cmd_line_ptr');
  looking.name('command-line', commandLine);
  putCommandLine(looking, readText(pieces, commandLine));

  const initrd = pair('ramdisk_image', 'ext_ramdisk_image');
  const size = pair('ramdisk_size', 'ext_ramdisk_size');
  if (initrd !== 0n) looking.name('initrd', initrd);
  const loaded = size === 0n ? new Uint8Array() : read(pieces, initrd, Number(size));
  looking.put('initrd', initrd === 0n ? 'none' : loaded && content(loaded));

  const map = pair('efi_info.efi_memmap', 'efi_info.efi_memmap_hi');
  if (map === 0n) return;
  looking.name('efi-runtime-map', map);
  const length = view.getUint32(at['efi_info.efi_memmap_size'].offset, true);
  const descriptors = read(pieces, map, length);
  looking.put('EFI runtime map', descriptors && toHex(descriptors));
}

/** What a crash kernel is told besides what was asked for is shown by itself, and the addresses by their places. */
function putCommandLine(looking: Looking, text: string | undefined): void {
  const core = /(^| )elfcorehdr=(\S+)/.exec(text ?? '')?.[2];
  if (text === undefined || core === undefined) {
    looking.put('command line', text);
    return;
  }
  const rsdp = /(^| )acpi_rsdp=(\S+)/.exec(text)?.[2];
  looking.put('acpi_rsdp=', rsdp ?? 'not on the command line');
  looking.put('command line', text.replace(/(^| )(elfcorehdr|acpi_rsdp)=\S+/g, '').replace(/^ /, ''));
  lookAtCore(looking, core.endsWith('K') ? BigInt(core.slice(0, -1)) << 10n : BigInt(core));
  nameBackup(looking);
}

/** kexec(8) keeps room for the first 640 KiB: zeros until purgatory fills them. */
function nameBackup(looking: Looking): void {
  const named = new Set(looking.places.values());
  const room = looking.scene.pieces.find(
    (piece) => !named.has(piece) && piece.bytes.every((byte) => byte === 0),
  );
  if (room !== undefined) looking.places.set('backup', room);
  looking.put('first 640 KiB', room === undefined ? 'left alone' : 'saved');
}

const SETUP_E820_EXT = 1;
const SETUP_RNG_SEED = 9;
const NODE_HEADER = 16;
/** Nobody makes so many nodes: a list that is longer goes in a circle. */
const MOST_NODES = 16;

/** @returns The data of the node with the rest of the memory map. */
function putSetupData(looking: Looking, first: bigint): Uint8Array {
  const { pieces } = looking.scene;
  const types: number[] = [];
  let more = new Uint8Array();
  for (let node = first; node !== 0n && types.length < MOST_NODES;) {
    const header = read(pieces, node, NODE_HEADER);
    if (header === undefined) break;
    const view = new DataView(header.buffer);
    const [type, length] = [view.getUint32(8, true), view.getUint32(12, true)];
    const data = read(pieces, node + BigInt(NODE_HEADER), length);
    types.push(type);
    looking.name(`setup-data.${type}`, node);
    if (type === SETUP_E820_EXT) more = Uint8Array.from(data ?? []);
    // Random bytes of both: of these only the number can be compared.
    else
      looking.put(
        `setup_data.${type}`,
        type === SETUP_RNG_SEED ? `${length} random bytes` : data && toHex(data),
      );
    node = view.getBigUint64(0, true);
  }
  looking.put('setup_data, types', [...types].sort((a, b) => a - b).join(' '));
  return more;
}

function entriesOf(table: Uint8Array): MapEntry[] {
  const view = new DataView(table.buffer, table.byteOffset, table.byteLength);
  const count = Math.floor(table.length / E820_ENTRY_SIZE);
  return Array.from({ length: count }, (_, i) => {
    const at = i * E820_ENTRY_SIZE;
    const start = view.getBigUint64(at, true);
    const end = start + view.getBigUint64(at + 8, true);
    return { start, end, type: view.getUint32(at + 16, true) };
  });
}
