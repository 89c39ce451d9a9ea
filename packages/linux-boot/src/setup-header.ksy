meta:
  id: setup_header
  title: Linux/x86 setup header
  endian: le
  license: MIT
  ks-version: "0.11"
doc: |
  The header that a bzImage carries at 0x1f1 and a boot loader copies to the same offset of boot_params;
  both are read with this. A field exists when the protocol version has it and the declared length reaches it.
doc-ref: Documentation/arch/x86/boot.rst, "The Real-Mode Kernel Header"
seq:
  - id: before
    size: 0x1f1
    doc: boot sector code, or the fields of boot_params below the header
  - id: setup_sects
    type: u1
    doc: size of the setup code in 512-byte sectors; 0 means 4
    doc-ref: boot.rst, setup_sects, 0x1f1/1
  - id: root_flags
    type: u2
    doc: if set, the root is mounted read-only
    doc-ref: boot.rst, root_flags, 0x1f2/2
  - id: syssize
    type: u4
    doc: size of the protected-mode code in 16-byte paragraphs; before 2.04 only the lower two bytes mean anything
    doc-ref: boot.rst, syssize, 0x1f4/4
  - id: ram_size
    type: u2
    doc: obsolete
    doc-ref: boot.rst, ram_size, 0x1f8/2
  - id: vid_mode
    type: u2
    doc: video mode control, read by the 16-bit code only
    doc-ref: boot.rst, vid_mode, 0x1fa/2
  - id: root_dev
    type: u2
    doc: default root device number
    doc-ref: boot.rst, root_dev, 0x1fc/2
  - id: boot_flag
    type: u2
    doc: '0xaa55'
    doc-ref: boot.rst, boot_flag, 0x1fe/2
  - id: jump
    type: u2
    doc: '0xeb and a displacement from 0x202: where the header ends'
    doc-ref: boot.rst, jump, 0x200/2
  - id: header
    type: u4
    doc: '"HdrS"'
    doc-ref: boot.rst, header, 0x202/4
  - id: version
    type: u2
    doc: boot protocol version, major in the high byte
    doc-ref: boot.rst, version, 0x206/2
  - id: realmode_swtch
    type: u4
    doc: hook of the 16-bit code
    doc-ref: boot.rst, realmode_swtch, 0x208/4
  - id: start_sys_seg
    type: u2
    doc: obsolete
    doc-ref: boot.rst, start_sys_seg, 0x20c/2
  - id: kernel_version
    type: u2
    doc: offset of the version string, less 0x200; 0 for none
    doc-ref: boot.rst, kernel_version, 0x20e/2
  - id: type_of_loader
    type: u1
    doc: identifier of the boot loader
    doc-ref: boot.rst, type_of_loader, 0x210/1
  - id: loadflags
    type: u1
    doc: bit mask
    doc-ref: boot.rst, loadflags, 0x211/1
  - id: setup_move_size
    type: u2
    doc: protocols 2.00 and 2.01 only
    doc-ref: boot.rst, setup_move_size, 0x212/2
  - id: code32_start
    type: u4
    doc: where the 32-bit code expects to be loaded
    doc-ref: boot.rst, code32_start, 0x214/4
  - id: ramdisk_image
    type: u4
    doc: lower half of the initrd's address
    doc-ref: boot.rst, ramdisk_image, 0x218/4
  - id: ramdisk_size
    type: u4
    doc: lower half of the initrd's size
    doc-ref: boot.rst, ramdisk_size, 0x21c/4
  - id: bootsect_kludge
    type: u4
    doc: obsolete
    doc-ref: boot.rst, bootsect_kludge, 0x220/4
instances:
  end:
    value: 0x202 + (jump >> 8)
    -ts-type: number
    doc: first byte after the header
    doc-ref: boot.rst, jump, 0x200/2
  heap_end_ptr:
    pos: 0x224
    type: u2
    if: version >= 0x0201 and end >= 0x226
    doc: end of the 16-bit heap, less 0x200
    doc-ref: boot.rst, heap_end_ptr, 0x224/2, protocol 2.01
  ext_loader_ver:
    pos: 0x226
    type: u1
    if: version >= 0x0202 and end >= 0x227
    doc: extends type_of_loader
    doc-ref: boot.rst, ext_loader_ver, 0x226/1, protocol 2.02
  ext_loader_type:
    pos: 0x227
    type: u1
    if: version >= 0x0202 and end >= 0x228
    doc: extends type_of_loader
    doc-ref: boot.rst, ext_loader_type, 0x227/1, protocol 2.02
  cmd_line_ptr:
    pos: 0x228
    type: u4
    if: version >= 0x0202 and end >= 0x22c
    doc: lower half of the command line's address
    doc-ref: boot.rst, cmd_line_ptr, 0x228/4, protocol 2.02
  initrd_addr_max:
    pos: 0x22c
    type: u4
    if: version >= 0x0203 and end >= 0x230
    doc: highest address an initrd's byte may have when it must lie low
    doc-ref: boot.rst, initrd_addr_max, 0x22c/4, protocol 2.03
  kernel_alignment:
    pos: 0x230
    type: u4
    if: version >= 0x0205 and end >= 0x234
    doc: alignment that a relocatable kernel wants
    doc-ref: boot.rst, kernel_alignment, 0x230/4, protocol 2.05
  relocatable_kernel:
    pos: 0x234
    type: u1
    if: version >= 0x0205 and end >= 0x235
    doc: 'nonzero: may be loaded at any multiple of kernel_alignment'
    doc-ref: boot.rst, relocatable_kernel, 0x234/1, protocol 2.05
  min_alignment:
    pos: 0x235
    type: u1
    if: version >= 0x020a and end >= 0x236
    doc: power of two of the least alignment with which it boots; 0 for none told
    doc-ref: boot.rst, min_alignment, 0x235/1, protocol 2.10
  xloadflags:
    pos: 0x236
    type: u2
    if: version >= 0x020c and end >= 0x238
    doc: bit mask
    doc-ref: boot.rst, xloadflags, 0x236/2, protocol 2.12
  cmdline_size:
    pos: 0x238
    type: u4
    if: version >= 0x0206 and end >= 0x23c
    doc: longest command line, without its NUL
    doc-ref: boot.rst, cmdline_size, 0x238/4, protocol 2.06
  hardware_subarch:
    pos: 0x23c
    type: u4
    if: version >= 0x0207 and end >= 0x240
    doc: 'paravirtual environment; 0 is a PC'
    doc-ref: boot.rst, hardware_subarch, 0x23c/4, protocol 2.07
  hardware_subarch_data:
    pos: 0x240
    type: u8
    if: version >= 0x0207 and end >= 0x248
    doc: specific to hardware_subarch
    doc-ref: boot.rst, hardware_subarch_data, 0x240/8, protocol 2.07
  payload_offset:
    pos: 0x248
    type: u4
    if: version >= 0x0208 and end >= 0x24c
    doc: from the start of the protected-mode code
    doc-ref: boot.rst, payload_offset, 0x248/4, protocol 2.08
  payload_length:
    pos: 0x24c
    type: u4
    if: version >= 0x0208 and end >= 0x250
    doc: bytes of payload
    doc-ref: boot.rst, payload_length, 0x24c/4, protocol 2.08
  setup_data:
    pos: 0x250
    type: u8
    if: version >= 0x0209 and end >= 0x258
    doc: first node of the setup_data list; 0 for none
    doc-ref: boot.rst, setup_data, 0x250/8, protocol 2.09
  pref_address:
    pos: 0x258
    type: u8
    if: version >= 0x020a and end >= 0x260
    doc: where the kernel would like to be loaded
    doc-ref: boot.rst, pref_address, 0x258/8, protocol 2.10
  init_size:
    pos: 0x260
    type: u4
    if: version >= 0x020a and end >= 0x264
    doc: bytes of memory the kernel needs from its start on before it looks at the memory map
    doc-ref: boot.rst, init_size, 0x260/4, protocol 2.10
  handover_offset:
    pos: 0x264
    type: u4
    if: version >= 0x020b and end >= 0x268
    doc: EFI handover entry, deprecated
    doc-ref: boot.rst, handover_offset, 0x264/4, protocol 2.11
  kernel_info_offset:
    pos: 0x268
    type: u4
    if: version >= 0x020f and end >= 0x26c
    doc: kernel_info, from the start of the protected-mode code
    doc-ref: boot.rst, kernel_info_offset, 0x268/4, protocol 2.15
