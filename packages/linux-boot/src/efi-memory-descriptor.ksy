meta:
  id: efi_memory_descriptor
  title: EFI_MEMORY_DESCRIPTOR, version 1
  endian: le
  license: MIT
  ks-version: "0.11"
doc-ref: UEFI 2.10, 7.2.3
seq:
  - id: type
    type: u4
  - id: pad
    size: 4
  - id: physical_start
    type: u8
  - id: virtual_start
    type: u8
  - id: number_of_pages
    type: u8
  - id: attribute
    type: u8
