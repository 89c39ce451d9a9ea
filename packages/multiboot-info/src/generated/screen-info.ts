// Generated from screen-info.ksy by @kexec-kit/ksy. Do not edit: change the .ksy and generate again.
/* eslint-disable */
// What Kaitai emits has no types; what is declared here has, and is checked where it is used.
// @ts-nocheck
import { CheckedStream, type Reader, reader } from '@kexec-kit/structures';

/**
 * struct screen_info, as far as it says what is on the screen: a frame buffer, or text.
 * @see include/uapi/linux/screen_info.h
 */
export interface ScreenInfo {
  /** @see include/uapi/linux/screen_info.h, 0x0/1 */
  readonly orig_x: number;
  /** @see include/uapi/linux/screen_info.h, 0x1/1 */
  readonly orig_y: number;
  /** @see include/uapi/linux/screen_info.h, 0x2/2 */
  readonly ext_mem_k: number;
  /** @see include/uapi/linux/screen_info.h, 0x4/2 */
  readonly orig_video_page: number;
  /** @see include/uapi/linux/screen_info.h, 0x6/1 */
  readonly orig_video_mode: number;
  /**
   * characters
   * @see include/uapi/linux/screen_info.h, 0x7/1
   */
  readonly orig_video_cols: number;
  /** @see include/uapi/linux/screen_info.h, 0x8/1 */
  readonly flags: number;
  /** @see include/uapi/linux/screen_info.h, 0x9/1 */
  readonly unused2: number;
  /** @see include/uapi/linux/screen_info.h, 0xa/2 */
  readonly orig_video_ega_bx: number;
  /** @see include/uapi/linux/screen_info.h, 0xc/2 */
  readonly unused3: number;
  /**
   * characters
   * @see include/uapi/linux/screen_info.h, 0xe/1
   */
  readonly orig_video_lines: number;
  /**
   * 1 text, 0x23 VESA graphics, 0x70 EFI graphics
   * @see include/uapi/linux/screen_info.h, 0xf/1
   */
  readonly orig_video_is_vga: number;
  /** @see include/uapi/linux/screen_info.h, 0x10/2 */
  readonly orig_video_points: number;
  /**
   * pixels
   * @see include/uapi/linux/screen_info.h, 0x12/2
   */
  readonly lfb_width: number;
  /**
   * pixels
   * @see include/uapi/linux/screen_info.h, 0x14/2
   */
  readonly lfb_height: number;
  /**
   * bits of a pixel
   * @see include/uapi/linux/screen_info.h, 0x16/2
   */
  readonly lfb_depth: number;
  /**
   * lower half of its address
   * @see include/uapi/linux/screen_info.h, 0x18/4
   */
  readonly lfb_base: number;
  /** @see include/uapi/linux/screen_info.h, 0x1c/4 */
  readonly lfb_size: number;
  /** @see include/uapi/linux/screen_info.h, 0x20/2 */
  readonly cl_magic: number;
  /** @see include/uapi/linux/screen_info.h, 0x22/2 */
  readonly cl_offset: number;
  /**
   * bytes of a line
   * @see include/uapi/linux/screen_info.h, 0x24/2
   */
  readonly lfb_linelength: number;
  /**
   * bits
   * @see include/uapi/linux/screen_info.h, 0x26/1
   */
  readonly red_size: number;
  /** @see include/uapi/linux/screen_info.h, 0x27/1 */
  readonly red_pos: number;
  /**
   * bits
   * @see include/uapi/linux/screen_info.h, 0x28/1
   */
  readonly green_size: number;
  /** @see include/uapi/linux/screen_info.h, 0x29/1 */
  readonly green_pos: number;
  /**
   * bits
   * @see include/uapi/linux/screen_info.h, 0x2a/1
   */
  readonly blue_size: number;
  /** @see include/uapi/linux/screen_info.h, 0x2b/1 */
  readonly blue_pos: number;
  /** @see include/uapi/linux/screen_info.h, 0x2c/1 */
  readonly rsvd_size: number;
  /** @see include/uapi/linux/screen_info.h, 0x2d/1 */
  readonly rsvd_pos: number;
  /** @see include/uapi/linux/screen_info.h, 0x2e/2 */
  readonly vesapm_seg: number;
  /** @see include/uapi/linux/screen_info.h, 0x30/2 */
  readonly vesapm_off: number;
  /** @see include/uapi/linux/screen_info.h, 0x32/2 */
  readonly pages: number;
  /** @see include/uapi/linux/screen_info.h, 0x34/2 */
  readonly vesa_attributes: number;
  /**
   * bit 1: ext_lfb_base counts
   * @see include/uapi/linux/screen_info.h, 0x36/4
   */
  readonly capabilities: number;
  /**
   * upper half of its address
   * @see include/uapi/linux/screen_info.h, 0x3a/4
   */
  readonly ext_lfb_base: number;
  /** @see include/uapi/linux/screen_info.h, 0x3e */
  readonly reserved: Uint8Array;
}

const compiled: any = ((KaitaiStream) => {
var ScreenInfo = (function() {
  function ScreenInfo(_io, _parent, _root) {
    this._io = _io;
    this._parent = _parent;
    this._root = _root || this;

  }
  ScreenInfo.prototype._read = function() {
    this._io.at('orig_x');
    this.origX = this._io.readU1();
    this._io.done();
    this._io.at('orig_y');
    this.origY = this._io.readU1();
    this._io.done();
    this._io.at('ext_mem_k');
    this.extMemK = this._io.readU2le();
    this._io.done();
    this._io.at('orig_video_page');
    this.origVideoPage = this._io.readU2le();
    this._io.done();
    this._io.at('orig_video_mode');
    this.origVideoMode = this._io.readU1();
    this._io.done();
    this._io.at('orig_video_cols');
    this.origVideoCols = this._io.readU1();
    this._io.done();
    this._io.at('flags');
    this.flags = this._io.readU1();
    this._io.done();
    this._io.at('unused2');
    this.unused2 = this._io.readU1();
    this._io.done();
    this._io.at('orig_video_ega_bx');
    this.origVideoEgaBx = this._io.readU2le();
    this._io.done();
    this._io.at('unused3');
    this.unused3 = this._io.readU2le();
    this._io.done();
    this._io.at('orig_video_lines');
    this.origVideoLines = this._io.readU1();
    this._io.done();
    this._io.at('orig_video_is_vga');
    this.origVideoIsVga = this._io.readU1();
    this._io.done();
    this._io.at('orig_video_points');
    this.origVideoPoints = this._io.readU2le();
    this._io.done();
    this._io.at('lfb_width');
    this.lfbWidth = this._io.readU2le();
    this._io.done();
    this._io.at('lfb_height');
    this.lfbHeight = this._io.readU2le();
    this._io.done();
    this._io.at('lfb_depth');
    this.lfbDepth = this._io.readU2le();
    this._io.done();
    this._io.at('lfb_base');
    this.lfbBase = this._io.readU4le();
    this._io.done();
    this._io.at('lfb_size');
    this.lfbSize = this._io.readU4le();
    this._io.done();
    this._io.at('cl_magic');
    this.clMagic = this._io.readU2le();
    this._io.done();
    this._io.at('cl_offset');
    this.clOffset = this._io.readU2le();
    this._io.done();
    this._io.at('lfb_linelength');
    this.lfbLinelength = this._io.readU2le();
    this._io.done();
    this._io.at('red_size');
    this.redSize = this._io.readU1();
    this._io.done();
    this._io.at('red_pos');
    this.redPos = this._io.readU1();
    this._io.done();
    this._io.at('green_size');
    this.greenSize = this._io.readU1();
    this._io.done();
    this._io.at('green_pos');
    this.greenPos = this._io.readU1();
    this._io.done();
    this._io.at('blue_size');
    this.blueSize = this._io.readU1();
    this._io.done();
    this._io.at('blue_pos');
    this.bluePos = this._io.readU1();
    this._io.done();
    this._io.at('rsvd_size');
    this.rsvdSize = this._io.readU1();
    this._io.done();
    this._io.at('rsvd_pos');
    this.rsvdPos = this._io.readU1();
    this._io.done();
    this._io.at('vesapm_seg');
    this.vesapmSeg = this._io.readU2le();
    this._io.done();
    this._io.at('vesapm_off');
    this.vesapmOff = this._io.readU2le();
    this._io.done();
    this._io.at('pages');
    this.pages = this._io.readU2le();
    this._io.done();
    this._io.at('vesa_attributes');
    this.vesaAttributes = this._io.readU2le();
    this._io.done();
    this._io.at('capabilities');
    this.capabilities = this._io.readU4le();
    this._io.done();
    this._io.at('ext_lfb_base');
    this.extLfbBase = this._io.readU4le();
    this._io.done();
    this._io.at('reserved');
    this.reserved = this._io.readBytes(2);
    this._io.done();
  }

  return ScreenInfo;
})();
return ScreenInfo;
})(CheckedStream);
compiled.members = [['orig_x', 'origX'], ['orig_y', 'origY'], ['ext_mem_k', 'extMemK'], ['orig_video_page', 'origVideoPage'], ['orig_video_mode', 'origVideoMode'], ['orig_video_cols', 'origVideoCols'], ['flags', 'flags'], ['unused2', 'unused2'], ['orig_video_ega_bx', 'origVideoEgaBx'], ['unused3', 'unused3'], ['orig_video_lines', 'origVideoLines'], ['orig_video_is_vga', 'origVideoIsVga'], ['orig_video_points', 'origVideoPoints'], ['lfb_width', 'lfbWidth'], ['lfb_height', 'lfbHeight'], ['lfb_depth', 'lfbDepth'], ['lfb_base', 'lfbBase'], ['lfb_size', 'lfbSize'], ['cl_magic', 'clMagic'], ['cl_offset', 'clOffset'], ['lfb_linelength', 'lfbLinelength'], ['red_size', 'redSize'], ['red_pos', 'redPos'], ['green_size', 'greenSize'], ['green_pos', 'greenPos'], ['blue_size', 'blueSize'], ['blue_pos', 'bluePos'], ['rsvd_size', 'rsvdSize'], ['rsvd_pos', 'rsvdPos'], ['vesapm_seg', 'vesapmSeg'], ['vesapm_off', 'vesapmOff'], ['pages', 'pages'], ['vesa_attributes', 'vesaAttributes'], ['capabilities', 'capabilities'], ['ext_lfb_base', 'extLfbBase'], ['reserved', 'reserved']];

/**
 * struct screen_info, as far as it says what is on the screen: a frame buffer, or text.
 * @see include/uapi/linux/screen_info.h
 */
export const ScreenInfo: Reader<ScreenInfo, 'orig_x' | 'orig_y' | 'ext_mem_k' | 'orig_video_page' | 'orig_video_mode' | 'orig_video_cols' | 'flags' | 'unused2' | 'orig_video_ega_bx' | 'unused3' | 'orig_video_lines' | 'orig_video_is_vga' | 'orig_video_points' | 'lfb_width' | 'lfb_height' | 'lfb_depth' | 'lfb_base' | 'lfb_size' | 'cl_magic' | 'cl_offset' | 'lfb_linelength' | 'red_size' | 'red_pos' | 'green_size' | 'green_pos' | 'blue_size' | 'blue_pos' | 'rsvd_size' | 'rsvd_pos' | 'vesapm_seg' | 'vesapm_off' | 'pages' | 'vesa_attributes' | 'capabilities' | 'ext_lfb_base' | 'reserved'> = reader('screen_info', 64, compiled, [
  { name: 'orig_x', offset: 0x0, size: 0x1, spec: "include/uapi/linux/screen_info.h, 0x0/1" },
  { name: 'orig_y', offset: 0x1, size: 0x1, spec: "include/uapi/linux/screen_info.h, 0x1/1" },
  { name: 'ext_mem_k', offset: 0x2, size: 0x2, spec: "include/uapi/linux/screen_info.h, 0x2/2" },
  { name: 'orig_video_page', offset: 0x4, size: 0x2, spec: "include/uapi/linux/screen_info.h, 0x4/2" },
  { name: 'orig_video_mode', offset: 0x6, size: 0x1, spec: "include/uapi/linux/screen_info.h, 0x6/1" },
  { name: 'orig_video_cols', offset: 0x7, size: 0x1, doc: "characters", spec: "include/uapi/linux/screen_info.h, 0x7/1" },
  { name: 'flags', offset: 0x8, size: 0x1, spec: "include/uapi/linux/screen_info.h, 0x8/1" },
  { name: 'unused2', offset: 0x9, size: 0x1, spec: "include/uapi/linux/screen_info.h, 0x9/1" },
  { name: 'orig_video_ega_bx', offset: 0xa, size: 0x2, spec: "include/uapi/linux/screen_info.h, 0xa/2" },
  { name: 'unused3', offset: 0xc, size: 0x2, spec: "include/uapi/linux/screen_info.h, 0xc/2" },
  { name: 'orig_video_lines', offset: 0xe, size: 0x1, doc: "characters", spec: "include/uapi/linux/screen_info.h, 0xe/1" },
  { name: 'orig_video_is_vga', offset: 0xf, size: 0x1, doc: "1 text, 0x23 VESA graphics, 0x70 EFI graphics", spec: "include/uapi/linux/screen_info.h, 0xf/1" },
  { name: 'orig_video_points', offset: 0x10, size: 0x2, spec: "include/uapi/linux/screen_info.h, 0x10/2" },
  { name: 'lfb_width', offset: 0x12, size: 0x2, doc: "pixels", spec: "include/uapi/linux/screen_info.h, 0x12/2" },
  { name: 'lfb_height', offset: 0x14, size: 0x2, doc: "pixels", spec: "include/uapi/linux/screen_info.h, 0x14/2" },
  { name: 'lfb_depth', offset: 0x16, size: 0x2, doc: "bits of a pixel", spec: "include/uapi/linux/screen_info.h, 0x16/2" },
  { name: 'lfb_base', offset: 0x18, size: 0x4, doc: "lower half of its address", spec: "include/uapi/linux/screen_info.h, 0x18/4" },
  { name: 'lfb_size', offset: 0x1c, size: 0x4, spec: "include/uapi/linux/screen_info.h, 0x1c/4" },
  { name: 'cl_magic', offset: 0x20, size: 0x2, spec: "include/uapi/linux/screen_info.h, 0x20/2" },
  { name: 'cl_offset', offset: 0x22, size: 0x2, spec: "include/uapi/linux/screen_info.h, 0x22/2" },
  { name: 'lfb_linelength', offset: 0x24, size: 0x2, doc: "bytes of a line", spec: "include/uapi/linux/screen_info.h, 0x24/2" },
  { name: 'red_size', offset: 0x26, size: 0x1, doc: "bits", spec: "include/uapi/linux/screen_info.h, 0x26/1" },
  { name: 'red_pos', offset: 0x27, size: 0x1, spec: "include/uapi/linux/screen_info.h, 0x27/1" },
  { name: 'green_size', offset: 0x28, size: 0x1, doc: "bits", spec: "include/uapi/linux/screen_info.h, 0x28/1" },
  { name: 'green_pos', offset: 0x29, size: 0x1, spec: "include/uapi/linux/screen_info.h, 0x29/1" },
  { name: 'blue_size', offset: 0x2a, size: 0x1, doc: "bits", spec: "include/uapi/linux/screen_info.h, 0x2a/1" },
  { name: 'blue_pos', offset: 0x2b, size: 0x1, spec: "include/uapi/linux/screen_info.h, 0x2b/1" },
  { name: 'rsvd_size', offset: 0x2c, size: 0x1, spec: "include/uapi/linux/screen_info.h, 0x2c/1" },
  { name: 'rsvd_pos', offset: 0x2d, size: 0x1, spec: "include/uapi/linux/screen_info.h, 0x2d/1" },
  { name: 'vesapm_seg', offset: 0x2e, size: 0x2, spec: "include/uapi/linux/screen_info.h, 0x2e/2" },
  { name: 'vesapm_off', offset: 0x30, size: 0x2, spec: "include/uapi/linux/screen_info.h, 0x30/2" },
  { name: 'pages', offset: 0x32, size: 0x2, spec: "include/uapi/linux/screen_info.h, 0x32/2" },
  { name: 'vesa_attributes', offset: 0x34, size: 0x2, spec: "include/uapi/linux/screen_info.h, 0x34/2" },
  { name: 'capabilities', offset: 0x36, size: 0x4, doc: "bit 1: ext_lfb_base counts", spec: "include/uapi/linux/screen_info.h, 0x36/4" },
  { name: 'ext_lfb_base', offset: 0x3a, size: 0x4, doc: "upper half of its address", spec: "include/uapi/linux/screen_info.h, 0x3a/4" },
  { name: 'reserved', offset: 0x3e, size: 0x2, spec: "include/uapi/linux/screen_info.h, 0x3e" },
]);
