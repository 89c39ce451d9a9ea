/*
 * The last steps to a next kernel in 32-bit protected or in real mode, the same for both running kernels.
 *
 * On entry: 32-bit protected mode with paging off, segments from gdt_protected, this program's address in %ebp, and in ESP
 * the stack's end, which is the parameter block's start. No absolute address: far pointers and the descriptors that hold
 * this program's address are made on the stack.
 */

/* Of the parameter block's field, from this program's start: below 64 KiB, so that real-mode code reaches it through CS. */
#define FIELD(offset) parameters - purgatory_entry + (offset)
#define REGISTER(n) FIELD(PARAMETERS_REGISTERS + 8 * (n))

/* Tells port 0x80 and, where there is one, the record (record.h). Changes EAX and ECX. */
        .macro tell state
        movb $\state, %al
        outb %al, $POST_PORT
        movl FIELD(PARAMETERS_LAST_WORDS)(%ebp), %ecx
        jecxz 1f
        movl $\state, RECORD_STATE(%ecx)
1:
        .endm

/* The last that is told, with the time. Changes EDX, too. */
        .macro tell_jump
        tell STATE_JUMPED
        rdtsc
        jecxz 1f
        movl %eax, RECORD_JUMPED(%ecx)
        movl %edx, (RECORD_JUMPED + 4)(%ecx)
1:
        .endm

leave:
        xorl %eax, %eax
        movl %eax, %cr4
        movl $CR0_PE, %eax
        movl %eax, %cr0
        tell STATE_SWITCHED
        cmpl $MODE_REAL16, FIELD(PARAMETERS_MODE)(%ebp)
        je leave_protected_mode
        tell_jump

/*
 * ESP, too, is the next kernel's to choose, and 32-bit code reaches nothing without a register:
 * the last two instructions hold their operands, so they are written on the stack.
 */
        subl $12, %esp
        movl %esp, %edi
        movl REGISTER(7)(%ebp), %eax
        movb $0xbc, (%edi)      /* movl $esp, %esp */
        movl %eax, 1(%edi)
        movl FIELD(PARAMETERS_ENTRY)(%ebp), %eax
        movb $0xea, 5(%edi)     /* ljmpl $BOOT_CS, $entry */
        movl %eax, 6(%edi)
        movw $BOOT_CS, 10(%edi)
        pushl %edi
        pushl REGISTER(0)(%ebp)
        pushl REGISTER(2)(%ebp)
        pushl REGISTER(3)(%ebp)
        pushl REGISTER(1)(%ebp)
        pushl $0                /* where popal has ESP, and skips it */
        pushl REGISTER(6)(%ebp)
        pushl REGISTER(4)(%ebp)
        pushl REGISTER(5)(%ebp)
        pushl $2                /* every flag clear */
        popfl
        popal
        ret

/*
 * To real mode by way of 16-bit protected mode, where segments get the limits that real mode has (Intel SDM volume 3, 10.9.2).
 * All of it lies below 640 KiB, page-aligned: as a real-mode segment, too, it begins at its offset 0.
 */
leave_protected_mode:
        /* From real mode the record may be out of reach. */
        tell_jump
        movl FIELD(PARAMETERS_ENTRY)(%ebp), %eax
        movl REGISTER(8)(%ebp), %ebx
        movl %ebx, %ecx
        shll $4, %ecx
        subl %ecx, %eax
        shll $16, %ebx
        movw %ax, %bx
        pushl %ebx              /* the next kernel's CS:IP, at FIELD(-4) */
        movl %ebp, %eax
        shll $12, %eax
        movw $(real_mode - purgatory_entry), %ax
        pushl %eax              /* our own, at FIELD(-8) */

        /* A GDT, from its end: at 0x10 data, at 0x08 code that begins at %ebp, both with 64 KiB and 16-bit. */
        pushl $0x00009300
        pushl $0x0000ffff
        movl %ebp, %eax
        shrl $16, %eax
        orl $0x00009b00, %eax
        pushl %eax
        movl %ebp, %eax
        shll $16, %eax
        movw $0xffff, %ax
        pushl %eax
        pushl $0
        pushl $0
        movl %esp, %eax
        pushl %eax
        pushw $0x17
        lgdt (%esp)
        lidt (real_mode_idt - purgatory_entry)(%ebp)
        /* No instruction from here on changes a flag. */
        pushl $2
        popfl
        ljmpl $0x08, $(protected_mode_16 - purgatory_entry)

        .code16
protected_mode_16:
        movl $0x10, %eax
        movl %eax, %ds
        movl %eax, %es
        movl %eax, %fs
        movl %eax, %gs
        movl %eax, %ss
        movl $0, %eax
        movl %eax, %cr0
        ljmpw *%cs:FIELD(-8)

real_mode:
        movw %cs:REGISTER(9), %ds
        movw %cs:REGISTER(10), %es
        movw %cs:REGISTER(11), %fs
        movw %cs:REGISTER(12), %gs
        movw %cs:REGISTER(13), %ss
        movl %cs:REGISTER(0), %eax
        movl %cs:REGISTER(1), %ebx
        movl %cs:REGISTER(2), %ecx
        movl %cs:REGISTER(3), %edx
        movl %cs:REGISTER(4), %esi
        movl %cs:REGISTER(5), %edi
        movl %cs:REGISTER(6), %ebp
        movl %cs:REGISTER(7), %esp
        ljmpw *%cs:FIELD(-4)

/* The interrupt vectors of real mode. */
real_mode_idt:
        .word 0x3ff
        .long 0

        /* Marked as accessed, so that loading a segment register writes nothing here. */
        .balign 8
gdt_protected:
        .quad 0
        .quad 0
        .quad 0x00cf9b000000ffff /* 0x10: code, 32-bit, 4 GiB, execute and read */
        .quad 0x00cf93000000ffff /* 0x18: data, 4 GiB, read and write */
