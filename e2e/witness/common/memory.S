/* What every witness has in its data, and what tests fill in. None of it is in .bss, which is looked at first of all. */

        .data
        .balign 16
        .globl state
state:  .fill STATE_SIZE

        .fill 0x2000, 1, 0x5a
        .globl stack_end
stack_end:

/* Found by its first 8 bytes: ../build.mjs, `withScans`. */
        .balign 16
        .globl scans
scans:  .ascii "scan me!"
        .quad 0                 /* how many */
        .fill 2 * 32, 8, 0      /* start and end of each */

/* From each of the two to where the memory begins, and ends, that has no content in the file: distances move along. */
        .globl zeros
zeros:  .long bss_start - .
        .long bss_end - .

        .section .note.GNU-stack, "", @progbits
