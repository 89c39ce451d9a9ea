// Generated from boot-params.ksy by @kexec-kit/ksy. Do not edit: change the .ksy and generate again.
/* eslint-disable */
// What Kaitai emits has no types; what is declared here has, and is checked where it is used.
// @ts-nocheck
import { CheckedStream, type Reader, reader } from '@kexec-kit/structures';

/**
 * What the 32-bit and 64-bit entries are handed in rsi. The setup header at 0x1f1 is read with setup-header.ksy.
 * @see Documentation/arch/x86/zero-page.rst
 */
export interface BootParams {
  /** @see zero-page.rst, screen_info, 0x000/040 */
  readonly screen_info: ScreenInfo;
  /** @see zero-page.rst, apm_bios_info, 0x040/014 */
  readonly apm_bios_info: Uint8Array;
  readonly pad2: Uint8Array;
  /** @see zero-page.rst, tboot_addr, 0x058/008 */
  readonly tboot_addr: bigint;
  /** @see zero-page.rst, ist_info, 0x060/010 */
  readonly ist_info: Uint8Array;
  /** @see zero-page.rst, acpi_rsdp_addr, 0x070/008 */
  readonly acpi_rsdp_addr: bigint;
  readonly pad3: Uint8Array;
  /** @see zero-page.rst, hd0_info and hd1_info, 0x080/020 */
  readonly obsolete_disks: Uint8Array;
  /** @see zero-page.rst, sys_desc_table, 0x0a0/010 */
  readonly sys_desc_table: Uint8Array;
  /** @see zero-page.rst, olpc_ofw_header, 0x0b0/010 */
  readonly olpc_ofw_header: Uint8Array;
  /**
   * upper half of the initrd's address
   * @see zero-page.rst, ext_ramdisk_image, 0x0c0/004
   */
  readonly ext_ramdisk_image: number;
  /**
   * upper half of the initrd's size
   * @see zero-page.rst, ext_ramdisk_size, 0x0c4/004
   */
  readonly ext_ramdisk_size: number;
  /**
   * upper half of the command line's address
   * @see zero-page.rst, ext_cmd_line_ptr, 0x0c8/004
   */
  readonly ext_cmd_line_ptr: number;
  readonly pad4: Uint8Array;
  /** @see zero-page.rst, cc_blob_address, 0x13c/004 */
  readonly cc_blob_address: number;
  /** @see zero-page.rst, edid_info, 0x140/080 */
  readonly edid_info: Uint8Array;
  /** @see zero-page.rst, efi_info, 0x1c0/020 */
  readonly efi_info: EfiInfo;
  /**
   * KiB of memory from 1 MiB on
   * @see zero-page.rst, alt_mem_k, 0x1e0/004
   */
  readonly alt_mem_k: number;
  /** @see zero-page.rst, scratch, 0x1e4/004 */
  readonly scratch: number;
  /** @see zero-page.rst, e820_entries, 0x1e8/001 */
  readonly e820_entries: number;
  /** @see zero-page.rst, eddbuf_entries, 0x1e9/001 */
  readonly eddbuf_entries: number;
  /** @see zero-page.rst, edd_mbr_sig_buf_entries, 0x1ea/001 */
  readonly edd_mbr_sig_buf_entries: number;
  /** @see zero-page.rst, kbd_status, 0x1eb/001 */
  readonly kbd_status: number;
  /** @see zero-page.rst, secure_boot, 0x1ec/001 */
  readonly secure_boot: number;
  readonly pad5: Uint8Array;
  /**
   * nonzero tells the kernel that a loader copied more than the header
   * @see zero-page.rst, sentinel, 0x1ef/001
   */
  readonly sentinel: number;
  readonly pad6: Uint8Array;
  /** @see boot.rst, "The Real-Mode Kernel Header", 0x1f1 */
  readonly hdr: Uint8Array;
  /** @see zero-page.rst, edd_mbr_sig_buffer, 0x290/040 */
  readonly edd_mbr_sig_buffer: readonly number[];
  /** @see zero-page.rst, e820_table, 0x2d0/A00 */
  readonly e820_table: readonly E820Entry[];
  readonly pad8: Uint8Array;
  /** @see zero-page.rst, eddbuf, 0xd00/1EC */
  readonly eddbuf: readonly Uint8Array[];
  readonly pad9: Uint8Array;
}

/** @see include/uapi/linux/screen_info.h */
export interface ScreenInfo {
  readonly orig_x: number;
  readonly orig_y: number;
  /**
   * KiB of memory from 1 MiB on, at most 0xfc00
   * @see screen_info.h, 0x02
   */
  readonly ext_mem_k: number;
  readonly orig_video_page: number;
  readonly orig_video_mode: number;
  readonly orig_video_cols: number;
  readonly flags: number;
  readonly unused2: number;
  readonly orig_video_ega_bx: number;
  readonly unused3: number;
  readonly orig_video_lines: number;
  /**
   * 0 for no screen known, 1 for text mode, 0x23 for VESA graphics, 0x70 for EFI graphics
   * @see screen_info.h, orig_video_isVGA, 0x0f
   */
  readonly orig_video_is_vga: number;
  readonly orig_video_points: number;
  /** @see screen_info.h, 0x12 */
  readonly linear_frame_buffer: Uint8Array;
}

/** @see arch/x86/include/uapi/asm/bootparam.h, struct efi_info */
export interface EfiInfo {
  /** "EL64" or "EL32" */
  readonly efi_loader_signature: number;
  readonly efi_systab: number;
  readonly efi_memdesc_size: number;
  readonly efi_memdesc_version: number;
  readonly efi_memmap: number;
  readonly efi_memmap_size: number;
  readonly efi_systab_hi: number;
  readonly efi_memmap_hi: number;
}

/** @see ACPI 6.5, 15.1; arch/x86/include/uapi/asm/setup_data.h, struct boot_e820_entry */
export interface E820Entry {
  readonly addr: bigint;
  readonly size: bigint;
  readonly type: number;
}

const compiled: any = ((KaitaiStream) => {
var BootParams = (function() {
  function BootParams(_io, _parent, _root) {
    this._io = _io;
    this._parent = _parent;
    this._root = _root || this;

  }
  BootParams.prototype._read = function() {
    this._io.at('screen_info');
    this._raw_screenInfo = this._io.readBytes(64);
    var _io__raw_screenInfo = this._io.sub(this._raw_screenInfo);
    this.screenInfo = new ScreenInfo(_io__raw_screenInfo, this, this._root);
    this.screenInfo._read();
    this._io.done();
    this._io.at('apm_bios_info');
    this.apmBiosInfo = this._io.readBytes(20);
    this._io.done();
    this._io.at('pad2');
    this.pad2 = this._io.readBytes(4);
    this._io.done();
    this._io.at('tboot_addr');
    this.tbootAddr = this._io.readU8le();
    this._io.done();
    this._io.at('ist_info');
    this.istInfo = this._io.readBytes(16);
    this._io.done();
    this._io.at('acpi_rsdp_addr');
    this.acpiRsdpAddr = this._io.readU8le();
    this._io.done();
    this._io.at('pad3');
    this.pad3 = this._io.readBytes(8);
    this._io.done();
    this._io.at('obsolete_disks');
    this.obsoleteDisks = this._io.readBytes(32);
    this._io.done();
    this._io.at('sys_desc_table');
    this.sysDescTable = this._io.readBytes(16);
    this._io.done();
    this._io.at('olpc_ofw_header');
    this.olpcOfwHeader = this._io.readBytes(16);
    this._io.done();
    this._io.at('ext_ramdisk_image');
    this.extRamdiskImage = this._io.readU4le();
    this._io.done();
    this._io.at('ext_ramdisk_size');
    this.extRamdiskSize = this._io.readU4le();
    this._io.done();
    this._io.at('ext_cmd_line_ptr');
    this.extCmdLinePtr = this._io.readU4le();
    this._io.done();
    this._io.at('pad4');
    this.pad4 = this._io.readBytes(112);
    this._io.done();
    this._io.at('cc_blob_address');
    this.ccBlobAddress = this._io.readU4le();
    this._io.done();
    this._io.at('edid_info');
    this.edidInfo = this._io.readBytes(128);
    this._io.done();
    this._io.at('efi_info');
    this._raw_efiInfo = this._io.readBytes(32);
    var _io__raw_efiInfo = this._io.sub(this._raw_efiInfo);
    this.efiInfo = new EfiInfo(_io__raw_efiInfo, this, this._root);
    this.efiInfo._read();
    this._io.done();
    this._io.at('alt_mem_k');
    this.altMemK = this._io.readU4le();
    this._io.done();
    this._io.at('scratch');
    this.scratch = this._io.readU4le();
    this._io.done();
    this._io.at('e820_entries');
    this.e820Entries = this._io.readU1();
    this._io.done();
    this._io.at('eddbuf_entries');
    this.eddbufEntries = this._io.readU1();
    this._io.done();
    this._io.at('edd_mbr_sig_buf_entries');
    this.eddMbrSigBufEntries = this._io.readU1();
    this._io.done();
    this._io.at('kbd_status');
    this.kbdStatus = this._io.readU1();
    this._io.done();
    this._io.at('secure_boot');
    this.secureBoot = this._io.readU1();
    this._io.done();
    this._io.at('pad5');
    this.pad5 = this._io.readBytes(2);
    this._io.done();
    this._io.at('sentinel');
    this.sentinel = this._io.readU1();
    this._io.done();
    this._io.at('pad6');
    this.pad6 = this._io.readBytes(1);
    this._io.done();
    this._io.at('hdr');
    this.hdr = this._io.readBytes(159);
    this._io.done();
    this._io.at('edd_mbr_sig_buffer');
    this.eddMbrSigBuffer = [];
    for (var i = 0; i < 16; i++) {
      this._io.at(i);
      this.eddMbrSigBuffer.push(this._io.readU4le());
      this._io.done();
    }
    this._io.done();
    this._io.at('e820_table');
    this.e820Table = [];
    for (var i = 0; i < 128; i++) {
      this._io.at(i);
      var _t_e820Table = new E820Entry(this._io, this, this._root);
      try {
        _t_e820Table._read();
      } finally {
        this.e820Table.push(_t_e820Table);
      }
      this._io.done();
    }
    this._io.done();
    this._io.at('pad8');
    this.pad8 = this._io.readBytes(48);
    this._io.done();
    this._io.at('eddbuf');
    this.eddbuf = [];
    for (var i = 0; i < 6; i++) {
      this._io.at(i);
      this.eddbuf.push(this._io.readBytes(82));
      this._io.done();
    }
    this._io.done();
    this._io.at('pad9');
    this.pad9 = this._io.readBytes(276);
    this._io.done();
  }

  var E820Entry = BootParams.E820Entry = (function() {
    function E820Entry(_io, _parent, _root) {
      this._io = _io;
      this._parent = _parent;
      this._root = _root;

    }
    E820Entry.prototype._read = function() {
      this._io.at('addr');
      this.addr = this._io.readU8le();
      this._io.done();
      this._io.at('size');
      this.size = this._io.readU8le();
      this._io.done();
      this._io.at('type');
      this.type = this._io.readU4le();
      this._io.done();
    }

    return E820Entry;
  })();

  var EfiInfo = BootParams.EfiInfo = (function() {
    function EfiInfo(_io, _parent, _root) {
      this._io = _io;
      this._parent = _parent;
      this._root = _root;

    }
    EfiInfo.prototype._read = function() {
      this._io.at('efi_loader_signature');
      this.efiLoaderSignature = this._io.readU4le();
      this._io.done();
      this._io.at('efi_systab');
      this.efiSystab = this._io.readU4le();
      this._io.done();
      this._io.at('efi_memdesc_size');
      this.efiMemdescSize = this._io.readU4le();
      this._io.done();
      this._io.at('efi_memdesc_version');
      this.efiMemdescVersion = this._io.readU4le();
      this._io.done();
      this._io.at('efi_memmap');
      this.efiMemmap = this._io.readU4le();
      this._io.done();
      this._io.at('efi_memmap_size');
      this.efiMemmapSize = this._io.readU4le();
      this._io.done();
      this._io.at('efi_systab_hi');
      this.efiSystabHi = this._io.readU4le();
      this._io.done();
      this._io.at('efi_memmap_hi');
      this.efiMemmapHi = this._io.readU4le();
      this._io.done();
    }

    return EfiInfo;
  })();

  var ScreenInfo = BootParams.ScreenInfo = (function() {
    function ScreenInfo(_io, _parent, _root) {
      this._io = _io;
      this._parent = _parent;
      this._root = _root;

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
      this._io.at('linear_frame_buffer');
      this.linearFrameBuffer = this._io.readBytes(46);
      this._io.done();
    }

    return ScreenInfo;
  })();

  return BootParams;
})();
return BootParams;
})(CheckedStream);
compiled.members = [['screen_info', 'screenInfo'], ['apm_bios_info', 'apmBiosInfo'], ['pad2', 'pad2'], ['tboot_addr', 'tbootAddr'], ['ist_info', 'istInfo'], ['acpi_rsdp_addr', 'acpiRsdpAddr'], ['pad3', 'pad3'], ['obsolete_disks', 'obsoleteDisks'], ['sys_desc_table', 'sysDescTable'], ['olpc_ofw_header', 'olpcOfwHeader'], ['ext_ramdisk_image', 'extRamdiskImage'], ['ext_ramdisk_size', 'extRamdiskSize'], ['ext_cmd_line_ptr', 'extCmdLinePtr'], ['pad4', 'pad4'], ['cc_blob_address', 'ccBlobAddress'], ['edid_info', 'edidInfo'], ['efi_info', 'efiInfo'], ['alt_mem_k', 'altMemK'], ['scratch', 'scratch'], ['e820_entries', 'e820Entries'], ['eddbuf_entries', 'eddbufEntries'], ['edd_mbr_sig_buf_entries', 'eddMbrSigBufEntries'], ['kbd_status', 'kbdStatus'], ['secure_boot', 'secureBoot'], ['pad5', 'pad5'], ['sentinel', 'sentinel'], ['pad6', 'pad6'], ['hdr', 'hdr'], ['edd_mbr_sig_buffer', 'eddMbrSigBuffer'], ['e820_table', 'e820Table'], ['pad8', 'pad8'], ['eddbuf', 'eddbuf'], ['pad9', 'pad9']];
compiled.ScreenInfo.members = [['orig_x', 'origX'], ['orig_y', 'origY'], ['ext_mem_k', 'extMemK'], ['orig_video_page', 'origVideoPage'], ['orig_video_mode', 'origVideoMode'], ['orig_video_cols', 'origVideoCols'], ['flags', 'flags'], ['unused2', 'unused2'], ['orig_video_ega_bx', 'origVideoEgaBx'], ['unused3', 'unused3'], ['orig_video_lines', 'origVideoLines'], ['orig_video_is_vga', 'origVideoIsVga'], ['orig_video_points', 'origVideoPoints'], ['linear_frame_buffer', 'linearFrameBuffer']];
compiled.EfiInfo.members = [['efi_loader_signature', 'efiLoaderSignature'], ['efi_systab', 'efiSystab'], ['efi_memdesc_size', 'efiMemdescSize'], ['efi_memdesc_version', 'efiMemdescVersion'], ['efi_memmap', 'efiMemmap'], ['efi_memmap_size', 'efiMemmapSize'], ['efi_systab_hi', 'efiSystabHi'], ['efi_memmap_hi', 'efiMemmapHi']];
compiled.E820Entry.members = [['addr', 'addr'], ['size', 'size'], ['type', 'type']];

/**
 * What the 32-bit and 64-bit entries are handed in rsi. The setup header at 0x1f1 is read with setup-header.ksy.
 * @see Documentation/arch/x86/zero-page.rst
 */
export const BootParams: Reader<BootParams, 'screen_info' | 'screen_info.orig_x' | 'screen_info.orig_y' | 'screen_info.ext_mem_k' | 'screen_info.orig_video_page' | 'screen_info.orig_video_mode' | 'screen_info.orig_video_cols' | 'screen_info.flags' | 'screen_info.unused2' | 'screen_info.orig_video_ega_bx' | 'screen_info.unused3' | 'screen_info.orig_video_lines' | 'screen_info.orig_video_is_vga' | 'screen_info.orig_video_points' | 'screen_info.linear_frame_buffer' | 'apm_bios_info' | 'pad2' | 'tboot_addr' | 'ist_info' | 'acpi_rsdp_addr' | 'pad3' | 'obsolete_disks' | 'sys_desc_table' | 'olpc_ofw_header' | 'ext_ramdisk_image' | 'ext_ramdisk_size' | 'ext_cmd_line_ptr' | 'pad4' | 'cc_blob_address' | 'edid_info' | 'efi_info' | 'efi_info.efi_loader_signature' | 'efi_info.efi_systab' | 'efi_info.efi_memdesc_size' | 'efi_info.efi_memdesc_version' | 'efi_info.efi_memmap' | 'efi_info.efi_memmap_size' | 'efi_info.efi_systab_hi' | 'efi_info.efi_memmap_hi' | 'alt_mem_k' | 'scratch' | 'e820_entries' | 'eddbuf_entries' | 'edd_mbr_sig_buf_entries' | 'kbd_status' | 'secure_boot' | 'pad5' | 'sentinel' | 'pad6' | 'hdr' | 'edd_mbr_sig_buffer' | 'e820_table' | 'pad8' | 'eddbuf' | 'pad9'> = reader('boot_params', 4096, compiled, [
  { name: 'screen_info', offset: 0x0, size: 0x40, spec: "zero-page.rst, screen_info, 0x000/040" },
  { name: 'screen_info.orig_x', offset: 0x0, size: 0x1, spec: "include/uapi/linux/screen_info.h" },
  { name: 'screen_info.orig_y', offset: 0x1, size: 0x1, spec: "include/uapi/linux/screen_info.h" },
  { name: 'screen_info.ext_mem_k', offset: 0x2, size: 0x2, doc: "KiB of memory from 1 MiB on, at most 0xfc00", spec: "screen_info.h, 0x02" },
  { name: 'screen_info.orig_video_page', offset: 0x4, size: 0x2, spec: "include/uapi/linux/screen_info.h" },
  { name: 'screen_info.orig_video_mode', offset: 0x6, size: 0x1, spec: "include/uapi/linux/screen_info.h" },
  { name: 'screen_info.orig_video_cols', offset: 0x7, size: 0x1, spec: "include/uapi/linux/screen_info.h" },
  { name: 'screen_info.flags', offset: 0x8, size: 0x1, spec: "include/uapi/linux/screen_info.h" },
  { name: 'screen_info.unused2', offset: 0x9, size: 0x1, spec: "include/uapi/linux/screen_info.h" },
  { name: 'screen_info.orig_video_ega_bx', offset: 0xa, size: 0x2, spec: "include/uapi/linux/screen_info.h" },
  { name: 'screen_info.unused3', offset: 0xc, size: 0x2, spec: "include/uapi/linux/screen_info.h" },
  { name: 'screen_info.orig_video_lines', offset: 0xe, size: 0x1, spec: "include/uapi/linux/screen_info.h" },
  { name: 'screen_info.orig_video_is_vga', offset: 0xf, size: 0x1, doc: "0 for no screen known, 1 for text mode, 0x23 for VESA graphics, 0x70 for EFI graphics", spec: "screen_info.h, orig_video_isVGA, 0x0f" },
  { name: 'screen_info.orig_video_points', offset: 0x10, size: 0x2, spec: "include/uapi/linux/screen_info.h" },
  { name: 'screen_info.linear_frame_buffer', offset: 0x12, size: 0x2e, spec: "screen_info.h, 0x12" },
  { name: 'apm_bios_info', offset: 0x40, size: 0x14, spec: "zero-page.rst, apm_bios_info, 0x040/014" },
  { name: 'pad2', offset: 0x54, size: 0x4, spec: "Documentation/arch/x86/zero-page.rst" },
  { name: 'tboot_addr', offset: 0x58, size: 0x8, spec: "zero-page.rst, tboot_addr, 0x058/008" },
  { name: 'ist_info', offset: 0x60, size: 0x10, spec: "zero-page.rst, ist_info, 0x060/010" },
  { name: 'acpi_rsdp_addr', offset: 0x70, size: 0x8, spec: "zero-page.rst, acpi_rsdp_addr, 0x070/008" },
  { name: 'pad3', offset: 0x78, size: 0x8, spec: "Documentation/arch/x86/zero-page.rst" },
  { name: 'obsolete_disks', offset: 0x80, size: 0x20, spec: "zero-page.rst, hd0_info and hd1_info, 0x080/020" },
  { name: 'sys_desc_table', offset: 0xa0, size: 0x10, spec: "zero-page.rst, sys_desc_table, 0x0a0/010" },
  { name: 'olpc_ofw_header', offset: 0xb0, size: 0x10, spec: "zero-page.rst, olpc_ofw_header, 0x0b0/010" },
  { name: 'ext_ramdisk_image', offset: 0xc0, size: 0x4, doc: "upper half of the initrd's address", spec: "zero-page.rst, ext_ramdisk_image, 0x0c0/004" },
  { name: 'ext_ramdisk_size', offset: 0xc4, size: 0x4, doc: "upper half of the initrd's size", spec: "zero-page.rst, ext_ramdisk_size, 0x0c4/004" },
  { name: 'ext_cmd_line_ptr', offset: 0xc8, size: 0x4, doc: "upper half of the command line's address", spec: "zero-page.rst, ext_cmd_line_ptr, 0x0c8/004" },
  { name: 'pad4', offset: 0xcc, size: 0x70, spec: "Documentation/arch/x86/zero-page.rst" },
  { name: 'cc_blob_address', offset: 0x13c, size: 0x4, spec: "zero-page.rst, cc_blob_address, 0x13c/004" },
  { name: 'edid_info', offset: 0x140, size: 0x80, spec: "zero-page.rst, edid_info, 0x140/080" },
  { name: 'efi_info', offset: 0x1c0, size: 0x20, spec: "zero-page.rst, efi_info, 0x1c0/020" },
  { name: 'efi_info.efi_loader_signature', offset: 0x1c0, size: 0x4, doc: "\"EL64\" or \"EL32\"", spec: "arch/x86/include/uapi/asm/bootparam.h, struct efi_info" },
  { name: 'efi_info.efi_systab', offset: 0x1c4, size: 0x4, spec: "arch/x86/include/uapi/asm/bootparam.h, struct efi_info" },
  { name: 'efi_info.efi_memdesc_size', offset: 0x1c8, size: 0x4, spec: "arch/x86/include/uapi/asm/bootparam.h, struct efi_info" },
  { name: 'efi_info.efi_memdesc_version', offset: 0x1cc, size: 0x4, spec: "arch/x86/include/uapi/asm/bootparam.h, struct efi_info" },
  { name: 'efi_info.efi_memmap', offset: 0x1d0, size: 0x4, spec: "arch/x86/include/uapi/asm/bootparam.h, struct efi_info" },
  { name: 'efi_info.efi_memmap_size', offset: 0x1d4, size: 0x4, spec: "arch/x86/include/uapi/asm/bootparam.h, struct efi_info" },
  { name: 'efi_info.efi_systab_hi', offset: 0x1d8, size: 0x4, spec: "arch/x86/include/uapi/asm/bootparam.h, struct efi_info" },
  { name: 'efi_info.efi_memmap_hi', offset: 0x1dc, size: 0x4, spec: "arch/x86/include/uapi/asm/bootparam.h, struct efi_info" },
  { name: 'alt_mem_k', offset: 0x1e0, size: 0x4, doc: "KiB of memory from 1 MiB on", spec: "zero-page.rst, alt_mem_k, 0x1e0/004" },
  { name: 'scratch', offset: 0x1e4, size: 0x4, spec: "zero-page.rst, scratch, 0x1e4/004" },
  { name: 'e820_entries', offset: 0x1e8, size: 0x1, spec: "zero-page.rst, e820_entries, 0x1e8/001" },
  { name: 'eddbuf_entries', offset: 0x1e9, size: 0x1, spec: "zero-page.rst, eddbuf_entries, 0x1e9/001" },
  { name: 'edd_mbr_sig_buf_entries', offset: 0x1ea, size: 0x1, spec: "zero-page.rst, edd_mbr_sig_buf_entries, 0x1ea/001" },
  { name: 'kbd_status', offset: 0x1eb, size: 0x1, spec: "zero-page.rst, kbd_status, 0x1eb/001" },
  { name: 'secure_boot', offset: 0x1ec, size: 0x1, spec: "zero-page.rst, secure_boot, 0x1ec/001" },
  { name: 'pad5', offset: 0x1ed, size: 0x2, spec: "Documentation/arch/x86/zero-page.rst" },
  { name: 'sentinel', offset: 0x1ef, size: 0x1, doc: "nonzero tells the kernel that a loader copied more than the header", spec: "zero-page.rst, sentinel, 0x1ef/001" },
  { name: 'pad6', offset: 0x1f0, size: 0x1, spec: "Documentation/arch/x86/zero-page.rst" },
  { name: 'hdr', offset: 0x1f1, size: 0x9f, spec: "boot.rst, \"The Real-Mode Kernel Header\", 0x1f1" },
  { name: 'edd_mbr_sig_buffer', offset: 0x290, size: 0x40, spec: "zero-page.rst, edd_mbr_sig_buffer, 0x290/040" },
  { name: 'e820_table', offset: 0x2d0, size: 0xa00, spec: "zero-page.rst, e820_table, 0x2d0/A00" },
  { name: 'pad8', offset: 0xcd0, size: 0x30, spec: "Documentation/arch/x86/zero-page.rst" },
  { name: 'eddbuf', offset: 0xd00, size: 0x1ec, spec: "zero-page.rst, eddbuf, 0xd00/1EC" },
  { name: 'pad9', offset: 0xeec, size: 0x114, spec: "Documentation/arch/x86/zero-page.rst" },
]);

/** @see include/uapi/linux/screen_info.h */
export const ScreenInfo: Reader<ScreenInfo, 'orig_x' | 'orig_y' | 'ext_mem_k' | 'orig_video_page' | 'orig_video_mode' | 'orig_video_cols' | 'flags' | 'unused2' | 'orig_video_ega_bx' | 'unused3' | 'orig_video_lines' | 'orig_video_is_vga' | 'orig_video_points' | 'linear_frame_buffer'> = reader('screen_info', 64, compiled.ScreenInfo, [
  { name: 'orig_x', offset: 0x0, size: 0x1, spec: "include/uapi/linux/screen_info.h" },
  { name: 'orig_y', offset: 0x1, size: 0x1, spec: "include/uapi/linux/screen_info.h" },
  { name: 'ext_mem_k', offset: 0x2, size: 0x2, doc: "KiB of memory from 1 MiB on, at most 0xfc00", spec: "screen_info.h, 0x02" },
  { name: 'orig_video_page', offset: 0x4, size: 0x2, spec: "include/uapi/linux/screen_info.h" },
  { name: 'orig_video_mode', offset: 0x6, size: 0x1, spec: "include/uapi/linux/screen_info.h" },
  { name: 'orig_video_cols', offset: 0x7, size: 0x1, spec: "include/uapi/linux/screen_info.h" },
  { name: 'flags', offset: 0x8, size: 0x1, spec: "include/uapi/linux/screen_info.h" },
  { name: 'unused2', offset: 0x9, size: 0x1, spec: "include/uapi/linux/screen_info.h" },
  { name: 'orig_video_ega_bx', offset: 0xa, size: 0x2, spec: "include/uapi/linux/screen_info.h" },
  { name: 'unused3', offset: 0xc, size: 0x2, spec: "include/uapi/linux/screen_info.h" },
  { name: 'orig_video_lines', offset: 0xe, size: 0x1, spec: "include/uapi/linux/screen_info.h" },
  { name: 'orig_video_is_vga', offset: 0xf, size: 0x1, doc: "0 for no screen known, 1 for text mode, 0x23 for VESA graphics, 0x70 for EFI graphics", spec: "screen_info.h, orig_video_isVGA, 0x0f" },
  { name: 'orig_video_points', offset: 0x10, size: 0x2, spec: "include/uapi/linux/screen_info.h" },
  { name: 'linear_frame_buffer', offset: 0x12, size: 0x2e, spec: "screen_info.h, 0x12" },
]);

/** @see arch/x86/include/uapi/asm/bootparam.h, struct efi_info */
export const EfiInfo: Reader<EfiInfo, 'efi_loader_signature' | 'efi_systab' | 'efi_memdesc_size' | 'efi_memdesc_version' | 'efi_memmap' | 'efi_memmap_size' | 'efi_systab_hi' | 'efi_memmap_hi'> = reader('efi_info', 32, compiled.EfiInfo, [
  { name: 'efi_loader_signature', offset: 0x0, size: 0x4, doc: "\"EL64\" or \"EL32\"", spec: "arch/x86/include/uapi/asm/bootparam.h, struct efi_info" },
  { name: 'efi_systab', offset: 0x4, size: 0x4, spec: "arch/x86/include/uapi/asm/bootparam.h, struct efi_info" },
  { name: 'efi_memdesc_size', offset: 0x8, size: 0x4, spec: "arch/x86/include/uapi/asm/bootparam.h, struct efi_info" },
  { name: 'efi_memdesc_version', offset: 0xc, size: 0x4, spec: "arch/x86/include/uapi/asm/bootparam.h, struct efi_info" },
  { name: 'efi_memmap', offset: 0x10, size: 0x4, spec: "arch/x86/include/uapi/asm/bootparam.h, struct efi_info" },
  { name: 'efi_memmap_size', offset: 0x14, size: 0x4, spec: "arch/x86/include/uapi/asm/bootparam.h, struct efi_info" },
  { name: 'efi_systab_hi', offset: 0x18, size: 0x4, spec: "arch/x86/include/uapi/asm/bootparam.h, struct efi_info" },
  { name: 'efi_memmap_hi', offset: 0x1c, size: 0x4, spec: "arch/x86/include/uapi/asm/bootparam.h, struct efi_info" },
]);

/** @see ACPI 6.5, 15.1; arch/x86/include/uapi/asm/setup_data.h, struct boot_e820_entry */
export const E820Entry: Reader<E820Entry, 'addr' | 'size' | 'type'> = reader('e820_entry', 20, compiled.E820Entry, [
  { name: 'addr', offset: 0x0, size: 0x8, spec: "ACPI 6.5, 15.1; arch/x86/include/uapi/asm/setup_data.h, struct boot_e820_entry" },
  { name: 'size', offset: 0x8, size: 0x8, spec: "ACPI 6.5, 15.1; arch/x86/include/uapi/asm/setup_data.h, struct boot_e820_entry" },
  { name: 'type', offset: 0x10, size: 0x4, spec: "ACPI 6.5, 15.1; arch/x86/include/uapi/asm/setup_data.h, struct boot_e820_entry" },
]);
