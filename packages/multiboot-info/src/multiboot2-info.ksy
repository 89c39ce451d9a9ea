meta:
  id: multiboot2_info
  title: What a Multiboot2 kernel finds by ebx
  endian: le
  license: MIT
  ks-version: "0.11"
doc: |
  Tags follow, each at a multiple of 8. All addresses are physical. Names are those of the Multiboot2 Specification;
  where its text and its header file differ in a size, it is that of the header file, which kernels are compiled with.
doc-ref: Multiboot2 2.0, 3.6.1
seq:
  - id: total_size
    type: u4
    doc: 'of all of it, in bytes'
    doc-ref: Multiboot2 2.0, 3.6.1, 0x0/4
  - id: reserved
    type: u4
    doc: '0'
    doc-ref: Multiboot2 2.0, 3.6.1, 0x4/4
types:
  info_tag:
    doc: How every tag begins.
    seq:
      - id: type
        type: u4
        doc-ref: Multiboot2 2.0, 3.6.2, 0x0/4
      - id: size
        type: u4
        doc: 'with these fields and without padding'
        doc-ref: Multiboot2 2.0, 3.6.2, 0x4/4
  string_tag:
    doc: 'Type 1, the command line, and type 2, the name of the boot loader.'
    seq:
      - id: type
        type: u4
        doc-ref: Multiboot2 2.0, 3.6.2, 0x0/4
      - id: size
        type: u4
        doc: 'with these fields and without padding'
        doc-ref: Multiboot2 2.0, 3.6.2, 0x4/4
      - id: string
        size-eos: true
        doc: 'UTF-8 with its NUL'
        doc-ref: Multiboot2 2.0, 3.6.5, 0x8
  module_tag:
    doc: 'Type 3: one module.'
    seq:
      - id: type
        type: u4
        doc-ref: Multiboot2 2.0, 3.6.2, 0x0/4
      - id: size
        type: u4
        doc: 'with these fields and without padding'
        doc-ref: Multiboot2 2.0, 3.6.2, 0x4/4
      - id: mod_start
        type: u4
        doc: 'the first byte'
        doc-ref: Multiboot2 2.0, 3.6.6, 0x8/4
      - id: mod_end
        type: u4
        doc: 'behind the last byte'
        doc-ref: Multiboot2 2.0, 3.6.6, 0xc/4
      - id: string
        size-eos: true
        doc: 'UTF-8 with its NUL'
        doc-ref: Multiboot2 2.0, 3.6.6, 0x10
  basic_memory_tag:
    doc: 'Type 4.'
    seq:
      - id: type
        type: u4
        doc-ref: Multiboot2 2.0, 3.6.2, 0x0/4
      - id: size
        type: u4
        doc: 'with these fields and without padding'
        doc-ref: Multiboot2 2.0, 3.6.2, 0x4/4
      - id: mem_lower
        type: u4
        doc: 'KiB of memory from 0 on, at most 640'
        doc-ref: Multiboot2 2.0, 3.6.3, 0x8/4
      - id: mem_upper
        type: u4
        doc: 'KiB of memory from 1 MiB up to the first hole'
        doc-ref: Multiboot2 2.0, 3.6.3, 0xc/4
  memory_map_tag:
    doc: 'Type 6.'
    seq:
      - id: type
        type: u4
        doc-ref: Multiboot2 2.0, 3.6.2, 0x0/4
      - id: size
        type: u4
        doc: 'with these fields and without padding'
        doc-ref: Multiboot2 2.0, 3.6.2, 0x4/4
      - id: entry_size
        type: u4
        doc: '24'
        doc-ref: Multiboot2 2.0, 3.6.8, 0x8/4
      - id: entry_version
        type: u4
        doc: '0'
        doc-ref: Multiboot2 2.0, 3.6.8, 0xc/4
      - id: entries
        type: memory_map_entry
        repeat: eos
        doc-ref: Multiboot2 2.0, 3.6.8, 0x10
  memory_map_entry:
    doc: One range of the memory map.
    seq:
      - id: base_addr
        type: u8
        doc: 'where it begins'
        doc-ref: Multiboot2 2.0, 3.6.8, 0x0/8
      - id: length
        type: u8
        doc: 'in bytes'
        doc-ref: Multiboot2 2.0, 3.6.8, 0x8/8
      - id: type
        type: u4
        doc: '1 RAM, 3 ACPI tables, 4 preserved on hibernation, 5 defective; all else is reserved'
        doc-ref: Multiboot2 2.0, 3.6.8, 0x10/4
      - id: reserved
        type: u4
        doc: '0'
        doc-ref: Multiboot2 2.0, 3.6.8, 0x14/4
  framebuffer_tag:
    doc: 'Type 8.'
    seq:
      - id: type
        type: u4
        doc-ref: Multiboot2 2.0, 3.6.2, 0x0/4
      - id: size
        type: u4
        doc: 'with these fields and without padding'
        doc-ref: Multiboot2 2.0, 3.6.2, 0x4/4
      - id: framebuffer_addr
        type: u8
        doc: 'the first pixel, or character'
        doc-ref: Multiboot2 2.0, 3.6.12, 0x8/8
      - id: framebuffer_pitch
        type: u4
        doc: 'bytes of a line'
        doc-ref: Multiboot2 2.0, 3.6.12, 0x10/4
      - id: framebuffer_width
        type: u4
        doc: 'pixels, or characters'
        doc-ref: Multiboot2 2.0, 3.6.12, 0x14/4
      - id: framebuffer_height
        type: u4
        doc: 'pixels, or characters'
        doc-ref: Multiboot2 2.0, 3.6.12, 0x18/4
      - id: framebuffer_bpp
        type: u1
        doc: 'bits of a pixel; 16 for text'
        doc-ref: Multiboot2 2.0, 3.6.12, 0x1c/1
      - id: framebuffer_type
        type: u1
        doc: '1 for RGB, 2 for text'
        doc-ref: Multiboot2 2.0, 3.6.12, 0x1d/1
      - id: reserved
        type: u2
        doc: '0'
        doc-ref: Multiboot2 2.0, 3.6.12, 0x1e/2
      - id: color_info
        size-eos: true
        doc: 'RGB: position and mask size of red, of green, of blue'
        doc-ref: Multiboot2 2.0, 3.6.12, 0x20
  elf_sections_tag:
    doc: 'Type 9: the section headers of the image.'
    seq:
      - id: type
        type: u4
        doc-ref: Multiboot2 2.0, 3.6.2, 0x0/4
      - id: size
        type: u4
        doc: 'with these fields and without padding'
        doc-ref: Multiboot2 2.0, 3.6.2, 0x4/4
      - id: num
        type: u4
        doc: 'how many'
        doc-ref: Multiboot2 2.0, 3.6.7, 0x8/4
      - id: entsize
        type: u4
        doc: 'of one, in bytes'
        doc-ref: Multiboot2 2.0, 3.6.7, 0xc/4
      - id: shndx
        type: u4
        doc: 'which one has the names'
        doc-ref: Multiboot2 2.0, 3.6.7, 0x10/4
      - id: section_headers
        size-eos: true
        doc-ref: Multiboot2 2.0, 3.6.7, 0x14
  efi32_tag:
    doc: 'Type 11: the EFI system table.'
    seq:
      - id: type
        type: u4
        doc-ref: Multiboot2 2.0, 3.6.2, 0x0/4
      - id: size
        type: u4
        doc: 'with these fields and without padding'
        doc-ref: Multiboot2 2.0, 3.6.2, 0x4/4
      - id: pointer
        type: u4
        doc-ref: Multiboot2 2.0, 3.6.13, 0x8/4
  efi64_tag:
    doc: 'Type 12: the EFI system table.'
    seq:
      - id: type
        type: u4
        doc-ref: Multiboot2 2.0, 3.6.2, 0x0/4
      - id: size
        type: u4
        doc: 'with these fields and without padding'
        doc-ref: Multiboot2 2.0, 3.6.2, 0x4/4
      - id: pointer
        type: u8
        doc-ref: Multiboot2 2.0, 3.6.14, 0x8/8
  load_base_tag:
    doc: 'Type 21: where the image that moved begins.'
    seq:
      - id: type
        type: u4
        doc-ref: Multiboot2 2.0, 3.6.2, 0x0/4
      - id: size
        type: u4
        doc: 'with these fields and without padding'
        doc-ref: Multiboot2 2.0, 3.6.2, 0x4/4
      - id: load_base_addr
        type: u4
        doc-ref: Multiboot2 2.0, 3.6.23, 0x8/4
