// Generated from last-words.ksy by @kexec-kit/ksy. Do not edit: change the .ksy and generate again.
/* eslint-disable */
// What Kaitai emits has no types; what is declared here has, and is checked where it is used.
// @ts-nocheck
import { CheckedStream, type Reader, reader } from '@kexec-kit/structures';

export const State = {
  entered: 225,
  verifying: 226,
  verified: 227,
  switched: 228,
  jumped: 229,
  mismatch: 238,
  refused: 239,
} as const;
export type State = (typeof State)[keyof typeof State];

/**
 * Purgatory writes it where its parameter block says; whoever looks afterwards reads it: the next kernel, a debugger, a dump.
 * Zeros mean that purgatory was not entered, or stopped at its own parameter block.
 * @see docs/guide/purgatory.md
 */
export interface LastWords {
  readonly magic: Uint8Array;
  /** The last that was told; each of these goes to port 0x80, too */
  readonly state: number;
  /** Of the parameter block that this purgatory understands */
  readonly version: number;
  readonly region_count: number;
  /** The one whose verification began last, or which differs; 0xffffffff, none of them */
  readonly region: number;
  /** The CPU's time-stamp counter when purgatory was entered */
  readonly entered: bigint;
  /** The same when everything was verified; 0, it was not */
  readonly verified: bigint;
  /** The same just before the next kernel; 0, it was not entered */
  readonly jumped: bigint;
  /** Of what differs; empty, nothing does */
  readonly name: string;
  /** The SHA-256 that was linked */
  readonly expected: Uint8Array;
  /** The SHA-256 of what was there */
  readonly found: Uint8Array;
}

const compiled: any = ((KaitaiStream) => {
var LastWords = (function() {
  LastWords.State = Object.freeze({
    ENTERED: 225,
    VERIFYING: 226,
    VERIFIED: 227,
    SWITCHED: 228,
    JUMPED: 229,
    MISMATCH: 238,
    REFUSED: 239,

    225: "ENTERED",
    226: "VERIFYING",
    227: "VERIFIED",
    228: "SWITCHED",
    229: "JUMPED",
    238: "MISMATCH",
    239: "REFUSED",
  });

  function LastWords(_io, _parent, _root) {
    this._io = _io;
    this._parent = _parent;
    this._root = _root || this;

  }
  LastWords.prototype._read = function() {
    this._io.at('magic');
    this.magic = this._io.readBytes(8);
    if (!((KaitaiStream.byteArrayCompare(this.magic, new Uint8Array([107, 107, 119, 111, 114, 100, 115, 49])) == 0))) {
      var _err = new KaitaiStream.ValidationNotEqualError(new Uint8Array([107, 107, 119, 111, 114, 100, 115, 49]), this.magic, this._io, "/seq/0");
      throw _err;
    }
    this._io.done();
    this._io.at('state');
    this.state = this._io.readU4le();
    this._io.done();
    this._io.at('version');
    this.version = this._io.readU4le();
    this._io.done();
    this._io.at('region_count');
    this.regionCount = this._io.readU4le();
    this._io.done();
    this._io.at('region');
    this.region = this._io.readU4le();
    this._io.done();
    this._io.at('entered');
    this.entered = this._io.readU8le();
    this._io.done();
    this._io.at('verified');
    this.verified = this._io.readU8le();
    this._io.done();
    this._io.at('jumped');
    this.jumped = this._io.readU8le();
    this._io.done();
    this._io.at('name');
    this.name = KaitaiStream.bytesToStr(KaitaiStream.bytesTerminate(this._io.readBytes(48), 0, false), "ASCII");
    this._io.done();
    this._io.at('expected');
    this.expected = this._io.readBytes(32);
    this._io.done();
    this._io.at('found');
    this.found = this._io.readBytes(32);
    this._io.done();
  }

  return LastWords;
})();
return LastWords;
})(CheckedStream);
compiled.members = [['magic', 'magic'], ['state', 'state'], ['version', 'version'], ['region_count', 'regionCount'], ['region', 'region'], ['entered', 'entered'], ['verified', 'verified'], ['jumped', 'jumped'], ['name', 'name'], ['expected', 'expected'], ['found', 'found']];

/**
 * Purgatory writes it where its parameter block says; whoever looks afterwards reads it: the next kernel, a debugger, a dump.
 * Zeros mean that purgatory was not entered, or stopped at its own parameter block.
 * @see docs/guide/purgatory.md
 */
export const LastWords: Reader<LastWords, 'magic' | 'state' | 'version' | 'region_count' | 'region' | 'entered' | 'verified' | 'jumped' | 'name' | 'expected' | 'found'> = reader('last_words', 160, compiled, [
  { name: 'magic', offset: 0x0, size: 0x8, spec: "docs/guide/purgatory.md" },
  { name: 'state', offset: 0x8, size: 0x4, doc: "The last that was told; each of these goes to port 0x80, too", spec: "docs/guide/purgatory.md" },
  { name: 'version', offset: 0xc, size: 0x4, doc: "Of the parameter block that this purgatory understands", spec: "docs/guide/purgatory.md" },
  { name: 'region_count', offset: 0x10, size: 0x4, spec: "docs/guide/purgatory.md" },
  { name: 'region', offset: 0x14, size: 0x4, doc: "The one whose verification began last, or which differs; 0xffffffff, none of them", spec: "docs/guide/purgatory.md" },
  { name: 'entered', offset: 0x18, size: 0x8, doc: "The CPU's time-stamp counter when purgatory was entered", spec: "docs/guide/purgatory.md" },
  { name: 'verified', offset: 0x20, size: 0x8, doc: "The same when everything was verified; 0, it was not", spec: "docs/guide/purgatory.md" },
  { name: 'jumped', offset: 0x28, size: 0x8, doc: "The same just before the next kernel; 0, it was not entered", spec: "docs/guide/purgatory.md" },
  { name: 'name', offset: 0x30, size: 0x30, doc: "Of what differs; empty, nothing does", spec: "docs/guide/purgatory.md" },
  { name: 'expected', offset: 0x60, size: 0x20, doc: "The SHA-256 that was linked", spec: "docs/guide/purgatory.md" },
  { name: 'found', offset: 0x80, size: 0x20, doc: "The SHA-256 of what was there", spec: "docs/guide/purgatory.md" },
]);
