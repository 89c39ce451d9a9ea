/*
 * Where a 32-bit witness is entered. Nothing is believed but that CS, DS and SS are flat. Where it is, 32-bit code learns
 * from a return address only, and ESP is garbage: the BIOS data area has 16 bytes for applications (0x4f0 to 0x4ff), and
 * three words of them are taken.
 */
#include "state.h"

#define SAVED_EBP 0x4f0
#define SAVED_ESP 0x4f4
#define BORROWED_END 0x500

        .section .entry, "ax"
        .code32
        .globl witness_entry
witness_entry:
        movl %ebp, SAVED_EBP
        movl %esp, SAVED_ESP
        movl $BORROWED_END, %esp
        call here
here:   popl %ebp
        leal (state - here)(%ebp), %ebp
        movl %eax, GENERAL + 0x00(%ebp)
        movl %ebx, GENERAL + 0x08(%ebp)
        movl %ecx, GENERAL + 0x10(%ebp)
        movl %edx, GENERAL + 0x18(%ebp)
        movl %esi, GENERAL + 0x20(%ebp)
        movl %edi, GENERAL + 0x28(%ebp)
        movl SAVED_EBP, %eax
        movl %eax, GENERAL + 0x30(%ebp)
        movl SAVED_ESP, %eax
        movl %eax, GENERAL + 0x38(%ebp)
        leal (stack_end - state)(%ebp), %esp
        pushfl
        popl FLAGS(%ebp)
        cld
        call witness

#include "memory.S"
