/*
 * Where a 64-bit witness is entered. Nothing is believed but that this image is mapped: the address comes from RIP, the
 * stack is our own, and no flag changes before it is written down.
 */
#include "state.h"

        .section .entry, "ax"
        .code64
        .globl witness_entry
witness_entry:
        movq %rax, state + GENERAL + 0x00(%rip)
        movq %rbx, state + GENERAL + 0x08(%rip)
        movq %rcx, state + GENERAL + 0x10(%rip)
        movq %rdx, state + GENERAL + 0x18(%rip)
        movq %rsi, state + GENERAL + 0x20(%rip)
        movq %rdi, state + GENERAL + 0x28(%rip)
        movq %rbp, state + GENERAL + 0x30(%rip)
        movq %rsp, state + GENERAL + 0x38(%rip)
        movq %r8, state + GENERAL + 0x40(%rip)
        movq %r9, state + GENERAL + 0x48(%rip)
        movq %r10, state + GENERAL + 0x50(%rip)
        movq %r11, state + GENERAL + 0x58(%rip)
        movq %r12, state + GENERAL + 0x60(%rip)
        movq %r13, state + GENERAL + 0x68(%rip)
        movq %r14, state + GENERAL + 0x70(%rip)
        movq %r15, state + GENERAL + 0x78(%rip)
        leaq stack_end(%rip), %rsp
        pushfq
        popq state + FLAGS(%rip)
        cld
        call witness

#include "memory.S"
