meta:
  id: pe_image
  title: The sections of a PE image
  endian: le
  license: MIT
  ks-version: "0.11"
doc: |
  An EFI program is a PE image: an MS-DOS header that says where the PE header is, and behind that a table of sections.
doc-ref: PE Format
seq:
  - id: e_magic
    contents: MZ
    doc-ref: PE Format, "MS-DOS Stub", 0x00/2
  - id: dos
    size: 0x3a
  - id: e_lfanew
    type: u4
    doc: offset of the PE signature
    doc-ref: PE Format, "Signature (Image Only)", 0x3c/4
instances:
  pe:
    pos: e_lfanew
    type: pe_header
types:
  pe_header:
    seq:
      - id: signature
        contents: ["PE", 0, 0]
        doc-ref: PE Format, "Signature (Image Only)"
      - id: machine
        type: u2
        doc: 0x8664 x86-64, 0x14c i386
        doc-ref: PE Format, "COFF File Header", Machine, 0/2
      - id: number_of_sections
        type: u2
        doc-ref: PE Format, "COFF File Header", NumberOfSections, 2/2
      - id: time_and_symbols
        size: 12
        doc-ref: PE Format, "COFF File Header", 4/12
      - id: size_of_optional_header
        type: u2
        doc-ref: PE Format, "COFF File Header", SizeOfOptionalHeader, 16/2
      - id: characteristics
        type: u2
        doc-ref: PE Format, "COFF File Header", Characteristics, 18/2
      - id: optional_header
        size: size_of_optional_header
        doc-ref: PE Format, "Optional Header (Image Only)"
      - id: sections
        type: section_header
        repeat: expr
        repeat-expr: number_of_sections
        doc-ref: PE Format, "Section Table (Section Headers)"
  section_header:
    seq:
      - id: name
        size: 8
        doc: padded with NUL bytes
        doc-ref: PE Format, "Section Table (Section Headers)", Name, 0/8
      - id: virtual_size
        type: u4
        doc: in bytes, in memory; less than in the file where that is padded
        doc-ref: PE Format, "Section Table (Section Headers)", VirtualSize, 8/4
      - id: virtual_address
        type: u4
        doc-ref: PE Format, "Section Table (Section Headers)", VirtualAddress, 12/4
      - id: size_of_raw_data
        type: u4
        doc: in bytes, in the file
        doc-ref: PE Format, "Section Table (Section Headers)", SizeOfRawData, 16/4
      - id: pointer_to_raw_data
        type: u4
        doc: offset in the file
        doc-ref: PE Format, "Section Table (Section Headers)", PointerToRawData, 20/4
      - id: rest
        size: 16
        doc: relocations, line numbers and characteristics
        doc-ref: PE Format, "Section Table (Section Headers)", 24/16
