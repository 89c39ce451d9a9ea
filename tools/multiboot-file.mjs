// @ts-check
/**
 * Makes Multiboot files for tests: headers of both protocols, and files around them. Every field can be told to lie; nothing of it
 * runs. The layouts stand here by themselves, from the specifications.
 */
import { elfFile } from './elf-file.mjs';

/**
 * @typedef {object} HeaderShape Multiboot 0.6.96, 3.1.
 * @property {number} [flags]
 * @property {readonly number[]} [addresses] header_addr, load_addr, load_end_addr, bss_end_addr, entry_addr.
 * @property {readonly number[]} [graphics] mode_type, width, height, depth.
 * @property {number} [checksum]
 */

/**
 * @param {HeaderShape} shape
 * @returns {Uint8Array}
 */
export function multibootHeader({ flags = 3, addresses = [], graphics = [], checksum } = {}) {
  const own = checksum ?? -(0x1badb002 + flags) >>> 0;
  const places =
    graphics.length === 0 ? addresses : [...addresses, ...[0, 0, 0, 0, 0].slice(addresses.length)];
  return words([0x1badb002, flags, own, ...places, ...graphics]);
}

/**
 * @typedef {object} TagShape Multiboot2 2.0, 3.1.3.
 * @property {number} type
 * @property {boolean} [optional]
 * @property {readonly number[]} [data] As 32-bit words.
 * @property {number} [size] What it says; by itself what it has.
 */

/**
 * @typedef {object} Header2Shape Multiboot2 2.0, 3.1.1.
 * @property {readonly TagShape[]} [tags]
 * @property {boolean} [end] Whether there is an end tag.
 * @property {number} [architecture]
 * @property {number} [length]
 * @property {number} [checksum]
 */

/**
 * @param {Header2Shape} shape
 * @returns {Uint8Array}
 */
export function multiboot2Header({ tags = [], end = true, architecture = 0, length, checksum } = {}) {
  const all = end ? [...tags, { type: 0 }] : tags;
  const body = all.flatMap((tag) => [...tagBytes(tag)]);
  const own = length ?? 16 + body.length;
  const sum = checksum ?? -(0xe85250d6 + architecture + own) >>> 0;
  return Uint8Array.from([...words([0xe85250d6, architecture, own, sum]), ...body]);
}

/** @param {TagShape} tag */
function tagBytes({ type, optional = false, data = [], size = 8 + 4 * data.length }) {
  const bytes = new Uint8Array(Math.ceil((8 + 4 * data.length) / 8) * 8);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, type, true);
  view.setUint16(2, optional ? 1 : 0, true);
  view.setUint32(4, size, true);
  bytes.set(words(data), 8);
  return bytes;
}

/** Where a kernel of {@link multibootElf} is linked, and where it is entered. */
export const LINKED = 0x200000;
export const ENTRY = LINKED + 0x180;

/**
 * An ELF file whose first PT_LOAD begins with a header, with memory beyond its content.
 *
 * @param {Uint8Array} header
 * @param {import('./elf-file.mjs').ElfShape} [shape]
 * @returns {Uint8Array}
 */
export function multibootElf(header, shape = {}) {
  const content = new Uint8Array(0x400).fill(0x90);
  content.set(header);
  const load = { p_flags: 7, p_align: 0x1000, p_vaddr: LINKED, p_paddr: LINKED, content, p_memsz: 0x5000 };
  return elfFile({ bits: 32, header: { e_entry: ENTRY, ...shape.header }, segments: [load], ...rest(shape) });
}

/** @param {import('./elf-file.mjs').ElfShape} shape */
function rest({ header: _, ...others }) {
  return others;
}

/**
 * A file that is no ELF file: some bytes, a header, some more.
 *
 * @param {Uint8Array} header
 * @param {{ before?: number; after?: number }} [around] In bytes.
 * @returns {Uint8Array}
 */
export function multibootFlat(header, { before = 0x20, after = 0x300 } = {}) {
  const file = new Uint8Array(before + header.length + after).fill(0x90);
  file.set(header, before);
  return file;
}

/** @param {readonly number[]} values */
function words(values) {
  const bytes = new Uint8Array(4 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => {
    view.setUint32(4 * i, value, true);
  });
  return bytes;
}
