// Generated from parameters.ksy by @kexec-kit/ksy. Do not edit: change the .ksy and generate again.
/* eslint-disable */
// What Kaitai emits has no types; what is declared here has, and is checked where it is used.
// @ts-nocheck
import { CheckedStream, type Reader, reader } from '@kexec-kit/structures';

export const Mode = {
  real16: 16,
  protected32: 32,
  long64: 64,
} as const;
export type Mode = (typeof Mode)[keyof typeof Mode];

/**
 * What purgatory verifies, writes and enters. It lies at `parametersOffset` of purgatory's segment.
 * The header's digest covers the rest of the header, the header's second digest covers the tables behind it:
 * so no length is believed before it is verified.
 * @see docs/guide/purgatory.md
 */
export interface PurgatoryParameters {
  /** SHA-256 of the header's bytes 0x20 to 0xff */
  readonly sha256: Uint8Array;
  readonly magic: Uint8Array;
  readonly version: number;
  /** The CPU mode in which the entry is entered; a 32-bit purgatory knows no long64 */
  readonly mode: number;
  readonly region_count: number;
  readonly poke_count: number;
  /** In bytes, 96 per region, 32 per poke and per copy */
  readonly tables_size: bigint;
  /** SHA-256 of the tables */
  readonly tables_sha256: Uint8Array;
  readonly registers: Registers;
  /**
   * Physical address to jump to. In real mode it becomes CS:IP with the CS of the registers: IP is entry - 16 * CS,
   * which must be 0 to 0xffff.
   */
  readonly entry: bigint;
  /** Bit 0, the VGA is reset to text mode 3; bit 1, the interrupt controllers are reset */
  readonly jobs: number;
  /**
   * Bit 0, words go to the serial port, too; bit 1, to the VGA's text screen, too;
   * bit 2, not only what went wrong is said there
   */
  readonly console: number;
  /** The first of its eight I/O ports */
  readonly serial_port: number;
  /** Of 115200 baud; 0, the speed is left as it is */
  readonly serial_divisor: number;
  readonly copy_count: number;
  /** Physical address of the record of how far the hand-over got, a multiple of 8; 0, there is none */
  readonly last_words: bigint;
  readonly regions: readonly Region[];
  readonly pokes: readonly Poke[];
  readonly copies: readonly Copy[];
}

/**
 * By their 64-bit names. In protected32 mode the first eight are eax to esp, and the others are 0.
 * In real16 mode the first eight are ax to sp, r8 to r13 are cs, ds, es, fs, gs, ss, and the others are 0.
 * @see docs/guide/purgatory.md
 */
export interface Registers {
  readonly rax: bigint;
  readonly rbx: bigint;
  readonly rcx: bigint;
  readonly rdx: bigint;
  readonly rsi: bigint;
  readonly rdi: bigint;
  readonly rbp: bigint;
  readonly rsp: bigint;
  readonly r8: bigint;
  readonly r9: bigint;
  readonly r10: bigint;
  readonly r11: bigint;
  readonly r12: bigint;
  readonly r13: bigint;
  readonly r14: bigint;
  readonly r15: bigint;
}

/**
 * A stretch of memory that must have the given digest
 * @see docs/guide/purgatory.md
 */
export interface Region {
  /** Printable ASCII, padded with NUL; 48 characters need no NUL */
  readonly name: string;
  /** Physical address */
  readonly start: bigint;
  /** In bytes; start + length is at most 2^47 (2^56 with five levels of paging), for a 32-bit purgatory 2^32 */
  readonly length: bigint;
  readonly sha256: Uint8Array;
}

/**
 * A small write, done when everything is verified
 * @see docs/guide/purgatory.md
 */
export interface Poke {
  /** Physical address */
  readonly at: bigint;
  /** In bytes */
  readonly length: number;
  readonly reserved: Uint8Array;
  /** The first `length` of them are written */
  readonly bytes: Uint8Array;
}

/**
 * Memory that is copied when everything is verified, before the pokes
 * @see docs/guide/purgatory.md
 */
export interface Copy {
  /** Physical address */
  readonly from: bigint;
  /** Physical address */
  readonly to: bigint;
  /** In bytes */
  readonly length: bigint;
  /** Zeros */
  readonly reserved: Uint8Array;
}

const compiled: any = ((KaitaiStream) => {
var PurgatoryParameters = (function() {
  PurgatoryParameters.Mode = Object.freeze({
    REAL16: 16,
    PROTECTED32: 32,
    LONG64: 64,

    16: "REAL16",
    32: "PROTECTED32",
    64: "LONG64",
  });

  function PurgatoryParameters(_io, _parent, _root) {
    this._io = _io;
    this._parent = _parent;
    this._root = _root || this;

  }
  PurgatoryParameters.prototype._read = function() {
    this._io.at('sha256');
    this.sha256 = this._io.readBytes(32);
    this._io.done();
    this._io.at('magic');
    this.magic = this._io.readBytes(8);
    if (!((KaitaiStream.byteArrayCompare(this.magic, new Uint8Array([107, 107, 112, 117, 114, 103, 54, 52])) == 0))) {
      var _err = new KaitaiStream.ValidationNotEqualError(new Uint8Array([107, 107, 112, 117, 114, 103, 54, 52]), this.magic, this._io, "/seq/1");
      throw _err;
    }
    this._io.done();
    this._io.at('version');
    this.version = this._io.readU4le();
    if (!(this.version == 2)) {
      var _err = new KaitaiStream.ValidationNotEqualError(2, this.version, this._io, "/seq/2");
      throw _err;
    }
    this._io.done();
    this._io.at('mode');
    this.mode = this._io.readU4le();
    this._io.done();
    this._io.at('region_count');
    this.regionCount = this._io.readU4le();
    if (!(this.regionCount <= 65536)) {
      var _err = new KaitaiStream.ValidationGreaterThanError(65536, this.regionCount, this._io, "/seq/4");
      throw _err;
    }
    this._io.done();
    this._io.at('poke_count');
    this.pokeCount = this._io.readU4le();
    if (!(this.pokeCount <= 65536)) {
      var _err = new KaitaiStream.ValidationGreaterThanError(65536, this.pokeCount, this._io, "/seq/5");
      throw _err;
    }
    this._io.done();
    this._io.at('tables_size');
    this.tablesSize = this._io.readU8le();
    this._io.done();
    this._io.at('tables_sha256');
    this.tablesSha256 = this._io.readBytes(32);
    this._io.done();
    this._io.at('registers');
    this.registers = new Registers(this._io, this, this._root);
    this.registers._read();
    this._io.done();
    this._io.at('entry');
    this.entry = this._io.readU8le();
    this._io.done();
    this._io.at('jobs');
    this.jobs = this._io.readU4le();
    this._io.done();
    this._io.at('console');
    this.console = this._io.readU4le();
    this._io.done();
    this._io.at('serial_port');
    this.serialPort = this._io.readU2le();
    this._io.done();
    this._io.at('serial_divisor');
    this.serialDivisor = this._io.readU2le();
    this._io.done();
    this._io.at('copy_count');
    this.copyCount = this._io.readU4le();
    if (!(this.copyCount <= 65536)) {
      var _err = new KaitaiStream.ValidationGreaterThanError(65536, this.copyCount, this._io, "/seq/14");
      throw _err;
    }
    this._io.done();
    this._io.at('last_words');
    this.lastWords = this._io.readU8le();
    this._io.done();
    this._io.at('regions');
    this.regions = [];
    for (var i = 0; i < this.regionCount; i++) {
      this._io.at(i);
      var _t_regions = new Region(this._io, this, this._root);
      try {
        _t_regions._read();
      } finally {
        this.regions.push(_t_regions);
      }
      this._io.done();
    }
    this._io.done();
    this._io.at('pokes');
    this.pokes = [];
    for (var i = 0; i < this.pokeCount; i++) {
      this._io.at(i);
      var _t_pokes = new Poke(this._io, this, this._root);
      try {
        _t_pokes._read();
      } finally {
        this.pokes.push(_t_pokes);
      }
      this._io.done();
    }
    this._io.done();
    this._io.at('copies');
    this.copies = [];
    for (var i = 0; i < this.copyCount; i++) {
      this._io.at(i);
      var _t_copies = new Copy(this._io, this, this._root);
      try {
        _t_copies._read();
      } finally {
        this.copies.push(_t_copies);
      }
      this._io.done();
    }
    this._io.done();
  }

  var Copy = PurgatoryParameters.Copy = (function() {
    function Copy(_io, _parent, _root) {
      this._io = _io;
      this._parent = _parent;
      this._root = _root;

    }
    Copy.prototype._read = function() {
      this._io.at('from');
      this.from = this._io.readU8le();
      this._io.done();
      this._io.at('to');
      this.to = this._io.readU8le();
      this._io.done();
      this._io.at('length');
      this.length = this._io.readU8le();
      this._io.done();
      this._io.at('reserved');
      this.reserved = this._io.readBytes(8);
      this._io.done();
    }

    return Copy;
  })();

  var Poke = PurgatoryParameters.Poke = (function() {
    function Poke(_io, _parent, _root) {
      this._io = _io;
      this._parent = _parent;
      this._root = _root;

    }
    Poke.prototype._read = function() {
      this._io.at('at');
      this.at = this._io.readU8le();
      this._io.done();
      this._io.at('length');
      this.length = this._io.readU4le();
      if (!(this.length <= 16)) {
        var _err = new KaitaiStream.ValidationGreaterThanError(16, this.length, this._io, "/types/poke/seq/1");
        throw _err;
      }
      this._io.done();
      this._io.at('reserved');
      this.reserved = this._io.readBytes(4);
      if (!((KaitaiStream.byteArrayCompare(this.reserved, new Uint8Array([0, 0, 0, 0])) == 0))) {
        var _err = new KaitaiStream.ValidationNotEqualError(new Uint8Array([0, 0, 0, 0]), this.reserved, this._io, "/types/poke/seq/2");
        throw _err;
      }
      this._io.done();
      this._io.at('bytes');
      this.bytes = this._io.readBytes(16);
      this._io.done();
    }

    return Poke;
  })();

  var Region = PurgatoryParameters.Region = (function() {
    function Region(_io, _parent, _root) {
      this._io = _io;
      this._parent = _parent;
      this._root = _root;

    }
    Region.prototype._read = function() {
      this._io.at('name');
      this.name = KaitaiStream.bytesToStr(KaitaiStream.bytesTerminate(this._io.readBytes(48), 0, false), "ASCII");
      this._io.done();
      this._io.at('start');
      this.start = this._io.readU8le();
      this._io.done();
      this._io.at('length');
      this.length = this._io.readU8le();
      this._io.done();
      this._io.at('sha256');
      this.sha256 = this._io.readBytes(32);
      this._io.done();
    }

    return Region;
  })();

  var Registers = PurgatoryParameters.Registers = (function() {
    function Registers(_io, _parent, _root) {
      this._io = _io;
      this._parent = _parent;
      this._root = _root;

    }
    Registers.prototype._read = function() {
      this._io.at('rax');
      this.rax = this._io.readU8le();
      this._io.done();
      this._io.at('rbx');
      this.rbx = this._io.readU8le();
      this._io.done();
      this._io.at('rcx');
      this.rcx = this._io.readU8le();
      this._io.done();
      this._io.at('rdx');
      this.rdx = this._io.readU8le();
      this._io.done();
      this._io.at('rsi');
      this.rsi = this._io.readU8le();
      this._io.done();
      this._io.at('rdi');
      this.rdi = this._io.readU8le();
      this._io.done();
      this._io.at('rbp');
      this.rbp = this._io.readU8le();
      this._io.done();
      this._io.at('rsp');
      this.rsp = this._io.readU8le();
      this._io.done();
      this._io.at('r8');
      this.r8 = this._io.readU8le();
      this._io.done();
      this._io.at('r9');
      this.r9 = this._io.readU8le();
      this._io.done();
      this._io.at('r10');
      this.r10 = this._io.readU8le();
      this._io.done();
      this._io.at('r11');
      this.r11 = this._io.readU8le();
      this._io.done();
      this._io.at('r12');
      this.r12 = this._io.readU8le();
      this._io.done();
      this._io.at('r13');
      this.r13 = this._io.readU8le();
      this._io.done();
      this._io.at('r14');
      this.r14 = this._io.readU8le();
      this._io.done();
      this._io.at('r15');
      this.r15 = this._io.readU8le();
      this._io.done();
    }

    return Registers;
  })();

  return PurgatoryParameters;
})();
return PurgatoryParameters;
})(CheckedStream);
compiled.members = [['sha256', 'sha256'], ['magic', 'magic'], ['version', 'version'], ['mode', 'mode'], ['region_count', 'regionCount'], ['poke_count', 'pokeCount'], ['tables_size', 'tablesSize'], ['tables_sha256', 'tablesSha256'], ['registers', 'registers'], ['entry', 'entry'], ['jobs', 'jobs'], ['console', 'console'], ['serial_port', 'serialPort'], ['serial_divisor', 'serialDivisor'], ['copy_count', 'copyCount'], ['last_words', 'lastWords'], ['regions', 'regions'], ['pokes', 'pokes'], ['copies', 'copies']];
compiled.Registers.members = [['rax', 'rax'], ['rbx', 'rbx'], ['rcx', 'rcx'], ['rdx', 'rdx'], ['rsi', 'rsi'], ['rdi', 'rdi'], ['rbp', 'rbp'], ['rsp', 'rsp'], ['r8', 'r8'], ['r9', 'r9'], ['r10', 'r10'], ['r11', 'r11'], ['r12', 'r12'], ['r13', 'r13'], ['r14', 'r14'], ['r15', 'r15']];
compiled.Region.members = [['name', 'name'], ['start', 'start'], ['length', 'length'], ['sha256', 'sha256']];
compiled.Poke.members = [['at', 'at'], ['length', 'length'], ['reserved', 'reserved'], ['bytes', 'bytes']];
compiled.Copy.members = [['from', 'from'], ['to', 'to'], ['length', 'length'], ['reserved', 'reserved']];

/**
 * What purgatory verifies, writes and enters. It lies at `parametersOffset` of purgatory's segment.
 * The header's digest covers the rest of the header, the header's second digest covers the tables behind it:
 * so no length is believed before it is verified.
 * @see docs/guide/purgatory.md
 */
export const PurgatoryParameters: Reader<PurgatoryParameters, 'sha256' | 'magic' | 'version' | 'mode' | 'region_count' | 'poke_count' | 'tables_size' | 'tables_sha256' | 'registers' | 'registers.rax' | 'registers.rbx' | 'registers.rcx' | 'registers.rdx' | 'registers.rsi' | 'registers.rdi' | 'registers.rbp' | 'registers.rsp' | 'registers.r8' | 'registers.r9' | 'registers.r10' | 'registers.r11' | 'registers.r12' | 'registers.r13' | 'registers.r14' | 'registers.r15' | 'entry' | 'jobs' | 'console' | 'serial_port' | 'serial_divisor' | 'copy_count' | 'last_words'> = reader('purgatory_parameters', undefined, compiled, [
  { name: 'sha256', offset: 0x0, size: 0x20, doc: "SHA-256 of the header's bytes 0x20 to 0xff", spec: "docs/guide/purgatory.md" },
  { name: 'magic', offset: 0x20, size: 0x8, spec: "docs/guide/purgatory.md" },
  { name: 'version', offset: 0x28, size: 0x4, spec: "docs/guide/purgatory.md" },
  { name: 'mode', offset: 0x2c, size: 0x4, doc: "The CPU mode in which the entry is entered; a 32-bit purgatory knows no long64", spec: "docs/guide/purgatory.md" },
  { name: 'region_count', offset: 0x30, size: 0x4, spec: "docs/guide/purgatory.md" },
  { name: 'poke_count', offset: 0x34, size: 0x4, spec: "docs/guide/purgatory.md" },
  { name: 'tables_size', offset: 0x38, size: 0x8, doc: "In bytes, 96 per region, 32 per poke and per copy", spec: "docs/guide/purgatory.md" },
  { name: 'tables_sha256', offset: 0x40, size: 0x20, doc: "SHA-256 of the tables", spec: "docs/guide/purgatory.md" },
  { name: 'registers', offset: 0x60, size: 0x80, spec: "docs/guide/purgatory.md" },
  { name: 'registers.rax', offset: 0x60, size: 0x8, spec: "docs/guide/purgatory.md" },
  { name: 'registers.rbx', offset: 0x68, size: 0x8, spec: "docs/guide/purgatory.md" },
  { name: 'registers.rcx', offset: 0x70, size: 0x8, spec: "docs/guide/purgatory.md" },
  { name: 'registers.rdx', offset: 0x78, size: 0x8, spec: "docs/guide/purgatory.md" },
  { name: 'registers.rsi', offset: 0x80, size: 0x8, spec: "docs/guide/purgatory.md" },
  { name: 'registers.rdi', offset: 0x88, size: 0x8, spec: "docs/guide/purgatory.md" },
  { name: 'registers.rbp', offset: 0x90, size: 0x8, spec: "docs/guide/purgatory.md" },
  { name: 'registers.rsp', offset: 0x98, size: 0x8, spec: "docs/guide/purgatory.md" },
  { name: 'registers.r8', offset: 0xa0, size: 0x8, spec: "docs/guide/purgatory.md" },
  { name: 'registers.r9', offset: 0xa8, size: 0x8, spec: "docs/guide/purgatory.md" },
  { name: 'registers.r10', offset: 0xb0, size: 0x8, spec: "docs/guide/purgatory.md" },
  { name: 'registers.r11', offset: 0xb8, size: 0x8, spec: "docs/guide/purgatory.md" },
  { name: 'registers.r12', offset: 0xc0, size: 0x8, spec: "docs/guide/purgatory.md" },
  { name: 'registers.r13', offset: 0xc8, size: 0x8, spec: "docs/guide/purgatory.md" },
  { name: 'registers.r14', offset: 0xd0, size: 0x8, spec: "docs/guide/purgatory.md" },
  { name: 'registers.r15', offset: 0xd8, size: 0x8, spec: "docs/guide/purgatory.md" },
  { name: 'entry', offset: 0xe0, size: 0x8, doc: "Physical address to jump to. In real mode it becomes CS:IP with the CS of the registers: IP is entry - 16 * CS,\nwhich must be 0 to 0xffff.", spec: "docs/guide/purgatory.md" },
  { name: 'jobs', offset: 0xe8, size: 0x4, doc: "Bit 0, the VGA is reset to text mode 3; bit 1, the interrupt controllers are reset", spec: "docs/guide/purgatory.md" },
  { name: 'console', offset: 0xec, size: 0x4, doc: "Bit 0, words go to the serial port, too; bit 1, to the VGA's text screen, too;\nbit 2, not only what went wrong is said there", spec: "docs/guide/purgatory.md" },
  { name: 'serial_port', offset: 0xf0, size: 0x2, doc: "The first of its eight I/O ports", spec: "docs/guide/purgatory.md" },
  { name: 'serial_divisor', offset: 0xf2, size: 0x2, doc: "Of 115200 baud; 0, the speed is left as it is", spec: "docs/guide/purgatory.md" },
  { name: 'copy_count', offset: 0xf4, size: 0x4, spec: "docs/guide/purgatory.md" },
  { name: 'last_words', offset: 0xf8, size: 0x8, doc: "Physical address of the record of how far the hand-over got, a multiple of 8; 0, there is none", spec: "docs/guide/purgatory.md" },
]);

/**
 * By their 64-bit names. In protected32 mode the first eight are eax to esp, and the others are 0.
 * In real16 mode the first eight are ax to sp, r8 to r13 are cs, ds, es, fs, gs, ss, and the others are 0.
 * @see docs/guide/purgatory.md
 */
export const Registers: Reader<Registers, 'rax' | 'rbx' | 'rcx' | 'rdx' | 'rsi' | 'rdi' | 'rbp' | 'rsp' | 'r8' | 'r9' | 'r10' | 'r11' | 'r12' | 'r13' | 'r14' | 'r15'> = reader('registers', 128, compiled.Registers, [
  { name: 'rax', offset: 0x0, size: 0x8, spec: "docs/guide/purgatory.md" },
  { name: 'rbx', offset: 0x8, size: 0x8, spec: "docs/guide/purgatory.md" },
  { name: 'rcx', offset: 0x10, size: 0x8, spec: "docs/guide/purgatory.md" },
  { name: 'rdx', offset: 0x18, size: 0x8, spec: "docs/guide/purgatory.md" },
  { name: 'rsi', offset: 0x20, size: 0x8, spec: "docs/guide/purgatory.md" },
  { name: 'rdi', offset: 0x28, size: 0x8, spec: "docs/guide/purgatory.md" },
  { name: 'rbp', offset: 0x30, size: 0x8, spec: "docs/guide/purgatory.md" },
  { name: 'rsp', offset: 0x38, size: 0x8, spec: "docs/guide/purgatory.md" },
  { name: 'r8', offset: 0x40, size: 0x8, spec: "docs/guide/purgatory.md" },
  { name: 'r9', offset: 0x48, size: 0x8, spec: "docs/guide/purgatory.md" },
  { name: 'r10', offset: 0x50, size: 0x8, spec: "docs/guide/purgatory.md" },
  { name: 'r11', offset: 0x58, size: 0x8, spec: "docs/guide/purgatory.md" },
  { name: 'r12', offset: 0x60, size: 0x8, spec: "docs/guide/purgatory.md" },
  { name: 'r13', offset: 0x68, size: 0x8, spec: "docs/guide/purgatory.md" },
  { name: 'r14', offset: 0x70, size: 0x8, spec: "docs/guide/purgatory.md" },
  { name: 'r15', offset: 0x78, size: 0x8, spec: "docs/guide/purgatory.md" },
]);

/**
 * A stretch of memory that must have the given digest
 * @see docs/guide/purgatory.md
 */
export const Region: Reader<Region, 'name' | 'start' | 'length' | 'sha256'> = reader('region', 96, compiled.Region, [
  { name: 'name', offset: 0x0, size: 0x30, doc: "Printable ASCII, padded with NUL; 48 characters need no NUL", spec: "docs/guide/purgatory.md" },
  { name: 'start', offset: 0x30, size: 0x8, doc: "Physical address", spec: "docs/guide/purgatory.md" },
  { name: 'length', offset: 0x38, size: 0x8, doc: "In bytes; start + length is at most 2^47 (2^56 with five levels of paging), for a 32-bit purgatory 2^32", spec: "docs/guide/purgatory.md" },
  { name: 'sha256', offset: 0x40, size: 0x20, spec: "docs/guide/purgatory.md" },
]);

/**
 * A small write, done when everything is verified
 * @see docs/guide/purgatory.md
 */
export const Poke: Reader<Poke, 'at' | 'length' | 'reserved' | 'bytes'> = reader('poke', 32, compiled.Poke, [
  { name: 'at', offset: 0x0, size: 0x8, doc: "Physical address", spec: "docs/guide/purgatory.md" },
  { name: 'length', offset: 0x8, size: 0x4, doc: "In bytes", spec: "docs/guide/purgatory.md" },
  { name: 'reserved', offset: 0xc, size: 0x4, spec: "docs/guide/purgatory.md" },
  { name: 'bytes', offset: 0x10, size: 0x10, doc: "The first `length` of them are written", spec: "docs/guide/purgatory.md" },
]);

/**
 * Memory that is copied when everything is verified, before the pokes
 * @see docs/guide/purgatory.md
 */
export const Copy: Reader<Copy, 'from' | 'to' | 'length' | 'reserved'> = reader('copy', 32, compiled.Copy, [
  { name: 'from', offset: 0x0, size: 0x8, doc: "Physical address", spec: "docs/guide/purgatory.md" },
  { name: 'to', offset: 0x8, size: 0x8, doc: "Physical address", spec: "docs/guide/purgatory.md" },
  { name: 'length', offset: 0x10, size: 0x8, doc: "In bytes", spec: "docs/guide/purgatory.md" },
  { name: 'reserved', offset: 0x18, size: 0x8, doc: "Zeros", spec: "docs/guide/purgatory.md" },
]);
