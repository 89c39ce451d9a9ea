# A boot loader that loads two kernels: this one, which is entered by Multiboot, runs for a moment and crashes; and one that waits,
# a bundle made --as-module, which it was given as its module. How it enters that stands in its command line.

        .set    MAGIC, 0x1badb002
        .set    FLAGS, 3                        # modules at pages, memory information
        .set    GIB, 1 << 30

        .section .text
        .code32
        .balign 4
        .long   MAGIC, FLAGS, -(MAGIC + FLAGS)

        .globl  start
start:
        movl    $stack, %esp
        pushl   %ebx                            # Multiboot information
        call    keep                            # returns where the bundle waits, below 4 GiB
        movl    %eax, %ebp
        cmpl    $64, mode
        jae     long_mode

        # It runs with an interrupt table of its own, whose one handler is what a crash leads to.
        movl    $crashed_32, %eax
        movw    %ax, idt + 6 * 8
        movw    $0x08, idt + 6 * 8 + 2
        movw    $0x8e00, idt + 6 * 8 + 4
        shrl    $16, %eax
        movw    %ax, idt + 6 * 8 + 6
        lgdt    gdtr
        lidt    idtr
        ljmpl   $0x08, $1f
1:      ud2

crashed_32:
        call    last_words
        movl    %ebp, %edi
        call    garbage
        movl    0x24(%edi), %eax                # entry32
        addl    %edi, %eax
        jmp     *%eax

        # Four levels of paging, or five: the first 8 GiB onto themselves, by pages of 2 MiB.
long_mode:
        movl    $(level2 + 3), %eax
        movl    $level3, %edi
        movl    $8, %ecx
1:      movl    %eax, (%edi)
        addl    $0x1000, %eax
        addl    $8, %edi
        loop    1b
        movl    $level2, %edi
        movl    $0x83, %eax
        xorl    %edx, %edx
        movl    $4096, %ecx
2:      movl    %eax, (%edi)
        movl    %edx, 4(%edi)
        addl    $0x200000, %eax
        adcl    $0, %edx
        addl    $8, %edi
        loop    2b
        movl    $(level3 + 3), level4
        movl    $(level4 + 3), level5
        movl    $0x20, %eax                     # PAE
        movl    $level4, %edx
        cmpl    $5, levels
        jne     3f
        movl    $0x1020, %eax                   # LA57
        movl    $level5, %edx
3:      movl    %eax, %cr4
        movl    %edx, %cr3
        movl    $0xc0000080, %ecx
        rdmsr
        orl     $0x900, %eax                    # NXE, LME
        wrmsr
        movl    $0x80010033, %eax               # PG, WP, NE, ET, MP, PE
        movl    %eax, %cr0
        lgdt    gdtr
        ljmpl   $0x10, $4f
        .code64
4:      movl    $0x18, %eax
        movl    %eax, %ds
        movl    %eax, %es
        movl    %eax, %ss
        movl    $stack, %esp
        movq    bundle_high(%rip), %rdi               # or 0: it stays where it is
        testq   %rdi, %rdi
        jz      5f
        movl    %ebp, %esi
        movq    0x18(%rsi), %rcx                # size
        movq    %rdi, %rbp
        rep movsb
5:      movl    $crashed_64, %eax
        movw    %ax, idt + 6 * 16(%rip)
        movw    $0x10, idt + 6 * 16 + 2(%rip)
        movw    $0x8e00, idt + 6 * 16 + 4(%rip)
        shrl    $16, %eax
        movw    %ax, idt + 6 * 16 + 6(%rip)
        lidt    idtr(%rip)
        ud2

crashed_64:
        movl    $words, %esi
6:      lodsb
        testb   %al, %al
        jz      7f
        outb    %al, $0xe9
        jmp     6b
7:      movl    0x28(%rbp), %eax                # entry64
        addq    %rbp, %rax
        movq    $0xdbdbdbdbdbdbdbdb, %rsp
        movq    %rsp, %rdi
        movq    %rsp, %rsi
        movq    %rsp, %rbx
        std
        jmp     *%rax

        .code32
last_words:
        movl    $words, %esi
8:      lodsb
        testb   %al, %al
        jz      9f
        outb    %al, $0xe9
        jmp     8b
9:      ret

garbage:
        popl    %edx
        movl    $0xdbdbdbdb, %esp
        movl    %esp, %ebx
        movl    %esp, %ebp
        std
        jmp     *%edx

words:  .asciz  "keeper: crashed\n"

        .data
        .balign 8
gdt:    .quad   0
        .quad   0x00cf9b000000ffff              # 0x08: code, 32-bit
        .quad   0x00af9b000000ffff              # 0x10: code, 64-bit
        .quad   0x00cf93000000ffff              # 0x18: data
gdtr:   .word   0x1f
        .long   gdt, 0
idtr:   .word   16 * 16 - 1
        .long   idt, 0

        .bss
        .balign 4096
level5: .fill   4096
level4: .fill   4096
level3: .fill   4096
level2: .fill   8 * 4096
idt:    .fill   4096
        .fill   4096
stack:
        .section .note.GNU-stack, "", @progbits
