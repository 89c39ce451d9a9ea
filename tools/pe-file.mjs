// @ts-check
/** PE files for tests: headers, a section table and sections, as ukify and objcopy lay them out. Nothing in them runs. */

/** Where systemd's stub of Debian 12 has its PE header. */
const PE_AT = 0x80;
/** PE Format, "Optional Header (Image Only)": PE32+ with 16 directories. */
const OPTIONAL_HEADER = 240;
const COFF_HEADER = 24;
const SECTION_HEADER = 40;
const FILE_ALIGNMENT = 0x200;

/**
 * @typedef {object} Shape
 * @property {readonly (readonly [name: string, content: string | Uint8Array])[]} sections In the order of the table.
 * @property {number} [machine] PE Format, "Machine Types"; x86-64 unless said.
 */

/**
 * @param {Shape} shape
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function peFile({ sections, machine = 0x8664 }) {
  const tableAt = PE_AT + COFF_HEADER + OPTIONAL_HEADER;
  let end = padded(tableAt + sections.length * SECTION_HEADER);
  const placed = sections.map(([name, content]) => {
    const bytes = Buffer.from(content);
    const offset = end;
    end += padded(bytes.length);
    return { name, bytes, offset };
  });
  const file = Buffer.alloc(end);
  file.write('MZ', 0);
  file.writeUInt32LE(PE_AT, 0x3c);
  file.write('PE\0\0', PE_AT);
  file.writeUInt16LE(machine, PE_AT + 4);
  file.writeUInt16LE(sections.length, PE_AT + 6);
  file.writeUInt16LE(OPTIONAL_HEADER, PE_AT + 20);
  file.writeUInt16LE(0x20b, PE_AT + COFF_HEADER);
  for (const [index, { name, bytes, offset }] of placed.entries()) {
    const header = tableAt + index * SECTION_HEADER;
    file.write(name, header, 8, 'latin1');
    file.writeUInt32LE(bytes.length, header + 8);
    file.writeUInt32LE(padded(bytes.length), header + 16);
    file.writeUInt32LE(offset, header + 20);
    file.set(bytes, offset);
  }
  return new Uint8Array(file);
}

/** @param {number} size */
function padded(size) {
  return Math.ceil(size / FILE_ALIGNMENT) * FILE_ALIGNMENT;
}
