meta:
  id: boot_params
  title: Linux/x86 boot parameters ("zero page")
  endian: le
  license: MIT
  ks-version: "0.11"
doc: |
  What the 32-bit and 64-bit entries are handed in rsi. The setup header at 0x1f1 is read with setup-header.ksy.
doc-ref: Documentation/arch/x86/zero-page.rst
seq:
  - id: screen_info
    type: screen_info
    size: 0x40
    doc-ref: zero-page.rst, screen_info, 0x000/040
  - id: apm_bios_info
    size: 0x14
    doc-ref: zero-page.rst, apm_bios_info, 0x040/014
  - id: pad2
    size: 4
  - id: tboot_addr
    type: u8
    doc-ref: zero-page.rst, tboot_addr, 0x058/008
  - id: ist_info
    size: 0x10
    doc-ref: zero-page.rst, ist_info, 0x060/010
  - id: acpi_rsdp_addr
    type: u8
    doc-ref: zero-page.rst, acpi_rsdp_addr, 0x070/008
  - id: pad3
    size: 8
  - id: obsolete_disks
    size: 0x20
    doc-ref: zero-page.rst, hd0_info and hd1_info, 0x080/020
  - id: sys_desc_table
    size: 0x10
    doc-ref: zero-page.rst, sys_desc_table, 0x0a0/010
  - id: olpc_ofw_header
    size: 0x10
    doc-ref: zero-page.rst, olpc_ofw_header, 0x0b0/010
  - id: ext_ramdisk_image
    type: u4
    doc: upper half of the initrd's address
    doc-ref: zero-page.rst, ext_ramdisk_image, 0x0c0/004
  - id: ext_ramdisk_size
    type: u4
    doc: upper half of the initrd's size
    doc-ref: zero-page.rst, ext_ramdisk_size, 0x0c4/004
  - id: ext_cmd_line_ptr
    type: u4
    doc: upper half of the command line's address
    doc-ref: zero-page.rst, ext_cmd_line_ptr, 0x0c8/004
  - id: pad4
    size: 0x70
  - id: cc_blob_address
    type: u4
    doc-ref: zero-page.rst, cc_blob_address, 0x13c/004
  - id: edid_info
    size: 0x80
    doc-ref: zero-page.rst, edid_info, 0x140/080
  - id: efi_info
    type: efi_info
    size: 0x20
    doc-ref: zero-page.rst, efi_info, 0x1c0/020
  - id: alt_mem_k
    type: u4
    doc: KiB of memory from 1 MiB on
    doc-ref: zero-page.rst, alt_mem_k, 0x1e0/004
  - id: scratch
    type: u4
    doc-ref: zero-page.rst, scratch, 0x1e4/004
  - id: e820_entries
    type: u1
    doc-ref: zero-page.rst, e820_entries, 0x1e8/001
  - id: eddbuf_entries
    type: u1
    doc-ref: zero-page.rst, eddbuf_entries, 0x1e9/001
  - id: edd_mbr_sig_buf_entries
    type: u1
    doc-ref: zero-page.rst, edd_mbr_sig_buf_entries, 0x1ea/001
  - id: kbd_status
    type: u1
    doc-ref: zero-page.rst, kbd_status, 0x1eb/001
  - id: secure_boot
    type: u1
    doc-ref: zero-page.rst, secure_boot, 0x1ec/001
  - id: pad5
    size: 2
  - id: sentinel
    type: u1
    doc: nonzero tells the kernel that a loader copied more than the header
    doc-ref: zero-page.rst, sentinel, 0x1ef/001
  - id: pad6
    size: 1
  - id: hdr
    size: 0x9f
    doc-ref: boot.rst, "The Real-Mode Kernel Header", 0x1f1
  - id: edd_mbr_sig_buffer
    type: u4
    repeat: expr
    repeat-expr: 16
    doc-ref: zero-page.rst, edd_mbr_sig_buffer, 0x290/040
  - id: e820_table
    type: e820_entry
    repeat: expr
    repeat-expr: 128
    doc-ref: zero-page.rst, e820_table, 0x2d0/A00
  - id: pad8
    size: 0x30
  - id: eddbuf
    size: 82
    repeat: expr
    repeat-expr: 6
    doc-ref: zero-page.rst, eddbuf, 0xd00/1EC
  - id: pad9
    size: 0x114
types:
  screen_info:
    doc-ref: include/uapi/linux/screen_info.h
    seq:
      - id: orig_x
        type: u1
      - id: orig_y
        type: u1
      - id: ext_mem_k
        type: u2
        doc: KiB of memory from 1 MiB on, at most 0xfc00
        doc-ref: screen_info.h, 0x02
      - id: orig_video_page
        type: u2
      - id: orig_video_mode
        type: u1
      - id: orig_video_cols
        type: u1
      - id: flags
        type: u1
      - id: unused2
        type: u1
      - id: orig_video_ega_bx
        type: u2
      - id: unused3
        type: u2
      - id: orig_video_lines
        type: u1
      - id: orig_video_is_vga
        type: u1
        doc: 0 for no screen known, 1 for text mode, 0x23 for VESA graphics, 0x70 for EFI graphics
        doc-ref: screen_info.h, orig_video_isVGA, 0x0f
      - id: orig_video_points
        type: u2
      - id: linear_frame_buffer
        size: 0x2e
        doc-ref: screen_info.h, 0x12
  efi_info:
    doc-ref: arch/x86/include/uapi/asm/bootparam.h, struct efi_info
    seq:
      - id: efi_loader_signature
        type: u4
        doc: '"EL64" or "EL32"'
      - id: efi_systab
        type: u4
      - id: efi_memdesc_size
        type: u4
      - id: efi_memdesc_version
        type: u4
      - id: efi_memmap
        type: u4
      - id: efi_memmap_size
        type: u4
      - id: efi_systab_hi
        type: u4
      - id: efi_memmap_hi
        type: u4
  e820_entry:
    doc-ref: ACPI 6.5, 15.1; arch/x86/include/uapi/asm/setup_data.h, struct boot_e820_entry
    seq:
      - id: addr
        type: u8
      - id: size
        type: u8
      - id: type
        type: u4
