meta:
  id: efi_setup_data
  title: Data of a SETUP_EFI node
  endian: le
  license: MIT
  ks-version: "0.11"
doc-ref: arch/x86/include/asm/efi.h, struct efi_setup_data
seq:
  - id: fw_vendor
    type: u8
  - id: runtime
    type: u8
  - id: tables
    type: u8
  - id: smbios
    type: u8
  - id: reserved
    type: u8
    repeat: expr
    repeat-expr: 8
