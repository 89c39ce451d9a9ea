/*
 * Where a 64-bit running kernel jumps, and where the next kernel is entered from.
 *
 * Promised on entry: 64-bit mode, paging on with this segment mapped, interrupts off, and the address in RIP.
 * Everything else is garbage: registers, stack, direction flag, the limits of GDT and IDT.
 * For a next kernel in 64-bit mode CR3 and EFER are never written, and CR0 and CR4 only to have SSE for a while (sse.c):
 * with 4 or 5 levels, under SEV or TDX, they are as they were found.
 */
#include "parameters.h"
#include "record.h"
#include "cpu.h"

        .section .entry, "ax"
        .code64
        .globl purgatory_entry
purgatory_entry:
        cli
        cld
        leaq stack_end(%rip), %rsp
        leaq gdt_long(%rip), %rdi
        call load_flat_segments
        call purgatory
        cmpl $MODE_LONG64, parameters + PARAMETERS_MODE(%rip)
        jne leave_long_mode

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
 * CS 0x10 and the others 0x18, both flat, from the GDT at %rdi, which stays valid:
 * Linux's boot protocols ask for it (Documentation/arch/x86/boot.rst, "64-bit Boot Protocol", "32-bit Boot Protocol").
 * The GDT's own address is known at run time only, so its descriptor is made on the stack.
 */
load_flat_segments:
        pushq %rdi
        pushw $GDT_LIMIT
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

/*
 * From 64-bit mode to 32-bit protected mode without paging (Intel SDM volume 3, 10.8.5.4; AMD64 volume 2, 14.7).
 * All of it lies below 4 GiB: purgatory.c has seen to that.
 */
leave_long_mode:
        leaq purgatory_entry(%rip), %rbp
        /* PCIDs and shadow stacks forbid what follows: to keep only what long mode itself needs turns them off. */
        movq %cr4, %rax
        andl $(CR4_PAE | CR4_LA57), %eax
        movq %rax, %cr4
        leaq gdt_protected(%rip), %rdi
        /* Comes back to the next instruction, but in a 32-bit code segment: paging cannot be turned off in 64-bit code. */
        call load_flat_segments
        .code32
        movl %cr0, %eax
        andl $~CR0_PG, %eax
        movl %eax, %cr0
        movl $IA32_EFER, %ecx
        rdmsr
        andl $~EFER_LME, %eax
        wrmsr
        /* On into leave.S. */

#include "leave.S"

        /* Like gdt_protected, but for the code. */
        .balign 8
gdt_long:
        .quad 0
        .quad 0
        .quad 0x00af9b000000ffff /* 0x10: code, 64-bit, execute and read */
        .quad 0x00cf93000000ffff /* 0x18: data, 4 GiB, read and write */

        .section .note.GNU-stack, "", @progbits
