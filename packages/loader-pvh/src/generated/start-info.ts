// Generated from start-info.ksy by @kexec-kit/ksy. Do not edit: change the .ksy and generate again.
/* eslint-disable */
// What Kaitai emits has no types; what is declared here has, and is checked where it is used.
// @ts-nocheck
import { CheckedStream, type Reader, reader } from '@kexec-kit/structures';

/**
 * Version 1 of the structure, and the entries of the two tables that it points to.
 * All addresses are physical. Names are those of Xen's public header.
 * @see xen/include/public/arch-x86/hvm/start_info.h
 */
export interface HvmStartInfo {
  /**
   * 0x336ec578, "xEn3" with the highest bit of the E set
   * @see xen/include/public/arch-x86/hvm/start_info.h, magic, 0x0/4
   */
  readonly magic: number;
  /**
   * 1: the memory map is there
   * @see xen/include/public/arch-x86/hvm/start_info.h, version, 0x4/4
   */
  readonly version: number;
  /**
   * SIF_*, of Xen's own
   * @see xen/include/public/arch-x86/hvm/start_info.h, flags, 0x8/4
   */
  readonly flags: number;
  /**
   * entries in the module list
   * @see xen/include/public/arch-x86/hvm/start_info.h, nr_modules, 0xc/4
   */
  readonly nr_modules: number;
  /**
   * the module list; 0 for none
   * @see xen/include/public/arch-x86/hvm/start_info.h, modlist_paddr, 0x10/8
   */
  readonly modlist_paddr: bigint;
  /**
   * the command line, with its NUL; 0 for none
   * @see xen/include/public/arch-x86/hvm/start_info.h, cmdline_paddr, 0x18/8
   */
  readonly cmdline_paddr: bigint;
  /**
   * the RSDP of ACPI; 0 for none
   * @see xen/include/public/arch-x86/hvm/start_info.h, rsdp_paddr, 0x20/8
   */
  readonly rsdp_paddr: bigint;
  /**
   * the memory map; 0 for none
   * @see xen/include/public/arch-x86/hvm/start_info.h, memmap_paddr, 0x28/8
   */
  readonly memmap_paddr: bigint;
  /**
   * entries in the memory map
   * @see xen/include/public/arch-x86/hvm/start_info.h, memmap_entries, 0x30/4
   */
  readonly memmap_entries: number;
  /**
   * 0
   * @see xen/include/public/arch-x86/hvm/start_info.h, reserved, 0x34/4
   */
  readonly reserved: number;
}

/**
 * One entry of the module list.
 * @see xen/include/public/arch-x86/hvm/start_info.h
 */
export interface HvmModlistEntry {
  /**
   * where the module begins
   * @see xen/include/public/arch-x86/hvm/start_info.h, hvm_modlist_entry, 0x0/8
   */
  readonly paddr: bigint;
  /**
   * in bytes
   * @see xen/include/public/arch-x86/hvm/start_info.h, hvm_modlist_entry, 0x8/8
   */
  readonly size: bigint;
  /**
   * its own command line, with its NUL; 0 for none
   * @see xen/include/public/arch-x86/hvm/start_info.h, hvm_modlist_entry, 0x10/8
   */
  readonly cmdline_paddr: bigint;
  /**
   * 0
   * @see xen/include/public/arch-x86/hvm/start_info.h, hvm_modlist_entry, 0x18/8
   */
  readonly reserved: bigint;
}

/**
 * One range of the memory map.
 * @see xen/include/public/arch-x86/hvm/start_info.h
 */
export interface HvmMemmapTableEntry {
  /**
   * where it begins
   * @see xen/include/public/arch-x86/hvm/start_info.h, hvm_memmap_table_entry, 0x0/8
   */
  readonly addr: bigint;
  /**
   * in bytes
   * @see xen/include/public/arch-x86/hvm/start_info.h, hvm_memmap_table_entry, 0x8/8
   */
  readonly size: bigint;
  /**
   * XEN_HVM_MEMMAP_TYPE_*, which are the types of E820
   * @see xen/include/public/arch-x86/hvm/start_info.h, hvm_memmap_table_entry, 0x10/4
   */
  readonly type: number;
  /**
   * 0
   * @see xen/include/public/arch-x86/hvm/start_info.h, hvm_memmap_table_entry, 0x14/4
   */
  readonly reserved: number;
}

const compiled: any = ((KaitaiStream) => {
var HvmStartInfo = (function() {
  function HvmStartInfo(_io, _parent, _root) {
    this._io = _io;
    this._parent = _parent;
    this._root = _root || this;

  }
  HvmStartInfo.prototype._read = function() {
    this._io.at('magic');
    this.magic = this._io.readU4le();
    this._io.done();
    this._io.at('version');
    this.version = this._io.readU4le();
    this._io.done();
    this._io.at('flags');
    this.flags = this._io.readU4le();
    this._io.done();
    this._io.at('nr_modules');
    this.nrModules = this._io.readU4le();
    this._io.done();
    this._io.at('modlist_paddr');
    this.modlistPaddr = this._io.readU8le();
    this._io.done();
    this._io.at('cmdline_paddr');
    this.cmdlinePaddr = this._io.readU8le();
    this._io.done();
    this._io.at('rsdp_paddr');
    this.rsdpPaddr = this._io.readU8le();
    this._io.done();
    this._io.at('memmap_paddr');
    this.memmapPaddr = this._io.readU8le();
    this._io.done();
    this._io.at('memmap_entries');
    this.memmapEntries = this._io.readU4le();
    this._io.done();
    this._io.at('reserved');
    this.reserved = this._io.readU4le();
    this._io.done();
  }

  var HvmMemmapTableEntry = HvmStartInfo.HvmMemmapTableEntry = (function() {
    function HvmMemmapTableEntry(_io, _parent, _root) {
      this._io = _io;
      this._parent = _parent;
      this._root = _root;

    }
    HvmMemmapTableEntry.prototype._read = function() {
      this._io.at('addr');
      this.addr = this._io.readU8le();
      this._io.done();
      this._io.at('size');
      this.size = this._io.readU8le();
      this._io.done();
      this._io.at('type');
      this.type = this._io.readU4le();
      this._io.done();
      this._io.at('reserved');
      this.reserved = this._io.readU4le();
      this._io.done();
    }

    return HvmMemmapTableEntry;
  })();

  var HvmModlistEntry = HvmStartInfo.HvmModlistEntry = (function() {
    function HvmModlistEntry(_io, _parent, _root) {
      this._io = _io;
      this._parent = _parent;
      this._root = _root;

    }
    HvmModlistEntry.prototype._read = function() {
      this._io.at('paddr');
      this.paddr = this._io.readU8le();
      this._io.done();
      this._io.at('size');
      this.size = this._io.readU8le();
      this._io.done();
      this._io.at('cmdline_paddr');
      this.cmdlinePaddr = this._io.readU8le();
      this._io.done();
      this._io.at('reserved');
      this.reserved = this._io.readU8le();
      this._io.done();
    }

    return HvmModlistEntry;
  })();

  return HvmStartInfo;
})();
return HvmStartInfo;
})(CheckedStream);
compiled.members = [['magic', 'magic'], ['version', 'version'], ['flags', 'flags'], ['nr_modules', 'nrModules'], ['modlist_paddr', 'modlistPaddr'], ['cmdline_paddr', 'cmdlinePaddr'], ['rsdp_paddr', 'rsdpPaddr'], ['memmap_paddr', 'memmapPaddr'], ['memmap_entries', 'memmapEntries'], ['reserved', 'reserved']];
compiled.HvmModlistEntry.members = [['paddr', 'paddr'], ['size', 'size'], ['cmdline_paddr', 'cmdlinePaddr'], ['reserved', 'reserved']];
compiled.HvmMemmapTableEntry.members = [['addr', 'addr'], ['size', 'size'], ['type', 'type'], ['reserved', 'reserved']];

/**
 * Version 1 of the structure, and the entries of the two tables that it points to.
 * All addresses are physical. Names are those of Xen's public header.
 * @see xen/include/public/arch-x86/hvm/start_info.h
 */
export const HvmStartInfo: Reader<HvmStartInfo, 'magic' | 'version' | 'flags' | 'nr_modules' | 'modlist_paddr' | 'cmdline_paddr' | 'rsdp_paddr' | 'memmap_paddr' | 'memmap_entries' | 'reserved'> = reader('hvm_start_info', 56, compiled, [
  { name: 'magic', offset: 0x0, size: 0x4, doc: "0x336ec578, \"xEn3\" with the highest bit of the E set", spec: "xen/include/public/arch-x86/hvm/start_info.h, magic, 0x0/4" },
  { name: 'version', offset: 0x4, size: 0x4, doc: "1: the memory map is there", spec: "xen/include/public/arch-x86/hvm/start_info.h, version, 0x4/4" },
  { name: 'flags', offset: 0x8, size: 0x4, doc: "SIF_*, of Xen's own", spec: "xen/include/public/arch-x86/hvm/start_info.h, flags, 0x8/4" },
  { name: 'nr_modules', offset: 0xc, size: 0x4, doc: "entries in the module list", spec: "xen/include/public/arch-x86/hvm/start_info.h, nr_modules, 0xc/4" },
  { name: 'modlist_paddr', offset: 0x10, size: 0x8, doc: "the module list; 0 for none", spec: "xen/include/public/arch-x86/hvm/start_info.h, modlist_paddr, 0x10/8" },
  { name: 'cmdline_paddr', offset: 0x18, size: 0x8, doc: "the command line, with its NUL; 0 for none", spec: "xen/include/public/arch-x86/hvm/start_info.h, cmdline_paddr, 0x18/8" },
  { name: 'rsdp_paddr', offset: 0x20, size: 0x8, doc: "the RSDP of ACPI; 0 for none", spec: "xen/include/public/arch-x86/hvm/start_info.h, rsdp_paddr, 0x20/8" },
  { name: 'memmap_paddr', offset: 0x28, size: 0x8, doc: "the memory map; 0 for none", spec: "xen/include/public/arch-x86/hvm/start_info.h, memmap_paddr, 0x28/8" },
  { name: 'memmap_entries', offset: 0x30, size: 0x4, doc: "entries in the memory map", spec: "xen/include/public/arch-x86/hvm/start_info.h, memmap_entries, 0x30/4" },
  { name: 'reserved', offset: 0x34, size: 0x4, doc: "0", spec: "xen/include/public/arch-x86/hvm/start_info.h, reserved, 0x34/4" },
]);

/**
 * One entry of the module list.
 * @see xen/include/public/arch-x86/hvm/start_info.h
 */
export const HvmModlistEntry: Reader<HvmModlistEntry, 'paddr' | 'size' | 'cmdline_paddr' | 'reserved'> = reader('hvm_modlist_entry', 32, compiled.HvmModlistEntry, [
  { name: 'paddr', offset: 0x0, size: 0x8, doc: "where the module begins", spec: "xen/include/public/arch-x86/hvm/start_info.h, hvm_modlist_entry, 0x0/8" },
  { name: 'size', offset: 0x8, size: 0x8, doc: "in bytes", spec: "xen/include/public/arch-x86/hvm/start_info.h, hvm_modlist_entry, 0x8/8" },
  { name: 'cmdline_paddr', offset: 0x10, size: 0x8, doc: "its own command line, with its NUL; 0 for none", spec: "xen/include/public/arch-x86/hvm/start_info.h, hvm_modlist_entry, 0x10/8" },
  { name: 'reserved', offset: 0x18, size: 0x8, doc: "0", spec: "xen/include/public/arch-x86/hvm/start_info.h, hvm_modlist_entry, 0x18/8" },
]);

/**
 * One range of the memory map.
 * @see xen/include/public/arch-x86/hvm/start_info.h
 */
export const HvmMemmapTableEntry: Reader<HvmMemmapTableEntry, 'addr' | 'size' | 'type' | 'reserved'> = reader('hvm_memmap_table_entry', 24, compiled.HvmMemmapTableEntry, [
  { name: 'addr', offset: 0x0, size: 0x8, doc: "where it begins", spec: "xen/include/public/arch-x86/hvm/start_info.h, hvm_memmap_table_entry, 0x0/8" },
  { name: 'size', offset: 0x8, size: 0x8, doc: "in bytes", spec: "xen/include/public/arch-x86/hvm/start_info.h, hvm_memmap_table_entry, 0x8/8" },
  { name: 'type', offset: 0x10, size: 0x4, doc: "XEN_HVM_MEMMAP_TYPE_*, which are the types of E820", spec: "xen/include/public/arch-x86/hvm/start_info.h, hvm_memmap_table_entry, 0x10/4" },
  { name: 'reserved', offset: 0x14, size: 0x4, doc: "0", spec: "xen/include/public/arch-x86/hvm/start_info.h, hvm_memmap_table_entry, 0x14/4" },
]);
