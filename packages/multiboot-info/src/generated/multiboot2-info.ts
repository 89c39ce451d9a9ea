// Generated from multiboot2-info.ksy by @kexec-kit/ksy. Do not edit: change the .ksy and generate again.
/* eslint-disable */
// What Kaitai emits has no types; what is declared here has, and is checked where it is used.
// @ts-nocheck
import { CheckedStream, type Reader, reader } from '@kexec-kit/structures';

/**
 * Tags follow, each at a multiple of 8. All addresses are physical. Names are those of the Multiboot2 Specification;
 * where its text and its header file differ in a size, it is that of the header file, which kernels are compiled with.
 * @see Multiboot2 2.0, 3.6.1
 */
export interface Multiboot2Info {
  /**
   * of all of it, in bytes
   * @see Multiboot2 2.0, 3.6.1, 0x0/4
   */
  readonly total_size: number;
  /**
   * 0
   * @see Multiboot2 2.0, 3.6.1, 0x4/4
   */
  readonly reserved: number;
}

/**
 * How every tag begins.
 * @see Multiboot2 2.0, 3.6.1
 */
export interface InfoTag {
  /** @see Multiboot2 2.0, 3.6.2, 0x0/4 */
  readonly type: number;
  /**
   * with these fields and without padding
   * @see Multiboot2 2.0, 3.6.2, 0x4/4
   */
  readonly size: number;
}

/**
 * Type 1, the command line, and type 2, the name of the boot loader.
 * @see Multiboot2 2.0, 3.6.1
 */
export interface StringTag {
  /** @see Multiboot2 2.0, 3.6.2, 0x0/4 */
  readonly type: number;
  /**
   * with these fields and without padding
   * @see Multiboot2 2.0, 3.6.2, 0x4/4
   */
  readonly size: number;
  /**
   * UTF-8 with its NUL
   * @see Multiboot2 2.0, 3.6.5, 0x8
   */
  readonly string: Uint8Array;
}

/**
 * Type 3: one module.
 * @see Multiboot2 2.0, 3.6.1
 */
export interface ModuleTag {
  /** @see Multiboot2 2.0, 3.6.2, 0x0/4 */
  readonly type: number;
  /**
   * with these fields and without padding
   * @see Multiboot2 2.0, 3.6.2, 0x4/4
   */
  readonly size: number;
  /**
   * the first byte
   * @see Multiboot2 2.0, 3.6.6, 0x8/4
   */
  readonly mod_start: number;
  /**
   * behind the last byte
   * @see Multiboot2 2.0, 3.6.6, 0xc/4
   */
  readonly mod_end: number;
  /**
   * UTF-8 with its NUL
   * @see Multiboot2 2.0, 3.6.6, 0x10
   */
  readonly string: Uint8Array;
}

/**
 * Type 4.
 * @see Multiboot2 2.0, 3.6.1
 */
export interface BasicMemoryTag {
  /** @see Multiboot2 2.0, 3.6.2, 0x0/4 */
  readonly type: number;
  /**
   * with these fields and without padding
   * @see Multiboot2 2.0, 3.6.2, 0x4/4
   */
  readonly size: number;
  /**
   * KiB of memory from 0 on, at most 640
   * @see Multiboot2 2.0, 3.6.3, 0x8/4
   */
  readonly mem_lower: number;
  /**
   * KiB of memory from 1 MiB up to the first hole
   * @see Multiboot2 2.0, 3.6.3, 0xc/4
   */
  readonly mem_upper: number;
}

/**
 * Type 6.
 * @see Multiboot2 2.0, 3.6.1
 */
export interface MemoryMapTag {
  /** @see Multiboot2 2.0, 3.6.2, 0x0/4 */
  readonly type: number;
  /**
   * with these fields and without padding
   * @see Multiboot2 2.0, 3.6.2, 0x4/4
   */
  readonly size: number;
  /**
   * 24
   * @see Multiboot2 2.0, 3.6.8, 0x8/4
   */
  readonly entry_size: number;
  /**
   * 0
   * @see Multiboot2 2.0, 3.6.8, 0xc/4
   */
  readonly entry_version: number;
  /** @see Multiboot2 2.0, 3.6.8, 0x10 */
  readonly entries: readonly MemoryMapEntry[];
}

/**
 * One range of the memory map.
 * @see Multiboot2 2.0, 3.6.1
 */
export interface MemoryMapEntry {
  /**
   * where it begins
   * @see Multiboot2 2.0, 3.6.8, 0x0/8
   */
  readonly base_addr: bigint;
  /**
   * in bytes
   * @see Multiboot2 2.0, 3.6.8, 0x8/8
   */
  readonly length: bigint;
  /**
   * 1 RAM, 3 ACPI tables, 4 preserved on hibernation, 5 defective; all else is reserved
   * @see Multiboot2 2.0, 3.6.8, 0x10/4
   */
  readonly type: number;
  /**
   * 0
   * @see Multiboot2 2.0, 3.6.8, 0x14/4
   */
  readonly reserved: number;
}

/**
 * Type 8.
 * @see Multiboot2 2.0, 3.6.1
 */
export interface FramebufferTag {
  /** @see Multiboot2 2.0, 3.6.2, 0x0/4 */
  readonly type: number;
  /**
   * with these fields and without padding
   * @see Multiboot2 2.0, 3.6.2, 0x4/4
   */
  readonly size: number;
  /**
   * the first pixel, or character
   * @see Multiboot2 2.0, 3.6.12, 0x8/8
   */
  readonly framebuffer_addr: bigint;
  /**
   * bytes of a line
   * @see Multiboot2 2.0, 3.6.12, 0x10/4
   */
  readonly framebuffer_pitch: number;
  /**
   * pixels, or characters
   * @see Multiboot2 2.0, 3.6.12, 0x14/4
   */
  readonly framebuffer_width: number;
  /**
   * pixels, or characters
   * @see Multiboot2 2.0, 3.6.12, 0x18/4
   */
  readonly framebuffer_height: number;
  /**
   * bits of a pixel; 16 for text
   * @see Multiboot2 2.0, 3.6.12, 0x1c/1
   */
  readonly framebuffer_bpp: number;
  /**
   * 1 for RGB, 2 for text
   * @see Multiboot2 2.0, 3.6.12, 0x1d/1
   */
  readonly framebuffer_type: number;
  /**
   * 0
   * @see Multiboot2 2.0, 3.6.12, 0x1e/2
   */
  readonly reserved: number;
  /**
   * RGB: position and mask size of red, of green, of blue
   * @see Multiboot2 2.0, 3.6.12, 0x20
   */
  readonly color_info: Uint8Array;
}

/**
 * Type 9: the section headers of the image.
 * @see Multiboot2 2.0, 3.6.1
 */
export interface ElfSectionsTag {
  /** @see Multiboot2 2.0, 3.6.2, 0x0/4 */
  readonly type: number;
  /**
   * with these fields and without padding
   * @see Multiboot2 2.0, 3.6.2, 0x4/4
   */
  readonly size: number;
  /**
   * how many
   * @see Multiboot2 2.0, 3.6.7, 0x8/4
   */
  readonly num: number;
  /**
   * of one, in bytes
   * @see Multiboot2 2.0, 3.6.7, 0xc/4
   */
  readonly entsize: number;
  /**
   * which one has the names
   * @see Multiboot2 2.0, 3.6.7, 0x10/4
   */
  readonly shndx: number;
  /** @see Multiboot2 2.0, 3.6.7, 0x14 */
  readonly section_headers: Uint8Array;
}

/**
 * Type 11: the EFI system table.
 * @see Multiboot2 2.0, 3.6.1
 */
export interface Efi32Tag {
  /** @see Multiboot2 2.0, 3.6.2, 0x0/4 */
  readonly type: number;
  /**
   * with these fields and without padding
   * @see Multiboot2 2.0, 3.6.2, 0x4/4
   */
  readonly size: number;
  /** @see Multiboot2 2.0, 3.6.13, 0x8/4 */
  readonly pointer: number;
}

/**
 * Type 12: the EFI system table.
 * @see Multiboot2 2.0, 3.6.1
 */
export interface Efi64Tag {
  /** @see Multiboot2 2.0, 3.6.2, 0x0/4 */
  readonly type: number;
  /**
   * with these fields and without padding
   * @see Multiboot2 2.0, 3.6.2, 0x4/4
   */
  readonly size: number;
  /** @see Multiboot2 2.0, 3.6.14, 0x8/8 */
  readonly pointer: bigint;
}

/**
 * Type 21: where the image that moved begins.
 * @see Multiboot2 2.0, 3.6.1
 */
export interface LoadBaseTag {
  /** @see Multiboot2 2.0, 3.6.2, 0x0/4 */
  readonly type: number;
  /**
   * with these fields and without padding
   * @see Multiboot2 2.0, 3.6.2, 0x4/4
   */
  readonly size: number;
  /** @see Multiboot2 2.0, 3.6.23, 0x8/4 */
  readonly load_base_addr: number;
}

const compiled: any = ((KaitaiStream) => {
var Multiboot2Info = (function() {
  function Multiboot2Info(_io, _parent, _root) {
    this._io = _io;
    this._parent = _parent;
    this._root = _root || this;

  }
  Multiboot2Info.prototype._read = function() {
    this._io.at('total_size');
    this.totalSize = this._io.readU4le();
    this._io.done();
    this._io.at('reserved');
    this.reserved = this._io.readU4le();
    this._io.done();
  }

  var BasicMemoryTag = Multiboot2Info.BasicMemoryTag = (function() {
    function BasicMemoryTag(_io, _parent, _root) {
      this._io = _io;
      this._parent = _parent;
      this._root = _root;

    }
    BasicMemoryTag.prototype._read = function() {
      this._io.at('type');
      this.type = this._io.readU4le();
      this._io.done();
      this._io.at('size');
      this.size = this._io.readU4le();
      this._io.done();
      this._io.at('mem_lower');
      this.memLower = this._io.readU4le();
      this._io.done();
      this._io.at('mem_upper');
      this.memUpper = this._io.readU4le();
      this._io.done();
    }

    return BasicMemoryTag;
  })();

  var Efi32Tag = Multiboot2Info.Efi32Tag = (function() {
    function Efi32Tag(_io, _parent, _root) {
      this._io = _io;
      this._parent = _parent;
      this._root = _root;

    }
    Efi32Tag.prototype._read = function() {
      this._io.at('type');
      this.type = this._io.readU4le();
      this._io.done();
      this._io.at('size');
      this.size = this._io.readU4le();
      this._io.done();
      this._io.at('pointer');
      this.pointer = this._io.readU4le();
      this._io.done();
    }

    return Efi32Tag;
  })();

  var Efi64Tag = Multiboot2Info.Efi64Tag = (function() {
    function Efi64Tag(_io, _parent, _root) {
      this._io = _io;
      this._parent = _parent;
      this._root = _root;

    }
    Efi64Tag.prototype._read = function() {
      this._io.at('type');
      this.type = this._io.readU4le();
      this._io.done();
      this._io.at('size');
      this.size = this._io.readU4le();
      this._io.done();
      this._io.at('pointer');
      this.pointer = this._io.readU8le();
      this._io.done();
    }

    return Efi64Tag;
  })();

  var ElfSectionsTag = Multiboot2Info.ElfSectionsTag = (function() {
    function ElfSectionsTag(_io, _parent, _root) {
      this._io = _io;
      this._parent = _parent;
      this._root = _root;

    }
    ElfSectionsTag.prototype._read = function() {
      this._io.at('type');
      this.type = this._io.readU4le();
      this._io.done();
      this._io.at('size');
      this.size = this._io.readU4le();
      this._io.done();
      this._io.at('num');
      this.num = this._io.readU4le();
      this._io.done();
      this._io.at('entsize');
      this.entsize = this._io.readU4le();
      this._io.done();
      this._io.at('shndx');
      this.shndx = this._io.readU4le();
      this._io.done();
      this._io.at('section_headers');
      this.sectionHeaders = this._io.readBytesFull();
      this._io.done();
    }

    return ElfSectionsTag;
  })();

  var FramebufferTag = Multiboot2Info.FramebufferTag = (function() {
    function FramebufferTag(_io, _parent, _root) {
      this._io = _io;
      this._parent = _parent;
      this._root = _root;

    }
    FramebufferTag.prototype._read = function() {
      this._io.at('type');
      this.type = this._io.readU4le();
      this._io.done();
      this._io.at('size');
      this.size = this._io.readU4le();
      this._io.done();
      this._io.at('framebuffer_addr');
      this.framebufferAddr = this._io.readU8le();
      this._io.done();
      this._io.at('framebuffer_pitch');
      this.framebufferPitch = this._io.readU4le();
      this._io.done();
      this._io.at('framebuffer_width');
      this.framebufferWidth = this._io.readU4le();
      this._io.done();
      this._io.at('framebuffer_height');
      this.framebufferHeight = this._io.readU4le();
      this._io.done();
      this._io.at('framebuffer_bpp');
      this.framebufferBpp = this._io.readU1();
      this._io.done();
      this._io.at('framebuffer_type');
      this.framebufferType = this._io.readU1();
      this._io.done();
      this._io.at('reserved');
      this.reserved = this._io.readU2le();
      this._io.done();
      this._io.at('color_info');
      this.colorInfo = this._io.readBytesFull();
      this._io.done();
    }

    return FramebufferTag;
  })();

  var InfoTag = Multiboot2Info.InfoTag = (function() {
    function InfoTag(_io, _parent, _root) {
      this._io = _io;
      this._parent = _parent;
      this._root = _root;

    }
    InfoTag.prototype._read = function() {
      this._io.at('type');
      this.type = this._io.readU4le();
      this._io.done();
      this._io.at('size');
      this.size = this._io.readU4le();
      this._io.done();
    }

    return InfoTag;
  })();

  var LoadBaseTag = Multiboot2Info.LoadBaseTag = (function() {
    function LoadBaseTag(_io, _parent, _root) {
      this._io = _io;
      this._parent = _parent;
      this._root = _root;

    }
    LoadBaseTag.prototype._read = function() {
      this._io.at('type');
      this.type = this._io.readU4le();
      this._io.done();
      this._io.at('size');
      this.size = this._io.readU4le();
      this._io.done();
      this._io.at('load_base_addr');
      this.loadBaseAddr = this._io.readU4le();
      this._io.done();
    }

    return LoadBaseTag;
  })();

  var MemoryMapEntry = Multiboot2Info.MemoryMapEntry = (function() {
    function MemoryMapEntry(_io, _parent, _root) {
      this._io = _io;
      this._parent = _parent;
      this._root = _root;

    }
    MemoryMapEntry.prototype._read = function() {
      this._io.at('base_addr');
      this.baseAddr = this._io.readU8le();
      this._io.done();
      this._io.at('length');
      this.length = this._io.readU8le();
      this._io.done();
      this._io.at('type');
      this.type = this._io.readU4le();
      this._io.done();
      this._io.at('reserved');
      this.reserved = this._io.readU4le();
      this._io.done();
    }

    return MemoryMapEntry;
  })();

  var MemoryMapTag = Multiboot2Info.MemoryMapTag = (function() {
    function MemoryMapTag(_io, _parent, _root) {
      this._io = _io;
      this._parent = _parent;
      this._root = _root;

    }
    MemoryMapTag.prototype._read = function() {
      this._io.at('type');
      this.type = this._io.readU4le();
      this._io.done();
      this._io.at('size');
      this.size = this._io.readU4le();
      this._io.done();
      this._io.at('entry_size');
      this.entrySize = this._io.readU4le();
      this._io.done();
      this._io.at('entry_version');
      this.entryVersion = this._io.readU4le();
      this._io.done();
      this._io.at('entries');
      this.entries = [];
      var i = 0;
      while (!this._io.isEof()) {
        this._io.at(this.entries.length);
        var _t_entries = new MemoryMapEntry(this._io, this, this._root);
        try {
          _t_entries._read();
        } finally {
          this.entries.push(_t_entries);
        }
        this._io.done();
        i++;
      }
      this._io.done();
    }

    return MemoryMapTag;
  })();

  var ModuleTag = Multiboot2Info.ModuleTag = (function() {
    function ModuleTag(_io, _parent, _root) {
      this._io = _io;
      this._parent = _parent;
      this._root = _root;

    }
    ModuleTag.prototype._read = function() {
      this._io.at('type');
      this.type = this._io.readU4le();
      this._io.done();
      this._io.at('size');
      this.size = this._io.readU4le();
      this._io.done();
      this._io.at('mod_start');
      this.modStart = this._io.readU4le();
      this._io.done();
      this._io.at('mod_end');
      this.modEnd = this._io.readU4le();
      this._io.done();
      this._io.at('string');
      this.string = this._io.readBytesFull();
      this._io.done();
    }

    return ModuleTag;
  })();

  var StringTag = Multiboot2Info.StringTag = (function() {
    function StringTag(_io, _parent, _root) {
      this._io = _io;
      this._parent = _parent;
      this._root = _root;

    }
    StringTag.prototype._read = function() {
      this._io.at('type');
      this.type = this._io.readU4le();
      this._io.done();
      this._io.at('size');
      this.size = this._io.readU4le();
      this._io.done();
      this._io.at('string');
      this.string = this._io.readBytesFull();
      this._io.done();
    }

    return StringTag;
  })();

  return Multiboot2Info;
})();
return Multiboot2Info;
})(CheckedStream);
compiled.members = [['total_size', 'totalSize'], ['reserved', 'reserved']];
compiled.InfoTag.members = [['type', 'type'], ['size', 'size']];
compiled.StringTag.members = [['type', 'type'], ['size', 'size'], ['string', 'string']];
compiled.ModuleTag.members = [['type', 'type'], ['size', 'size'], ['mod_start', 'modStart'], ['mod_end', 'modEnd'], ['string', 'string']];
compiled.BasicMemoryTag.members = [['type', 'type'], ['size', 'size'], ['mem_lower', 'memLower'], ['mem_upper', 'memUpper']];
compiled.MemoryMapTag.members = [['type', 'type'], ['size', 'size'], ['entry_size', 'entrySize'], ['entry_version', 'entryVersion'], ['entries', 'entries']];
compiled.MemoryMapEntry.members = [['base_addr', 'baseAddr'], ['length', 'length'], ['type', 'type'], ['reserved', 'reserved']];
compiled.FramebufferTag.members = [['type', 'type'], ['size', 'size'], ['framebuffer_addr', 'framebufferAddr'], ['framebuffer_pitch', 'framebufferPitch'], ['framebuffer_width', 'framebufferWidth'], ['framebuffer_height', 'framebufferHeight'], ['framebuffer_bpp', 'framebufferBpp'], ['framebuffer_type', 'framebufferType'], ['reserved', 'reserved'], ['color_info', 'colorInfo']];
compiled.ElfSectionsTag.members = [['type', 'type'], ['size', 'size'], ['num', 'num'], ['entsize', 'entsize'], ['shndx', 'shndx'], ['section_headers', 'sectionHeaders']];
compiled.Efi32Tag.members = [['type', 'type'], ['size', 'size'], ['pointer', 'pointer']];
compiled.Efi64Tag.members = [['type', 'type'], ['size', 'size'], ['pointer', 'pointer']];
compiled.LoadBaseTag.members = [['type', 'type'], ['size', 'size'], ['load_base_addr', 'loadBaseAddr']];

/**
 * Tags follow, each at a multiple of 8. All addresses are physical. Names are those of the Multiboot2 Specification;
 * where its text and its header file differ in a size, it is that of the header file, which kernels are compiled with.
 * @see Multiboot2 2.0, 3.6.1
 */
export const Multiboot2Info: Reader<Multiboot2Info, 'total_size' | 'reserved'> = reader('multiboot2_info', 8, compiled, [
  { name: 'total_size', offset: 0x0, size: 0x4, doc: "of all of it, in bytes", spec: "Multiboot2 2.0, 3.6.1, 0x0/4" },
  { name: 'reserved', offset: 0x4, size: 0x4, doc: "0", spec: "Multiboot2 2.0, 3.6.1, 0x4/4" },
]);

/**
 * How every tag begins.
 * @see Multiboot2 2.0, 3.6.1
 */
export const InfoTag: Reader<InfoTag, 'type' | 'size'> = reader('info_tag', 8, compiled.InfoTag, [
  { name: 'type', offset: 0x0, size: 0x4, spec: "Multiboot2 2.0, 3.6.2, 0x0/4" },
  { name: 'size', offset: 0x4, size: 0x4, doc: "with these fields and without padding", spec: "Multiboot2 2.0, 3.6.2, 0x4/4" },
]);

/**
 * Type 1, the command line, and type 2, the name of the boot loader.
 * @see Multiboot2 2.0, 3.6.1
 */
export const StringTag: Reader<StringTag, 'type' | 'size'> = reader('string_tag', undefined, compiled.StringTag, [
  { name: 'type', offset: 0x0, size: 0x4, spec: "Multiboot2 2.0, 3.6.2, 0x0/4" },
  { name: 'size', offset: 0x4, size: 0x4, doc: "with these fields and without padding", spec: "Multiboot2 2.0, 3.6.2, 0x4/4" },
]);

/**
 * Type 3: one module.
 * @see Multiboot2 2.0, 3.6.1
 */
export const ModuleTag: Reader<ModuleTag, 'type' | 'size' | 'mod_start' | 'mod_end'> = reader('module_tag', undefined, compiled.ModuleTag, [
  { name: 'type', offset: 0x0, size: 0x4, spec: "Multiboot2 2.0, 3.6.2, 0x0/4" },
  { name: 'size', offset: 0x4, size: 0x4, doc: "with these fields and without padding", spec: "Multiboot2 2.0, 3.6.2, 0x4/4" },
  { name: 'mod_start', offset: 0x8, size: 0x4, doc: "the first byte", spec: "Multiboot2 2.0, 3.6.6, 0x8/4" },
  { name: 'mod_end', offset: 0xc, size: 0x4, doc: "behind the last byte", spec: "Multiboot2 2.0, 3.6.6, 0xc/4" },
]);

/**
 * Type 4.
 * @see Multiboot2 2.0, 3.6.1
 */
export const BasicMemoryTag: Reader<BasicMemoryTag, 'type' | 'size' | 'mem_lower' | 'mem_upper'> = reader('basic_memory_tag', 16, compiled.BasicMemoryTag, [
  { name: 'type', offset: 0x0, size: 0x4, spec: "Multiboot2 2.0, 3.6.2, 0x0/4" },
  { name: 'size', offset: 0x4, size: 0x4, doc: "with these fields and without padding", spec: "Multiboot2 2.0, 3.6.2, 0x4/4" },
  { name: 'mem_lower', offset: 0x8, size: 0x4, doc: "KiB of memory from 0 on, at most 640", spec: "Multiboot2 2.0, 3.6.3, 0x8/4" },
  { name: 'mem_upper', offset: 0xc, size: 0x4, doc: "KiB of memory from 1 MiB up to the first hole", spec: "Multiboot2 2.0, 3.6.3, 0xc/4" },
]);

/**
 * Type 6.
 * @see Multiboot2 2.0, 3.6.1
 */
export const MemoryMapTag: Reader<MemoryMapTag, 'type' | 'size' | 'entry_size' | 'entry_version'> = reader('memory_map_tag', undefined, compiled.MemoryMapTag, [
  { name: 'type', offset: 0x0, size: 0x4, spec: "Multiboot2 2.0, 3.6.2, 0x0/4" },
  { name: 'size', offset: 0x4, size: 0x4, doc: "with these fields and without padding", spec: "Multiboot2 2.0, 3.6.2, 0x4/4" },
  { name: 'entry_size', offset: 0x8, size: 0x4, doc: "24", spec: "Multiboot2 2.0, 3.6.8, 0x8/4" },
  { name: 'entry_version', offset: 0xc, size: 0x4, doc: "0", spec: "Multiboot2 2.0, 3.6.8, 0xc/4" },
]);

/**
 * One range of the memory map.
 * @see Multiboot2 2.0, 3.6.1
 */
export const MemoryMapEntry: Reader<MemoryMapEntry, 'base_addr' | 'length' | 'type' | 'reserved'> = reader('memory_map_entry', 24, compiled.MemoryMapEntry, [
  { name: 'base_addr', offset: 0x0, size: 0x8, doc: "where it begins", spec: "Multiboot2 2.0, 3.6.8, 0x0/8" },
  { name: 'length', offset: 0x8, size: 0x8, doc: "in bytes", spec: "Multiboot2 2.0, 3.6.8, 0x8/8" },
  { name: 'type', offset: 0x10, size: 0x4, doc: "1 RAM, 3 ACPI tables, 4 preserved on hibernation, 5 defective; all else is reserved", spec: "Multiboot2 2.0, 3.6.8, 0x10/4" },
  { name: 'reserved', offset: 0x14, size: 0x4, doc: "0", spec: "Multiboot2 2.0, 3.6.8, 0x14/4" },
]);

/**
 * Type 8.
 * @see Multiboot2 2.0, 3.6.1
 */
export const FramebufferTag: Reader<FramebufferTag, 'type' | 'size' | 'framebuffer_addr' | 'framebuffer_pitch' | 'framebuffer_width' | 'framebuffer_height' | 'framebuffer_bpp' | 'framebuffer_type' | 'reserved'> = reader('framebuffer_tag', undefined, compiled.FramebufferTag, [
  { name: 'type', offset: 0x0, size: 0x4, spec: "Multiboot2 2.0, 3.6.2, 0x0/4" },
  { name: 'size', offset: 0x4, size: 0x4, doc: "with these fields and without padding", spec: "Multiboot2 2.0, 3.6.2, 0x4/4" },
  { name: 'framebuffer_addr', offset: 0x8, size: 0x8, doc: "the first pixel, or character", spec: "Multiboot2 2.0, 3.6.12, 0x8/8" },
  { name: 'framebuffer_pitch', offset: 0x10, size: 0x4, doc: "bytes of a line", spec: "Multiboot2 2.0, 3.6.12, 0x10/4" },
  { name: 'framebuffer_width', offset: 0x14, size: 0x4, doc: "pixels, or characters", spec: "Multiboot2 2.0, 3.6.12, 0x14/4" },
  { name: 'framebuffer_height', offset: 0x18, size: 0x4, doc: "pixels, or characters", spec: "Multiboot2 2.0, 3.6.12, 0x18/4" },
  { name: 'framebuffer_bpp', offset: 0x1c, size: 0x1, doc: "bits of a pixel; 16 for text", spec: "Multiboot2 2.0, 3.6.12, 0x1c/1" },
  { name: 'framebuffer_type', offset: 0x1d, size: 0x1, doc: "1 for RGB, 2 for text", spec: "Multiboot2 2.0, 3.6.12, 0x1d/1" },
  { name: 'reserved', offset: 0x1e, size: 0x2, doc: "0", spec: "Multiboot2 2.0, 3.6.12, 0x1e/2" },
]);

/**
 * Type 9: the section headers of the image.
 * @see Multiboot2 2.0, 3.6.1
 */
export const ElfSectionsTag: Reader<ElfSectionsTag, 'type' | 'size' | 'num' | 'entsize' | 'shndx'> = reader('elf_sections_tag', undefined, compiled.ElfSectionsTag, [
  { name: 'type', offset: 0x0, size: 0x4, spec: "Multiboot2 2.0, 3.6.2, 0x0/4" },
  { name: 'size', offset: 0x4, size: 0x4, doc: "with these fields and without padding", spec: "Multiboot2 2.0, 3.6.2, 0x4/4" },
  { name: 'num', offset: 0x8, size: 0x4, doc: "how many", spec: "Multiboot2 2.0, 3.6.7, 0x8/4" },
  { name: 'entsize', offset: 0xc, size: 0x4, doc: "of one, in bytes", spec: "Multiboot2 2.0, 3.6.7, 0xc/4" },
  { name: 'shndx', offset: 0x10, size: 0x4, doc: "which one has the names", spec: "Multiboot2 2.0, 3.6.7, 0x10/4" },
]);

/**
 * Type 11: the EFI system table.
 * @see Multiboot2 2.0, 3.6.1
 */
export const Efi32Tag: Reader<Efi32Tag, 'type' | 'size' | 'pointer'> = reader('efi32_tag', 12, compiled.Efi32Tag, [
  { name: 'type', offset: 0x0, size: 0x4, spec: "Multiboot2 2.0, 3.6.2, 0x0/4" },
  { name: 'size', offset: 0x4, size: 0x4, doc: "with these fields and without padding", spec: "Multiboot2 2.0, 3.6.2, 0x4/4" },
  { name: 'pointer', offset: 0x8, size: 0x4, spec: "Multiboot2 2.0, 3.6.13, 0x8/4" },
]);

/**
 * Type 12: the EFI system table.
 * @see Multiboot2 2.0, 3.6.1
 */
export const Efi64Tag: Reader<Efi64Tag, 'type' | 'size' | 'pointer'> = reader('efi64_tag', 16, compiled.Efi64Tag, [
  { name: 'type', offset: 0x0, size: 0x4, spec: "Multiboot2 2.0, 3.6.2, 0x0/4" },
  { name: 'size', offset: 0x4, size: 0x4, doc: "with these fields and without padding", spec: "Multiboot2 2.0, 3.6.2, 0x4/4" },
  { name: 'pointer', offset: 0x8, size: 0x8, spec: "Multiboot2 2.0, 3.6.14, 0x8/8" },
]);

/**
 * Type 21: where the image that moved begins.
 * @see Multiboot2 2.0, 3.6.1
 */
export const LoadBaseTag: Reader<LoadBaseTag, 'type' | 'size' | 'load_base_addr'> = reader('load_base_tag', 12, compiled.LoadBaseTag, [
  { name: 'type', offset: 0x0, size: 0x4, spec: "Multiboot2 2.0, 3.6.2, 0x0/4" },
  { name: 'size', offset: 0x4, size: 0x4, doc: "with these fields and without padding", spec: "Multiboot2 2.0, 3.6.2, 0x4/4" },
  { name: 'load_base_addr', offset: 0x8, size: 0x4, spec: "Multiboot2 2.0, 3.6.23, 0x8/4" },
]);
