// Generated from bundle.ksy by @kexec-kit/ksy. Do not edit: change the .ksy and generate again.
/* eslint-disable */
// What Kaitai emits has no types; what is declared here has, and is checked where it is used.
// @ts-nocheck
import { CheckedStream, type Reader, reader } from '@kexec-kit/structures';

export const Mode = {
  protected32: 32,
  long64: 64,
} as const;
export type Mode = (typeof Mode)[keyof typeof Mode];

/**
 * The header of a bundle: what a boot loader has to know to load it and to enter it, and what its program does then.
 * Offsets count from the header's first byte, which is the bundle's. Addresses are physical.
 * @see docs/guide/bundle.md
 */
export interface BundleHeader {
  readonly magic: Uint8Array;
  readonly version: number;
  /** CRC-32 (ISO 3309) of the first `checked_size` bytes, with these four taken as zero */
  readonly checksum: number;
  /** In bytes, header, program and tables */
  readonly checked_size: number;
  /** In bytes, a power of two; the bundle's address is a multiple of it */
  readonly alignment: number;
  /** In bytes, all that is to be loaded and kept; nothing behind it is used */
  readonly size: bigint;
  /** The mode in which purgatory begins; long64 needs a CPU that has it */
  readonly mode: number;
  /** Offset of the entry in 32-bit protected mode */
  readonly entry32: number;
  /** Offset of the entry in 64-bit mode, or 0 if there is none */
  readonly entry64: number;
  /** Offset of the entry with a boot protocol's magic in eax and its structure in ebx */
  readonly boot_entry: number;
  /** Address of purgatory's entry, once it is in place */
  readonly entry: bigint;
  /** Offset of the table of segments */
  readonly segments: number;
  readonly segment_count: number;
  /** Offset of the table of stretches that are filled with random bytes */
  readonly fresh: number;
  readonly fresh_count: number;
  /** Offset of the table of stretches that are mapped in 64-bit mode, whole GiB each */
  readonly maps: number;
  readonly map_count: number;
  /** Offset of the room for page tables */
  readonly tables: number;
  /** In bytes */
  readonly tables_size: number;
  /** Offset of the end of the stack */
  readonly stack_end: number;
  /** Offset of the table of stretches that the next kernel is told of as RAM */
  readonly told: number;
  readonly told_count: number;
  readonly reserved: Uint8Array;
}

/**
 * One stretch of memory that the program fills
 * @see docs/guide/bundle.md
 */
export interface BundleSegment {
  /** Address */
  readonly destination: bigint;
  /** In bytes; what is beyond the content becomes zero */
  readonly memory_size: bigint;
  /** Offset */
  readonly content: bigint;
  /** In bytes */
  readonly content_size: bigint;
  /** Printable ASCII, padded with NUL; 48 characters need no NUL */
  readonly name: string;
}

/** @see docs/guide/bundle.md */
export interface BundleStretch {
  /** Address */
  readonly start: bigint;
  /** Address of the first byte behind */
  readonly end: bigint;
}

const compiled: any = ((KaitaiStream) => {
var BundleHeader = (function() {
  BundleHeader.Mode = Object.freeze({
    PROTECTED32: 32,
    LONG64: 64,

    32: "PROTECTED32",
    64: "LONG64",
  });

  function BundleHeader(_io, _parent, _root) {
    this._io = _io;
    this._parent = _parent;
    this._root = _root || this;

  }
  BundleHeader.prototype._read = function() {
    this._io.at('magic');
    this.magic = this._io.readBytes(8);
    if (!((KaitaiStream.byteArrayCompare(this.magic, new Uint8Array([107, 107, 98, 117, 110, 100, 108, 101])) == 0))) {
      var _err = new KaitaiStream.ValidationNotEqualError(new Uint8Array([107, 107, 98, 117, 110, 100, 108, 101]), this.magic, this._io, "/seq/0");
      throw _err;
    }
    this._io.done();
    this._io.at('version');
    this.version = this._io.readU4le();
    if (!(this.version == 1)) {
      var _err = new KaitaiStream.ValidationNotEqualError(1, this.version, this._io, "/seq/1");
      throw _err;
    }
    this._io.done();
    this._io.at('checksum');
    this.checksum = this._io.readU4le();
    this._io.done();
    this._io.at('checked_size');
    this.checkedSize = this._io.readU4le();
    this._io.done();
    this._io.at('alignment');
    this.alignment = this._io.readU4le();
    this._io.done();
    this._io.at('size');
    this.size = this._io.readU8le();
    this._io.done();
    this._io.at('mode');
    this.mode = this._io.readU4le();
    this._io.done();
    this._io.at('entry32');
    this.entry32 = this._io.readU4le();
    this._io.done();
    this._io.at('entry64');
    this.entry64 = this._io.readU4le();
    this._io.done();
    this._io.at('boot_entry');
    this.bootEntry = this._io.readU4le();
    this._io.done();
    this._io.at('entry');
    this.entry = this._io.readU8le();
    this._io.done();
    this._io.at('segments');
    this.segments = this._io.readU4le();
    this._io.done();
    this._io.at('segment_count');
    this.segmentCount = this._io.readU4le();
    this._io.done();
    this._io.at('fresh');
    this.fresh = this._io.readU4le();
    this._io.done();
    this._io.at('fresh_count');
    this.freshCount = this._io.readU4le();
    this._io.done();
    this._io.at('maps');
    this.maps = this._io.readU4le();
    this._io.done();
    this._io.at('map_count');
    this.mapCount = this._io.readU4le();
    this._io.done();
    this._io.at('tables');
    this.tables = this._io.readU4le();
    this._io.done();
    this._io.at('tables_size');
    this.tablesSize = this._io.readU4le();
    this._io.done();
    this._io.at('stack_end');
    this.stackEnd = this._io.readU4le();
    this._io.done();
    this._io.at('told');
    this.told = this._io.readU4le();
    this._io.done();
    this._io.at('told_count');
    this.toldCount = this._io.readU4le();
    this._io.done();
    this._io.at('reserved');
    this.reserved = this._io.readBytes(4);
    if (!((KaitaiStream.byteArrayCompare(this.reserved, new Uint8Array([0, 0, 0, 0])) == 0))) {
      var _err = new KaitaiStream.ValidationNotEqualError(new Uint8Array([0, 0, 0, 0]), this.reserved, this._io, "/seq/22");
      throw _err;
    }
    this._io.done();
  }

  var BundleSegment = BundleHeader.BundleSegment = (function() {
    function BundleSegment(_io, _parent, _root) {
      this._io = _io;
      this._parent = _parent;
      this._root = _root;

    }
    BundleSegment.prototype._read = function() {
      this._io.at('destination');
      this.destination = this._io.readU8le();
      this._io.done();
      this._io.at('memory_size');
      this.memorySize = this._io.readU8le();
      this._io.done();
      this._io.at('content');
      this.content = this._io.readU8le();
      this._io.done();
      this._io.at('content_size');
      this.contentSize = this._io.readU8le();
      this._io.done();
      this._io.at('name');
      this.name = KaitaiStream.bytesToStr(KaitaiStream.bytesTerminate(this._io.readBytes(48), 0, false), "ASCII");
      this._io.done();
    }

    return BundleSegment;
  })();

  var BundleStretch = BundleHeader.BundleStretch = (function() {
    function BundleStretch(_io, _parent, _root) {
      this._io = _io;
      this._parent = _parent;
      this._root = _root;

    }
    BundleStretch.prototype._read = function() {
      this._io.at('start');
      this.start = this._io.readU8le();
      this._io.done();
      this._io.at('end');
      this.end = this._io.readU8le();
      this._io.done();
    }

    return BundleStretch;
  })();

  return BundleHeader;
})();
return BundleHeader;
})(CheckedStream);
compiled.members = [['magic', 'magic'], ['version', 'version'], ['checksum', 'checksum'], ['checked_size', 'checkedSize'], ['alignment', 'alignment'], ['size', 'size'], ['mode', 'mode'], ['entry32', 'entry32'], ['entry64', 'entry64'], ['boot_entry', 'bootEntry'], ['entry', 'entry'], ['segments', 'segments'], ['segment_count', 'segmentCount'], ['fresh', 'fresh'], ['fresh_count', 'freshCount'], ['maps', 'maps'], ['map_count', 'mapCount'], ['tables', 'tables'], ['tables_size', 'tablesSize'], ['stack_end', 'stackEnd'], ['told', 'told'], ['told_count', 'toldCount'], ['reserved', 'reserved']];
compiled.BundleSegment.members = [['destination', 'destination'], ['memory_size', 'memorySize'], ['content', 'content'], ['content_size', 'contentSize'], ['name', 'name']];
compiled.BundleStretch.members = [['start', 'start'], ['end', 'end']];

/**
 * The header of a bundle: what a boot loader has to know to load it and to enter it, and what its program does then.
 * Offsets count from the header's first byte, which is the bundle's. Addresses are physical.
 * @see docs/guide/bundle.md
 */
export const BundleHeader: Reader<BundleHeader, 'magic' | 'version' | 'checksum' | 'checked_size' | 'alignment' | 'size' | 'mode' | 'entry32' | 'entry64' | 'boot_entry' | 'entry' | 'segments' | 'segment_count' | 'fresh' | 'fresh_count' | 'maps' | 'map_count' | 'tables' | 'tables_size' | 'stack_end' | 'told' | 'told_count' | 'reserved'> = reader('bundle_header', 104, compiled, [
  { name: 'magic', offset: 0x0, size: 0x8, spec: "docs/guide/bundle.md" },
  { name: 'version', offset: 0x8, size: 0x4, spec: "docs/guide/bundle.md" },
  { name: 'checksum', offset: 0xc, size: 0x4, doc: "CRC-32 (ISO 3309) of the first `checked_size` bytes, with these four taken as zero", spec: "docs/guide/bundle.md" },
  { name: 'checked_size', offset: 0x10, size: 0x4, doc: "In bytes, header, program and tables", spec: "docs/guide/bundle.md" },
  { name: 'alignment', offset: 0x14, size: 0x4, doc: "In bytes, a power of two; the bundle's address is a multiple of it", spec: "docs/guide/bundle.md" },
  { name: 'size', offset: 0x18, size: 0x8, doc: "In bytes, all that is to be loaded and kept; nothing behind it is used", spec: "docs/guide/bundle.md" },
  { name: 'mode', offset: 0x20, size: 0x4, doc: "The mode in which purgatory begins; long64 needs a CPU that has it", spec: "docs/guide/bundle.md" },
  { name: 'entry32', offset: 0x24, size: 0x4, doc: "Offset of the entry in 32-bit protected mode", spec: "docs/guide/bundle.md" },
  { name: 'entry64', offset: 0x28, size: 0x4, doc: "Offset of the entry in 64-bit mode, or 0 if there is none", spec: "docs/guide/bundle.md" },
  { name: 'boot_entry', offset: 0x2c, size: 0x4, doc: "Offset of the entry with a boot protocol's magic in eax and its structure in ebx", spec: "docs/guide/bundle.md" },
  { name: 'entry', offset: 0x30, size: 0x8, doc: "Address of purgatory's entry, once it is in place", spec: "docs/guide/bundle.md" },
  { name: 'segments', offset: 0x38, size: 0x4, doc: "Offset of the table of segments", spec: "docs/guide/bundle.md" },
  { name: 'segment_count', offset: 0x3c, size: 0x4, spec: "docs/guide/bundle.md" },
  { name: 'fresh', offset: 0x40, size: 0x4, doc: "Offset of the table of stretches that are filled with random bytes", spec: "docs/guide/bundle.md" },
  { name: 'fresh_count', offset: 0x44, size: 0x4, spec: "docs/guide/bundle.md" },
  { name: 'maps', offset: 0x48, size: 0x4, doc: "Offset of the table of stretches that are mapped in 64-bit mode, whole GiB each", spec: "docs/guide/bundle.md" },
  { name: 'map_count', offset: 0x4c, size: 0x4, spec: "docs/guide/bundle.md" },
  { name: 'tables', offset: 0x50, size: 0x4, doc: "Offset of the room for page tables", spec: "docs/guide/bundle.md" },
  { name: 'tables_size', offset: 0x54, size: 0x4, doc: "In bytes", spec: "docs/guide/bundle.md" },
  { name: 'stack_end', offset: 0x58, size: 0x4, doc: "Offset of the end of the stack", spec: "docs/guide/bundle.md" },
  { name: 'told', offset: 0x5c, size: 0x4, doc: "Offset of the table of stretches that the next kernel is told of as RAM", spec: "docs/guide/bundle.md" },
  { name: 'told_count', offset: 0x60, size: 0x4, spec: "docs/guide/bundle.md" },
  { name: 'reserved', offset: 0x64, size: 0x4, spec: "docs/guide/bundle.md" },
]);

/**
 * One stretch of memory that the program fills
 * @see docs/guide/bundle.md
 */
export const BundleSegment: Reader<BundleSegment, 'destination' | 'memory_size' | 'content' | 'content_size' | 'name'> = reader('bundle_segment', 80, compiled.BundleSegment, [
  { name: 'destination', offset: 0x0, size: 0x8, doc: "Address", spec: "docs/guide/bundle.md" },
  { name: 'memory_size', offset: 0x8, size: 0x8, doc: "In bytes; what is beyond the content becomes zero", spec: "docs/guide/bundle.md" },
  { name: 'content', offset: 0x10, size: 0x8, doc: "Offset", spec: "docs/guide/bundle.md" },
  { name: 'content_size', offset: 0x18, size: 0x8, doc: "In bytes", spec: "docs/guide/bundle.md" },
  { name: 'name', offset: 0x20, size: 0x30, doc: "Printable ASCII, padded with NUL; 48 characters need no NUL", spec: "docs/guide/bundle.md" },
]);

/** @see docs/guide/bundle.md */
export const BundleStretch: Reader<BundleStretch, 'start' | 'end'> = reader('bundle_stretch', 16, compiled.BundleStretch, [
  { name: 'start', offset: 0x0, size: 0x8, doc: "Address", spec: "docs/guide/bundle.md" },
  { name: 'end', offset: 0x8, size: 0x8, doc: "Address of the first byte behind", spec: "docs/guide/bundle.md" },
]);
