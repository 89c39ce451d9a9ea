// Generated from multiboot-header.ksy by @kexec-kit/ksy. Do not edit: change the .ksy and generate again.
/* eslint-disable */
// What Kaitai emits has no types; what is declared here has, and is checked where it is used.
// @ts-nocheck
import { CheckedStream, type Reader, reader } from '@kexec-kit/structures';

/**
 * The header lies wholly within the first 8192 bytes of the file, at a multiple of 4. Behind these fields, by its flags, lie
 * those of the two other types. Names are those of the Multiboot Specification.
 * @see Multiboot 0.6.96, 3.1
 */
export interface MultibootHeader {
  /**
   * 0x1badb002
   * @see Multiboot 0.6.96, 3.1.2, 0x0/4
   */
  readonly magic: number;
  /**
   * bits 0 to 15 must be understood, 16 to 31 may be ignored
   * @see Multiboot 0.6.96, 3.1.2, 0x4/4
   */
  readonly flags: number;
  /**
   * makes the sum of the three fields 0 modulo 2^32
   * @see Multiboot 0.6.96, 3.1.2, 0x8/4
   */
  readonly checksum: number;
}

/**
 * Where the file goes; valid if bit 16 of flags is set. From the start of the header at 12.
 * @see Multiboot 0.6.96, 3.1
 */
export interface MultibootAddresses {
  /**
   * where the magic lies in memory
   * @see Multiboot 0.6.96, 3.1.3, 0x0/4
   */
  readonly header_addr: number;
  /**
   * the first byte that is loaded
   * @see Multiboot 0.6.96, 3.1.3, 0x4/4
   */
  readonly load_addr: number;
  /**
   * the end of what is loaded; 0 for the end of the file
   * @see Multiboot 0.6.96, 3.1.3, 0x8/4
   */
  readonly load_end_addr: number;
  /**
   * the end of the zeros behind; 0 for none
   * @see Multiboot 0.6.96, 3.1.3, 0xc/4
   */
  readonly bss_end_addr: number;
  /**
   * where control goes first
   * @see Multiboot 0.6.96, 3.1.3, 0x10/4
   */
  readonly entry_addr: number;
}

/**
 * The video mode that is preferred; valid if bit 2 of flags is set. From the start of the header at 32.
 * @see Multiboot 0.6.96, 3.1
 */
export interface MultibootGraphics {
  /**
   * 0 for linear graphics, 1 for text
   * @see Multiboot 0.6.96, 3.1.4, 0x0/4
   */
  readonly mode_type: number;
  /**
   * columns; 0 for no preference
   * @see Multiboot 0.6.96, 3.1.4, 0x4/4
   */
  readonly width: number;
  /**
   * lines; 0 for no preference
   * @see Multiboot 0.6.96, 3.1.4, 0x8/4
   */
  readonly height: number;
  /**
   * bits of a pixel; 0 for text or for no preference
   * @see Multiboot 0.6.96, 3.1.4, 0xc/4
   */
  readonly depth: number;
}

const compiled: any = ((KaitaiStream) => {
var MultibootHeader = (function() {
  function MultibootHeader(_io, _parent, _root) {
    this._io = _io;
    this._parent = _parent;
    this._root = _root || this;

  }
  MultibootHeader.prototype._read = function() {
    this._io.at('magic');
    this.magic = this._io.readU4le();
    this._io.done();
    this._io.at('flags');
    this.flags = this._io.readU4le();
    this._io.done();
    this._io.at('checksum');
    this.checksum = this._io.readU4le();
    this._io.done();
  }

  var MultibootAddresses = MultibootHeader.MultibootAddresses = (function() {
    function MultibootAddresses(_io, _parent, _root) {
      this._io = _io;
      this._parent = _parent;
      this._root = _root;

    }
    MultibootAddresses.prototype._read = function() {
      this._io.at('header_addr');
      this.headerAddr = this._io.readU4le();
      this._io.done();
      this._io.at('load_addr');
      this.loadAddr = this._io.readU4le();
      this._io.done();
      this._io.at('load_end_addr');
      this.loadEndAddr = this._io.readU4le();
      this._io.done();
      this._io.at('bss_end_addr');
      this.bssEndAddr = this._io.readU4le();
      this._io.done();
      this._io.at('entry_addr');
      this.entryAddr = this._io.readU4le();
      this._io.done();
    }

    return MultibootAddresses;
  })();

  var MultibootGraphics = MultibootHeader.MultibootGraphics = (function() {
    function MultibootGraphics(_io, _parent, _root) {
      this._io = _io;
      this._parent = _parent;
      this._root = _root;

    }
    MultibootGraphics.prototype._read = function() {
      this._io.at('mode_type');
      this.modeType = this._io.readU4le();
      this._io.done();
      this._io.at('width');
      this.width = this._io.readU4le();
      this._io.done();
      this._io.at('height');
      this.height = this._io.readU4le();
      this._io.done();
      this._io.at('depth');
      this.depth = this._io.readU4le();
      this._io.done();
    }

    return MultibootGraphics;
  })();

  return MultibootHeader;
})();
return MultibootHeader;
})(CheckedStream);
compiled.members = [['magic', 'magic'], ['flags', 'flags'], ['checksum', 'checksum']];
compiled.MultibootAddresses.members = [['header_addr', 'headerAddr'], ['load_addr', 'loadAddr'], ['load_end_addr', 'loadEndAddr'], ['bss_end_addr', 'bssEndAddr'], ['entry_addr', 'entryAddr']];
compiled.MultibootGraphics.members = [['mode_type', 'modeType'], ['width', 'width'], ['height', 'height'], ['depth', 'depth']];

/**
 * The header lies wholly within the first 8192 bytes of the file, at a multiple of 4. Behind these fields, by its flags, lie
 * those of the two other types. Names are those of the Multiboot Specification.
 * @see Multiboot 0.6.96, 3.1
 */
export const MultibootHeader: Reader<MultibootHeader, 'magic' | 'flags' | 'checksum'> = reader('multiboot_header', 12, compiled, [
  { name: 'magic', offset: 0x0, size: 0x4, doc: "0x1badb002", spec: "Multiboot 0.6.96, 3.1.2, 0x0/4" },
  { name: 'flags', offset: 0x4, size: 0x4, doc: "bits 0 to 15 must be understood, 16 to 31 may be ignored", spec: "Multiboot 0.6.96, 3.1.2, 0x4/4" },
  { name: 'checksum', offset: 0x8, size: 0x4, doc: "makes the sum of the three fields 0 modulo 2^32", spec: "Multiboot 0.6.96, 3.1.2, 0x8/4" },
]);

/**
 * Where the file goes; valid if bit 16 of flags is set. From the start of the header at 12.
 * @see Multiboot 0.6.96, 3.1
 */
export const MultibootAddresses: Reader<MultibootAddresses, 'header_addr' | 'load_addr' | 'load_end_addr' | 'bss_end_addr' | 'entry_addr'> = reader('multiboot_addresses', 20, compiled.MultibootAddresses, [
  { name: 'header_addr', offset: 0x0, size: 0x4, doc: "where the magic lies in memory", spec: "Multiboot 0.6.96, 3.1.3, 0x0/4" },
  { name: 'load_addr', offset: 0x4, size: 0x4, doc: "the first byte that is loaded", spec: "Multiboot 0.6.96, 3.1.3, 0x4/4" },
  { name: 'load_end_addr', offset: 0x8, size: 0x4, doc: "the end of what is loaded; 0 for the end of the file", spec: "Multiboot 0.6.96, 3.1.3, 0x8/4" },
  { name: 'bss_end_addr', offset: 0xc, size: 0x4, doc: "the end of the zeros behind; 0 for none", spec: "Multiboot 0.6.96, 3.1.3, 0xc/4" },
  { name: 'entry_addr', offset: 0x10, size: 0x4, doc: "where control goes first", spec: "Multiboot 0.6.96, 3.1.3, 0x10/4" },
]);

/**
 * The video mode that is preferred; valid if bit 2 of flags is set. From the start of the header at 32.
 * @see Multiboot 0.6.96, 3.1
 */
export const MultibootGraphics: Reader<MultibootGraphics, 'mode_type' | 'width' | 'height' | 'depth'> = reader('multiboot_graphics', 16, compiled.MultibootGraphics, [
  { name: 'mode_type', offset: 0x0, size: 0x4, doc: "0 for linear graphics, 1 for text", spec: "Multiboot 0.6.96, 3.1.4, 0x0/4" },
  { name: 'width', offset: 0x4, size: 0x4, doc: "columns; 0 for no preference", spec: "Multiboot 0.6.96, 3.1.4, 0x4/4" },
  { name: 'height', offset: 0x8, size: 0x4, doc: "lines; 0 for no preference", spec: "Multiboot 0.6.96, 3.1.4, 0x8/4" },
  { name: 'depth', offset: 0xc, size: 0x4, doc: "bits of a pixel; 0 for text or for no preference", spec: "Multiboot 0.6.96, 3.1.4, 0xc/4" },
]);
