meta:
  id: pe_certificates
  title: Where a PE image says that its certificates lie
  endian: le
  license: MIT
  ks-version: "0.11"
doc: |
  A kernel with an EFI stub is a PE image too, and what signs it stands behind its last section:
  the only part of the PE headers that matters to somebody who copies the file.
doc-ref: PE Format, "Optional Header Data Directories"
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
      - id: coff
        size: 20
        doc-ref: PE Format, "COFF File Header"
      - id: magic
        type: u2
        doc: 0x10b for PE32, 0x20b for PE32+
        doc-ref: PE Format, "Optional Header Standard Fields", 0/2
        valid:
          any-of: [0x10b, 0x20b]
      - id: optional
        size: 'magic == 0x20b ? 106 : 90'
      - id: number_of_rva_and_sizes
        type: u4
        doc-ref: PE Format, "Optional Header Windows-Specific Fields", 92/4 or 108/4
      - id: directories
        size: 32
      - id: certificate_table
        type: directory
        if: number_of_rva_and_sizes >= 5
        doc-ref: PE Format, "Optional Header Data Directories", 128/8 or 144/8
  directory:
    seq:
      - id: file_offset
        type: u4
        doc: of the certificate table alone this is a file offset
      - id: size
        type: u4
