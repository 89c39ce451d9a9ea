// Generated from setup-data.ksy by @kexec-kit/ksy. Do not edit: change the .ksy and generate again.
/* eslint-disable */
// What Kaitai emits has no types; what is declared here has, and is checked where it is used.
// @ts-nocheck
import { CheckedStream, type Reader, reader } from '@kexec-kit/structures';

/** @see Documentation/arch/x86/boot.rst, setup_data, 0x250/8 */
export interface SetupData {
  /** physical address of the next node, 0 in the last one */
  readonly next: bigint;
  /** SETUP_*, arch/x86/include/uapi/asm/setup_data.h */
  readonly type: number;
  /** bytes of data */
  readonly len: number;
  readonly data: Uint8Array;
}

const compiled: any = ((KaitaiStream) => {
var SetupData = (function() {
  function SetupData(_io, _parent, _root) {
    this._io = _io;
    this._parent = _parent;
    this._root = _root || this;

  }
  SetupData.prototype._read = function() {
    this._io.at('next');
    this.next = this._io.readU8le();
    this._io.done();
    this._io.at('type');
    this.type = this._io.readU4le();
    this._io.done();
    this._io.at('len');
    this.len = this._io.readU4le();
    this._io.done();
    this._io.at('data');
    this.data = this._io.readBytes(this.len);
    this._io.done();
  }

  return SetupData;
})();
return SetupData;
})(CheckedStream);
compiled.members = [['next', 'next'], ['type', 'type'], ['len', 'len'], ['data', 'data']];

/** @see Documentation/arch/x86/boot.rst, setup_data, 0x250/8 */
export const SetupData: Reader<SetupData, 'next' | 'type' | 'len'> = reader('setup_data', undefined, compiled, [
  { name: 'next', offset: 0x0, size: 0x8, doc: "physical address of the next node, 0 in the last one", spec: "Documentation/arch/x86/boot.rst, setup_data, 0x250/8" },
  { name: 'type', offset: 0x8, size: 0x4, doc: "SETUP_*, arch/x86/include/uapi/asm/setup_data.h", spec: "Documentation/arch/x86/boot.rst, setup_data, 0x250/8" },
  { name: 'len', offset: 0xc, size: 0x4, doc: "bytes of data", spec: "Documentation/arch/x86/boot.rst, setup_data, 0x250/8" },
]);
