/*
 * A Multiboot2 header (Multiboot2 2.0, 3.1) that requires the memory map. With LOADED the file has no format of its own, and
 * the header says where it goes; with PREFERENCE the image may be moved from 32 MiB to 256 MiB, by 64 KiB; with ASKS it
 * would like all that it can get.
 */
#define MAGIC 0xe85250d6
#define I386 0
#define LENGTH (multiboot2_end - multiboot2_header)
#define OPTIONAL 1

        .section .entry, "ax"
        .balign 8
multiboot2_header:
        .long MAGIC
        .long I386
        .long LENGTH
        .long -(MAGIC + I386 + LENGTH)

        .balign 8
request:
        .short 1, 0
        .long request_end - request
        .long 4, 6
request_end:

        .balign 8
        .short 6, 0             /* modules at pages */
        .long 8
#ifdef ASKS
        .balign 8
wishes: .short 1, OPTIONAL
        .long wishes_end - wishes
        .long 8, 9, 12, 14, 15, 17, 21
wishes_end:
        .balign 8
        .short 0x4d4b, OPTIONAL /* nobody knows this one */
        .long 12
        .long 0
#endif
#ifdef LOADED
        .balign 8
        .short 2, 0             /* address tag */
        .long 24
        .long multiboot2_header /* header_addr */
        .long physical          /* load_addr */
        .long bss_start         /* load_end_addr */
        .long bss_end           /* bss_end_addr */
        .balign 8
        .short 3, 0             /* entry address tag */
        .long 12
        .long witness_entry
#endif
#ifdef PREFERENCE
        .balign 8
        .short 10, 0            /* relocatable image tag */
        .long 24
        .long 0x2000000         /* min_addr */
        .long 0xfffffff         /* max_addr */
        .long 0x10000           /* align */
        .long PREFERENCE
#endif
        .balign 8
        .short 0, 0
        .long 8
multiboot2_end:
        .section .note.GNU-stack, "", @progbits
