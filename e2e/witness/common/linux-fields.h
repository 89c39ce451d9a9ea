/*
 * struct boot_params by the names of arch/x86/include/uapi/asm/bootparam.h: FIELD(name, offset, size).
 * A field of 1, 2, 4 or 8 bytes is a number, any other one is bytes.
 */

/* Documentation/arch/x86/boot.rst, "Details of Header Fields". */
#define SETUP_HEADER(FIELD)                 \
  FIELD(setup_sects, 0x1f1, 1)              \
  FIELD(root_flags, 0x1f2, 2)               \
  FIELD(syssize, 0x1f4, 4)                  \
  FIELD(ram_size, 0x1f8, 2)                 \
  FIELD(vid_mode, 0x1fa, 2)                 \
  FIELD(root_dev, 0x1fc, 2)                 \
  FIELD(boot_flag, 0x1fe, 2)                \
  FIELD(jump, 0x200, 2)                     \
  FIELD(header, 0x202, 4)                   \
  FIELD(version, 0x206, 2)                  \
  FIELD(realmode_swtch, 0x208, 4)           \
  FIELD(start_sys_seg, 0x20c, 2)            \
  FIELD(kernel_version, 0x20e, 2)           \
  FIELD(type_of_loader, 0x210, 1)           \
  FIELD(loadflags, 0x211, 1)                \
  FIELD(setup_move_size, 0x212, 2)          \
  FIELD(code32_start, 0x214, 4)             \
  FIELD(ramdisk_image, 0x218, 4)            \
  FIELD(ramdisk_size, 0x21c, 4)             \
  FIELD(bootsect_kludge, 0x220, 4)          \
  FIELD(heap_end_ptr, 0x224, 2)             \
  FIELD(ext_loader_ver, 0x226, 1)           \
  FIELD(ext_loader_type, 0x227, 1)          \
  FIELD(cmd_line_ptr, 0x228, 4)             \
  FIELD(initrd_addr_max, 0x22c, 4)          \
  FIELD(kernel_alignment, 0x230, 4)         \
  FIELD(relocatable_kernel, 0x234, 1)       \
  FIELD(min_alignment, 0x235, 1)            \
  FIELD(xloadflags, 0x236, 2)               \
  FIELD(cmdline_size, 0x238, 4)             \
  FIELD(hardware_subarch, 0x23c, 4)         \
  FIELD(hardware_subarch_data, 0x240, 8)    \
  FIELD(payload_offset, 0x248, 4)           \
  FIELD(payload_length, 0x24c, 4)           \
  FIELD(setup_data, 0x250, 8)               \
  FIELD(pref_address, 0x258, 8)             \
  FIELD(init_size, 0x260, 4)                \
  FIELD(handover_offset, 0x264, 4)          \
  FIELD(kernel_info_offset, 0x268, 4)

/* Documentation/arch/x86/zero-page.rst, without the setup header and e820_table, which is shown by its entries. */
#define ZERO_PAGE(FIELD)                    \
  FIELD(screen_info, 0x000, 64)             \
  FIELD(apm_bios_info, 0x040, 20)           \
  FIELD(tboot_addr, 0x058, 8)               \
  FIELD(ist_info, 0x060, 16)                \
  FIELD(acpi_rsdp_addr, 0x070, 8)           \
  FIELD(hd0_info, 0x080, 16)                \
  FIELD(hd1_info, 0x090, 16)                \
  FIELD(sys_desc_table, 0x0a0, 16)          \
  FIELD(olpc_ofw_header, 0x0b0, 16)         \
  FIELD(ext_ramdisk_image, 0x0c0, 4)        \
  FIELD(ext_ramdisk_size, 0x0c4, 4)         \
  FIELD(ext_cmd_line_ptr, 0x0c8, 4)         \
  FIELD(cc_blob_address, 0x13c, 4)          \
  FIELD(edid_info, 0x140, 128)              \
  FIELD(efi_loader_signature, 0x1c0, 4)     \
  FIELD(efi_systab, 0x1c4, 4)               \
  FIELD(efi_memdesc_size, 0x1c8, 4)         \
  FIELD(efi_memdesc_version, 0x1cc, 4)      \
  FIELD(efi_memmap, 0x1d0, 4)               \
  FIELD(efi_memmap_size, 0x1d4, 4)          \
  FIELD(efi_systab_hi, 0x1d8, 4)            \
  FIELD(efi_memmap_hi, 0x1dc, 4)            \
  FIELD(alt_mem_k, 0x1e0, 4)                \
  FIELD(scratch, 0x1e4, 4)                  \
  FIELD(e820_entries, 0x1e8, 1)             \
  FIELD(eddbuf_entries, 0x1e9, 1)           \
  FIELD(edd_mbr_sig_buf_entries, 0x1ea, 1)  \
  FIELD(kbd_status, 0x1eb, 1)               \
  FIELD(secure_boot, 0x1ec, 1)              \
  FIELD(sentinel, 0x1ef, 1)                 \
  FIELD(edd_mbr_sig_buffer, 0x290, 64)      \
  FIELD(eddbuf, 0xd00, 492)
