meta:
  id: elf32_shdr
  title: Section headers of ELF files
  endian: le
  license: MIT
  ks-version: "0.11"
doc: One entry of the section header table of an ELF32 file, and of an ELF64 file.
doc-ref: gABI, "Sections"
seq:
  - id: sh_name
    type: u4
    doc-ref: gABI, "Section Header", sh_name, 0x0/4
  - id: sh_type
    type: u4
    doc: 0 SHT_NULL, 8 SHT_NOBITS
    doc-ref: gABI, "Section Header", sh_type, 0x4/4
  - id: sh_flags
    type: u4
    doc-ref: gABI, "Section Header", sh_flags, 0x8/4
  - id: sh_addr
    type: u4
    doc: where it lies in memory; 0 for what is not loaded
    doc-ref: gABI, "Section Header", sh_addr, 0xc/4
  - id: sh_offset
    type: u4
    doc-ref: gABI, "Section Header", sh_offset, 0x10/4
  - id: sh_size
    type: u4
    doc-ref: gABI, "Section Header", sh_size, 0x14/4
  - id: sh_rest
    size: 16
types:
  elf64_shdr:
    doc: One entry of the section header table of an ELF64 file.
    seq:
      - id: sh_name
        type: u4
        doc-ref: gABI, "Section Header", sh_name, 0x0/4
      - id: sh_type
        type: u4
        doc: 0 SHT_NULL, 8 SHT_NOBITS
        doc-ref: gABI, "Section Header", sh_type, 0x4/4
      - id: sh_flags
        type: u8
        doc-ref: gABI, "Section Header", sh_flags, 0x8/8
      - id: sh_addr
        type: u8
        doc: where it lies in memory; 0 for what is not loaded
        doc-ref: gABI, "Section Header", sh_addr, 0x10/8
      - id: sh_offset
        type: u8
        doc-ref: gABI, "Section Header", sh_offset, 0x18/8
      - id: sh_size
        type: u8
        doc-ref: gABI, "Section Header", sh_size, 0x20/8
      - id: sh_rest
        size: 24
