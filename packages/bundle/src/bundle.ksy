meta:
  id: bundle_header
  title: kexec-kit bundle, version 1
  endian: le
  encoding: ASCII
  license: MIT
doc: |
  The header of a bundle: what a boot loader has to know to load it and to enter it, and what its program does then.
  Offsets count from the header's first byte, which is the bundle's. Addresses are physical.
doc-ref: docs/guide/bundle.md
seq:
  - id: magic
    contents: kkbundle
  - id: version
    type: u4
    valid: 1
  - id: checksum
    type: u4
    doc: CRC-32 (ISO 3309) of the first `checked_size` bytes, with these four taken as zero
  - id: checked_size
    type: u4
    doc: In bytes, header, program and tables
  - id: alignment
    type: u4
    doc: In bytes, a power of two; the bundle's address is a multiple of it
  - id: size
    type: u8
    doc: In bytes, all that is to be loaded and kept; nothing behind it is used
  - id: mode
    type: u4
    enum: mode
    doc: The mode in which purgatory begins; long64 needs a CPU that has it
  - id: entry32
    type: u4
    doc: Offset of the entry in 32-bit protected mode
  - id: entry64
    type: u4
    doc: Offset of the entry in 64-bit mode, or 0 if there is none
  - id: boot_entry
    type: u4
    doc: Offset of the entry with a boot protocol's magic in eax and its structure in ebx
  - id: entry
    type: u8
    doc: Address of purgatory's entry, once it is in place
  - id: segments
    type: u4
    doc: Offset of the table of segments
  - id: segment_count
    type: u4
  - id: fresh
    type: u4
    doc: Offset of the table of stretches that are filled with random bytes
  - id: fresh_count
    type: u4
  - id: maps
    type: u4
    doc: Offset of the table of stretches that are mapped in 64-bit mode, whole GiB each
  - id: map_count
    type: u4
  - id: tables
    type: u4
    doc: Offset of the room for page tables
  - id: tables_size
    type: u4
    doc: In bytes
  - id: stack_end
    type: u4
    doc: Offset of the end of the stack
  - id: told
    type: u4
    doc: Offset of the table of stretches that the next kernel is told of as RAM
  - id: told_count
    type: u4
  - id: reserved
    contents: [0, 0, 0, 0]
enums:
  mode:
    32: protected32
    64: long64
types:
  bundle_segment:
    doc: One stretch of memory that the program fills
    seq:
      - id: destination
        type: u8
        doc: Address
      - id: memory_size
        type: u8
        doc: In bytes; what is beyond the content becomes zero
      - id: content
        type: u8
        doc: Offset
      - id: content_size
        type: u8
        doc: In bytes
      - id: name
        type: strz
        size: 48
        encoding: ASCII
        doc: Printable ASCII, padded with NUL; 48 characters need no NUL
  bundle_stretch:
    seq:
      - id: start
        type: u8
        doc: Address
      - id: end
        type: u8
        doc: Address of the first byte behind
