// Generated from efi-setup-data.ksy by @kexec-kit/ksy. Do not edit: change the .ksy and generate again.
/* eslint-disable */
// What Kaitai emits has no types; what is declared here has, and is checked where it is used.
// @ts-nocheck
import { CheckedStream, type Reader, reader } from '@kexec-kit/structures';

/** @see arch/x86/include/asm/efi.h, struct efi_setup_data */
export interface EfiSetupData {
  readonly fw_vendor: bigint;
  readonly runtime: bigint;
  readonly tables: bigint;
  readonly smbios: bigint;
  readonly reserved: readonly bigint[];
}

const compiled: any = ((KaitaiStream) => {
var EfiSetupData = (function() {
  function EfiSetupData(_io, _parent, _root) {
    this._io = _io;
    this._parent = _parent;
    this._root = _root || this;

  }
  EfiSetupData.prototype._read = function() {
    this._io.at('fw_vendor');
    this.fwVendor = this._io.readU8le();
    this._io.done();
    this._io.at('runtime');
    this.runtime = this._io.readU8le();
    this._io.done();
    this._io.at('tables');
    this.tables = this._io.readU8le();
    this._io.done();
    this._io.at('smbios');
    this.smbios = this._io.readU8le();
    this._io.done();
    this._io.at('reserved');
    this.reserved = [];
    for (var i = 0; i < 8; i++) {
      this._io.at(i);
      this.reserved.push(this._io.readU8le());
      this._io.done();
    }
    this._io.done();
  }

  return EfiSetupData;
})();
return EfiSetupData;
})(CheckedStream);
compiled.members = [['fw_vendor', 'fwVendor'], ['runtime', 'runtime'], ['tables', 'tables'], ['smbios', 'smbios'], ['reserved', 'reserved']];

/** @see arch/x86/include/asm/efi.h, struct efi_setup_data */
export const EfiSetupData: Reader<EfiSetupData, 'fw_vendor' | 'runtime' | 'tables' | 'smbios' | 'reserved'> = reader('efi_setup_data', 96, compiled, [
  { name: 'fw_vendor', offset: 0x0, size: 0x8, spec: "arch/x86/include/asm/efi.h, struct efi_setup_data" },
  { name: 'runtime', offset: 0x8, size: 0x8, spec: "arch/x86/include/asm/efi.h, struct efi_setup_data" },
  { name: 'tables', offset: 0x10, size: 0x8, spec: "arch/x86/include/asm/efi.h, struct efi_setup_data" },
  { name: 'smbios', offset: 0x18, size: 0x8, spec: "arch/x86/include/asm/efi.h, struct efi_setup_data" },
  { name: 'reserved', offset: 0x20, size: 0x40, spec: "arch/x86/include/asm/efi.h, struct efi_setup_data" },
]);
