meta:
  id: multiboot2_header
  title: What a Multiboot2 kernel asks for
  endian: le
  license: MIT
  ks-version: "0.11"
doc: |
  The header lies wholly within the first 32768 bytes of the file, at a multiple of 8; tags follow, each at a multiple of 8.
  Names are those of the Multiboot2 Specification.
doc-ref: Multiboot2 2.0, 3.1
seq:
  - id: magic
    type: u4
    doc: '0xe85250d6'
    doc-ref: Multiboot2 2.0, 3.1.2, 0x0/4
  - id: architecture
    type: u4
    doc: '0 for i386, 4 for MIPS'
    doc-ref: Multiboot2 2.0, 3.1.2, 0x4/4
  - id: header_length
    type: u4
    doc: 'of the header with its tags, in bytes'
    doc-ref: Multiboot2 2.0, 3.1.2, 0x8/4
  - id: checksum
    type: u4
    doc: 'makes the sum of the four fields 0 modulo 2^32'
    doc-ref: Multiboot2 2.0, 3.1.2, 0xc/4
types:
  header_tag:
    doc: How every tag begins.
    seq:
      - id: type
        type: u2
        doc-ref: Multiboot2 2.0, 3.1.3, 0x0/2
      - id: flags
        type: u2
        doc: 'bit 0: may be ignored'
        doc-ref: Multiboot2 2.0, 3.1.3, 0x2/2
      - id: size
        type: u4
        doc: 'with these fields and without padding'
        doc-ref: Multiboot2 2.0, 3.1.3, 0x4/4
  information_request_tag:
    doc: 'Type 1: which information the kernel wants.'
    seq:
      - id: type
        type: u2
        doc-ref: Multiboot2 2.0, 3.1.3, 0x0/2
      - id: flags
        type: u2
        doc: 'bit 0: may be ignored'
        doc-ref: Multiboot2 2.0, 3.1.3, 0x2/2
      - id: size
        type: u4
        doc: 'with these fields and without padding'
        doc-ref: Multiboot2 2.0, 3.1.3, 0x4/4
      - id: mbi_tag_types
        type: u4
        repeat: eos
        doc: 'types of information tags'
        doc-ref: Multiboot2 2.0, 3.1.4, 0x8
  address_tag:
    doc: 'Type 2: where the file goes.'
    seq:
      - id: type
        type: u2
        doc-ref: Multiboot2 2.0, 3.1.3, 0x0/2
      - id: flags
        type: u2
        doc: 'bit 0: may be ignored'
        doc-ref: Multiboot2 2.0, 3.1.3, 0x2/2
      - id: size
        type: u4
        doc: 'with these fields and without padding'
        doc-ref: Multiboot2 2.0, 3.1.3, 0x4/4
      - id: header_addr
        type: u4
        doc: 'where the magic lies in memory'
        doc-ref: Multiboot2 2.0, 3.1.5, 0x8/4
      - id: load_addr
        type: u4
        doc: 'the first byte that is loaded; 0xffffffff: the file from its start'
        doc-ref: Multiboot2 2.0, 3.1.5, 0xc/4
      - id: load_end_addr
        type: u4
        doc: 'the end of what is loaded; 0 for the end of the file'
        doc-ref: Multiboot2 2.0, 3.1.5, 0x10/4
      - id: bss_end_addr
        type: u4
        doc: 'the end of the zeros behind; 0 for none'
        doc-ref: Multiboot2 2.0, 3.1.5, 0x14/4
  entry_address_tag:
    doc: 'Type 3: where control goes first. Types 8 and 9, for EFI, are laid out alike.'
    seq:
      - id: type
        type: u2
        doc-ref: Multiboot2 2.0, 3.1.3, 0x0/2
      - id: flags
        type: u2
        doc: 'bit 0: may be ignored'
        doc-ref: Multiboot2 2.0, 3.1.3, 0x2/2
      - id: size
        type: u4
        doc: 'with these fields and without padding'
        doc-ref: Multiboot2 2.0, 3.1.3, 0x4/4
      - id: entry_addr
        type: u4
        doc: 'physical'
        doc-ref: Multiboot2 2.0, 3.1.6, 0x8/4
  console_flags_tag:
    doc: 'Type 4: which consoles the kernel has.'
    seq:
      - id: type
        type: u2
        doc-ref: Multiboot2 2.0, 3.1.3, 0x0/2
      - id: flags
        type: u2
        doc: 'bit 0: may be ignored'
        doc-ref: Multiboot2 2.0, 3.1.3, 0x2/2
      - id: size
        type: u4
        doc: 'with these fields and without padding'
        doc-ref: Multiboot2 2.0, 3.1.3, 0x4/4
      - id: console_flags
        type: u4
        doc: 'bit 0: one that it supports must be there, bit 1: it supports EGA text'
        doc-ref: Multiboot2 2.0, 3.1.9, 0x8/4
  framebuffer_request_tag:
    doc: 'Type 5: the video mode that is preferred.'
    seq:
      - id: type
        type: u2
        doc-ref: Multiboot2 2.0, 3.1.3, 0x0/2
      - id: flags
        type: u2
        doc: 'bit 0: may be ignored'
        doc-ref: Multiboot2 2.0, 3.1.3, 0x2/2
      - id: size
        type: u4
        doc: 'with these fields and without padding'
        doc-ref: Multiboot2 2.0, 3.1.3, 0x4/4
      - id: width
        type: u4
        doc: '0 for no preference'
        doc-ref: Multiboot2 2.0, 3.1.10, 0x8/4
      - id: height
        type: u4
        doc: '0 for no preference'
        doc-ref: Multiboot2 2.0, 3.1.10, 0xc/4
      - id: depth
        type: u4
        doc: '0 for no preference'
        doc-ref: Multiboot2 2.0, 3.1.10, 0x10/4
  relocatable_tag:
    doc: 'Type 10: where the image may lie.'
    seq:
      - id: type
        type: u2
        doc-ref: Multiboot2 2.0, 3.1.3, 0x0/2
      - id: flags
        type: u2
        doc: 'bit 0: may be ignored'
        doc-ref: Multiboot2 2.0, 3.1.3, 0x2/2
      - id: size
        type: u4
        doc: 'with these fields and without padding'
        doc-ref: Multiboot2 2.0, 3.1.3, 0x4/4
      - id: min_addr
        type: u4
        doc: 'of the lowest byte, at least'
        doc-ref: Multiboot2 2.0, 3.1.13, 0x8/4
      - id: max_addr
        type: u4
        doc: 'of the highest byte, at most'
        doc-ref: Multiboot2 2.0, 3.1.13, 0xc/4
      - id: align
        type: u4
        doc: 'of the image, in bytes'
        doc-ref: Multiboot2 2.0, 3.1.13, 0x10/4
      - id: preference
        type: u4
        doc: '0 none, 1 lowest possible, 2 highest possible'
        doc-ref: Multiboot2 2.0, 3.1.13, 0x14/4
