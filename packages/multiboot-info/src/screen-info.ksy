meta:
  id: screen_info
  title: The screen of the running kernel
  endian: le
  license: MIT
  ks-version: "0.11"
doc: |
  struct screen_info, as far as it says what is on the screen: a frame buffer, or text.
doc-ref: include/uapi/linux/screen_info.h
seq:
  - id: orig_x
    type: u1
    doc-ref: include/uapi/linux/screen_info.h, 0x0/1
  - id: orig_y
    type: u1
    doc-ref: include/uapi/linux/screen_info.h, 0x1/1
  - id: ext_mem_k
    type: u2
    doc-ref: include/uapi/linux/screen_info.h, 0x2/2
  - id: orig_video_page
    type: u2
    doc-ref: include/uapi/linux/screen_info.h, 0x4/2
  - id: orig_video_mode
    type: u1
    doc-ref: include/uapi/linux/screen_info.h, 0x6/1
  - id: orig_video_cols
    type: u1
    doc: 'characters'
    doc-ref: include/uapi/linux/screen_info.h, 0x7/1
  - id: flags
    type: u1
    doc-ref: include/uapi/linux/screen_info.h, 0x8/1
  - id: unused2
    type: u1
    doc-ref: include/uapi/linux/screen_info.h, 0x9/1
  - id: orig_video_ega_bx
    type: u2
    doc-ref: include/uapi/linux/screen_info.h, 0xa/2
  - id: unused3
    type: u2
    doc-ref: include/uapi/linux/screen_info.h, 0xc/2
  - id: orig_video_lines
    type: u1
    doc: 'characters'
    doc-ref: include/uapi/linux/screen_info.h, 0xe/1
  - id: orig_video_is_vga
    type: u1
    doc: '1 text, 0x23 VESA graphics, 0x70 EFI graphics'
    doc-ref: include/uapi/linux/screen_info.h, 0xf/1
  - id: orig_video_points
    type: u2
    doc-ref: include/uapi/linux/screen_info.h, 0x10/2
  - id: lfb_width
    type: u2
    doc: 'pixels'
    doc-ref: include/uapi/linux/screen_info.h, 0x12/2
  - id: lfb_height
    type: u2
    doc: 'pixels'
    doc-ref: include/uapi/linux/screen_info.h, 0x14/2
  - id: lfb_depth
    type: u2
    doc: 'bits of a pixel'
    doc-ref: include/uapi/linux/screen_info.h, 0x16/2
  - id: lfb_base
    type: u4
    doc: 'lower half of its address'
    doc-ref: include/uapi/linux/screen_info.h, 0x18/4
  - id: lfb_size
    type: u4
    doc-ref: include/uapi/linux/screen_info.h, 0x1c/4
  - id: cl_magic
    type: u2
    doc-ref: include/uapi/linux/screen_info.h, 0x20/2
  - id: cl_offset
    type: u2
    doc-ref: include/uapi/linux/screen_info.h, 0x22/2
  - id: lfb_linelength
    type: u2
    doc: 'bytes of a line'
    doc-ref: include/uapi/linux/screen_info.h, 0x24/2
  - id: red_size
    type: u1
    doc: 'bits'
    doc-ref: include/uapi/linux/screen_info.h, 0x26/1
  - id: red_pos
    type: u1
    doc-ref: include/uapi/linux/screen_info.h, 0x27/1
  - id: green_size
    type: u1
    doc: 'bits'
    doc-ref: include/uapi/linux/screen_info.h, 0x28/1
  - id: green_pos
    type: u1
    doc-ref: include/uapi/linux/screen_info.h, 0x29/1
  - id: blue_size
    type: u1
    doc: 'bits'
    doc-ref: include/uapi/linux/screen_info.h, 0x2a/1
  - id: blue_pos
    type: u1
    doc-ref: include/uapi/linux/screen_info.h, 0x2b/1
  - id: rsvd_size
    type: u1
    doc-ref: include/uapi/linux/screen_info.h, 0x2c/1
  - id: rsvd_pos
    type: u1
    doc-ref: include/uapi/linux/screen_info.h, 0x2d/1
  - id: vesapm_seg
    type: u2
    doc-ref: include/uapi/linux/screen_info.h, 0x2e/2
  - id: vesapm_off
    type: u2
    doc-ref: include/uapi/linux/screen_info.h, 0x30/2
  - id: pages
    type: u2
    doc-ref: include/uapi/linux/screen_info.h, 0x32/2
  - id: vesa_attributes
    type: u2
    doc-ref: include/uapi/linux/screen_info.h, 0x34/2
  - id: capabilities
    type: u4
    doc: 'bit 1: ext_lfb_base counts'
    doc-ref: include/uapi/linux/screen_info.h, 0x36/4
  - id: ext_lfb_base
    type: u4
    doc: 'upper half of its address'
    doc-ref: include/uapi/linux/screen_info.h, 0x3a/4
  - id: reserved
    size: 2
    doc-ref: include/uapi/linux/screen_info.h, 0x3e
