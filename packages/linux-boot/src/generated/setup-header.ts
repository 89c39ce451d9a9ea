// Generated from setup-header.ksy by @kexec-kit/ksy. Do not edit: change the .ksy and generate again.
/* eslint-disable */
// What Kaitai emits has no types; what is declared here has, and is checked where it is used.
// @ts-nocheck
import { CheckedStream, type Reader, reader } from '@kexec-kit/structures';

/**
 * The header that a bzImage carries at 0x1f1 and a boot loader copies to the same offset of boot_params;
 * both are read with this. A field exists when the protocol version has it and the declared length reaches it.
 * @see Documentation/arch/x86/boot.rst, "The Real-Mode Kernel Header"
 */
export interface SetupHeader {
  /** boot sector code, or the fields of boot_params below the header */
  readonly before: Uint8Array;
  /**
   * size of the setup code in 512-byte sectors; 0 means 4
   * @see boot.rst, setup_sects, 0x1f1/1
   */
  readonly setup_sects: number;
  /**
   * if set, the root is mounted read-only
   * @see boot.rst, root_flags, 0x1f2/2
   */
  readonly root_flags: number;
  /**
   * size of the protected-mode code in 16-byte paragraphs; before 2.04 only the lower two bytes mean anything
   * @see boot.rst, syssize, 0x1f4/4
   */
  readonly syssize: number;
  /**
   * obsolete
   * @see boot.rst, ram_size, 0x1f8/2
   */
  readonly ram_size: number;
  /**
   * video mode control, read by the 16-bit code only
   * @see boot.rst, vid_mode, 0x1fa/2
   */
  readonly vid_mode: number;
  /**
   * default root device number
   * @see boot.rst, root_dev, 0x1fc/2
   */
  readonly root_dev: number;
  /**
   * 0xaa55
   * @see boot.rst, boot_flag, 0x1fe/2
   */
  readonly boot_flag: number;
  /**
   * 0xeb and a displacement from 0x202: where the header ends
   * @see boot.rst, jump, 0x200/2
   */
  readonly jump: number;
  /**
   * "HdrS"
   * @see boot.rst, header, 0x202/4
   */
  readonly header: number;
  /**
   * boot protocol version, major in the high byte
   * @see boot.rst, version, 0x206/2
   */
  readonly version: number;
  /**
   * hook of the 16-bit code
   * @see boot.rst, realmode_swtch, 0x208/4
   */
  readonly realmode_swtch: number;
  /**
   * obsolete
   * @see boot.rst, start_sys_seg, 0x20c/2
   */
  readonly start_sys_seg: number;
  /**
   * offset of the version string, less 0x200; 0 for none
   * @see boot.rst, kernel_version, 0x20e/2
   */
  readonly kernel_version: number;
  /**
   * identifier of the boot loader
   * @see boot.rst, type_of_loader, 0x210/1
   */
  readonly type_of_loader: number;
  /**
   * bit mask
   * @see boot.rst, loadflags, 0x211/1
   */
  readonly loadflags: number;
  /**
   * protocols 2.00 and 2.01 only
   * @see boot.rst, setup_move_size, 0x212/2
   */
  readonly setup_move_size: number;
  /**
   * where the 32-bit code expects to be loaded
   * @see boot.rst, code32_start, 0x214/4
   */
  readonly code32_start: number;
  /**
   * lower half of the initrd's address
   * @see boot.rst, ramdisk_image, 0x218/4
   */
  readonly ramdisk_image: number;
  /**
   * lower half of the initrd's size
   * @see boot.rst, ramdisk_size, 0x21c/4
   */
  readonly ramdisk_size: number;
  /**
   * obsolete
   * @see boot.rst, bootsect_kludge, 0x220/4
   */
  readonly bootsect_kludge: number;
  /**
   * first byte after the header
   * @see boot.rst, jump, 0x200/2
   */
  readonly end: number;
  /**
   * end of the 16-bit heap, less 0x200
   * @see boot.rst, heap_end_ptr, 0x224/2, protocol 2.01
   */
  readonly heap_end_ptr: number | undefined;
  /**
   * extends type_of_loader
   * @see boot.rst, ext_loader_ver, 0x226/1, protocol 2.02
   */
  readonly ext_loader_ver: number | undefined;
  /**
   * extends type_of_loader
   * @see boot.rst, ext_loader_type, 0x227/1, protocol 2.02
   */
  readonly ext_loader_type: number | undefined;
  /**
   * lower half of the command line's address
   * @see boot.rst, cmd_line_ptr, 0x228/4, protocol 2.02
   */
  readonly cmd_line_ptr: number | undefined;
  /**
   * highest address an initrd's byte may have when it must lie low
   * @see boot.rst, initrd_addr_max, 0x22c/4, protocol 2.03
   */
  readonly initrd_addr_max: number | undefined;
  /**
   * alignment that a relocatable kernel wants
   * @see boot.rst, kernel_alignment, 0x230/4, protocol 2.05
   */
  readonly kernel_alignment: number | undefined;
  /**
   * nonzero: may be loaded at any multiple of kernel_alignment
   * @see boot.rst, relocatable_kernel, 0x234/1, protocol 2.05
   */
  readonly relocatable_kernel: number | undefined;
  /**
   * power of two of the least alignment with which it boots; 0 for none told
   * @see boot.rst, min_alignment, 0x235/1, protocol 2.10
   */
  readonly min_alignment: number | undefined;
  /**
   * bit mask
   * @see boot.rst, xloadflags, 0x236/2, protocol 2.12
   */
  readonly xloadflags: number | undefined;
  /**
   * longest command line, without its NUL
   * @see boot.rst, cmdline_size, 0x238/4, protocol 2.06
   */
  readonly cmdline_size: number | undefined;
  /**
   * paravirtual environment; 0 is a PC
   * @see boot.rst, hardware_subarch, 0x23c/4, protocol 2.07
   */
  readonly hardware_subarch: number | undefined;
  /**
   * specific to hardware_subarch
   * @see boot.rst, hardware_subarch_data, 0x240/8, protocol 2.07
   */
  readonly hardware_subarch_data: bigint | undefined;
  /**
   * from the start of the protected-mode code
   * @see boot.rst, payload_offset, 0x248/4, protocol 2.08
   */
  readonly payload_offset: number | undefined;
  /**
   * bytes of payload
   * @see boot.rst, payload_length, 0x24c/4, protocol 2.08
   */
  readonly payload_length: number | undefined;
  /**
   * first node of the setup_data list; 0 for none
   * @see boot.rst, setup_data, 0x250/8, protocol 2.09
   */
  readonly setup_data: bigint | undefined;
  /**
   * where the kernel would like to be loaded
   * @see boot.rst, pref_address, 0x258/8, protocol 2.10
   */
  readonly pref_address: bigint | undefined;
  /**
   * bytes of memory the kernel needs from its start on before it looks at the memory map
   * @see boot.rst, init_size, 0x260/4, protocol 2.10
   */
  readonly init_size: number | undefined;
  /**
   * EFI handover entry, deprecated
   * @see boot.rst, handover_offset, 0x264/4, protocol 2.11
   */
  readonly handover_offset: number | undefined;
  /**
   * kernel_info, from the start of the protected-mode code
   * @see boot.rst, kernel_info_offset, 0x268/4, protocol 2.15
   */
  readonly kernel_info_offset: number | undefined;
}

const compiled: any = ((KaitaiStream) => {
var SetupHeader = (function() {
  function SetupHeader(_io, _parent, _root) {
    this._io = _io;
    this._parent = _parent;
    this._root = _root || this;

  }
  SetupHeader.prototype._read = function() {
    this._io.at('before');
    this.before = this._io.readBytes(497);
    this._io.done();
    this._io.at('setup_sects');
    this.setupSects = this._io.readU1();
    this._io.done();
    this._io.at('root_flags');
    this.rootFlags = this._io.readU2le();
    this._io.done();
    this._io.at('syssize');
    this.syssize = this._io.readU4le();
    this._io.done();
    this._io.at('ram_size');
    this.ramSize = this._io.readU2le();
    this._io.done();
    this._io.at('vid_mode');
    this.vidMode = this._io.readU2le();
    this._io.done();
    this._io.at('root_dev');
    this.rootDev = this._io.readU2le();
    this._io.done();
    this._io.at('boot_flag');
    this.bootFlag = this._io.readU2le();
    this._io.done();
    this._io.at('jump');
    this.jump = this._io.readU2le();
    this._io.done();
    this._io.at('header');
    this.header = this._io.readU4le();
    this._io.done();
    this._io.at('version');
    this.version = this._io.readU2le();
    this._io.done();
    this._io.at('realmode_swtch');
    this.realmodeSwtch = this._io.readU4le();
    this._io.done();
    this._io.at('start_sys_seg');
    this.startSysSeg = this._io.readU2le();
    this._io.done();
    this._io.at('kernel_version');
    this.kernelVersion = this._io.readU2le();
    this._io.done();
    this._io.at('type_of_loader');
    this.typeOfLoader = this._io.readU1();
    this._io.done();
    this._io.at('loadflags');
    this.loadflags = this._io.readU1();
    this._io.done();
    this._io.at('setup_move_size');
    this.setupMoveSize = this._io.readU2le();
    this._io.done();
    this._io.at('code32_start');
    this.code32Start = this._io.readU4le();
    this._io.done();
    this._io.at('ramdisk_image');
    this.ramdiskImage = this._io.readU4le();
    this._io.done();
    this._io.at('ramdisk_size');
    this.ramdiskSize = this._io.readU4le();
    this._io.done();
    this._io.at('bootsect_kludge');
    this.bootsectKludge = this._io.readU4le();
    this._io.done();
  }
  Object.defineProperty(SetupHeader.prototype, 'cmdLinePtr', {
    get: function() {
      if (this._m_cmdLinePtr !== undefined)
        return this._m_cmdLinePtr;
      if ( ((this.version >= 514) && (this.end >= 556)) ) {
        this._io.at('cmd_line_ptr');
        var _pos = this._io.pos;
        this._io.seek(552);
        this._io.here();
        this._m_cmdLinePtr = this._io.readU4le();
        this._io.done();
        this._io.seek(_pos);
      }
      return this._m_cmdLinePtr;
    }
  });
  Object.defineProperty(SetupHeader.prototype, 'cmdlineSize', {
    get: function() {
      if (this._m_cmdlineSize !== undefined)
        return this._m_cmdlineSize;
      if ( ((this.version >= 518) && (this.end >= 572)) ) {
        this._io.at('cmdline_size');
        var _pos = this._io.pos;
        this._io.seek(568);
        this._io.here();
        this._m_cmdlineSize = this._io.readU4le();
        this._io.done();
        this._io.seek(_pos);
      }
      return this._m_cmdlineSize;
    }
  });
  Object.defineProperty(SetupHeader.prototype, 'end', {
    get: function() {
      if (this._m_end !== undefined)
        return this._m_end;
      this._io.at('end');
      this._m_end = 514 + (this.jump >>> 8);
      this._io.done();
      return this._m_end;
    }
  });
  Object.defineProperty(SetupHeader.prototype, 'extLoaderType', {
    get: function() {
      if (this._m_extLoaderType !== undefined)
        return this._m_extLoaderType;
      if ( ((this.version >= 514) && (this.end >= 552)) ) {
        this._io.at('ext_loader_type');
        var _pos = this._io.pos;
        this._io.seek(551);
        this._io.here();
        this._m_extLoaderType = this._io.readU1();
        this._io.done();
        this._io.seek(_pos);
      }
      return this._m_extLoaderType;
    }
  });
  Object.defineProperty(SetupHeader.prototype, 'extLoaderVer', {
    get: function() {
      if (this._m_extLoaderVer !== undefined)
        return this._m_extLoaderVer;
      if ( ((this.version >= 514) && (this.end >= 551)) ) {
        this._io.at('ext_loader_ver');
        var _pos = this._io.pos;
        this._io.seek(550);
        this._io.here();
        this._m_extLoaderVer = this._io.readU1();
        this._io.done();
        this._io.seek(_pos);
      }
      return this._m_extLoaderVer;
    }
  });
  Object.defineProperty(SetupHeader.prototype, 'handoverOffset', {
    get: function() {
      if (this._m_handoverOffset !== undefined)
        return this._m_handoverOffset;
      if ( ((this.version >= 523) && (this.end >= 616)) ) {
        this._io.at('handover_offset');
        var _pos = this._io.pos;
        this._io.seek(612);
        this._io.here();
        this._m_handoverOffset = this._io.readU4le();
        this._io.done();
        this._io.seek(_pos);
      }
      return this._m_handoverOffset;
    }
  });
  Object.defineProperty(SetupHeader.prototype, 'hardwareSubarch', {
    get: function() {
      if (this._m_hardwareSubarch !== undefined)
        return this._m_hardwareSubarch;
      if ( ((this.version >= 519) && (this.end >= 576)) ) {
        this._io.at('hardware_subarch');
        var _pos = this._io.pos;
        this._io.seek(572);
        this._io.here();
        this._m_hardwareSubarch = this._io.readU4le();
        this._io.done();
        this._io.seek(_pos);
      }
      return this._m_hardwareSubarch;
    }
  });
  Object.defineProperty(SetupHeader.prototype, 'hardwareSubarchData', {
    get: function() {
      if (this._m_hardwareSubarchData !== undefined)
        return this._m_hardwareSubarchData;
      if ( ((this.version >= 519) && (this.end >= 584)) ) {
        this._io.at('hardware_subarch_data');
        var _pos = this._io.pos;
        this._io.seek(576);
        this._io.here();
        this._m_hardwareSubarchData = this._io.readU8le();
        this._io.done();
        this._io.seek(_pos);
      }
      return this._m_hardwareSubarchData;
    }
  });
  Object.defineProperty(SetupHeader.prototype, 'heapEndPtr', {
    get: function() {
      if (this._m_heapEndPtr !== undefined)
        return this._m_heapEndPtr;
      if ( ((this.version >= 513) && (this.end >= 550)) ) {
        this._io.at('heap_end_ptr');
        var _pos = this._io.pos;
        this._io.seek(548);
        this._io.here();
        this._m_heapEndPtr = this._io.readU2le();
        this._io.done();
        this._io.seek(_pos);
      }
      return this._m_heapEndPtr;
    }
  });
  Object.defineProperty(SetupHeader.prototype, 'initSize', {
    get: function() {
      if (this._m_initSize !== undefined)
        return this._m_initSize;
      if ( ((this.version >= 522) && (this.end >= 612)) ) {
        this._io.at('init_size');
        var _pos = this._io.pos;
        this._io.seek(608);
        this._io.here();
        this._m_initSize = this._io.readU4le();
        this._io.done();
        this._io.seek(_pos);
      }
      return this._m_initSize;
    }
  });
  Object.defineProperty(SetupHeader.prototype, 'initrdAddrMax', {
    get: function() {
      if (this._m_initrdAddrMax !== undefined)
        return this._m_initrdAddrMax;
      if ( ((this.version >= 515) && (this.end >= 560)) ) {
        this._io.at('initrd_addr_max');
        var _pos = this._io.pos;
        this._io.seek(556);
        this._io.here();
        this._m_initrdAddrMax = this._io.readU4le();
        this._io.done();
        this._io.seek(_pos);
      }
      return this._m_initrdAddrMax;
    }
  });
  Object.defineProperty(SetupHeader.prototype, 'kernelAlignment', {
    get: function() {
      if (this._m_kernelAlignment !== undefined)
        return this._m_kernelAlignment;
      if ( ((this.version >= 517) && (this.end >= 564)) ) {
        this._io.at('kernel_alignment');
        var _pos = this._io.pos;
        this._io.seek(560);
        this._io.here();
        this._m_kernelAlignment = this._io.readU4le();
        this._io.done();
        this._io.seek(_pos);
      }
      return this._m_kernelAlignment;
    }
  });
  Object.defineProperty(SetupHeader.prototype, 'kernelInfoOffset', {
    get: function() {
      if (this._m_kernelInfoOffset !== undefined)
        return this._m_kernelInfoOffset;
      if ( ((this.version >= 527) && (this.end >= 620)) ) {
        this._io.at('kernel_info_offset');
        var _pos = this._io.pos;
        this._io.seek(616);
        this._io.here();
        this._m_kernelInfoOffset = this._io.readU4le();
        this._io.done();
        this._io.seek(_pos);
      }
      return this._m_kernelInfoOffset;
    }
  });
  Object.defineProperty(SetupHeader.prototype, 'minAlignment', {
    get: function() {
      if (this._m_minAlignment !== undefined)
        return this._m_minAlignment;
      if ( ((this.version >= 522) && (this.end >= 566)) ) {
        this._io.at('min_alignment');
        var _pos = this._io.pos;
        this._io.seek(565);
        this._io.here();
        this._m_minAlignment = this._io.readU1();
        this._io.done();
        this._io.seek(_pos);
      }
      return this._m_minAlignment;
    }
  });
  Object.defineProperty(SetupHeader.prototype, 'payloadLength', {
    get: function() {
      if (this._m_payloadLength !== undefined)
        return this._m_payloadLength;
      if ( ((this.version >= 520) && (this.end >= 592)) ) {
        this._io.at('payload_length');
        var _pos = this._io.pos;
        this._io.seek(588);
        this._io.here();
        this._m_payloadLength = this._io.readU4le();
        this._io.done();
        this._io.seek(_pos);
      }
      return this._m_payloadLength;
    }
  });
  Object.defineProperty(SetupHeader.prototype, 'payloadOffset', {
    get: function() {
      if (this._m_payloadOffset !== undefined)
        return this._m_payloadOffset;
      if ( ((this.version >= 520) && (this.end >= 588)) ) {
        this._io.at('payload_offset');
        var _pos = this._io.pos;
        this._io.seek(584);
        this._io.here();
        this._m_payloadOffset = this._io.readU4le();
        this._io.done();
        this._io.seek(_pos);
      }
      return this._m_payloadOffset;
    }
  });
  Object.defineProperty(SetupHeader.prototype, 'prefAddress', {
    get: function() {
      if (this._m_prefAddress !== undefined)
        return this._m_prefAddress;
      if ( ((this.version >= 522) && (this.end >= 608)) ) {
        this._io.at('pref_address');
        var _pos = this._io.pos;
        this._io.seek(600);
        this._io.here();
        this._m_prefAddress = this._io.readU8le();
        this._io.done();
        this._io.seek(_pos);
      }
      return this._m_prefAddress;
    }
  });
  Object.defineProperty(SetupHeader.prototype, 'relocatableKernel', {
    get: function() {
      if (this._m_relocatableKernel !== undefined)
        return this._m_relocatableKernel;
      if ( ((this.version >= 517) && (this.end >= 565)) ) {
        this._io.at('relocatable_kernel');
        var _pos = this._io.pos;
        this._io.seek(564);
        this._io.here();
        this._m_relocatableKernel = this._io.readU1();
        this._io.done();
        this._io.seek(_pos);
      }
      return this._m_relocatableKernel;
    }
  });
  Object.defineProperty(SetupHeader.prototype, 'setupData', {
    get: function() {
      if (this._m_setupData !== undefined)
        return this._m_setupData;
      if ( ((this.version >= 521) && (this.end >= 600)) ) {
        this._io.at('setup_data');
        var _pos = this._io.pos;
        this._io.seek(592);
        this._io.here();
        this._m_setupData = this._io.readU8le();
        this._io.done();
        this._io.seek(_pos);
      }
      return this._m_setupData;
    }
  });
  Object.defineProperty(SetupHeader.prototype, 'xloadflags', {
    get: function() {
      if (this._m_xloadflags !== undefined)
        return this._m_xloadflags;
      if ( ((this.version >= 524) && (this.end >= 568)) ) {
        this._io.at('xloadflags');
        var _pos = this._io.pos;
        this._io.seek(566);
        this._io.here();
        this._m_xloadflags = this._io.readU2le();
        this._io.done();
        this._io.seek(_pos);
      }
      return this._m_xloadflags;
    }
  });

  return SetupHeader;
})();
return SetupHeader;
})(CheckedStream);
compiled.members = [['before', 'before'], ['setup_sects', 'setupSects'], ['root_flags', 'rootFlags'], ['syssize', 'syssize'], ['ram_size', 'ramSize'], ['vid_mode', 'vidMode'], ['root_dev', 'rootDev'], ['boot_flag', 'bootFlag'], ['jump', 'jump'], ['header', 'header'], ['version', 'version'], ['realmode_swtch', 'realmodeSwtch'], ['start_sys_seg', 'startSysSeg'], ['kernel_version', 'kernelVersion'], ['type_of_loader', 'typeOfLoader'], ['loadflags', 'loadflags'], ['setup_move_size', 'setupMoveSize'], ['code32_start', 'code32Start'], ['ramdisk_image', 'ramdiskImage'], ['ramdisk_size', 'ramdiskSize'], ['bootsect_kludge', 'bootsectKludge'], ['end', 'end'], ['heap_end_ptr', 'heapEndPtr'], ['ext_loader_ver', 'extLoaderVer'], ['ext_loader_type', 'extLoaderType'], ['cmd_line_ptr', 'cmdLinePtr'], ['initrd_addr_max', 'initrdAddrMax'], ['kernel_alignment', 'kernelAlignment'], ['relocatable_kernel', 'relocatableKernel'], ['min_alignment', 'minAlignment'], ['xloadflags', 'xloadflags'], ['cmdline_size', 'cmdlineSize'], ['hardware_subarch', 'hardwareSubarch'], ['hardware_subarch_data', 'hardwareSubarchData'], ['payload_offset', 'payloadOffset'], ['payload_length', 'payloadLength'], ['setup_data', 'setupData'], ['pref_address', 'prefAddress'], ['init_size', 'initSize'], ['handover_offset', 'handoverOffset'], ['kernel_info_offset', 'kernelInfoOffset']];

/**
 * The header that a bzImage carries at 0x1f1 and a boot loader copies to the same offset of boot_params;
 * both are read with this. A field exists when the protocol version has it and the declared length reaches it.
 * @see Documentation/arch/x86/boot.rst, "The Real-Mode Kernel Header"
 */
export const SetupHeader: Reader<SetupHeader, 'before' | 'setup_sects' | 'root_flags' | 'syssize' | 'ram_size' | 'vid_mode' | 'root_dev' | 'boot_flag' | 'jump' | 'header' | 'version' | 'realmode_swtch' | 'start_sys_seg' | 'kernel_version' | 'type_of_loader' | 'loadflags' | 'setup_move_size' | 'code32_start' | 'ramdisk_image' | 'ramdisk_size' | 'bootsect_kludge' | 'heap_end_ptr' | 'ext_loader_ver' | 'ext_loader_type' | 'cmd_line_ptr' | 'initrd_addr_max' | 'kernel_alignment' | 'relocatable_kernel' | 'min_alignment' | 'xloadflags' | 'cmdline_size' | 'hardware_subarch' | 'hardware_subarch_data' | 'payload_offset' | 'payload_length' | 'setup_data' | 'pref_address' | 'init_size' | 'handover_offset' | 'kernel_info_offset'> = reader('setup_header', 548, compiled, [
  { name: 'before', offset: 0x0, size: 0x1f1, doc: "boot sector code, or the fields of boot_params below the header", spec: "Documentation/arch/x86/boot.rst, \"The Real-Mode Kernel Header\"" },
  { name: 'setup_sects', offset: 0x1f1, size: 0x1, doc: "size of the setup code in 512-byte sectors; 0 means 4", spec: "boot.rst, setup_sects, 0x1f1/1" },
  { name: 'root_flags', offset: 0x1f2, size: 0x2, doc: "if set, the root is mounted read-only", spec: "boot.rst, root_flags, 0x1f2/2" },
  { name: 'syssize', offset: 0x1f4, size: 0x4, doc: "size of the protected-mode code in 16-byte paragraphs; before 2.04 only the lower two bytes mean anything", spec: "boot.rst, syssize, 0x1f4/4" },
  { name: 'ram_size', offset: 0x1f8, size: 0x2, doc: "obsolete", spec: "boot.rst, ram_size, 0x1f8/2" },
  { name: 'vid_mode', offset: 0x1fa, size: 0x2, doc: "video mode control, read by the 16-bit code only", spec: "boot.rst, vid_mode, 0x1fa/2" },
  { name: 'root_dev', offset: 0x1fc, size: 0x2, doc: "default root device number", spec: "boot.rst, root_dev, 0x1fc/2" },
  { name: 'boot_flag', offset: 0x1fe, size: 0x2, doc: "0xaa55", spec: "boot.rst, boot_flag, 0x1fe/2" },
  { name: 'jump', offset: 0x200, size: 0x2, doc: "0xeb and a displacement from 0x202: where the header ends", spec: "boot.rst, jump, 0x200/2" },
  { name: 'header', offset: 0x202, size: 0x4, doc: "\"HdrS\"", spec: "boot.rst, header, 0x202/4" },
  { name: 'version', offset: 0x206, size: 0x2, doc: "boot protocol version, major in the high byte", spec: "boot.rst, version, 0x206/2" },
  { name: 'realmode_swtch', offset: 0x208, size: 0x4, doc: "hook of the 16-bit code", spec: "boot.rst, realmode_swtch, 0x208/4" },
  { name: 'start_sys_seg', offset: 0x20c, size: 0x2, doc: "obsolete", spec: "boot.rst, start_sys_seg, 0x20c/2" },
  { name: 'kernel_version', offset: 0x20e, size: 0x2, doc: "offset of the version string, less 0x200; 0 for none", spec: "boot.rst, kernel_version, 0x20e/2" },
  { name: 'type_of_loader', offset: 0x210, size: 0x1, doc: "identifier of the boot loader", spec: "boot.rst, type_of_loader, 0x210/1" },
  { name: 'loadflags', offset: 0x211, size: 0x1, doc: "bit mask", spec: "boot.rst, loadflags, 0x211/1" },
  { name: 'setup_move_size', offset: 0x212, size: 0x2, doc: "protocols 2.00 and 2.01 only", spec: "boot.rst, setup_move_size, 0x212/2" },
  { name: 'code32_start', offset: 0x214, size: 0x4, doc: "where the 32-bit code expects to be loaded", spec: "boot.rst, code32_start, 0x214/4" },
  { name: 'ramdisk_image', offset: 0x218, size: 0x4, doc: "lower half of the initrd's address", spec: "boot.rst, ramdisk_image, 0x218/4" },
  { name: 'ramdisk_size', offset: 0x21c, size: 0x4, doc: "lower half of the initrd's size", spec: "boot.rst, ramdisk_size, 0x21c/4" },
  { name: 'bootsect_kludge', offset: 0x220, size: 0x4, doc: "obsolete", spec: "boot.rst, bootsect_kludge, 0x220/4" },
  { name: 'heap_end_ptr', offset: 0x224, size: 0x2, doc: "end of the 16-bit heap, less 0x200", spec: "boot.rst, heap_end_ptr, 0x224/2, protocol 2.01" },
  { name: 'ext_loader_ver', offset: 0x226, size: 0x1, doc: "extends type_of_loader", spec: "boot.rst, ext_loader_ver, 0x226/1, protocol 2.02" },
  { name: 'ext_loader_type', offset: 0x227, size: 0x1, doc: "extends type_of_loader", spec: "boot.rst, ext_loader_type, 0x227/1, protocol 2.02" },
  { name: 'cmd_line_ptr', offset: 0x228, size: 0x4, doc: "lower half of the command line's address", spec: "boot.rst, cmd_line_ptr, 0x228/4, protocol 2.02" },
  { name: 'initrd_addr_max', offset: 0x22c, size: 0x4, doc: "highest address an initrd's byte may have when it must lie low", spec: "boot.rst, initrd_addr_max, 0x22c/4, protocol 2.03" },
  { name: 'kernel_alignment', offset: 0x230, size: 0x4, doc: "alignment that a relocatable kernel wants", spec: "boot.rst, kernel_alignment, 0x230/4, protocol 2.05" },
  { name: 'relocatable_kernel', offset: 0x234, size: 0x1, doc: "nonzero: may be loaded at any multiple of kernel_alignment", spec: "boot.rst, relocatable_kernel, 0x234/1, protocol 2.05" },
  { name: 'min_alignment', offset: 0x235, size: 0x1, doc: "power of two of the least alignment with which it boots; 0 for none told", spec: "boot.rst, min_alignment, 0x235/1, protocol 2.10" },
  { name: 'xloadflags', offset: 0x236, size: 0x2, doc: "bit mask", spec: "boot.rst, xloadflags, 0x236/2, protocol 2.12" },
  { name: 'cmdline_size', offset: 0x238, size: 0x4, doc: "longest command line, without its NUL", spec: "boot.rst, cmdline_size, 0x238/4, protocol 2.06" },
  { name: 'hardware_subarch', offset: 0x23c, size: 0x4, doc: "paravirtual environment; 0 is a PC", spec: "boot.rst, hardware_subarch, 0x23c/4, protocol 2.07" },
  { name: 'hardware_subarch_data', offset: 0x240, size: 0x8, doc: "specific to hardware_subarch", spec: "boot.rst, hardware_subarch_data, 0x240/8, protocol 2.07" },
  { name: 'payload_offset', offset: 0x248, size: 0x4, doc: "from the start of the protected-mode code", spec: "boot.rst, payload_offset, 0x248/4, protocol 2.08" },
  { name: 'payload_length', offset: 0x24c, size: 0x4, doc: "bytes of payload", spec: "boot.rst, payload_length, 0x24c/4, protocol 2.08" },
  { name: 'setup_data', offset: 0x250, size: 0x8, doc: "first node of the setup_data list; 0 for none", spec: "boot.rst, setup_data, 0x250/8, protocol 2.09" },
  { name: 'pref_address', offset: 0x258, size: 0x8, doc: "where the kernel would like to be loaded", spec: "boot.rst, pref_address, 0x258/8, protocol 2.10" },
  { name: 'init_size', offset: 0x260, size: 0x4, doc: "bytes of memory the kernel needs from its start on before it looks at the memory map", spec: "boot.rst, init_size, 0x260/4, protocol 2.10" },
  { name: 'handover_offset', offset: 0x264, size: 0x4, doc: "EFI handover entry, deprecated", spec: "boot.rst, handover_offset, 0x264/4, protocol 2.11" },
  { name: 'kernel_info_offset', offset: 0x268, size: 0x4, doc: "kernel_info, from the start of the protected-mode code", spec: "boot.rst, kernel_info_offset, 0x268/4, protocol 2.15" },
]);
