// Generated from multiboot2-header.ksy by @kexec-kit/ksy. Do not edit: change the .ksy and generate again.
/* eslint-disable */
// What Kaitai emits has no types; what is declared here has, and is checked where it is used.
// @ts-nocheck
import { CheckedStream, type Reader, reader } from '@kexec-kit/structures';

/**
 * The header lies wholly within the first 32768 bytes of the file, at a multiple of 8; tags follow, each at a multiple of 8.
 * Names are those of the Multiboot2 Specification.
 * @see Multiboot2 2.0, 3.1
 */
export interface Multiboot2Header {
  /**
   * 0xe85250d6
   * @see Multiboot2 2.0, 3.1.2, 0x0/4
   */
  readonly magic: number;
  /**
   * 0 for i386, 4 for MIPS
   * @see Multiboot2 2.0, 3.1.2, 0x4/4
   */
  readonly architecture: number;
  /**
   * of the header with its tags, in bytes
   * @see Multiboot2 2.0, 3.1.2, 0x8/4
   */
  readonly header_length: number;
  /**
   * makes the sum of the four fields 0 modulo 2^32
   * @see Multiboot2 2.0, 3.1.2, 0xc/4
   */
  readonly checksum: number;
}

/**
 * How every tag begins.
 * @see Multiboot2 2.0, 3.1
 */
export interface HeaderTag {
  /** @see Multiboot2 2.0, 3.1.3, 0x0/2 */
  readonly type: number;
  /**
   * bit 0: may be ignored
   * @see Multiboot2 2.0, 3.1.3, 0x2/2
   */
  readonly flags: number;
  /**
   * with these fields and without padding
   * @see Multiboot2 2.0, 3.1.3, 0x4/4
   */
  readonly size: number;
}

/**
 * Type 1: which information the kernel wants.
 * @see Multiboot2 2.0, 3.1
 */
export interface InformationRequestTag {
  /** @see Multiboot2 2.0, 3.1.3, 0x0/2 */
  readonly type: number;
  /**
   * bit 0: may be ignored
   * @see Multiboot2 2.0, 3.1.3, 0x2/2
   */
  readonly flags: number;
  /**
   * with these fields and without padding
   * @see Multiboot2 2.0, 3.1.3, 0x4/4
   */
  readonly size: number;
  /**
   * types of information tags
   * @see Multiboot2 2.0, 3.1.4, 0x8
   */
  readonly mbi_tag_types: readonly number[];
}

/**
 * Type 2: where the file goes.
 * @see Multiboot2 2.0, 3.1
 */
export interface AddressTag {
  /** @see Multiboot2 2.0, 3.1.3, 0x0/2 */
  readonly type: number;
  /**
   * bit 0: may be ignored
   * @see Multiboot2 2.0, 3.1.3, 0x2/2
   */
  readonly flags: number;
  /**
   * with these fields and without padding
   * @see Multiboot2 2.0, 3.1.3, 0x4/4
   */
  readonly size: number;
  /**
   * where the magic lies in memory
   * @see Multiboot2 2.0, 3.1.5, 0x8/4
   */
  readonly header_addr: number;
  /**
   * the first byte that is loaded; 0xffffffff: the file from its start
   * @see Multiboot2 2.0, 3.1.5, 0xc/4
   */
  readonly load_addr: number;
  /**
   * the end of what is loaded; 0 for the end of the file
   * @see Multiboot2 2.0, 3.1.5, 0x10/4
   */
  readonly load_end_addr: number;
  /**
   * the end of the zeros behind; 0 for none
   * @see Multiboot2 2.0, 3.1.5, 0x14/4
   */
  readonly bss_end_addr: number;
}

/**
 * Type 3: where control goes first. Types 8 and 9, for EFI, are laid out alike.
 * @see Multiboot2 2.0, 3.1
 */
export interface EntryAddressTag {
  /** @see Multiboot2 2.0, 3.1.3, 0x0/2 */
  readonly type: number;
  /**
   * bit 0: may be ignored
   * @see Multiboot2 2.0, 3.1.3, 0x2/2
   */
  readonly flags: number;
  /**
   * with these fields and without padding
   * @see Multiboot2 2.0, 3.1.3, 0x4/4
   */
  readonly size: number;
  /**
   * physical
   * @see Multiboot2 2.0, 3.1.6, 0x8/4
   */
  readonly entry_addr: number;
}

/**
 * Type 4: which consoles the kernel has.
 * @see Multiboot2 2.0, 3.1
 */
export interface ConsoleFlagsTag {
  /** @see Multiboot2 2.0, 3.1.3, 0x0/2 */
  readonly type: number;
  /**
   * bit 0: may be ignored
   * @see Multiboot2 2.0, 3.1.3, 0x2/2
   */
  readonly flags: number;
  /**
   * with these fields and without padding
   * @see Multiboot2 2.0, 3.1.3, 0x4/4
   */
  readonly size: number;
  /**
   * bit 0: one that it supports must be there, bit 1: it supports EGA text
   * @see Multiboot2 2.0, 3.1.9, 0x8/4
   */
  readonly console_flags: number;
}

/**
 * Type 5: the video mode that is preferred.
 * @see Multiboot2 2.0, 3.1
 */
export interface FramebufferRequestTag {
  /** @see Multiboot2 2.0, 3.1.3, 0x0/2 */
  readonly type: number;
  /**
   * bit 0: may be ignored
   * @see Multiboot2 2.0, 3.1.3, 0x2/2
   */
  readonly flags: number;
  /**
   * with these fields and without padding
   * @see Multiboot2 2.0, 3.1.3, 0x4/4
   */
  readonly size: number;
  /**
   * 0 for no preference
   * @see Multiboot2 2.0, 3.1.10, 0x8/4
   */
  readonly width: number;
  /**
   * 0 for no preference
   * @see Multiboot2 2.0, 3.1.10, 0xc/4
   */
  readonly height: number;
  /**
   * 0 for no preference
   * @see Multiboot2 2.0, 3.1.10, 0x10/4
   */
  readonly depth: number;
}

/**
 * Type 10: where the image may lie.
 * @see Multiboot2 2.0, 3.1
 */
export interface RelocatableTag {
  /** @see Multiboot2 2.0, 3.1.3, 0x0/2 */
  readonly type: number;
  /**
   * bit 0: may be ignored
   * @see Multiboot2 2.0, 3.1.3, 0x2/2
   */
  readonly flags: number;
  /**
   * with these fields and without padding
   * @see Multiboot2 2.0, 3.1.3, 0x4/4
   */
  readonly size: number;
  /**
   * of the lowest byte, at least
   * @see Multiboot2 2.0, 3.1.13, 0x8/4
   */
  readonly min_addr: number;
  /**
   * of the highest byte, at most
   * @see Multiboot2 2.0, 3.1.13, 0xc/4
   */
  readonly max_addr: number;
  /**
   * of the image, in bytes
   * @see Multiboot2 2.0, 3.1.13, 0x10/4
   */
  readonly align: number;
  /**
   * 0 none, 1 lowest possible, 2 highest possible
   * @see Multiboot2 2.0, 3.1.13, 0x14/4
   */
  readonly preference: number;
}

const compiled: any = ((KaitaiStream) => {
var Multiboot2Header = (function() {
  function Multiboot2Header(_io, _parent, _root) {
    this._io = _io;
    this._parent = _parent;
    this._root = _root || this;

  }
  Multiboot2Header.prototype._read = function() {
    this._io.at('magic');
    this.magic = this._io.readU4le();
    this._io.done();
    this._io.at('architecture');
    this.architecture = this._io.readU4le();
    this._io.done();
    this._io.at('header_length');
    this.headerLength = this._io.readU4le();
    this._io.done();
    this._io.at('checksum');
    this.checksum = this._io.readU4le();
    this._io.done();
  }

  var AddressTag = Multiboot2Header.AddressTag = (function() {
    function AddressTag(_io, _parent, _root) {
      this._io = _io;
      this._parent = _parent;
      this._root = _root;

    }
    AddressTag.prototype._read = function() {
      this._io.at('type');
      this.type = this._io.readU2le();
      this._io.done();
      this._io.at('flags');
      this.flags = this._io.readU2le();
      this._io.done();
      this._io.at('size');
      this.size = this._io.readU4le();
      this._io.done();
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
    }

    return AddressTag;
  })();

  var ConsoleFlagsTag = Multiboot2Header.ConsoleFlagsTag = (function() {
    function ConsoleFlagsTag(_io, _parent, _root) {
      this._io = _io;
      this._parent = _parent;
      this._root = _root;

    }
    ConsoleFlagsTag.prototype._read = function() {
      this._io.at('type');
      this.type = this._io.readU2le();
      this._io.done();
      this._io.at('flags');
      this.flags = this._io.readU2le();
      this._io.done();
      this._io.at('size');
      this.size = this._io.readU4le();
      this._io.done();
      this._io.at('console_flags');
      this.consoleFlags = this._io.readU4le();
      this._io.done();
    }

    return ConsoleFlagsTag;
  })();

  var EntryAddressTag = Multiboot2Header.EntryAddressTag = (function() {
    function EntryAddressTag(_io, _parent, _root) {
      this._io = _io;
      this._parent = _parent;
      this._root = _root;

    }
    EntryAddressTag.prototype._read = function() {
      this._io.at('type');
      this.type = this._io.readU2le();
      this._io.done();
      this._io.at('flags');
      this.flags = this._io.readU2le();
      this._io.done();
      this._io.at('size');
      this.size = this._io.readU4le();
      this._io.done();
      this._io.at('entry_addr');
      this.entryAddr = this._io.readU4le();
      this._io.done();
    }

    return EntryAddressTag;
  })();

  var FramebufferRequestTag = Multiboot2Header.FramebufferRequestTag = (function() {
    function FramebufferRequestTag(_io, _parent, _root) {
      this._io = _io;
      this._parent = _parent;
      this._root = _root;

    }
    FramebufferRequestTag.prototype._read = function() {
      this._io.at('type');
      this.type = this._io.readU2le();
      this._io.done();
      this._io.at('flags');
      this.flags = this._io.readU2le();
      this._io.done();
      this._io.at('size');
      this.size = this._io.readU4le();
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

    return FramebufferRequestTag;
  })();

  var HeaderTag = Multiboot2Header.HeaderTag = (function() {
    function HeaderTag(_io, _parent, _root) {
      this._io = _io;
      this._parent = _parent;
      this._root = _root;

    }
    HeaderTag.prototype._read = function() {
      this._io.at('type');
      this.type = this._io.readU2le();
      this._io.done();
      this._io.at('flags');
      this.flags = this._io.readU2le();
      this._io.done();
      this._io.at('size');
      this.size = this._io.readU4le();
      this._io.done();
    }

    return HeaderTag;
  })();

  var InformationRequestTag = Multiboot2Header.InformationRequestTag = (function() {
    function InformationRequestTag(_io, _parent, _root) {
      this._io = _io;
      this._parent = _parent;
      this._root = _root;

    }
    InformationRequestTag.prototype._read = function() {
      this._io.at('type');
      this.type = this._io.readU2le();
      this._io.done();
      this._io.at('flags');
      this.flags = this._io.readU2le();
      this._io.done();
      this._io.at('size');
      this.size = this._io.readU4le();
      this._io.done();
      this._io.at('mbi_tag_types');
      this.mbiTagTypes = [];
      var i = 0;
      while (!this._io.isEof()) {
        this._io.at(this.mbiTagTypes.length);
        this.mbiTagTypes.push(this._io.readU4le());
        this._io.done();
        i++;
      }
      this._io.done();
    }

    return InformationRequestTag;
  })();

  var RelocatableTag = Multiboot2Header.RelocatableTag = (function() {
    function RelocatableTag(_io, _parent, _root) {
      this._io = _io;
      this._parent = _parent;
      this._root = _root;

    }
    RelocatableTag.prototype._read = function() {
      this._io.at('type');
      this.type = this._io.readU2le();
      this._io.done();
      this._io.at('flags');
      this.flags = this._io.readU2le();
      this._io.done();
      this._io.at('size');
      this.size = this._io.readU4le();
      this._io.done();
      this._io.at('min_addr');
      this.minAddr = this._io.readU4le();
      this._io.done();
      this._io.at('max_addr');
      this.maxAddr = this._io.readU4le();
      this._io.done();
      this._io.at('align');
      this.align = this._io.readU4le();
      this._io.done();
      this._io.at('preference');
      this.preference = this._io.readU4le();
      this._io.done();
    }

    return RelocatableTag;
  })();

  return Multiboot2Header;
})();
return Multiboot2Header;
})(CheckedStream);
compiled.members = [['magic', 'magic'], ['architecture', 'architecture'], ['header_length', 'headerLength'], ['checksum', 'checksum']];
compiled.HeaderTag.members = [['type', 'type'], ['flags', 'flags'], ['size', 'size']];
compiled.InformationRequestTag.members = [['type', 'type'], ['flags', 'flags'], ['size', 'size'], ['mbi_tag_types', 'mbiTagTypes']];
compiled.AddressTag.members = [['type', 'type'], ['flags', 'flags'], ['size', 'size'], ['header_addr', 'headerAddr'], ['load_addr', 'loadAddr'], ['load_end_addr', 'loadEndAddr'], ['bss_end_addr', 'bssEndAddr']];
compiled.EntryAddressTag.members = [['type', 'type'], ['flags', 'flags'], ['size', 'size'], ['entry_addr', 'entryAddr']];
compiled.ConsoleFlagsTag.members = [['type', 'type'], ['flags', 'flags'], ['size', 'size'], ['console_flags', 'consoleFlags']];
compiled.FramebufferRequestTag.members = [['type', 'type'], ['flags', 'flags'], ['size', 'size'], ['width', 'width'], ['height', 'height'], ['depth', 'depth']];
compiled.RelocatableTag.members = [['type', 'type'], ['flags', 'flags'], ['size', 'size'], ['min_addr', 'minAddr'], ['max_addr', 'maxAddr'], ['align', 'align'], ['preference', 'preference']];

/**
 * The header lies wholly within the first 32768 bytes of the file, at a multiple of 8; tags follow, each at a multiple of 8.
 * Names are those of the Multiboot2 Specification.
 * @see Multiboot2 2.0, 3.1
 */
export const Multiboot2Header: Reader<Multiboot2Header, 'magic' | 'architecture' | 'header_length' | 'checksum'> = reader('multiboot2_header', 16, compiled, [
  { name: 'magic', offset: 0x0, size: 0x4, doc: "0xe85250d6", spec: "Multiboot2 2.0, 3.1.2, 0x0/4" },
  { name: 'architecture', offset: 0x4, size: 0x4, doc: "0 for i386, 4 for MIPS", spec: "Multiboot2 2.0, 3.1.2, 0x4/4" },
  { name: 'header_length', offset: 0x8, size: 0x4, doc: "of the header with its tags, in bytes", spec: "Multiboot2 2.0, 3.1.2, 0x8/4" },
  { name: 'checksum', offset: 0xc, size: 0x4, doc: "makes the sum of the four fields 0 modulo 2^32", spec: "Multiboot2 2.0, 3.1.2, 0xc/4" },
]);

/**
 * How every tag begins.
 * @see Multiboot2 2.0, 3.1
 */
export const HeaderTag: Reader<HeaderTag, 'type' | 'flags' | 'size'> = reader('header_tag', 8, compiled.HeaderTag, [
  { name: 'type', offset: 0x0, size: 0x2, spec: "Multiboot2 2.0, 3.1.3, 0x0/2" },
  { name: 'flags', offset: 0x2, size: 0x2, doc: "bit 0: may be ignored", spec: "Multiboot2 2.0, 3.1.3, 0x2/2" },
  { name: 'size', offset: 0x4, size: 0x4, doc: "with these fields and without padding", spec: "Multiboot2 2.0, 3.1.3, 0x4/4" },
]);

/**
 * Type 1: which information the kernel wants.
 * @see Multiboot2 2.0, 3.1
 */
export const InformationRequestTag: Reader<InformationRequestTag, 'type' | 'flags' | 'size'> = reader('information_request_tag', undefined, compiled.InformationRequestTag, [
  { name: 'type', offset: 0x0, size: 0x2, spec: "Multiboot2 2.0, 3.1.3, 0x0/2" },
  { name: 'flags', offset: 0x2, size: 0x2, doc: "bit 0: may be ignored", spec: "Multiboot2 2.0, 3.1.3, 0x2/2" },
  { name: 'size', offset: 0x4, size: 0x4, doc: "with these fields and without padding", spec: "Multiboot2 2.0, 3.1.3, 0x4/4" },
]);

/**
 * Type 2: where the file goes.
 * @see Multiboot2 2.0, 3.1
 */
export const AddressTag: Reader<AddressTag, 'type' | 'flags' | 'size' | 'header_addr' | 'load_addr' | 'load_end_addr' | 'bss_end_addr'> = reader('address_tag', 24, compiled.AddressTag, [
  { name: 'type', offset: 0x0, size: 0x2, spec: "Multiboot2 2.0, 3.1.3, 0x0/2" },
  { name: 'flags', offset: 0x2, size: 0x2, doc: "bit 0: may be ignored", spec: "Multiboot2 2.0, 3.1.3, 0x2/2" },
  { name: 'size', offset: 0x4, size: 0x4, doc: "with these fields and without padding", spec: "Multiboot2 2.0, 3.1.3, 0x4/4" },
  { name: 'header_addr', offset: 0x8, size: 0x4, doc: "where the magic lies in memory", spec: "Multiboot2 2.0, 3.1.5, 0x8/4" },
  { name: 'load_addr', offset: 0xc, size: 0x4, doc: "the first byte that is loaded; 0xffffffff: the file from its start", spec: "Multiboot2 2.0, 3.1.5, 0xc/4" },
  { name: 'load_end_addr', offset: 0x10, size: 0x4, doc: "the end of what is loaded; 0 for the end of the file", spec: "Multiboot2 2.0, 3.1.5, 0x10/4" },
  { name: 'bss_end_addr', offset: 0x14, size: 0x4, doc: "the end of the zeros behind; 0 for none", spec: "Multiboot2 2.0, 3.1.5, 0x14/4" },
]);

/**
 * Type 3: where control goes first. Types 8 and 9, for EFI, are laid out alike.
 * @see Multiboot2 2.0, 3.1
 */
export const EntryAddressTag: Reader<EntryAddressTag, 'type' | 'flags' | 'size' | 'entry_addr'> = reader('entry_address_tag', 12, compiled.EntryAddressTag, [
  { name: 'type', offset: 0x0, size: 0x2, spec: "Multiboot2 2.0, 3.1.3, 0x0/2" },
  { name: 'flags', offset: 0x2, size: 0x2, doc: "bit 0: may be ignored", spec: "Multiboot2 2.0, 3.1.3, 0x2/2" },
  { name: 'size', offset: 0x4, size: 0x4, doc: "with these fields and without padding", spec: "Multiboot2 2.0, 3.1.3, 0x4/4" },
  { name: 'entry_addr', offset: 0x8, size: 0x4, doc: "physical", spec: "Multiboot2 2.0, 3.1.6, 0x8/4" },
]);

/**
 * Type 4: which consoles the kernel has.
 * @see Multiboot2 2.0, 3.1
 */
export const ConsoleFlagsTag: Reader<ConsoleFlagsTag, 'type' | 'flags' | 'size' | 'console_flags'> = reader('console_flags_tag', 12, compiled.ConsoleFlagsTag, [
  { name: 'type', offset: 0x0, size: 0x2, spec: "Multiboot2 2.0, 3.1.3, 0x0/2" },
  { name: 'flags', offset: 0x2, size: 0x2, doc: "bit 0: may be ignored", spec: "Multiboot2 2.0, 3.1.3, 0x2/2" },
  { name: 'size', offset: 0x4, size: 0x4, doc: "with these fields and without padding", spec: "Multiboot2 2.0, 3.1.3, 0x4/4" },
  { name: 'console_flags', offset: 0x8, size: 0x4, doc: "bit 0: one that it supports must be there, bit 1: it supports EGA text", spec: "Multiboot2 2.0, 3.1.9, 0x8/4" },
]);

/**
 * Type 5: the video mode that is preferred.
 * @see Multiboot2 2.0, 3.1
 */
export const FramebufferRequestTag: Reader<FramebufferRequestTag, 'type' | 'flags' | 'size' | 'width' | 'height' | 'depth'> = reader('framebuffer_request_tag', 20, compiled.FramebufferRequestTag, [
  { name: 'type', offset: 0x0, size: 0x2, spec: "Multiboot2 2.0, 3.1.3, 0x0/2" },
  { name: 'flags', offset: 0x2, size: 0x2, doc: "bit 0: may be ignored", spec: "Multiboot2 2.0, 3.1.3, 0x2/2" },
  { name: 'size', offset: 0x4, size: 0x4, doc: "with these fields and without padding", spec: "Multiboot2 2.0, 3.1.3, 0x4/4" },
  { name: 'width', offset: 0x8, size: 0x4, doc: "0 for no preference", spec: "Multiboot2 2.0, 3.1.10, 0x8/4" },
  { name: 'height', offset: 0xc, size: 0x4, doc: "0 for no preference", spec: "Multiboot2 2.0, 3.1.10, 0xc/4" },
  { name: 'depth', offset: 0x10, size: 0x4, doc: "0 for no preference", spec: "Multiboot2 2.0, 3.1.10, 0x10/4" },
]);

/**
 * Type 10: where the image may lie.
 * @see Multiboot2 2.0, 3.1
 */
export const RelocatableTag: Reader<RelocatableTag, 'type' | 'flags' | 'size' | 'min_addr' | 'max_addr' | 'align' | 'preference'> = reader('relocatable_tag', 24, compiled.RelocatableTag, [
  { name: 'type', offset: 0x0, size: 0x2, spec: "Multiboot2 2.0, 3.1.3, 0x0/2" },
  { name: 'flags', offset: 0x2, size: 0x2, doc: "bit 0: may be ignored", spec: "Multiboot2 2.0, 3.1.3, 0x2/2" },
  { name: 'size', offset: 0x4, size: 0x4, doc: "with these fields and without padding", spec: "Multiboot2 2.0, 3.1.3, 0x4/4" },
  { name: 'min_addr', offset: 0x8, size: 0x4, doc: "of the lowest byte, at least", spec: "Multiboot2 2.0, 3.1.13, 0x8/4" },
  { name: 'max_addr', offset: 0xc, size: 0x4, doc: "of the highest byte, at most", spec: "Multiboot2 2.0, 3.1.13, 0xc/4" },
  { name: 'align', offset: 0x10, size: 0x4, doc: "of the image, in bytes", spec: "Multiboot2 2.0, 3.1.13, 0x10/4" },
  { name: 'preference', offset: 0x14, size: 0x4, doc: "0 none, 1 lowest possible, 2 highest possible", spec: "Multiboot2 2.0, 3.1.13, 0x14/4" },
]);
