// Generated from efi-memory-descriptor.ksy by @kexec-kit/ksy. Do not edit: change the .ksy and generate again.
/* eslint-disable */
// What Kaitai emits has no types; what is declared here has, and is checked where it is used.
// @ts-nocheck
import { CheckedStream, type Reader, reader } from '@kexec-kit/structures';

/** @see UEFI 2.10, 7.2.3 */
export interface EfiMemoryDescriptor {
  readonly type: number;
  readonly pad: Uint8Array;
  readonly physical_start: bigint;
  readonly virtual_start: bigint;
  readonly number_of_pages: bigint;
  readonly attribute: bigint;
}

const compiled: any = ((KaitaiStream) => {
var EfiMemoryDescriptor = (function() {
  function EfiMemoryDescriptor(_io, _parent, _root) {
    this._io = _io;
    this._parent = _parent;
    this._root = _root || this;

  }
  EfiMemoryDescriptor.prototype._read = function() {
    this._io.at('type');
    this.type = this._io.readU4le();
    this._io.done();
    this._io.at('pad');
    this.pad = this._io.readBytes(4);
    this._io.done();
    this._io.at('physical_start');
    this.physicalStart = this._io.readU8le();
    this._io.done();
    this._io.at('virtual_start');
    this.virtualStart = this._io.readU8le();
    this._io.done();
    this._io.at('number_of_pages');
    this.numberOfPages = this._io.readU8le();
    this._io.done();
    this._io.at('attribute');
    this.attribute = this._io.readU8le();
    this._io.done();
  }

  return EfiMemoryDescriptor;
})();
return EfiMemoryDescriptor;
})(CheckedStream);
compiled.members = [['type', 'type'], ['pad', 'pad'], ['physical_start', 'physicalStart'], ['virtual_start', 'virtualStart'], ['number_of_pages', 'numberOfPages'], ['attribute', 'attribute']];

/** @see UEFI 2.10, 7.2.3 */
export const EfiMemoryDescriptor: Reader<EfiMemoryDescriptor, 'type' | 'pad' | 'physical_start' | 'virtual_start' | 'number_of_pages' | 'attribute'> = reader('efi_memory_descriptor', 40, compiled, [
  { name: 'type', offset: 0x0, size: 0x4, spec: "UEFI 2.10, 7.2.3" },
  { name: 'pad', offset: 0x4, size: 0x4, spec: "UEFI 2.10, 7.2.3" },
  { name: 'physical_start', offset: 0x8, size: 0x8, spec: "UEFI 2.10, 7.2.3" },
  { name: 'virtual_start', offset: 0x10, size: 0x8, spec: "UEFI 2.10, 7.2.3" },
  { name: 'number_of_pages', offset: 0x18, size: 0x8, spec: "UEFI 2.10, 7.2.3" },
  { name: 'attribute', offset: 0x20, size: 0x8, spec: "UEFI 2.10, 7.2.3" },
]);
