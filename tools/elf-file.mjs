// @ts-check
/**
 * Makes ELF files for tests: headers and contents, one behind the other. Every field can be told to lie; nothing of it runs.
 * The layout stands here by itself, from the gABI, so that what reads ELF files is not tested with its own tables.
 */

/** Fields with their sizes in bytes; `A` is the word of the class. */
const EHDR =
  'e_type:2 e_machine:2 e_version:4 e_entry:A e_phoff:A e_shoff:A e_flags:4 e_ehsize:2 e_phentsize:2 e_phnum:2 e_shentsize:2 e_shnum:2 e_shstrndx:2';
const PHDR = {
  32: 'p_type:4 p_offset:A p_vaddr:A p_paddr:A p_filesz:A p_memsz:A p_flags:4 p_align:A',
  64: 'p_type:4 p_flags:4 p_offset:A p_vaddr:A p_paddr:A p_filesz:A p_memsz:A p_align:A',
};
const IDENT_SIZE = 16;

/**
 * @typedef {object} NoteShape
 * @property {string} name
 * @property {number} type
 * @property {Uint8Array} desc
 */

/**
 * A program header. `content` or `notes` go into the file, and p_offset, p_filesz and p_memsz say so unless they are given.
 *
 * @typedef {Partial<Record<'p_type' | 'p_flags' | 'p_offset' | 'p_vaddr' | 'p_paddr' | 'p_filesz' | 'p_memsz' | 'p_align', number | bigint>>
 *   & { content?: Uint8Array; notes?: readonly NoteShape[] }} SegmentShape
 */

/**
 * @typedef {object} ElfShape
 * @property {32 | 64} [bits] Default 64.
 * @property {Readonly<Record<string, number | bigint>>} [header] By the gABI's names. Default: an ET_EXEC for x86.
 * @property {Readonly<Record<number, number>>} [ident] Bytes of e_ident by their index.
 * @property {readonly SegmentShape[]} [segments]
 * @property {number} [tail] Bytes behind everything that e_shoff points to, as to section headers.
 */

/**
 * @param {ElfShape} shape
 * @returns {Uint8Array}
 */
export function elfFile({ bits = 64, header = {}, ident = {}, segments = [], tail = 0 }) {
  const ehsize = IDENT_SIZE + sizeOf(EHDR, bits);
  const phsize = sizeOf(PHDR[bits], bits);
  const contents = segments.map(contentOf);
  const { starts, end } = layOut(contents, ehsize + segments.length * phsize);
  const file = new Uint8Array(end + tail);
  file.set([0x7f, 0x45, 0x4c, 0x46, bits / 32, 1, 1]);
  for (const [at, value] of Object.entries(ident)) file[Number(at)] = value;
  write(file, IDENT_SIZE, EHDR, bits, {
    e_type: 2,
    e_machine: bits === 32 ? 3 : 62,
    e_version: 1,
    e_phoff: ehsize,
    e_ehsize: ehsize,
    e_phentsize: phsize,
    e_phnum: segments.length,
    ...(tail > 0 ? { e_shoff: end, e_shentsize: tail, e_shnum: 1 } : {}),
    ...header,
  });
  segments.forEach(({ content: _content, notes, ...fields }, i) => {
    const [start = 0, bytes = new Uint8Array()] = [starts[i], contents[i]];
    const size = bytes.length;
    const own = { p_type: notes === undefined ? 1 : 4, p_offset: start, p_filesz: size, p_memsz: size };
    write(file, ehsize + i * phsize, PHDR[bits], bits, { ...own, ...fields });
    file.set(bytes, start);
  });
  return file;
}

/**
 * A note with its padding to 4 bytes.
 *
 * @param {NoteShape} note
 * @returns {Uint8Array}
 */
export function noteBytes({ name, type, desc }) {
  const text = new TextEncoder().encode(`${name}\0`);
  const descAt = 12 + Math.ceil(text.length / 4) * 4;
  const note = new Uint8Array(descAt + Math.ceil(desc.length / 4) * 4);
  write(note, 0, 'namesz:4 descsz:4 type:4', 32, { namesz: text.length, descsz: desc.length, type });
  note.set(text, 12);
  note.set(desc, descAt);
  return note;
}

/**
 * @param {SegmentShape} segment
 * @returns {Uint8Array}
 */
function contentOf({ content, notes = [] }) {
  return content ?? Uint8Array.from(notes.flatMap((note) => [...noteBytes(note)]));
}

/**
 * Where each content begins, at multiples of 16, and where the last one ends.
 *
 * @param {readonly Uint8Array[]} contents
 * @param {number} from
 */
function layOut(contents, from) {
  let end = from;
  const starts = contents.map(({ length }) => {
    const start = Math.ceil(end / 16) * 16;
    end = start + length;
    return start;
  });
  return { starts, end };
}

/**
 * @param {string} layout
 * @param {32 | 64} bits
 */
function fieldsOf(layout, bits) {
  return layout.split(' ').map((field) => {
    const [name = '', size] = field.split(':');
    return { name, size: size === 'A' ? bits / 8 : Number(size) };
  });
}

/**
 * @param {string} layout
 * @param {32 | 64} bits
 */
function sizeOf(layout, bits) {
  return fieldsOf(layout, bits).reduce((sum, { size }) => sum + size, 0);
}

/**
 * @param {Uint8Array} file
 * @param {number} at
 * @param {string} layout
 * @param {32 | 64} bits
 * @param {Readonly<Record<string, number | bigint>>} values
 */
function write(file, at, layout, bits, values) {
  const wide = new DataView(new ArrayBuffer(8));
  let offset = at;
  for (const { name, size } of fieldsOf(layout, bits)) {
    wide.setBigUint64(0, BigInt(values[name] ?? 0), true);
    file.set(new Uint8Array(wide.buffer, 0, size), offset);
    offset += size;
  }
}
