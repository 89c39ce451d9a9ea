/*
 * A bzImage with all three entries of Linux's boot protocol 2.15 (Documentation/arch/x86/boot.rst): real-mode code, behind it
 * the protected-mode part with a 32-bit program that begins at 0 and a 64-bit one that begins at 0x200.
 * XLOADFLAGS, INIT_SIZE, CODE_32 and CODE_64 (files, the latter absent in an i386 kernel) come from ../build.mjs.
 */
#include "../common/state.h"

#define SETUP_SECTS 13
#define SETUP_SIZE ((SETUP_SECTS + 1) * 512)
#define LOADED_HIGH 1
#define E820_MOST 64
#define SMAP 0x534d4150

        .text
setup:
        .code16

        .org 0x1f1
        .byte SETUP_SECTS
        .word 1                         /* root_flags: read-only */
        .long (image_end - image) / 16  /* syssize */
        .word 0                         /* ram_size */
        .word 0xffff                    /* vid_mode: normal */
        .word 0                         /* root_dev */
        .word 0xaa55                    /* boot_flag */
        .byte 0xeb, header_end - 1f     /* jump */
1:      .ascii "HdrS"
        .word 0x020f                    /* version */
        .long 0                         /* realmode_swtch */
        .word 0x1000                    /* start_sys_seg, obsolete */
        .word kernel_version - 0x200
        .byte 0                         /* type_of_loader */
        .byte LOADED_HIGH               /* loadflags */
        .word 0x8000                    /* setup_move_size */
        .long 0x100000                  /* code32_start */
        .long 0, 0                      /* ramdisk_image, ramdisk_size */
        .long 0                         /* bootsect_kludge */
        .word setup_end - 0x200         /* heap_end_ptr */
        .byte 0, 0                      /* ext_loader_ver, ext_loader_type */
        .long 0                         /* cmd_line_ptr */
        .long 0x7fffffff                /* initrd_addr_max */
        .long 0x200000                  /* kernel_alignment */
        .byte 1                         /* relocatable_kernel */
        .byte 21                        /* min_alignment */
        .word XLOADFLAGS
        .long 2047                      /* cmdline_size */
        .long 0                         /* hardware_subarch */
        .quad 0                         /* hardware_subarch_data */
        .long 0, 0                      /* payload_offset, payload_length: there is nothing to unpack */
        .quad 0                         /* setup_data */
        .quad 0x1000000                 /* pref_address */
        .long INIT_SIZE
        .long 0                         /* handover_offset */
        .long kernel_info - image       /* kernel_info_offset */
header_end:

/*
 * The 16-bit entry. Nothing is believed but that CS is 0x20 paragraphs above this segment's start: all that is written down
 * goes through CS, and no flag changes before FLAGS is written.
 */
#define AT(label) (label) - 0x200
        movl %eax, %cs:AT(state) + GENERAL + 0x00
        movl %ebx, %cs:AT(state) + GENERAL + 0x08
        movl %ecx, %cs:AT(state) + GENERAL + 0x10
        movl %edx, %cs:AT(state) + GENERAL + 0x18
        movl %esi, %cs:AT(state) + GENERAL + 0x20
        movl %edi, %cs:AT(state) + GENERAL + 0x28
        movl %ebp, %cs:AT(state) + GENERAL + 0x30
        movl %esp, %cs:AT(state) + GENERAL + 0x38
        movw %cs, %cs:AT(state) + SEGMENTS + 0x00
        movw %ds, %cs:AT(state) + SEGMENTS + 0x08
        movw %es, %cs:AT(state) + SEGMENTS + 0x10
        movw %fs, %cs:AT(state) + SEGMENTS + 0x18
        movw %gs, %cs:AT(state) + SEGMENTS + 0x20
        movw %ss, %cs:AT(state) + SEGMENTS + 0x28
        movw %cs, %ax
        movw %ax, %ss
        movw $AT(stack_end), %sp
        pushfl
        popl %cs:AT(state) + FLAGS
        cld

        subw $0x20, %ax
        movw %ax, %ds
        movw %ax, %es
        movw %ax, %ss
        movw $stack_end, %sp
        movl %cr0, %eax
        movl %eax, state + CR0
        movl %cr2, %eax
        movl %eax, state + CR2
        movl %cr3, %eax
        movl %eax, state + CR3
        movl %cr4, %eax
        movl %eax, state + CR4
        sgdt table
        movw table, %ax
        movw %ax, state + GDT_LIMIT
        movl table + 2, %eax
        movl %eax, state + GDT_BASE
        sidt table
        movw table, %ax
        movw %ax, state + IDT_LIMIT
        movl table + 2, %eax
        movl %eax, state + IDT_BASE

/* Whether there is a BIOS: it is asked for the memory map (ACPI 6.5, 15.1), with interrupts on, as Linux asks. */
        sti
        xorl %ebx, %ebx
        movw $e820, %di
1:      movl $0xe820, %eax
        movl $20, %ecx
        movl $SMAP, %edx
        int $0x15
        jc 2f
        cmpl $SMAP, %eax
        jne 2f
        incl e820_count
        addw $20, %di
        cmpl $E820_MOST, e820_count
        jae 2f
        testl %ebx, %ebx
        jnz 1b
2:      cli

/* On to the protected-mode part where the loader says that it is, as Linux goes on: flat segments, paging off. */
        xorl %ebx, %ebx
        movw %ds, %bx
        shll $4, %ebx
        leal gdt(%ebx), %eax
        movl %eax, gdtr + 2
        movl code32_start, %ecx
        addl $(from_16 - image), %ecx
        movl %ecx, target
        lgdtl gdtr
        movl %cr0, %eax
        orl $1, %eax
        movl %eax, %cr0
        movl $0x18, %eax
        movw %ax, %ds
        movw %ax, %es
        movw %ax, %ss
        ljmpl *%cs:AT(target)

        .set code32_start, 0x214
        .balign 8
gdt:    .quad 0, 0
        .quad 0x00cf9b000000ffff        /* 0x10: code, 32-bit, 4 GiB */
        .quad 0x00cf93000000ffff        /* 0x18: data, 4 GiB */
gdtr:   .word . - gdt - 1
        .long 0
target: .long 0
        .word 0x10
table:  .fill 6
kernel_version:
        .asciz "2.15.0-witness (kexec-kit) #1"

/* What the 32-bit program is handed, in this order: ../bzimage/real-mode.c has the structure. */
        .balign 8
handed:
state:  .fill STATE_SIZE
e820_count:
        .quad 0
e820:   .fill 20 * E820_MOST
        .balign 16
        .fill 2048, 1, 0x5a
stack_end:
        .org SETUP_SIZE
setup_end:

/* The protected-mode part: 32-bit code at 0, 64-bit code at 0x200. */
image:
        .code32
        jmp program_32
        .org SETUP_SIZE + 0x10
from_16:                                /* EBX is where the real-mode code is */
        leal handed(%ebx), %esi
        jmp program_32 + 8

#ifdef CODE_64
        .org SETUP_SIZE + 0x200
        .code64
        jmp program_64
#endif

        .org SETUP_SIZE + 0x210
kernel_info:                            /* Documentation/arch/x86/boot.rst, "The kernel_info" */
        .ascii "LToP"
        .long 1f - kernel_info
        .long 1f - kernel_info
        .long 9                         /* setup_type_max */
1:

        .org SETUP_SIZE + PROGRAM_32
program_32:
        .incbin CODE_32
#ifdef CODE_64
        .org SETUP_SIZE + PROGRAM_64
program_64:
        .incbin CODE_64
#endif
        .balign 16
image_end:
        .section .note.GNU-stack, "", @progbits
