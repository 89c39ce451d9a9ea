/* The 32-bit program of a bzImage has two entries: at 0 the one for 32-bit loaders, at 8 the one for its own real-mode code. */
        .section .entry, "ax"
        .code32
        jmp witness_entry
        .balign 8
        cld
        call here_16
here_16:
        popl %ebp
        leal (stack_end - here_16)(%ebp), %esp
        pushl %ebx
        pushl %esi
        call witness_real_mode

#include "../common/entry32.S"
