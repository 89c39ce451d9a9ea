// Generated from multiboot-info.ksy by @kexec-kit/ksy. Do not edit: change the .ksy and generate again.
/* eslint-disable */
// What Kaitai emits has no types; what is declared here has, and is checked where it is used.
// @ts-nocheck
import { CheckedStream, type Reader, reader } from '@kexec-kit/structures';

/**
 * All addresses are physical. A field counts if its bit in flags is set. Names are those of the Multiboot Specification.
 * @see Multiboot 0.6.96, 3.3
 */
export interface MultibootInfo {
  /**
   * bit 0 mem_*, 2 cmdline, 3 mods_*, 6 mmap_*, 9 boot_loader_name, 12 framebuffer_*
   * @see Multiboot 0.6.96, 3.3, 0x0/4
   */
  readonly flags: number;
  /**
   * KiB of memory from 0 on, at most 640
   * @see Multiboot 0.6.96, 3.3, 0x4/4
   */
  readonly mem_lower: number;
  /**
   * KiB of memory from 1 MiB up to the first hole
   * @see Multiboot 0.6.96, 3.3, 0x8/4
   */
  readonly mem_upper: number;
  /**
   * BIOS disk
   * @see Multiboot 0.6.96, 3.3, 0xc/4
   */
  readonly boot_device: number;
  /**
   * text with its NUL
   * @see Multiboot 0.6.96, 3.3, 0x10/4
   */
  readonly cmdline: number;
  /**
   * how many modules
   * @see Multiboot 0.6.96, 3.3, 0x14/4
   */
  readonly mods_count: number;
  /**
   * the first entry of the module list
   * @see Multiboot 0.6.96, 3.3, 0x18/4
   */
  readonly mods_addr: number;
  /** @see Multiboot 0.6.96, 3.3, 0x1c/4 */
  readonly syms_0: number;
  /** @see Multiboot 0.6.96, 3.3, 0x20/4 */
  readonly syms_1: number;
  /** @see Multiboot 0.6.96, 3.3, 0x24/4 */
  readonly syms_2: number;
  /** @see Multiboot 0.6.96, 3.3, 0x28/4 */
  readonly syms_3: number;
  /**
   * of the memory map, in bytes
   * @see Multiboot 0.6.96, 3.3, 0x2c/4
   */
  readonly mmap_length: number;
  /**
   * the first entry of the memory map
   * @see Multiboot 0.6.96, 3.3, 0x30/4
   */
  readonly mmap_addr: number;
  /** @see Multiboot 0.6.96, 3.3, 0x34/4 */
  readonly drives_length: number;
  /** @see Multiboot 0.6.96, 3.3, 0x38/4 */
  readonly drives_addr: number;
  /** @see Multiboot 0.6.96, 3.3, 0x3c/4 */
  readonly config_table: number;
  /**
   * text with its NUL
   * @see Multiboot 0.6.96, 3.3, 0x40/4
   */
  readonly boot_loader_name: number;
  /** @see Multiboot 0.6.96, 3.3, 0x44/4 */
  readonly apm_table: number;
  /** @see Multiboot 0.6.96, 3.3, 0x48/4 */
  readonly vbe_control_info: number;
  /** @see Multiboot 0.6.96, 3.3, 0x4c/4 */
  readonly vbe_mode_info: number;
  /** @see Multiboot 0.6.96, 3.3, 0x50/2 */
  readonly vbe_mode: number;
  /** @see Multiboot 0.6.96, 3.3, 0x52/2 */
  readonly vbe_interface_seg: number;
  /** @see Multiboot 0.6.96, 3.3, 0x54/2 */
  readonly vbe_interface_off: number;
  /** @see Multiboot 0.6.96, 3.3, 0x56/2 */
  readonly vbe_interface_len: number;
  /**
   * the first pixel, or character
   * @see Multiboot 0.6.96, 3.3, 0x58/8
   */
  readonly framebuffer_addr: bigint;
  /**
   * bytes of a line
   * @see Multiboot 0.6.96, 3.3, 0x60/4
   */
  readonly framebuffer_pitch: number;
  /**
   * pixels, or characters
   * @see Multiboot 0.6.96, 3.3, 0x64/4
   */
  readonly framebuffer_width: number;
  /**
   * pixels, or characters
   * @see Multiboot 0.6.96, 3.3, 0x68/4
   */
  readonly framebuffer_height: number;
  /**
   * bits of a pixel; 16 for text
   * @see Multiboot 0.6.96, 3.3, 0x6c/1
   */
  readonly framebuffer_bpp: number;
  /**
   * 1 for RGB, 2 for text
   * @see Multiboot 0.6.96, 3.3, 0x6d/1
   */
  readonly framebuffer_type: number;
  /**
   * RGB: position and mask size of red, of green, of blue
   * @see Multiboot 0.6.96, 3.3, 0x6e
   */
  readonly color_info: Uint8Array;
}

/**
 * One entry of the module list.
 * @see Multiboot 0.6.96, 3.3
 */
export interface MultibootModule {
  /**
   * the first byte
   * @see Multiboot 0.6.96, 3.3, 0x0/4
   */
  readonly mod_start: number;
  /**
   * behind the last byte
   * @see Multiboot 0.6.96, 3.3, 0x4/4
   */
  readonly mod_end: number;
  /**
   * text with its NUL
   * @see Multiboot 0.6.96, 3.3, 0x8/4
   */
  readonly string: number;
  /**
   * 0
   * @see Multiboot 0.6.96, 3.3, 0xc/4
   */
  readonly reserved: number;
}

/**
 * One range of the memory map. size counts what follows it.
 * @see Multiboot 0.6.96, 3.3
 */
export interface MultibootMmap {
  /**
   * 20
   * @see Multiboot 0.6.96, 3.3, 0x0/4
   */
  readonly size: number;
  /**
   * where it begins
   * @see Multiboot 0.6.96, 3.3, 0x4/8
   */
  readonly base_addr: bigint;
  /**
   * in bytes
   * @see Multiboot 0.6.96, 3.3, 0xc/8
   */
  readonly length: bigint;
  /**
   * 1 RAM, 3 ACPI tables, 4 preserved on hibernation, 5 defective; all else is reserved
   * @see Multiboot 0.6.96, 3.3, 0x14/4
   */
  readonly type: number;
}

const compiled: any = ((KaitaiStream) => {
var MultibootInfo = (function() {
  function MultibootInfo(_io, _parent, _root) {
    this._io = _io;
    this._parent = _parent;
    this._root = _root || this;

  }
  MultibootInfo.prototype._read = function() {
    this._io.at('flags');
    this.flags = this._io.readU4le();
    this._io.done();
    this._io.at('mem_lower');
    this.memLower = this._io.readU4le();
    this._io.done();
    this._io.at('mem_upper');
    this.memUpper = this._io.readU4le();
    this._io.done();
    this._io.at('boot_device');
    this.bootDevice = this._io.readU4le();
    this._io.done();
    this._io.at('cmdline');
    this.cmdline = this._io.readU4le();
    this._io.done();
    this._io.at('mods_count');
    this.modsCount = this._io.readU4le();
    this._io.done();
    this._io.at('mods_addr');
    this.modsAddr = this._io.readU4le();
    this._io.done();
    this._io.at('syms_0');
    this.syms0 = this._io.readU4le();
    this._io.done();
    this._io.at('syms_1');
    this.syms1 = this._io.readU4le();
    this._io.done();
    this._io.at('syms_2');
    this.syms2 = this._io.readU4le();
    this._io.done();
    this._io.at('syms_3');
    this.syms3 = this._io.readU4le();
    this._io.done();
    this._io.at('mmap_length');
    this.mmapLength = this._io.readU4le();
    this._io.done();
    this._io.at('mmap_addr');
    this.mmapAddr = this._io.readU4le();
    this._io.done();
    this._io.at('drives_length');
    this.drivesLength = this._io.readU4le();
    this._io.done();
    this._io.at('drives_addr');
    this.drivesAddr = this._io.readU4le();
    this._io.done();
    this._io.at('config_table');
    this.configTable = this._io.readU4le();
    this._io.done();
    this._io.at('boot_loader_name');
    this.bootLoaderName = this._io.readU4le();
    this._io.done();
    this._io.at('apm_table');
    this.apmTable = this._io.readU4le();
    this._io.done();
    this._io.at('vbe_control_info');
    this.vbeControlInfo = this._io.readU4le();
    this._io.done();
    this._io.at('vbe_mode_info');
    this.vbeModeInfo = this._io.readU4le();
    this._io.done();
    this._io.at('vbe_mode');
    this.vbeMode = this._io.readU2le();
    this._io.done();
    this._io.at('vbe_interface_seg');
    this.vbeInterfaceSeg = this._io.readU2le();
    this._io.done();
    this._io.at('vbe_interface_off');
    this.vbeInterfaceOff = this._io.readU2le();
    this._io.done();
    this._io.at('vbe_interface_len');
    this.vbeInterfaceLen = this._io.readU2le();
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
    this._io.at('color_info');
    this.colorInfo = this._io.readBytes(6);
    this._io.done();
  }

  var MultibootMmap = MultibootInfo.MultibootMmap = (function() {
    function MultibootMmap(_io, _parent, _root) {
      this._io = _io;
      this._parent = _parent;
      this._root = _root;

    }
    MultibootMmap.prototype._read = function() {
      this._io.at('size');
      this.size = this._io.readU4le();
      this._io.done();
      this._io.at('base_addr');
      this.baseAddr = this._io.readU8le();
      this._io.done();
      this._io.at('length');
      this.length = this._io.readU8le();
      this._io.done();
      this._io.at('type');
      this.type = this._io.readU4le();
      this._io.done();
    }

    return MultibootMmap;
  })();

  var MultibootModule = MultibootInfo.MultibootModule = (function() {
    function MultibootModule(_io, _parent, _root) {
      this._io = _io;
      this._parent = _parent;
      this._root = _root;

    }
    MultibootModule.prototype._read = function() {
      this._io.at('mod_start');
      this.modStart = this._io.readU4le();
      this._io.done();
      this._io.at('mod_end');
      this.modEnd = this._io.readU4le();
      this._io.done();
      this._io.at('string');
      this.string = this._io.readU4le();
      this._io.done();
      this._io.at('reserved');
      this.reserved = this._io.readU4le();
      this._io.done();
    }

    return MultibootModule;
  })();

  return MultibootInfo;
})();
return MultibootInfo;
})(CheckedStream);
compiled.members = [['flags', 'flags'], ['mem_lower', 'memLower'], ['mem_upper', 'memUpper'], ['boot_device', 'bootDevice'], ['cmdline', 'cmdline'], ['mods_count', 'modsCount'], ['mods_addr', 'modsAddr'], ['syms_0', 'syms0'], ['syms_1', 'syms1'], ['syms_2', 'syms2'], ['syms_3', 'syms3'], ['mmap_length', 'mmapLength'], ['mmap_addr', 'mmapAddr'], ['drives_length', 'drivesLength'], ['drives_addr', 'drivesAddr'], ['config_table', 'configTable'], ['boot_loader_name', 'bootLoaderName'], ['apm_table', 'apmTable'], ['vbe_control_info', 'vbeControlInfo'], ['vbe_mode_info', 'vbeModeInfo'], ['vbe_mode', 'vbeMode'], ['vbe_interface_seg', 'vbeInterfaceSeg'], ['vbe_interface_off', 'vbeInterfaceOff'], ['vbe_interface_len', 'vbeInterfaceLen'], ['framebuffer_addr', 'framebufferAddr'], ['framebuffer_pitch', 'framebufferPitch'], ['framebuffer_width', 'framebufferWidth'], ['framebuffer_height', 'framebufferHeight'], ['framebuffer_bpp', 'framebufferBpp'], ['framebuffer_type', 'framebufferType'], ['color_info', 'colorInfo']];
compiled.MultibootModule.members = [['mod_start', 'modStart'], ['mod_end', 'modEnd'], ['string', 'string'], ['reserved', 'reserved']];
compiled.MultibootMmap.members = [['size', 'size'], ['base_addr', 'baseAddr'], ['length', 'length'], ['type', 'type']];

/**
 * All addresses are physical. A field counts if its bit in flags is set. Names are those of the Multiboot Specification.
 * @see Multiboot 0.6.96, 3.3
 */
export const MultibootInfo: Reader<MultibootInfo, 'flags' | 'mem_lower' | 'mem_upper' | 'boot_device' | 'cmdline' | 'mods_count' | 'mods_addr' | 'syms_0' | 'syms_1' | 'syms_2' | 'syms_3' | 'mmap_length' | 'mmap_addr' | 'drives_length' | 'drives_addr' | 'config_table' | 'boot_loader_name' | 'apm_table' | 'vbe_control_info' | 'vbe_mode_info' | 'vbe_mode' | 'vbe_interface_seg' | 'vbe_interface_off' | 'vbe_interface_len' | 'framebuffer_addr' | 'framebuffer_pitch' | 'framebuffer_width' | 'framebuffer_height' | 'framebuffer_bpp' | 'framebuffer_type' | 'color_info'> = reader('multiboot_info', 116, compiled, [
  { name: 'flags', offset: 0x0, size: 0x4, doc: "bit 0 mem_*, 2 cmdline, 3 mods_*, 6 mmap_*, 9 boot_loader_name, 12 framebuffer_*", spec: "Multiboot 0.6.96, 3.3, 0x0/4" },
  { name: 'mem_lower', offset: 0x4, size: 0x4, doc: "KiB of memory from 0 on, at most 640", spec: "Multiboot 0.6.96, 3.3, 0x4/4" },
  { name: 'mem_upper', offset: 0x8, size: 0x4, doc: "KiB of memory from 1 MiB up to the first hole", spec: "Multiboot 0.6.96, 3.3, 0x8/4" },
  { name: 'boot_device', offset: 0xc, size: 0x4, doc: "BIOS disk", spec: "Multiboot 0.6.96, 3.3, 0xc/4" },
  { name: 'cmdline', offset: 0x10, size: 0x4, doc: "text with its NUL", spec: "Multiboot 0.6.96, 3.3, 0x10/4" },
  { name: 'mods_count', offset: 0x14, size: 0x4, doc: "how many modules", spec: "Multiboot 0.6.96, 3.3, 0x14/4" },
  { name: 'mods_addr', offset: 0x18, size: 0x4, doc: "the first entry of the module list", spec: "Multiboot 0.6.96, 3.3, 0x18/4" },
  { name: 'syms_0', offset: 0x1c, size: 0x4, spec: "Multiboot 0.6.96, 3.3, 0x1c/4" },
  { name: 'syms_1', offset: 0x20, size: 0x4, spec: "Multiboot 0.6.96, 3.3, 0x20/4" },
  { name: 'syms_2', offset: 0x24, size: 0x4, spec: "Multiboot 0.6.96, 3.3, 0x24/4" },
  { name: 'syms_3', offset: 0x28, size: 0x4, spec: "Multiboot 0.6.96, 3.3, 0x28/4" },
  { name: 'mmap_length', offset: 0x2c, size: 0x4, doc: "of the memory map, in bytes", spec: "Multiboot 0.6.96, 3.3, 0x2c/4" },
  { name: 'mmap_addr', offset: 0x30, size: 0x4, doc: "the first entry of the memory map", spec: "Multiboot 0.6.96, 3.3, 0x30/4" },
  { name: 'drives_length', offset: 0x34, size: 0x4, spec: "Multiboot 0.6.96, 3.3, 0x34/4" },
  { name: 'drives_addr', offset: 0x38, size: 0x4, spec: "Multiboot 0.6.96, 3.3, 0x38/4" },
  { name: 'config_table', offset: 0x3c, size: 0x4, spec: "Multiboot 0.6.96, 3.3, 0x3c/4" },
  { name: 'boot_loader_name', offset: 0x40, size: 0x4, doc: "text with its NUL", spec: "Multiboot 0.6.96, 3.3, 0x40/4" },
  { name: 'apm_table', offset: 0x44, size: 0x4, spec: "Multiboot 0.6.96, 3.3, 0x44/4" },
  { name: 'vbe_control_info', offset: 0x48, size: 0x4, spec: "Multiboot 0.6.96, 3.3, 0x48/4" },
  { name: 'vbe_mode_info', offset: 0x4c, size: 0x4, spec: "Multiboot 0.6.96, 3.3, 0x4c/4" },
  { name: 'vbe_mode', offset: 0x50, size: 0x2, spec: "Multiboot 0.6.96, 3.3, 0x50/2" },
  { name: 'vbe_interface_seg', offset: 0x52, size: 0x2, spec: "Multiboot 0.6.96, 3.3, 0x52/2" },
  { name: 'vbe_interface_off', offset: 0x54, size: 0x2, spec: "Multiboot 0.6.96, 3.3, 0x54/2" },
  { name: 'vbe_interface_len', offset: 0x56, size: 0x2, spec: "Multiboot 0.6.96, 3.3, 0x56/2" },
  { name: 'framebuffer_addr', offset: 0x58, size: 0x8, doc: "the first pixel, or character", spec: "Multiboot 0.6.96, 3.3, 0x58/8" },
  { name: 'framebuffer_pitch', offset: 0x60, size: 0x4, doc: "bytes of a line", spec: "Multiboot 0.6.96, 3.3, 0x60/4" },
  { name: 'framebuffer_width', offset: 0x64, size: 0x4, doc: "pixels, or characters", spec: "Multiboot 0.6.96, 3.3, 0x64/4" },
  { name: 'framebuffer_height', offset: 0x68, size: 0x4, doc: "pixels, or characters", spec: "Multiboot 0.6.96, 3.3, 0x68/4" },
  { name: 'framebuffer_bpp', offset: 0x6c, size: 0x1, doc: "bits of a pixel; 16 for text", spec: "Multiboot 0.6.96, 3.3, 0x6c/1" },
  { name: 'framebuffer_type', offset: 0x6d, size: 0x1, doc: "1 for RGB, 2 for text", spec: "Multiboot 0.6.96, 3.3, 0x6d/1" },
  { name: 'color_info', offset: 0x6e, size: 0x6, doc: "RGB: position and mask size of red, of green, of blue", spec: "Multiboot 0.6.96, 3.3, 0x6e" },
]);

/**
 * One entry of the module list.
 * @see Multiboot 0.6.96, 3.3
 */
export const MultibootModule: Reader<MultibootModule, 'mod_start' | 'mod_end' | 'string' | 'reserved'> = reader('multiboot_module', 16, compiled.MultibootModule, [
  { name: 'mod_start', offset: 0x0, size: 0x4, doc: "the first byte", spec: "Multiboot 0.6.96, 3.3, 0x0/4" },
  { name: 'mod_end', offset: 0x4, size: 0x4, doc: "behind the last byte", spec: "Multiboot 0.6.96, 3.3, 0x4/4" },
  { name: 'string', offset: 0x8, size: 0x4, doc: "text with its NUL", spec: "Multiboot 0.6.96, 3.3, 0x8/4" },
  { name: 'reserved', offset: 0xc, size: 0x4, doc: "0", spec: "Multiboot 0.6.96, 3.3, 0xc/4" },
]);

/**
 * One range of the memory map. size counts what follows it.
 * @see Multiboot 0.6.96, 3.3
 */
export const MultibootMmap: Reader<MultibootMmap, 'size' | 'base_addr' | 'length' | 'type'> = reader('multiboot_mmap', 24, compiled.MultibootMmap, [
  { name: 'size', offset: 0x0, size: 0x4, doc: "20", spec: "Multiboot 0.6.96, 3.3, 0x0/4" },
  { name: 'base_addr', offset: 0x4, size: 0x8, doc: "where it begins", spec: "Multiboot 0.6.96, 3.3, 0x4/8" },
  { name: 'length', offset: 0xc, size: 0x8, doc: "in bytes", spec: "Multiboot 0.6.96, 3.3, 0xc/8" },
  { name: 'type', offset: 0x14, size: 0x4, doc: "1 RAM, 3 ACPI tables, 4 preserved on hibernation, 5 defective; all else is reserved", spec: "Multiboot 0.6.96, 3.3, 0x14/4" },
]);
