// Generated from pe-certificates.ksy by @kexec-kit/ksy. Do not edit: change the .ksy and generate again.
/* eslint-disable */
// What Kaitai emits has no types; what is declared here has, and is checked where it is used.
// @ts-nocheck
import { CheckedStream, type Reader, reader } from '@kexec-kit/structures';

/**
 * A kernel with an EFI stub is a PE image too, and what signs it stands behind its last section:
 * the only part of the PE headers that matters to somebody who copies the file.
 * @see PE Format, "Optional Header Data Directories"
 */
export interface PeCertificates {
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

/** @see PE Format, "Optional Header Data Directories" */
export interface PeHeader {
  readonly signature: Uint8Array;
  /** @see PE Format, "COFF File Header" */
  readonly coff: Uint8Array;
  /**
   * 0x10b for PE32, 0x20b for PE32+
   * @see PE Format, "Optional Header Standard Fields", 0/2
   */
  readonly magic: number;
  readonly optional: Uint8Array;
  /** @see PE Format, "Optional Header Windows-Specific Fields", 92/4 or 108/4 */
  readonly number_of_rva_and_sizes: number;
  readonly directories: Uint8Array;
  /** @see PE Format, "Optional Header Data Directories", 128/8 or 144/8 */
  readonly certificate_table: Directory | undefined;
}

/** @see PE Format, "Optional Header Data Directories" */
export interface Directory {
  /** of the certificate table alone this is a file offset */
  readonly file_offset: number;
  readonly size: number;
}

const compiled: any = ((KaitaiStream) => {
var PeCertificates = (function() {
  function PeCertificates(_io, _parent, _root) {
    this._io = _io;
    this._parent = _parent;
    this._root = _root || this;

  }
  PeCertificates.prototype._read = function() {
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

  var Directory = PeCertificates.Directory = (function() {
    function Directory(_io, _parent, _root) {
      this._io = _io;
      this._parent = _parent;
      this._root = _root;

    }
    Directory.prototype._read = function() {
      this._io.at('file_offset');
      this.fileOffset = this._io.readU4le();
      this._io.done();
      this._io.at('size');
      this.size = this._io.readU4le();
      this._io.done();
    }

    return Directory;
  })();

  var PeHeader = PeCertificates.PeHeader = (function() {
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
      this._io.at('coff');
      this.coff = this._io.readBytes(20);
      this._io.done();
      this._io.at('magic');
      this.magic = this._io.readU2le();
      if (!( ((this.magic == 267) || (this.magic == 523)) )) {
        var _err = new KaitaiStream.ValidationNotAnyOfError(this.magic, this._io, "/types/pe_header/seq/2");
        throw _err;
      }
      this._io.done();
      this._io.at('optional');
      this.optional = this._io.readBytes((this.magic == 523 ? 106 : 90));
      this._io.done();
      this._io.at('number_of_rva_and_sizes');
      this.numberOfRvaAndSizes = this._io.readU4le();
      this._io.done();
      this._io.at('directories');
      this.directories = this._io.readBytes(32);
      this._io.done();
      if (this.numberOfRvaAndSizes >= 5) {
        this._io.at('certificate_table');
        this.certificateTable = new Directory(this._io, this, this._root);
        this.certificateTable._read();
        this._io.done();
      }
    }

    return PeHeader;
  })();
  Object.defineProperty(PeCertificates.prototype, 'pe', {
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

  return PeCertificates;
})();
return PeCertificates;
})(CheckedStream);
compiled.members = [['e_magic', 'eMagic'], ['dos', 'dos'], ['e_lfanew', 'eLfanew'], ['pe', 'pe']];
compiled.PeHeader.members = [['signature', 'signature'], ['coff', 'coff'], ['magic', 'magic'], ['optional', 'optional'], ['number_of_rva_and_sizes', 'numberOfRvaAndSizes'], ['directories', 'directories'], ['certificate_table', 'certificateTable']];
compiled.Directory.members = [['file_offset', 'fileOffset'], ['size', 'size']];

/**
 * A kernel with an EFI stub is a PE image too, and what signs it stands behind its last section:
 * the only part of the PE headers that matters to somebody who copies the file.
 * @see PE Format, "Optional Header Data Directories"
 */
export const PeCertificates: Reader<PeCertificates, 'e_magic' | 'dos' | 'e_lfanew'> = reader('pe_certificates', 64, compiled, [
  { name: 'e_magic', offset: 0x0, size: 0x2, spec: "PE Format, \"MS-DOS Stub\", 0x00/2" },
  { name: 'dos', offset: 0x2, size: 0x3a, spec: "PE Format, \"Optional Header Data Directories\"" },
  { name: 'e_lfanew', offset: 0x3c, size: 0x4, doc: "offset of the PE signature", spec: "PE Format, \"Signature (Image Only)\", 0x3c/4" },
]);

/** @see PE Format, "Optional Header Data Directories" */
export const PeHeader: Reader<PeHeader, 'signature' | 'coff' | 'magic'> = reader('pe_header', undefined, compiled.PeHeader, [
  { name: 'signature', offset: 0x0, size: 0x4, spec: "PE Format, \"Optional Header Data Directories\"" },
  { name: 'coff', offset: 0x4, size: 0x14, spec: "PE Format, \"COFF File Header\"" },
  { name: 'magic', offset: 0x18, size: 0x2, doc: "0x10b for PE32, 0x20b for PE32+", spec: "PE Format, \"Optional Header Standard Fields\", 0/2" },
]);

/** @see PE Format, "Optional Header Data Directories" */
export const Directory: Reader<Directory, 'file_offset' | 'size'> = reader('directory', 8, compiled.Directory, [
  { name: 'file_offset', offset: 0x0, size: 0x4, doc: "of the certificate table alone this is a file offset", spec: "PE Format, \"Optional Header Data Directories\"" },
  { name: 'size', offset: 0x4, size: 0x4, spec: "PE Format, \"Optional Header Data Directories\"" },
]);
