# The page of code in the guest's ROM: from reset, or from what SeaBIOS started, to the state in which Linux enters what
# kexec loaded.
#
# Linked nowhere: whoever enters start_32 has the page's address in EBX, and src/rom.ts adds it where the CPU wants an
# address of its own. All that differs from run to run stands in the block at the page's start, which src/rom.ts fills in.
# No RAM is read or written: the page tables are in ROM too, with their accessed and dirty bits set.

        .set    SEGMENT_16, 0xf000              # the last page's offset in the segment that reset leaves in CS

        .set    CODE_32, 0x08
        .set    CODE_64, 0x10                   # __KERNEL_CS and __KERNEL_DS of x86_64 Linux
        .set    DATA_64, 0x18
        .set    CODE_I386, 0x60                 # and of i386 Linux
        .set    DATA_I386, 0x68

        .set    CR0_PE, 0x00000001
        .set    IA32_EFER, 0xc0000080

        .text
page:

# The block. Its offsets are written down in src/rom.ts.
entry:  .quad   0                               # where to jump
garbage:.fill   16, 8, 0                        # rax, rbx, rcx, rdx, rsi, rdi, rbp, rsp, r8 … r15
base:   .long   0                               # where this page is
cr0:    .long   0
cr3:    .long   0
cr4:    .long   0
efer:   .long   0
to_32:  .long   start_32 - page                 # far pointers: + base
        .word   CODE_32
to_64:  .long   start_64 - page
        .word   CODE_64
to_i386:.long   start_i386 - page
        .word   CODE_I386
gdtr:   .word   gdt_end - gdt - 1
        .long   gdt - page                      # + base
leave:  .byte   0xe9                            # jmp entry
        .long   0                               # entry - the next address

        .balign 8
gdt:    .quad   0
        .quad   0x00cf9b000000ffff              # 32-bit code, accessed: the CPU need not write here
        .quad   0x00af9b000000ffff              # 64-bit code
        .quad   0x00cf93000000ffff              # data
        .fill   8, 8, 0
        .quad   0x00cf9b000000ffff              # i386: code
        .quad   0x00cf93000000ffff              # and data
gdt_end:
        .balign 8
no_table:
        .word   0                               # limit 0, base 0: what Linux leaves behind in GDTR and IDTR
        .quad   0

        .code16
start:
        cli
        cld
        lgdtl   %cs:(SEGMENT_16 + (gdtr - page))
        movl    %cs:(SEGMENT_16 + (base - page)), %ebx
        movl    $CR0_PE, %eax
        movl    %eax, %cr0
        ljmpl   *%cs:(SEGMENT_16 + (to_32 - page))

        .code32
start_32:                                       # paging is off, EBX is the page's address, DS anything
        movl    $DATA_64, %eax
        movl    %eax, %ds
        movl    (cr4 - page)(%ebx), %eax
        movl    %eax, %cr4
        movl    (cr3 - page)(%ebx), %eax
        movl    %eax, %cr3
        movl    $IA32_EFER, %ecx
        xorl    %edx, %edx
        movl    (efer - page)(%ebx), %eax
        wrmsr
        movl    (cr0 - page)(%ebx), %eax
        movl    %eax, %cr0
        testl   %eax, %eax                      # its highest bit is PG
        js      paging
        ljmpl   *(to_i386 - page)(%ebx)
paging:
        ljmpl   *(to_64 - page)(%ebx)

start_i386:
        movl    $DATA_I386, %eax
        movl    %eax, %ds
        movl    %eax, %es
        movl    %eax, %ss
        xorl    %eax, %eax                      # Linux leaves its own in FS and GS: nothing to build on
        movl    %eax, %fs
        movl    %eax, %gs
        lgdtl   (no_table - page)(%ebx)
        lidtl   (no_table - page)(%ebx)
        movl    (garbage - page + 0x00)(%ebx), %eax
        movl    (garbage - page + 0x10)(%ebx), %ecx
        movl    (garbage - page + 0x18)(%ebx), %edx
        movl    (garbage - page + 0x20)(%ebx), %esi
        movl    (garbage - page + 0x28)(%ebx), %edi
        movl    (garbage - page + 0x30)(%ebx), %ebp
        movl    (garbage - page + 0x38)(%ebx), %esp
        movl    (garbage - page + 0x08)(%ebx), %ebx
        jmp     leave

        .code64
start_64:
        movl    $DATA_64, %eax
        movl    %eax, %ds
        movl    %eax, %es
        movl    %eax, %ss
        movl    %eax, %fs
        movl    %eax, %gs
        lgdt    no_table(%rip)
        lidt    no_table(%rip)
        movq    garbage + 0x00(%rip), %rax
        movq    garbage + 0x08(%rip), %rbx
        movq    garbage + 0x10(%rip), %rcx
        movq    garbage + 0x18(%rip), %rdx
        movq    garbage + 0x20(%rip), %rsi
        movq    garbage + 0x28(%rip), %rdi
        movq    garbage + 0x30(%rip), %rbp
        movq    garbage + 0x38(%rip), %rsp
        movq    garbage + 0x40(%rip), %r8
        movq    garbage + 0x48(%rip), %r9
        movq    garbage + 0x50(%rip), %r10
        movq    garbage + 0x58(%rip), %r11
        movq    garbage + 0x60(%rip), %r12
        movq    garbage + 0x68(%rip), %r13
        movq    garbage + 0x70(%rip), %r14
        movq    garbage + 0x78(%rip), %r15
        jmp     *entry(%rip)

        .org    0xff0                           # of the last page, 0xfffffff0: the CPU's first instruction
        .code16
        jmp     start
        .org    0x1000, 0
