/*
 * The notes by which an image asks for the PVH entry (Xen, public/elfnote.h, PHYS32_ENTRY and PHYS32_RELOC).
 * PHYS32 is where 32-bit code is entered; WORD is as wide as the file's class.
 */
#define XEN_ELFNOTE_GUEST_OS 6
#define XEN_ELFNOTE_PHYS32_ENTRY 18
#define XEN_ELFNOTE_PHYS32_RELOC 19

        .macro begin_note type
        .long 4
        .long 2f - 1f
        .long \type
        .asciz "Xen"
1:
        .endm

        .macro end_note
2:      .balign 4
        .endm

        .section .note.Xen, "a", @note
        .balign 4
        begin_note XEN_ELFNOTE_PHYS32_ENTRY
        WORD PHYS32
        end_note
#ifdef RELOC
        begin_note XEN_ELFNOTE_PHYS32_RELOC
        .long RELOC             /* alignment, lowest start, highest last byte */
        end_note
#endif
#ifdef GUEST_OS
        begin_note XEN_ELFNOTE_GUEST_OS
        .asciz GUEST_OS
        end_note
#endif
        .section .note.GNU-stack, "", @progbits
