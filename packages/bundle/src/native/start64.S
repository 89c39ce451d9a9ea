/*
 * Where a boot loader enters a bundle whose purgatory begins in 64-bit mode: from 32-bit protected mode with paging off, or
 * from 64-bit mode. By itself it maps the first 4 GiB, for the C code to run in; that maps all that is needed.
 */
#include "bundle.h"
#include "cpu.h"

#define OFFSET(label) ((label) - bundle_start)

        .section .entry, "ax"
        .code32
        .globl bundle_start
bundle_start:
        .fill HEADER_SIZE, 1, 0

/* Promised: 32-bit protected mode, paging off, flat segments, EDI the bundle's address. ESP is garbage. */
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
        pushl %ebx
        pushl %eax
        movl $OFFSET(no_page), %esi
        testl $0xfff, %edi
        jnz refuse
        movl $OFFSET(no_long_mode), %esi
        movl $0x80000000, %eax
        cpuid
        cmpl $0x80000001, %eax
        jb refuse
        movl $0x80000001, %eax
        cpuid
        testl $CPUID_LONG_MODE, %edx
        jz refuse

        /* The first 4 GiB: a root, one table below it, four below that with pages of 2 MiB. */
        movl %edi, %ebx
        addl HEADER_TABLES(%ebx), %edi
        movl %edi, %ebp
        xorl %eax, %eax
        movl $(FIRST_TABLES * 1024), %ecx
        rep stosl
        leal 0x1003(%ebp), %eax
        movl %eax, (%ebp)
        xorl %ecx, %ecx
0:      addl $0x1000, %eax
        movl %eax, 0x1000(%ebp, %ecx, 8)
        incl %ecx
        cmpl $4, %ecx
        jb 0b
        movl $0x83, %eax        /* present, writable, large */
        xorl %ecx, %ecx
1:      movl %eax, 0x2000(%ebp, %ecx, 8)
        addl $0x200000, %eax
        incl %ecx
        cmpl $2048, %ecx
        jb 1b

        /* Intel SDM volume 3, 10.8.5. */
        movl $CR4_PAE, %eax
        movl %eax, %cr4
        movl %ebp, %cr3
        movl $IA32_EFER, %ecx
        movl $EFER_LME, %eax
        xorl %edx, %edx
        wrmsr
        popl %esi               /* magic */
        popl %edx               /* information */
        movl $CR0_PAGING, %eax
        movl %eax, %cr0
        leal OFFSET(gdt)(%ebx), %eax
        pushl %eax
        pushw $GDT_LIMIT
        lgdt (%esp)
        addl $6, %esp
        movl $DATA, %eax
        movl %eax, %ds
        movl %eax, %es
        movl %eax, %ss
        leal OFFSET(long_mode)(%ebx), %eax
        pushl $CODE_64
        pushl %eax
        lretl

/* EDI the bundle's address, ESI the offset of the words: on debugcon, on the first serial port, and on the screen. */
refuse: addl %edi, %esi
        movl $0xb8000, %ebx
2:      lodsb
        testb %al, %al
        jz 4f
        outb %al, $0xe9
        movb %al, (%ebx)
        movb $0x0f, 1(%ebx)
        addl $2, %ebx
        movb %al, %ah
        movl $0x10000, %ecx
3:      movw $0x3fd, %dx
        inb %dx, %al
        testb $0x20, %al
        loopz 3b
        movb %ah, %al
        movw $0x3f8, %dx
        outb %al, %dx
        jmp 2b
4:      cli
        hlt
        jmp 4b

        .code64
/* Promised: 64-bit mode, interrupts off, the bundle mapped onto itself, writable. */
        .globl entry64
entry64:
        cli
        cld
        movl $MAGIC_KEPT, %esi
        /* PCIDs, global pages, protection keys and shadow stacks end here, since the page tables change. */
        movq %cr4, %rax
        andl $(CR4_PAE | CR4_LA57), %eax
        movq %rax, %cr4
long_mode:
        leaq bundle_start(%rip), %rdi
        movl HEADER_STACK_END(%rdi), %eax
        leaq (%rdi, %rax), %rsp
        /* As Linux hands over: an exception is a reset. */
        pushq $0
        pushq $0
        lidt (%rsp)
        call bundle
        jmp *%rax

no_page:
        .asciz "kexec-kit bundle: it was not loaded at a page, nothing was changed.\r\n"
no_long_mode:
        .asciz "kexec-kit bundle: this CPU has no 64-bit mode, nothing was changed.\r\n"

        /* Marked as accessed: loading a segment register writes nothing here. */
        .balign 8
gdt:    .quad 0
        .quad 0
        .quad 0x00af9b000000ffff /* 0x10: code, 64-bit, execute and read */
        .quad 0x00cf93000000ffff /* 0x18: data, 4 GiB, read and write */

        .section .note.GNU-stack, "", @progbits
