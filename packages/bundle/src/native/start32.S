/*
 * Where a boot loader enters a bundle whose purgatory begins in 32-bit protected mode with paging off, and leaves it so.
 *
 * Promised: 32-bit protected mode, paging off, flat segments, EDI the bundle's address. ESP is garbage.
 */
#include "bundle.h"

        .section .entry, "ax"
        .code32
        .globl bundle_start
bundle_start:
        .fill HEADER_SIZE, 1, 0

        /* For who kept it in memory. */
        .globl entry32
entry32:
        movl $MAGIC_KEPT, %eax
        /* With a protocol's magic in EAX and its structure in EBX. */
        .globl boot_entry
boot_entry:
        cli
        cld
        movl HEADER_STACK_END(%edi), %esp
        addl %edi, %esp
        /* As Linux hands over: an exception is a reset. */
        pushl $0
        pushl $0
        lidt (%esp)
        popl %ecx               /* what is left keeps the stack at 16 bytes */
        pushl %ebx
        pushl %eax
        pushl %edi
        call bundle
        jmp *%eax

        .section .note.GNU-stack, "", @progbits
