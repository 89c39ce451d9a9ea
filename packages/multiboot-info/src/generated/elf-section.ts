// Generated from elf-section.ksy by @kexec-kit/ksy. Do not edit: change the .ksy and generate again.
/* eslint-disable */
// What Kaitai emits has no types; what is declared here has, and is checked where it is used.
// @ts-nocheck
import { CheckedStream, type Reader, reader } from '@kexec-kit/structures';

/**
 * One entry of the section header table of an ELF32 file, and of an ELF64 file.
 * @see gABI, "Sections"
 */
export interface Elf32Shdr {
  /** @see gABI, "Section Header", sh_name, 0x0/4 */
  readonly sh_name: number;
  /**
   * 0 SHT_NULL, 8 SHT_NOBITS
   * @see gABI, "Section Header", sh_type, 0x4/4
   */
  readonly sh_type: number;
  /** @see gABI, "Section Header", sh_flags, 0x8/4 */
  readonly sh_flags: number;
  /**
   * where it lies in memory; 0 for what is not loaded
   * @see gABI, "Section Header", sh_addr, 0xc/4
   */
  readonly sh_addr: number;
  /** @see gABI, "Section Header", sh_offset, 0x10/4 */
  readonly sh_offset: number;
  /** @see gABI, "Section Header", sh_size, 0x14/4 */
  readonly sh_size: number;
  readonly sh_rest: Uint8Array;
}

/**
 * One entry of the section header table of an ELF64 file.
 * @see gABI, "Sections"
 */
export interface Elf64Shdr {
  /** @see gABI, "Section Header", sh_name, 0x0/4 */
  readonly sh_name: number;
  /**
   * 0 SHT_NULL, 8 SHT_NOBITS
   * @see gABI, "Section Header", sh_type, 0x4/4
   */
  readonly sh_type: number;
  /** @see gABI, "Section Header", sh_flags, 0x8/8 */
  readonly sh_flags: bigint;
  /**
   * where it lies in memory; 0 for what is not loaded
   * @see gABI, "Section Header", sh_addr, 0x10/8
   */
  readonly sh_addr: bigint;
  /** @see gABI, "Section Header", sh_offset, 0x18/8 */
  readonly sh_offset: bigint;
  /** @see gABI, "Section Header", sh_size, 0x20/8 */
  readonly sh_size: bigint;
  readonly sh_rest: Uint8Array;
}

const compiled: any = ((KaitaiStream) => {
var Elf32Shdr = (function() {
  function Elf32Shdr(_io, _parent, _root) {
    this._io = _io;
    this._parent = _parent;
    this._root = _root || this;

  }
  Elf32Shdr.prototype._read = function() {
    this._io.at('sh_name');
    this.shName = this._io.readU4le();
    this._io.done();
    this._io.at('sh_type');
    this.shType = this._io.readU4le();
    this._io.done();
    this._io.at('sh_flags');
    this.shFlags = this._io.readU4le();
    this._io.done();
    this._io.at('sh_addr');
    this.shAddr = this._io.readU4le();
    this._io.done();
    this._io.at('sh_offset');
    this.shOffset = this._io.readU4le();
    this._io.done();
    this._io.at('sh_size');
    this.shSize = this._io.readU4le();
    this._io.done();
    this._io.at('sh_rest');
    this.shRest = this._io.readBytes(16);
    this._io.done();
  }

  var Elf64Shdr = Elf32Shdr.Elf64Shdr = (function() {
    function Elf64Shdr(_io, _parent, _root) {
      this._io = _io;
      this._parent = _parent;
      this._root = _root;

    }
    Elf64Shdr.prototype._read = function() {
      this._io.at('sh_name');
      this.shName = this._io.readU4le();
      this._io.done();
      this._io.at('sh_type');
      this.shType = this._io.readU4le();
      this._io.done();
      this._io.at('sh_flags');
      this.shFlags = this._io.readU8le();
      this._io.done();
      this._io.at('sh_addr');
      this.shAddr = this._io.readU8le();
      this._io.done();
      this._io.at('sh_offset');
      this.shOffset = this._io.readU8le();
      this._io.done();
      this._io.at('sh_size');
      this.shSize = this._io.readU8le();
      this._io.done();
      this._io.at('sh_rest');
      this.shRest = this._io.readBytes(24);
      this._io.done();
    }

    return Elf64Shdr;
  })();

  return Elf32Shdr;
})();
return Elf32Shdr;
})(CheckedStream);
compiled.members = [['sh_name', 'shName'], ['sh_type', 'shType'], ['sh_flags', 'shFlags'], ['sh_addr', 'shAddr'], ['sh_offset', 'shOffset'], ['sh_size', 'shSize'], ['sh_rest', 'shRest']];
compiled.Elf64Shdr.members = [['sh_name', 'shName'], ['sh_type', 'shType'], ['sh_flags', 'shFlags'], ['sh_addr', 'shAddr'], ['sh_offset', 'shOffset'], ['sh_size', 'shSize'], ['sh_rest', 'shRest']];

/**
 * One entry of the section header table of an ELF32 file, and of an ELF64 file.
 * @see gABI, "Sections"
 */
export const Elf32Shdr: Reader<Elf32Shdr, 'sh_name' | 'sh_type' | 'sh_flags' | 'sh_addr' | 'sh_offset' | 'sh_size' | 'sh_rest'> = reader('elf32_shdr', 40, compiled, [
  { name: 'sh_name', offset: 0x0, size: 0x4, spec: "gABI, \"Section Header\", sh_name, 0x0/4" },
  { name: 'sh_type', offset: 0x4, size: 0x4, doc: "0 SHT_NULL, 8 SHT_NOBITS", spec: "gABI, \"Section Header\", sh_type, 0x4/4" },
  { name: 'sh_flags', offset: 0x8, size: 0x4, spec: "gABI, \"Section Header\", sh_flags, 0x8/4" },
  { name: 'sh_addr', offset: 0xc, size: 0x4, doc: "where it lies in memory; 0 for what is not loaded", spec: "gABI, \"Section Header\", sh_addr, 0xc/4" },
  { name: 'sh_offset', offset: 0x10, size: 0x4, spec: "gABI, \"Section Header\", sh_offset, 0x10/4" },
  { name: 'sh_size', offset: 0x14, size: 0x4, spec: "gABI, \"Section Header\", sh_size, 0x14/4" },
  { name: 'sh_rest', offset: 0x18, size: 0x10, spec: "gABI, \"Sections\"" },
]);

/**
 * One entry of the section header table of an ELF64 file.
 * @see gABI, "Sections"
 */
export const Elf64Shdr: Reader<Elf64Shdr, 'sh_name' | 'sh_type' | 'sh_flags' | 'sh_addr' | 'sh_offset' | 'sh_size' | 'sh_rest'> = reader('elf64_shdr', 64, compiled.Elf64Shdr, [
  { name: 'sh_name', offset: 0x0, size: 0x4, spec: "gABI, \"Section Header\", sh_name, 0x0/4" },
  { name: 'sh_type', offset: 0x4, size: 0x4, doc: "0 SHT_NULL, 8 SHT_NOBITS", spec: "gABI, \"Section Header\", sh_type, 0x4/4" },
  { name: 'sh_flags', offset: 0x8, size: 0x8, spec: "gABI, \"Section Header\", sh_flags, 0x8/8" },
  { name: 'sh_addr', offset: 0x10, size: 0x8, doc: "where it lies in memory; 0 for what is not loaded", spec: "gABI, \"Section Header\", sh_addr, 0x10/8" },
  { name: 'sh_offset', offset: 0x18, size: 0x8, spec: "gABI, \"Section Header\", sh_offset, 0x18/8" },
  { name: 'sh_size', offset: 0x20, size: 0x8, spec: "gABI, \"Section Header\", sh_size, 0x20/8" },
  { name: 'sh_rest', offset: 0x28, size: 0x18, spec: "gABI, \"Sections\"" },
]);
