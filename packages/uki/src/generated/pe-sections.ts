// Generated from pe-sections.ksy by @kexec-kit/ksy. Do not edit: change the .ksy and generate again.
/* eslint-disable */
// What Kaitai emits has no types; what is declared here has, and is checked where it is used.
// @ts-nocheck
import { CheckedStream, type Reader, reader } from '@kexec-kit/structures';

/**
 * An EFI program is a PE image: an MS-DOS header that says where the PE header is, and behind that a table of sections.
 * @see PE Format
 */
export interface PeImage {
  /** @see PE Format, "MS-DOS Stub", 0x00/2 */
  readonly e_magic: Uint8Array;
  readonly dos: Uint8Array;
  /**
   * offset of the PE signature
   * @see PE Format, "Signature (Image Only)", 0x3c/4
   */
  readonly e_lfanew: number;
  readonly pe: PeHeader;
}

/** @see PE Format */
export interface PeHeader {
  /** @see PE Format, "Signature (Image Only)" */
  readonly signature: Uint8Array;
  /**
   * 0x8664 x86-64, 0x14c i386
   * @see PE Format, "COFF File Header", Machine, 0/2
   */
  readonly machine: number;
  /** @see PE Format, "COFF File Header", NumberOfSections, 2/2 */
  readonly number_of_sections: number;
  /** @see PE Format, "COFF File Header", 4/12 */
  readonly time_and_symbols: Uint8Array;
  /** @see PE Format, "COFF File Header", SizeOfOptionalHeader, 16/2 */
  readonly size_of_optional_header: number;
  /** @see PE Format, "COFF File Header", Characteristics, 18/2 */
  readonly characteristics: number;
  /** @see PE Format, "Optional Header (Image Only)" */
  readonly optional_header: Uint8Array;
  /** @see PE Format, "Section Table (Section Headers)" */
  readonly sections: readonly SectionHeader[];
}

/** @see PE Format */
export interface SectionHeader {
  /**
   * padded with NUL bytes
   * @see PE Format, "Section Table (Section Headers)", Name, 0/8
   */
  readonly name: Uint8Array;
  /**
   * in bytes, in memory; less than in the file where that is padded
   * @see PE Format, "Section Table (Section Headers)", VirtualSize, 8/4
   */
  readonly virtual_size: number;
  /** @see PE Format, "Section Table (Section Headers)", VirtualAddress, 12/4 */
  readonly virtual_address: number;
  /**
   * in bytes, in the file
   * @see PE Format, "Section Table (Section Headers)", SizeOfRawData, 16/4
   */
  readonly size_of_raw_data: number;
  /**
   * offset in the file
   * @see PE Format, "Section Table (Section Headers)", PointerToRawData, 20/4
   */
  readonly pointer_to_raw_data: number;
  /**
   * relocations, line numbers and characteristics
   * @see PE Format, "Section Table (Section Headers)", 24/16
   */
  readonly rest: Uint8Array;
}

const compiled: any = ((KaitaiStream) => {
var PeImage = (function() {
  function PeImage(_io, _parent, _root) {
    this._io = _io;
    this._parent = _parent;
    this._root = _root || this;

  }
  PeImage.prototype._read = function() {
    this._io.at('e_magic');
    this.eMagic = this._io.readBytes(2);
    if (!((KaitaiStream.byteArrayCompare(this.eMagic, new Uint8Array([77, 90])) == 0))) {
      var _err = new KaitaiStream.ValidationNotEqualError(new Uint8Array([77, 90]), this.eMagic, this._io, "/seq/0");
      throw _err;
    }
    this._io.done();
    this._io.at('dos');
    this.dos = this._io.readBytes(58);
    this._io.done();
    this._io.at('e_lfanew');
    this.eLfanew = this._io.readU4le();
    this._io.done();
  }

  var PeHeader = PeImage.PeHeader = (function() {
    function PeHeader(_io, _parent, _root) {
      this._io = _io;
      this._parent = _parent;
      this._root = _root;

    }
    PeHeader.prototype._read = function() {
      this._io.at('signature');
      this.signature = this._io.readBytes(4);
      if (!((KaitaiStream.byteArrayCompare(this.signature, new Uint8Array([80, 69, 0, 0])) == 0))) {
        var _err = new KaitaiStream.ValidationNotEqualError(new Uint8Array([80, 69, 0, 0]), this.signature, this._io, "/types/pe_header/seq/0");
        throw _err;
      }
      this._io.done();
      this._io.at('machine');
      this.machine = this._io.readU2le();
      this._io.done();
      this._io.at('number_of_sections');
      this.numberOfSections = this._io.readU2le();
      this._io.done();
      this._io.at('time_and_symbols');
      this.timeAndSymbols = this._io.readBytes(12);
      this._io.done();
      this._io.at('size_of_optional_header');
      this.sizeOfOptionalHeader = this._io.readU2le();
      this._io.done();
      this._io.at('characteristics');
      this.characteristics = this._io.readU2le();
      this._io.done();
      this._io.at('optional_header');
      this.optionalHeader = this._io.readBytes(this.sizeOfOptionalHeader);
      this._io.done();
      this._io.at('sections');
      this.sections = [];
      for (var i = 0; i < this.numberOfSections; i++) {
        this._io.at(i);
        var _t_sections = new SectionHeader(this._io, this, this._root);
        try {
          _t_sections._read();
        } finally {
          this.sections.push(_t_sections);
        }
        this._io.done();
      }
      this._io.done();
    }

    return PeHeader;
  })();

  var SectionHeader = PeImage.SectionHeader = (function() {
    function SectionHeader(_io, _parent, _root) {
      this._io = _io;
      this._parent = _parent;
      this._root = _root;

    }
    SectionHeader.prototype._read = function() {
      this._io.at('name');
      this.name = this._io.readBytes(8);
      this._io.done();
      this._io.at('virtual_size');
      this.virtualSize = this._io.readU4le();
      this._io.done();
      this._io.at('virtual_address');
      this.virtualAddress = this._io.readU4le();
      this._io.done();
      this._io.at('size_of_raw_data');
      this.sizeOfRawData = this._io.readU4le();
      this._io.done();
      this._io.at('pointer_to_raw_data');
      this.pointerToRawData = this._io.readU4le();
      this._io.done();
      this._io.at('rest');
      this.rest = this._io.readBytes(16);
      this._io.done();
    }

    return SectionHeader;
  })();
  Object.defineProperty(PeImage.prototype, 'pe', {
    get: function() {
      if (this._m_pe !== undefined)
        return this._m_pe;
      this._io.at('pe');
      var _pos = this._io.pos;
      this._io.seek(this.eLfanew);
      this._io.here();
      this._m_pe = new PeHeader(this._io, this, this._root);
      this._m_pe._read();
      this._io.done();
      this._io.seek(_pos);
      return this._m_pe;
    }
  });

  return PeImage;
})();
return PeImage;
})(CheckedStream);
compiled.members = [['e_magic', 'eMagic'], ['dos', 'dos'], ['e_lfanew', 'eLfanew'], ['pe', 'pe']];
compiled.PeHeader.members = [['signature', 'signature'], ['machine', 'machine'], ['number_of_sections', 'numberOfSections'], ['time_and_symbols', 'timeAndSymbols'], ['size_of_optional_header', 'sizeOfOptionalHeader'], ['characteristics', 'characteristics'], ['optional_header', 'optionalHeader'], ['sections', 'sections']];
compiled.SectionHeader.members = [['name', 'name'], ['virtual_size', 'virtualSize'], ['virtual_address', 'virtualAddress'], ['size_of_raw_data', 'sizeOfRawData'], ['pointer_to_raw_data', 'pointerToRawData'], ['rest', 'rest']];

/**
 * An EFI program is a PE image: an MS-DOS header that says where the PE header is, and behind that a table of sections.
 * @see PE Format
 */
export const PeImage: Reader<PeImage, 'e_magic' | 'dos' | 'e_lfanew'> = reader('pe_image', 64, compiled, [
  { name: 'e_magic', offset: 0x0, size: 0x2, spec: "PE Format, \"MS-DOS Stub\", 0x00/2" },
  { name: 'dos', offset: 0x2, size: 0x3a, spec: "PE Format" },
  { name: 'e_lfanew', offset: 0x3c, size: 0x4, doc: "offset of the PE signature", spec: "PE Format, \"Signature (Image Only)\", 0x3c/4" },
]);

/** @see PE Format */
export const PeHeader: Reader<PeHeader, 'signature' | 'machine' | 'number_of_sections' | 'time_and_symbols' | 'size_of_optional_header' | 'characteristics'> = reader('pe_header', undefined, compiled.PeHeader, [
  { name: 'signature', offset: 0x0, size: 0x4, spec: "PE Format, \"Signature (Image Only)\"" },
  { name: 'machine', offset: 0x4, size: 0x2, doc: "0x8664 x86-64, 0x14c i386", spec: "PE Format, \"COFF File Header\", Machine, 0/2" },
  { name: 'number_of_sections', offset: 0x6, size: 0x2, spec: "PE Format, \"COFF File Header\", NumberOfSections, 2/2" },
  { name: 'time_and_symbols', offset: 0x8, size: 0xc, spec: "PE Format, \"COFF File Header\", 4/12" },
  { name: 'size_of_optional_header', offset: 0x14, size: 0x2, spec: "PE Format, \"COFF File Header\", SizeOfOptionalHeader, 16/2" },
  { name: 'characteristics', offset: 0x16, size: 0x2, spec: "PE Format, \"COFF File Header\", Characteristics, 18/2" },
]);

/** @see PE Format */
export const SectionHeader: Reader<SectionHeader, 'name' | 'virtual_size' | 'virtual_address' | 'size_of_raw_data' | 'pointer_to_raw_data' | 'rest'> = reader('section_header', 40, compiled.SectionHeader, [
  { name: 'name', offset: 0x0, size: 0x8, doc: "padded with NUL bytes", spec: "PE Format, \"Section Table (Section Headers)\", Name, 0/8" },
  { name: 'virtual_size', offset: 0x8, size: 0x4, doc: "in bytes, in memory; less than in the file where that is padded", spec: "PE Format, \"Section Table (Section Headers)\", VirtualSize, 8/4" },
  { name: 'virtual_address', offset: 0xc, size: 0x4, spec: "PE Format, \"Section Table (Section Headers)\", VirtualAddress, 12/4" },
  { name: 'size_of_raw_data', offset: 0x10, size: 0x4, doc: "in bytes, in the file", spec: "PE Format, \"Section Table (Section Headers)\", SizeOfRawData, 16/4" },
  { name: 'pointer_to_raw_data', offset: 0x14, size: 0x4, doc: "offset in the file", spec: "PE Format, \"Section Table (Section Headers)\", PointerToRawData, 20/4" },
  { name: 'rest', offset: 0x18, size: 0x10, doc: "relocations, line numbers and characteristics", spec: "PE Format, \"Section Table (Section Headers)\", 24/16" },
]);
