meta:
  id: multiboot_info
  title: What a Multiboot kernel finds by ebx
  endian: le
  license: MIT
  ks-version: "0.11"
doc: |
  All addresses are physical. A field counts if its bit in flags is set. Names are those of the Multiboot Specification.
doc-ref: Multiboot 0.6.96, 3.3
seq:
  - id: flags
    type: u4
    doc: 'bit 0 mem_*, 2 cmdline, 3 mods_*, 6 mmap_*, 9 boot_loader_name, 12 framebuffer_*'
    doc-ref: Multiboot 0.6.96, 3.3, 0x0/4
  - id: mem_lower
    type: u4
    doc: 'KiB of memory from 0 on, at most 640'
    doc-ref: Multiboot 0.6.96, 3.3, 0x4/4
  - id: mem_upper
    type: u4
    doc: 'KiB of memory from 1 MiB up to the first hole'
    doc-ref: Multiboot 0.6.96, 3.3, 0x8/4
  - id: boot_device
    type: u4
    doc: 'BIOS disk'
    doc-ref: Multiboot 0.6.96, 3.3, 0xc/4
  - id: cmdline
    type: u4
    doc: 'text with its NUL'
    doc-ref: Multiboot 0.6.96, 3.3, 0x10/4
  - id: mods_count
    type: u4
    doc: 'how many modules'
    doc-ref: Multiboot 0.6.96, 3.3, 0x14/4
  - id: mods_addr
    type: u4
    doc: 'the first entry of the module list'
    doc-ref: Multiboot 0.6.96, 3.3, 0x18/4
  - id: syms_0
    type: u4
    doc-ref: Multiboot 0.6.96, 3.3, 0x1c/4
  - id: syms_1
    type: u4
    doc-ref: Multiboot 0.6.96, 3.3, 0x20/4
  - id: syms_2
    type: u4
    doc-ref: Multiboot 0.6.96, 3.3, 0x24/4
  - id: syms_3
    type: u4
    doc-ref: Multiboot 0.6.96, 3.3, 0x28/4
  - id: mmap_length
    type: u4
    doc: 'of the memory map, in bytes'
    doc-ref: Multiboot 0.6.96, 3.3, 0x2c/4
  - id: mmap_addr
    type: u4
    doc: 'the first entry of the memory map'
    doc-ref: Multiboot 0.6.96, 3.3, 0x30/4
  - id: drives_length
    type: u4
    doc-ref: Multiboot 0.6.96, 3.3, 0x34/4
  - id: drives_addr
    type: u4
    doc-ref: Multiboot 0.6.96, 3.3, 0x38/4
  - id: config_table
    type: u4
    doc-ref: Multiboot 0.6.96, 3.3, 0x3c/4
  - id: boot_loader_name
    type: u4
    doc: 'text with its NUL'
    doc-ref: Multiboot 0.6.96, 3.3, 0x40/4
  - id: apm_table
    type: u4
    doc-ref: Multiboot 0.6.96, 3.3, 0x44/4
  - id: vbe_control_info
    type: u4
    doc-ref: Multiboot 0.6.96, 3.3, 0x48/4
  - id: vbe_mode_info
    type: u4
    doc-ref: Multiboot 0.6.96, 3.3, 0x4c/4
  - id: vbe_mode
    type: u2
    doc-ref: Multiboot 0.6.96, 3.3, 0x50/2
  - id: vbe_interface_seg
    type: u2
    doc-ref: Multiboot 0.6.96, 3.3, 0x52/2
  - id: vbe_interface_off
    type: u2
    doc-ref: Multiboot 0.6.96, 3.3, 0x54/2
  - id: vbe_interface_len
    type: u2
    doc-ref: Multiboot 0.6.96, 3.3, 0x56/2
  - id: framebuffer_addr
    type: u8
    doc: 'the first pixel, or character'
    doc-ref: Multiboot 0.6.96, 3.3, 0x58/8
  - id: framebuffer_pitch
    type: u4
    doc: 'bytes of a line'
    doc-ref: Multiboot 0.6.96, 3.3, 0x60/4
  - id: framebuffer_width
    type: u4
    doc: 'pixels, or characters'
    doc-ref: Multiboot 0.6.96, 3.3, 0x64/4
  - id: framebuffer_height
    type: u4
    doc: 'pixels, or characters'
    doc-ref: Multiboot 0.6.96, 3.3, 0x68/4
  - id: framebuffer_bpp
    type: u1
    doc: 'bits of a pixel; 16 for text'
    doc-ref: Multiboot 0.6.96, 3.3, 0x6c/1
  - id: framebuffer_type
    type: u1
    doc: '1 for RGB, 2 for text'
    doc-ref: Multiboot 0.6.96, 3.3, 0x6d/1
  - id: color_info
    size: 6
    doc: 'RGB: position and mask size of red, of green, of blue'
    doc-ref: Multiboot 0.6.96, 3.3, 0x6e
types:
  multiboot_module:
    doc: One entry of the module list.
    seq:
      - id: mod_start
        type: u4
        doc: 'the first byte'
        doc-ref: Multiboot 0.6.96, 3.3, 0x0/4
      - id: mod_end
        type: u4
        doc: 'behind the last byte'
        doc-ref: Multiboot 0.6.96, 3.3, 0x4/4
      - id: string
        type: u4
        doc: 'text with its NUL'
        doc-ref: Multiboot 0.6.96, 3.3, 0x8/4
      - id: reserved
        type: u4
        doc: '0'
        doc-ref: Multiboot 0.6.96, 3.3, 0xc/4
  multiboot_mmap:
    doc: One range of the memory map. size counts what follows it.
    seq:
      - id: size
        type: u4
        doc: '20'
        doc-ref: Multiboot 0.6.96, 3.3, 0x0/4
      - id: base_addr
        type: u8
        doc: 'where it begins'
        doc-ref: Multiboot 0.6.96, 3.3, 0x4/8
      - id: length
        type: u8
        doc: 'in bytes'
        doc-ref: Multiboot 0.6.96, 3.3, 0xc/8
      - id: type
        type: u4
        doc: '1 RAM, 3 ACPI tables, 4 preserved on hibernation, 5 defective; all else is reserved'
        doc-ref: Multiboot 0.6.96, 3.3, 0x14/4
