meta:
  id: elf_ident
  title: The identification of an ELF file
  endian: le
  license: MIT
  ks-version: "0.11"
doc: |
  The first 16 bytes of an ELF file, and beside them, each read where the one before says, the headers of both classes.
  Names are those of the System V Application Binary Interface, generic part (gABI).
doc-ref: gABI, "ELF Identification"
seq:
  - id: ei_mag
    size: 4
    doc: 0x7f, "ELF"
    doc-ref: gABI, "ELF Identification", EI_MAG0, 0x0/4
  - id: ei_class
    type: u1
    doc: 1 ELFCLASS32, 2 ELFCLASS64
    doc-ref: gABI, "ELF Identification", EI_CLASS, 0x4/1
  - id: ei_data
    type: u1
    doc: 1 ELFDATA2LSB, 2 ELFDATA2MSB
    doc-ref: gABI, "ELF Identification", EI_DATA, 0x5/1
  - id: ei_version
    type: u1
    doc: '1'
    doc-ref: gABI, "ELF Identification", EI_VERSION, 0x6/1
  - id: ei_osabi
    type: u1
    doc: 0 ELFOSABI_NONE, 3 ELFOSABI_GNU
    doc-ref: gABI, "ELF Identification", EI_OSABI, 0x7/1
  - id: ei_abiversion
    type: u1
    doc-ref: gABI, "ELF Identification", EI_ABIVERSION, 0x8/1
  - id: ei_pad
    size: 7
    doc-ref: gABI, "ELF Identification", EI_PAD, 0x9/7
types:
  elf32_ehdr:
    doc: The header at the start of an ELF32 file.
    seq:
      - id: e_ident
        type: elf_ident
        doc: 'what kind of file this is, readable before anything else is known'
        doc-ref: gABI, "ELF Header", e_ident, 0x0/16
      - id: e_type
        type: u2
        doc: '1 ET_REL, 2 ET_EXEC, 3 ET_DYN, 4 ET_CORE'
        doc-ref: gABI, "ELF Header", e_type, 0x10/2
      - id: e_machine
        type: u2
        doc: '3 EM_386, 62 EM_X86_64'
        doc-ref: gABI, "ELF Header", e_machine, 0x12/2
      - id: e_version
        type: u4
        doc: '1'
        doc-ref: gABI, "ELF Header", e_version, 0x14/4
      - id: e_entry
        type: u4
        doc: 'where control goes first; 0 for none'
        doc-ref: gABI, "ELF Header", e_entry, 0x18/4
      - id: e_phoff
        type: u4
        doc: 'file offset of the program header table; 0 for none'
        doc-ref: gABI, "ELF Header", e_phoff, 0x1c/4
      - id: e_shoff
        type: u4
        doc: 'file offset of the section header table; 0 for none'
        doc-ref: gABI, "ELF Header", e_shoff, 0x20/4
      - id: e_flags
        type: u4
        doc: 'by machine; none for x86'
        doc-ref: gABI, "ELF Header", e_flags, 0x24/4
      - id: e_ehsize
        type: u2
        doc: 'size of this header'
        doc-ref: gABI, "ELF Header", e_ehsize, 0x28/2
      - id: e_phentsize
        type: u2
        doc: 'size of one program header'
        doc-ref: gABI, "ELF Header", e_phentsize, 0x2a/2
      - id: e_phnum
        type: u2
        doc: 'number of program headers; 0xffff (PN_XNUM) when it does not fit'
        doc-ref: gABI, "ELF Header", e_phnum, 0x2c/2
      - id: e_shentsize
        type: u2
        doc: 'size of one section header'
        doc-ref: gABI, "ELF Header", e_shentsize, 0x2e/2
      - id: e_shnum
        type: u2
        doc: 'number of section headers'
        doc-ref: gABI, "ELF Header", e_shnum, 0x30/2
      - id: e_shstrndx
        type: u2
        doc: 'index of the section header that has the names'
        doc-ref: gABI, "ELF Header", e_shstrndx, 0x32/2
  elf64_ehdr:
    doc: The header at the start of an ELF64 file.
    seq:
      - id: e_ident
        type: elf_ident
        doc: 'what kind of file this is, readable before anything else is known'
        doc-ref: gABI, "ELF Header", e_ident, 0x0/16
      - id: e_type
        type: u2
        doc: '1 ET_REL, 2 ET_EXEC, 3 ET_DYN, 4 ET_CORE'
        doc-ref: gABI, "ELF Header", e_type, 0x10/2
      - id: e_machine
        type: u2
        doc: '3 EM_386, 62 EM_X86_64'
        doc-ref: gABI, "ELF Header", e_machine, 0x12/2
      - id: e_version
        type: u4
        doc: '1'
        doc-ref: gABI, "ELF Header", e_version, 0x14/4
      - id: e_entry
        type: u8
        doc: 'where control goes first; 0 for none'
        doc-ref: gABI, "ELF Header", e_entry, 0x18/8
      - id: e_phoff
        type: u8
        doc: 'file offset of the program header table; 0 for none'
        doc-ref: gABI, "ELF Header", e_phoff, 0x20/8
      - id: e_shoff
        type: u8
        doc: 'file offset of the section header table; 0 for none'
        doc-ref: gABI, "ELF Header", e_shoff, 0x28/8
      - id: e_flags
        type: u4
        doc: 'by machine; none for x86'
        doc-ref: gABI, "ELF Header", e_flags, 0x30/4
      - id: e_ehsize
        type: u2
        doc: 'size of this header'
        doc-ref: gABI, "ELF Header", e_ehsize, 0x34/2
      - id: e_phentsize
        type: u2
        doc: 'size of one program header'
        doc-ref: gABI, "ELF Header", e_phentsize, 0x36/2
      - id: e_phnum
        type: u2
        doc: 'number of program headers; 0xffff (PN_XNUM) when it does not fit'
        doc-ref: gABI, "ELF Header", e_phnum, 0x38/2
      - id: e_shentsize
        type: u2
        doc: 'size of one section header'
        doc-ref: gABI, "ELF Header", e_shentsize, 0x3a/2
      - id: e_shnum
        type: u2
        doc: 'number of section headers'
        doc-ref: gABI, "ELF Header", e_shnum, 0x3c/2
      - id: e_shstrndx
        type: u2
        doc: 'index of the section header that has the names'
        doc-ref: gABI, "ELF Header", e_shstrndx, 0x3e/2
  elf32_phdr:
    doc: One entry of the program header table of an ELF32 file.
    seq:
      - id: p_type
        type: u4
        doc: '1 PT_LOAD, 2 PT_DYNAMIC, 3 PT_INTERP, 4 PT_NOTE, 7 PT_TLS'
        doc-ref: gABI, "Program Header", p_type, 0x0/4
      - id: p_offset
        type: u4
        doc: 'file offset of the first byte'
        doc-ref: gABI, "Program Header", p_offset, 0x4/4
      - id: p_vaddr
        type: u4
        doc: 'virtual address of the first byte in memory'
        doc-ref: gABI, "Program Header", p_vaddr, 0x8/4
      - id: p_paddr
        type: u4
        doc: 'physical address of the first byte in memory'
        doc-ref: gABI, "Program Header", p_paddr, 0xc/4
      - id: p_filesz
        type: u4
        doc: 'bytes in the file'
        doc-ref: gABI, "Program Header", p_filesz, 0x10/4
      - id: p_memsz
        type: u4
        doc: 'bytes in memory; what is beyond p_filesz is zero'
        doc-ref: gABI, "Program Header", p_memsz, 0x14/4
      - id: p_flags
        type: u4
        doc: '1 PF_X, 2 PF_W, 4 PF_R'
        doc-ref: gABI, "Program Header", p_flags, 0x18/4
      - id: p_align
        type: u4
        doc: '0 and 1 mean none; otherwise a power of two'
        doc-ref: gABI, "Program Header", p_align, 0x1c/4
  elf64_phdr:
    doc: One entry of the program header table of an ELF64 file.
    seq:
      - id: p_type
        type: u4
        doc: '1 PT_LOAD, 2 PT_DYNAMIC, 3 PT_INTERP, 4 PT_NOTE, 7 PT_TLS'
        doc-ref: gABI, "Program Header", p_type, 0x0/4
      - id: p_flags
        type: u4
        doc: '1 PF_X, 2 PF_W, 4 PF_R'
        doc-ref: gABI, "Program Header", p_flags, 0x4/4
      - id: p_offset
        type: u8
        doc: 'file offset of the first byte'
        doc-ref: gABI, "Program Header", p_offset, 0x8/8
      - id: p_vaddr
        type: u8
        doc: 'virtual address of the first byte in memory'
        doc-ref: gABI, "Program Header", p_vaddr, 0x10/8
      - id: p_paddr
        type: u8
        doc: 'physical address of the first byte in memory'
        doc-ref: gABI, "Program Header", p_paddr, 0x18/8
      - id: p_filesz
        type: u8
        doc: 'bytes in the file'
        doc-ref: gABI, "Program Header", p_filesz, 0x20/8
      - id: p_memsz
        type: u8
        doc: 'bytes in memory; what is beyond p_filesz is zero'
        doc-ref: gABI, "Program Header", p_memsz, 0x28/8
      - id: p_align
        type: u8
        doc: '0 and 1 mean none; otherwise a power of two'
        doc-ref: gABI, "Program Header", p_align, 0x30/8
  elf_nhdr:
    doc: In front of the name and the descriptor of each note; the same in both classes.
    seq:
      - id: n_namesz
        type: u4
        doc: 'bytes of the name with its NUL, padding not counted'
        doc-ref: gABI, "Note Section", namesz, 0x0/4
      - id: n_descsz
        type: u4
        doc: 'bytes of the descriptor, padding not counted'
        doc-ref: gABI, "Note Section", descsz, 0x4/4
      - id: n_type
        type: u4
        doc: 'what the descriptor means, to whom the name belongs'
        doc-ref: gABI, "Note Section", type, 0x8/4
  elf32_dyn:
    doc: One entry of the dynamic section of an ELF32 file.
    seq:
      - id: d_tag
        type: u4
        doc: '0 DT_NULL, 1 DT_NEEDED, 14 DT_SONAME'
        doc-ref: gABI, "Dynamic Section", d_tag, 0x0/4
      - id: d_un
        type: u4
        doc: 'a value or an address, by d_tag'
        doc-ref: gABI, "Dynamic Section", d_un, 0x4/4
  elf64_dyn:
    doc: One entry of the dynamic section of an ELF64 file.
    seq:
      - id: d_tag
        type: u8
        doc: '0 DT_NULL, 1 DT_NEEDED, 14 DT_SONAME'
        doc-ref: gABI, "Dynamic Section", d_tag, 0x0/8
      - id: d_un
        type: u8
        doc: 'a value or an address, by d_tag'
        doc-ref: gABI, "Dynamic Section", d_un, 0x8/8
