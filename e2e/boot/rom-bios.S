# A kernel that goes back to real mode and calls the BIOS; tells as JSON on the serial line what it found, then resets.
# Linked at 0x8000. Entered in long mode at its start, in 32-bit protected mode 16 bytes further on.

        .set    UART, 0x3f8
        .set    CODE_32, 0x08
        .set    CODE_16, 0x10
        .set    DATA_16, 0x18
        .set    CR0_PE, 0x00000001
        .set    CR0_PG, 0x80000000
        .set    IA32_EFER, 0xc0000080
        .set    BUFFER, 0xa000

        .text
        .code64
        jmp     long
        .balign 16
        .code32
        jmp     protected

        .code64
long:   lgdt    gdtr
        ljmpl   *to_32
        .code32
compatibility:
        movl    %cr0, %eax
        andl    $~CR0_PG, %eax
        movl    %eax, %cr0
        movl    $IA32_EFER, %ecx
        xorl    %eax, %eax
        xorl    %edx, %edx
        wrmsr
        movl    %eax, %cr4
protected:
        lgdtl   gdtr
        ljmpl   $CODE_16, $protected_16
        .code16
protected_16:
        movw    $DATA_16, %ax
        movw    %ax, %ds
        movw    %ax, %es
        movw    %ax, %ss
        movw    %ax, %fs
        movw    %ax, %gs
        movl    %cr0, %eax
        andl    $~CR0_PE, %eax
        movl    %eax, %cr0
        ljmpw   $0, $real
real:   xorw    %ax, %ax
        movw    %ax, %ds
        movw    %ax, %es
        movw    %ax, %ss
        movl    $0x7c00, %esp
        lidtl   ivt

        movw    $low, %si                       # the vectors and the BIOS data area
        call    text
        xorw    %si, %si
        movw    $0x500, %cx
        call    bytes

        movw    $map, %si                       # the memory map
        call    text
        xorl    %ebx, %ebx
range:  movw    $BUFFER, %di
        movl    $0xe820, %eax
        movl    $0x534d4150, %edx
        movl    $20, %ecx
        int     $0x15
        jc      video
        pushl   %ebx
        movw    $BUFFER, %si
        movw    $20, %cx
        call    bytes
        popl    %ebx
        testl   %ebx, %ebx
        jnz     range

video:  movw    $screen, %si                    # the mode, and a character that was written
        call    text
        movb    $0x0f, %ah
        int     $0x10
        movw    %ax, BUFFER
        xorw    %bx, %bx
        call    home
        movw    $0x0e00 + 'K', %ax
        int     $0x10
        call    home
        movb    $0x08, %ah
        int     $0x10
        movb    %al, BUFFER + 2
        movw    $BUFFER, %si
        movw    $3, %cx
        call    bytes

        movw    $memory, %si                    # conventional memory in KiB
        call    text
        int     $0x12
        movw    %ax, BUFFER
        movw    $BUFFER, %si
        movw    $2, %cx
        call    bytes

        sti                                     # a timer interrupt comes, and the BIOS counts it
        movl    0x46c, %eax
tick:   hlt
        cmpl    %eax, 0x46c
        je      tick
        cli
        movw    $done, %si
        call    text
        lidtl   none
        int3                                    # a triple fault, hence a reset

home:   movb    $0x02, %ah
        xorw    %dx, %dx
        int     $0x10
        ret

text:   lodsb
        testb   %al, %al
        jz      1f
        call    out
        jmp     text
1:      ret

bytes:  lodsb                                   # CX bytes from SI on, as hexadecimal
        pushw   %ax
        shrb    $4, %al
        call    digit
        popw    %ax
        call    digit
        loop    bytes
        ret

digit:  andb    $15, %al
        addb    $'0', %al
        cmpb    $'9', %al
        jbe     out
        addb    $'a' - '9' - 1, %al
out:    pushw   %ax
        movw    $UART + 5, %dx
1:      inb     %dx, %al
        testb   $0x20, %al
        jz      1b
        popw    %ax
        movw    $UART, %dx
        outb    %al, %dx
        ret

low:    .asciz  "{\"low\":\""
map:    .asciz  "\",\"map\":\""
screen: .asciz  "\",\"video\":\""
memory: .asciz  "\",\"memory\":\""
done:   .asciz  "\",\"ticked\":true}\nend of witness\n"

        .balign 8
gdt:    .quad   0
        .quad   0x00cf9b000000ffff              # 32-bit code
        .quad   0x00009b000000ffff              # 16-bit code, data: base 0, limit 64 KiB
        .quad   0x000093000000ffff
gdt_end:
gdtr:   .word   gdt_end - gdt - 1
        .quad   gdt
to_32:  .long   compatibility
        .word   CODE_32
ivt:    .word   0x3ff
        .long   0
none:   .word   0
        .long   0
