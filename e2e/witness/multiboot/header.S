/*
 * A Multiboot header (Multiboot 0.6.96, 3.1): modules at pages, information about memory. With LOADED the file has no format of
 * its own, and the header says where it goes. It stands behind the entry, within the first 8192 bytes of the file.
 */
#define MAGIC 0x1badb002
#ifdef LOADED
#define FLAGS 0x10003
#else
#define FLAGS 0x3
#endif

        .section .entry, "ax"
        .balign 4
multiboot_header:
        .long MAGIC
        .long FLAGS
        .long -(MAGIC + FLAGS)
#ifdef LOADED
        .long multiboot_header  /* header_addr */
        .long physical          /* load_addr */
        .long bss_start         /* load_end_addr */
        .long bss_end           /* bss_end_addr */
        .long witness_entry     /* entry_addr */
#endif
        .section .note.GNU-stack, "", @progbits
