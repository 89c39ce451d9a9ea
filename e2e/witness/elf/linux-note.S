/* The note by which a vmlinux says that it is Linux (Xen, public/elfnote.h, GUEST_OS). */
        .section .note.Xen, "a", @note
        .balign 4
        .long 4
        .long 6
        .long 6                 /* XEN_ELFNOTE_GUEST_OS */
        .asciz "Xen"
        .asciz "linux"
        .balign 4
        .section .note.GNU-stack, "", @progbits
