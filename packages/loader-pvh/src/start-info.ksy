meta:
  id: hvm_start_info
  title: What a kernel finds by ebx at its PVH entry
  endian: le
  license: MIT
  ks-version: "0.11"
doc: |
  Version 1 of the structure, and the entries of the two tables that it points to.
  All addresses are physical. Names are those of Xen's public header.
doc-ref: xen/include/public/arch-x86/hvm/start_info.h
seq:
  - id: magic
    type: u4
    doc: 0x336ec578, "xEn3" with the highest bit of the E set
    doc-ref: xen/include/public/arch-x86/hvm/start_info.h, magic, 0x0/4
  - id: version
    type: u4
    doc: '1: the memory map is there'
    doc-ref: xen/include/public/arch-x86/hvm/start_info.h, version, 0x4/4
  - id: flags
    type: u4
    doc: SIF_*, of Xen's own
    doc-ref: xen/include/public/arch-x86/hvm/start_info.h, flags, 0x8/4
  - id: nr_modules
    type: u4
    doc: entries in the module list
    doc-ref: xen/include/public/arch-x86/hvm/start_info.h, nr_modules, 0xc/4
  - id: modlist_paddr
    type: u8
    doc: the module list; 0 for none
    doc-ref: xen/include/public/arch-x86/hvm/start_info.h, modlist_paddr, 0x10/8
  - id: cmdline_paddr
    type: u8
    doc: the command line, with its NUL; 0 for none
    doc-ref: xen/include/public/arch-x86/hvm/start_info.h, cmdline_paddr, 0x18/8
  - id: rsdp_paddr
    type: u8
    doc: the RSDP of ACPI; 0 for none
    doc-ref: xen/include/public/arch-x86/hvm/start_info.h, rsdp_paddr, 0x20/8
  - id: memmap_paddr
    type: u8
    doc: the memory map; 0 for none
    doc-ref: xen/include/public/arch-x86/hvm/start_info.h, memmap_paddr, 0x28/8
  - id: memmap_entries
    type: u4
    doc: entries in the memory map
    doc-ref: xen/include/public/arch-x86/hvm/start_info.h, memmap_entries, 0x30/4
  - id: reserved
    type: u4
    doc: '0'
    doc-ref: xen/include/public/arch-x86/hvm/start_info.h, reserved, 0x34/4
types:
  hvm_modlist_entry:
    doc: One entry of the module list.
    seq:
      - id: paddr
        type: u8
        doc: where the module begins
        doc-ref: xen/include/public/arch-x86/hvm/start_info.h, hvm_modlist_entry, 0x0/8
      - id: size
        type: u8
        doc: in bytes
        doc-ref: xen/include/public/arch-x86/hvm/start_info.h, hvm_modlist_entry, 0x8/8
      - id: cmdline_paddr
        type: u8
        doc: its own command line, with its NUL; 0 for none
        doc-ref: xen/include/public/arch-x86/hvm/start_info.h, hvm_modlist_entry, 0x10/8
      - id: reserved
        type: u8
        doc: '0'
        doc-ref: xen/include/public/arch-x86/hvm/start_info.h, hvm_modlist_entry, 0x18/8
  hvm_memmap_table_entry:
    doc: One range of the memory map.
    seq:
      - id: addr
        type: u8
        doc: where it begins
        doc-ref: xen/include/public/arch-x86/hvm/start_info.h, hvm_memmap_table_entry, 0x0/8
      - id: size
        type: u8
        doc: in bytes
        doc-ref: xen/include/public/arch-x86/hvm/start_info.h, hvm_memmap_table_entry, 0x8/8
      - id: type
        type: u4
        doc: XEN_HVM_MEMMAP_TYPE_*, which are the types of E820
        doc-ref: xen/include/public/arch-x86/hvm/start_info.h, hvm_memmap_table_entry, 0x10/4
      - id: reserved
        type: u4
        doc: '0'
        doc-ref: xen/include/public/arch-x86/hvm/start_info.h, hvm_memmap_table_entry, 0x14/4
