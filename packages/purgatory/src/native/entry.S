/*
 * Where the running kernel jumps, and where the next kernel is entered from.
 *
 * Promised on entry: 64-bit mode, paging on with this segment mapped, interrupts off, and the address in RIP.
 * Everything else is garbage: registers, stack, direction flag, the limits of GDT and IDT.
 * CR0, CR3, CR4 and EFER are never written: with 4 or 5 levels, under SEV or TDX, they stay as they are.
 */
#include "parameters.h"

#define BOOT_CS 0x10
#define BOOT_DS 0x18

        .section .entry, "ax"
        .code64
        .globl purgatory_entry
purgatory_entry:
        cli
        cld
        leaq stack_end(%rip), %rsp
        call load_flat_segments
        call purgatory

        /* The next kernel may rely on every flag being clear: bit 1 of RFLAGS is always set. */
        pushq $2
        popfq
        /* No instruction from here on changes a flag or needs the stack, and no register is spare. */
        movq parameters + PARAMETERS_REGISTERS + 0x00(%rip), %rax
        movq parameters + PARAMETERS_REGISTERS + 0x08(%rip), %rbx
        movq parameters + PARAMETERS_REGISTERS + 0x10(%rip), %rcx
        movq parameters + PARAMETERS_REGISTERS + 0x18(%rip), %rdx
        movq parameters + PARAMETERS_REGISTERS + 0x20(%rip), %rsi
        movq parameters + PARAMETERS_REGISTERS + 0x28(%rip), %rdi
        movq parameters + PARAMETERS_REGISTERS + 0x30(%rip), %rbp
        movq parameters + PARAMETERS_REGISTERS + 0x38(%rip), %rsp
        movq parameters + PARAMETERS_REGISTERS + 0x40(%rip), %r8
        movq parameters + PARAMETERS_REGISTERS + 0x48(%rip), %r9
        movq parameters + PARAMETERS_REGISTERS + 0x50(%rip), %r10
        movq parameters + PARAMETERS_REGISTERS + 0x58(%rip), %r11
        movq parameters + PARAMETERS_REGISTERS + 0x60(%rip), %r12
        movq parameters + PARAMETERS_REGISTERS + 0x68(%rip), %r13
        movq parameters + PARAMETERS_REGISTERS + 0x70(%rip), %r14
        movq parameters + PARAMETERS_REGISTERS + 0x78(%rip), %r15
        jmpq *parameters + PARAMETERS_ENTRY(%rip)

/*
 * CS 0x10 and the others 0x18, both flat, from a GDT that stays valid:
 * Linux's 64-bit boot protocol asks for it (Documentation/arch/x86/boot.rst, "64-bit Boot Protocol").
 * The GDT's own address is known at run time only, so its descriptor is made on the stack.
 */
load_flat_segments:
        leaq gdt(%rip), %rax
        pushq %rax
        pushw $(gdt_end - gdt - 1)
        lgdt (%rsp)
        addq $10, %rsp
        movl $BOOT_DS, %eax
        movl %eax, %ds
        movl %eax, %es
        movl %eax, %fs
        movl %eax, %gs
        movl %eax, %ss
        popq %rax
        pushq $BOOT_CS
        pushq %rax
        lretq

        .globl halt
halt:
        cli
        hlt
        jmp halt

        /* Marked as accessed, so that loading a segment register writes nothing here. */
        .section .rodata
        .balign 8
gdt:
        .quad 0
        .quad 0
        .quad 0x00af9b000000ffff /* 0x10: code, 64-bit, execute and read */
        .quad 0x00cf93000000ffff /* 0x18: data, 4 GiB, read and write */
gdt_end:

        .section .note.GNU-stack, "", @progbits
