/*
 * Where a 32-bit running kernel jumps, and where the next kernel is entered from.
 *
 * Promised on entry: 32-bit protected mode, paging off, CS, DS and SS flat, interrupts off, and the address in EIP.
 * Everything else is garbage: registers, ESP among them, direction flag, the limits of GDT and IDT.
 */
#include "parameters.h"
#include "record.h"
#include "cpu.h"

/*
 * The last word of the BIOS data area's bytes that are left to applications (0x4f0 to 0x4ff).
 * A 32-bit program learns where it is from a return address only, and ESP is garbage: so one word is borrowed, and put back.
 */
#define BORROWED 0x4fc

        .section .entry, "ax"
        .code32
        .globl purgatory_entry
purgatory_entry:
        cli
        cld
        movl BORROWED, %ebx
        movl $(BORROWED + 4), %esp
        call here
here:   popl %ebp
        movl %ebx, BORROWED
        subl $(here - purgatory_entry), %ebp

        leal (stack_end - purgatory_entry)(%ebp), %esp
        call load_flat_segments
        /* Keeps %ebp. */
        call purgatory
        jmp leave

/* CS 0x10 and the others 0x18, both flat, from a GDT that stays valid. Its descriptor is made on the stack. */
load_flat_segments:
        leal (gdt_protected - purgatory_entry)(%ebp), %eax
        pushl %eax
        pushw $GDT_LIMIT
        lgdt (%esp)
        addl $6, %esp
        movl $BOOT_DS, %eax
        movl %eax, %ds
        movl %eax, %es
        movl %eax, %fs
        movl %eax, %gs
        movl %eax, %ss
        popl %eax
        pushl $BOOT_CS
        pushl %eax
        lretl

#include "leave.S"

        .section .note.GNU-stack, "", @progbits
