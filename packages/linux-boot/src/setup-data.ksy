meta:
  id: setup_data
  title: Node of the setup_data list
  endian: le
  license: MIT
  ks-version: "0.11"
doc-ref: Documentation/arch/x86/boot.rst, setup_data, 0x250/8
seq:
  - id: next
    type: u8
    doc: physical address of the next node, 0 in the last one
  - id: type
    type: u4
    doc: SETUP_*, arch/x86/include/uapi/asm/setup_data.h
  - id: len
    type: u4
    doc: bytes of data
  - id: data
    size: len
