# The last page of the guest's ROM: from reset to the state in which Linux enters what kexec loaded.
#
# Linked nowhere: every address is a difference or built from PAGE, so the assembled bytes are the ROM's last 4096.
# All that differs from run to run stands in the block at the page's start, which src/rom.ts fills in.
# No RAM is read or written: the page tables are in ROM too, with their accessed and dirty bits set.

        .set    PAGE, 0xfffff000                # where the page is mapped, and stays mapped at hand-over
        .set    SEGMENT_16, 0xf000              # its offset in the segment that reset leaves in CS

        .set    CODE_32, 0x08
        .set    CODE_64, 0x10                   # __KERNEL_CS and __KERNEL_DS of Linux
        .set    DATA, 0x18

        .set    CR0, 0x80000033                 # PG, NE, ET, MP, PE
        .set    CR0_PE, 0x00000001
        .set    IA32_EFER, 0xc0000080
        .set    EFER, 0x00000901                # NXE, LME, SCE; paging adds LMA: 0xd01

        .text
page:

# The block. Its offsets are written down in src/rom.ts.
entry:  .quad   0                               # where to jump
garbage:.fill   16, 8, 0                        # rax, rbx, rcx, rdx, rsi, rdi, rbp, rsp, r8 … r15
root:   .long   0                               # CR3
cr4:    .long   0                               # PAE, and LA57 for five levels

        .balign 8
gdt:    .quad   0
        .quad   0x00cf9b000000ffff              # 32-bit code, accessed: the CPU need not write here
        .quad   0x00af9b000000ffff              # 64-bit code
        .quad   0x00cf93000000ffff              # data
gdt_end:
gdtr:   .word   gdt_end - gdt - 1
        .long   PAGE + (gdt - page)
        .balign 8
no_table:
        .word   0                               # limit 0, base 0: what Linux leaves behind in GDTR and IDTR
        .quad   0

        .code16
start:
        cli
        cld
        lgdtl   %cs:(SEGMENT_16 + (gdtr - page))
        movl    $CR0_PE, %eax
        movl    %eax, %cr0
        ljmpl   $CODE_32, $(PAGE + (start_32 - page))

        .code32
start_32:
        movl    $DATA, %eax
        movl    %eax, %ds
        movl    PAGE + (cr4 - page), %eax
        movl    %eax, %cr4
        movl    PAGE + (root - page), %eax
        movl    %eax, %cr3
        movl    $IA32_EFER, %ecx
        xorl    %edx, %edx
        movl    $EFER, %eax
        wrmsr
        movl    $CR0, %eax
        movl    %eax, %cr0
        ljmpl   $CODE_64, $(PAGE + (start_64 - page))

        .code64
start_64:
        movl    $DATA, %eax
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

        .org    0xff0                           # 0xfffffff0: the CPU's first instruction
        .code16
        jmp     start
        .org    0x1000, 0
