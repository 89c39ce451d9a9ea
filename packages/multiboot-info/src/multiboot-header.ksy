meta:
  id: multiboot_header
  title: What a Multiboot kernel asks for
  endian: le
  license: MIT
  ks-version: "0.11"
doc: |
  The header lies wholly within the first 8192 bytes of the file, at a multiple of 4. Behind these fields, by its flags, lie
  those of the two other types. Names are those of the Multiboot Specification.
doc-ref: Multiboot 0.6.96, 3.1
seq:
  - id: magic
    type: u4
    doc: '0x1badb002'
    doc-ref: Multiboot 0.6.96, 3.1.2, 0x0/4
  - id: flags
    type: u4
    doc: 'bits 0 to 15 must be understood, 16 to 31 may be ignored'
    doc-ref: Multiboot 0.6.96, 3.1.2, 0x4/4
  - id: checksum
    type: u4
    doc: 'makes the sum of the three fields 0 modulo 2^32'
    doc-ref: Multiboot 0.6.96, 3.1.2, 0x8/4
types:
  multiboot_addresses:
    doc: Where the file goes; valid if bit 16 of flags is set. From the start of the header at 12.
    seq:
      - id: header_addr
        type: u4
        doc: 'where the magic lies in memory'
        doc-ref: Multiboot 0.6.96, 3.1.3, 0x0/4
      - id: load_addr
        type: u4
        doc: 'the first byte that is loaded'
        doc-ref: Multiboot 0.6.96, 3.1.3, 0x4/4
      - id: load_end_addr
        type: u4
        doc: 'the end of what is loaded; 0 for the end of the file'
        doc-ref: Multiboot 0.6.96, 3.1.3, 0x8/4
      - id: bss_end_addr
        type: u4
        doc: 'the end of the zeros behind; 0 for none'
        doc-ref: Multiboot 0.6.96, 3.1.3, 0xc/4
      - id: entry_addr
        type: u4
        doc: 'where control goes first'
        doc-ref: Multiboot 0.6.96, 3.1.3, 0x10/4
  multiboot_graphics:
    doc: The video mode that is preferred; valid if bit 2 of flags is set. From the start of the header at 32.
    seq:
      - id: mode_type
        type: u4
        doc: '0 for linear graphics, 1 for text'
        doc-ref: Multiboot 0.6.96, 3.1.4, 0x0/4
      - id: width
        type: u4
        doc: 'columns; 0 for no preference'
        doc-ref: Multiboot 0.6.96, 3.1.4, 0x4/4
      - id: height
        type: u4
        doc: 'lines; 0 for no preference'
        doc-ref: Multiboot 0.6.96, 3.1.4, 0x8/4
      - id: depth
        type: u4
        doc: 'bits of a pixel; 0 for text or for no preference'
        doc-ref: Multiboot 0.6.96, 3.1.4, 0xc/4
