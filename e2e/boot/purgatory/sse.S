/*
 * Two programs around purgatory. The first fills the xmm registers, takes SSE away (CR4.OSFXSR clear, CR0.EM and CR0.TS set) and
 * jumps to PURGATORY. The second, 0x800 bytes behind, says on debugcon whether all of that is still so.
 */
#define EM_AND_TS 0xc
#define OSFXSR 0x200
#define DEBUGCON 0xe9

#ifdef __x86_64__
        .code64
#define AX %rax
#else
        .code32
#define AX %eax
#endif

.macro EACH DO
        .irp n, 0, 1, 2, 3, 4, 5, 6, 7
        \DO \n
        .endr
#ifdef __x86_64__
        .irp n, 8, 9, 10, 11, 12, 13, 14, 15
        \DO \n
        .endr
#endif
.endm

.macro FILL n
        mov $0x12345600 + \n, %eax
        movd %eax, %xmm\n
        pshufd $0, %xmm\n, %xmm\n
.endm

/* The highest word, too, is what it was. */
.macro DEMAND n
        pshufd $0x1b, %xmm\n, %xmm\n
        movd %xmm\n, %eax
        cmp $0x12345600 + \n, %eax
        jne lost
.endm

.macro SSE_ON
        mov %cr0, AX
        and $~EM_AND_TS, AX
        mov AX, %cr0
        mov %cr4, AX
        or $OSFXSR, AX
        mov AX, %cr4
.endm

.macro SAY letters:vararg
        .irp letter, \letters
        mov $\letter, %al
        out %al, $DEBUGCON
        .endr
        cli
        hlt
.endm

        .section .entry, "ax"
        SSE_ON
        EACH FILL
        mov %cr4, AX
        and $~OSFXSR, AX
        mov AX, %cr4
        mov %cr0, AX
        or $EM_AND_TS, AX
        mov AX, %cr0
        mov $PURGATORY, %eax
        jmp *AX

        .org 0x800
kernel:
#ifdef __x86_64__
        /* On the way to a 32-bit kernel both registers are set anew. */
        mov %cr0, AX
        and $EM_AND_TS, AX
        cmp $EM_AND_TS, AX
        jne lost
        mov %cr4, AX
        test $OSFXSR, AX
        jnz lost
#endif
        SSE_ON
        EACH DEMAND
        SAY 'k', 'e', 'p', 't', 10
lost:   SAY 'l', 'o', 's', 't', 10

        .section .note.GNU-stack, "", @progbits
