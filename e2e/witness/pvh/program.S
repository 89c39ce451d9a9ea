/* The 32-bit program of a vmlinux: CODE_32 is its file. */
        .section .text.pvh, "ax"
        .balign 16
        .globl pvh_entry
pvh_entry:
        .incbin CODE_32
        .section .note.GNU-stack, "", @progbits
