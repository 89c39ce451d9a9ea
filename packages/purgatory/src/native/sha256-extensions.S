/*
 * FIPS 180-4, 6.2.2 with the CPU's own instructions (Intel SDM volume 2, SHA256RNDS2, SHA256MSG1, SHA256MSG2).
 * They want the working variables in two registers, from the highest word down: ABEF and CDGH.
 */

/* In `constants`. */
#define BIG_ENDIAN 256

/* From a to h, from the lowest word up, and back. */
.macro LOAD_STATE H, abef, cdgh, spare
        movdqu (\H), \spare
        movdqu 16(\H), \cdgh
        pshufd $0x1b, \spare, \spare    /* d c b a */
        pshufd $0x1b, \cdgh, \cdgh      /* h g f e */
        movdqa \cdgh, \abef
        punpckhqdq \spare, \abef
        punpcklqdq \spare, \cdgh
.endm
.macro STORE_STATE H, abef, cdgh, spare
        movdqa \cdgh, \spare
        punpckhqdq \abef, \spare        /* d c b a */
        punpcklqdq \abef, \cdgh         /* h g f e */
        pshufd $0x1b, \spare, \spare
        pshufd $0x1b, \cdgh, \cdgh
        movdqu \spare, (\H)
        movdqu \cdgh, 16(\H)
.endm

.macro LOAD_BLOCK block, constants, w0, w4, w8, w12
        movdqu (\block), \w0
        movdqu 16(\block), \w4
        movdqu 32(\block), \w8
        movdqu 48(\block), \w12
        pshufb BIG_ENDIAN(\constants), \w0
        pshufb BIG_ENDIAN(\constants), \w4
        pshufb BIG_ENDIAN(\constants), \w8
        pshufb BIG_ENDIAN(\constants), \w12
.endm

/* Step 1: `w0` becomes the four words behind these sixteen. */
.macro SCHEDULE w0, w4, w8, w12, spare
        sha256msg1 \w4, \w0
        movdqa \w12, \spare
        palignr $4, \w8, \spare
        paddd \spare, \w0
        sha256msg2 \w12, \w0
.endm

        .text
        .globl sha256_extensions
#ifdef __x86_64__

/*
 * Two messages, instruction by instruction in turn: H and block of the first in %rdi and %rsi, of the second in %rdx and %rcx,
 * %r8 blocks of each, constants at %r9. An instruction's implied operand is %xmm0.
 */
.macro FOUR_ROUNDS t, w, x
        movdqa \w, %xmm0
        paddd 16 * (\t)(%r9), %xmm0
        sha256rnds2 %xmm0, %xmm1, %xmm2
        pshufd $0x0e, %xmm0, %xmm7
        movdqa \x, %xmm0
        paddd 16 * (\t)(%r9), %xmm0
        sha256rnds2 %xmm0, %xmm8, %xmm9
        pshufd $0x0e, %xmm0, %xmm14
        movdqa %xmm7, %xmm0
        sha256rnds2 %xmm0, %xmm2, %xmm1
        movdqa %xmm14, %xmm0
        sha256rnds2 %xmm0, %xmm9, %xmm8
.endm

.macro FOUR_ROUNDS_AND_NEXT t, w0, w4, w8, w12, x0, x4, x8, x12
        FOUR_ROUNDS \t, \w0, \x0
        SCHEDULE \w0, \w4, \w8, \w12, %xmm7
        SCHEDULE \x0, \x4, \x8, \x12, %xmm14
.endm

sha256_extensions:
        subq $72, %rsp
        LOAD_STATE %rdi, %xmm1, %xmm2, %xmm7
        LOAD_STATE %rdx, %xmm8, %xmm9, %xmm7
each_block:
        movdqu %xmm1, (%rsp)
        movdqu %xmm2, 16(%rsp)
        movdqu %xmm8, 32(%rsp)
        movdqu %xmm9, 48(%rsp)
        LOAD_BLOCK %rsi, %r9, %xmm3, %xmm4, %xmm5, %xmm6
        LOAD_BLOCK %rcx, %r9, %xmm10, %xmm11, %xmm12, %xmm13
        .set t, 0
        .rept 3
        FOUR_ROUNDS_AND_NEXT t + 0, %xmm3, %xmm4, %xmm5, %xmm6, %xmm10, %xmm11, %xmm12, %xmm13
        FOUR_ROUNDS_AND_NEXT t + 1, %xmm4, %xmm5, %xmm6, %xmm3, %xmm11, %xmm12, %xmm13, %xmm10
        FOUR_ROUNDS_AND_NEXT t + 2, %xmm5, %xmm6, %xmm3, %xmm4, %xmm12, %xmm13, %xmm10, %xmm11
        FOUR_ROUNDS_AND_NEXT t + 3, %xmm6, %xmm3, %xmm4, %xmm5, %xmm13, %xmm10, %xmm11, %xmm12
        .set t, t + 4
        .endr
        FOUR_ROUNDS 12, %xmm3, %xmm10
        FOUR_ROUNDS 13, %xmm4, %xmm11
        FOUR_ROUNDS 14, %xmm5, %xmm12
        FOUR_ROUNDS 15, %xmm6, %xmm13
        /* Step 4: what the block began with is added. */
        movdqu (%rsp), %xmm7
        paddd %xmm7, %xmm1
        movdqu 16(%rsp), %xmm7
        paddd %xmm7, %xmm2
        movdqu 32(%rsp), %xmm7
        paddd %xmm7, %xmm8
        movdqu 48(%rsp), %xmm7
        paddd %xmm7, %xmm9
        addq $64, %rsi
        addq $64, %rcx
        decq %r8
        jnz each_block
        STORE_STATE %rdi, %xmm1, %xmm2, %xmm7
        STORE_STATE %rdx, %xmm8, %xmm9, %xmm7
        addq $72, %rsp
        ret

#else

/* One message, since there are eight registers: on the stack H, block, the count of blocks, and the constants. */
.macro FOUR_ROUNDS t, w
        movdqa \w, %xmm0
        paddd 16 * (\t)(%eax), %xmm0
        sha256rnds2 %xmm0, %xmm1, %xmm2
        pshufd $0x0e, %xmm0, %xmm0
        sha256rnds2 %xmm0, %xmm2, %xmm1
.endm

.macro FOUR_ROUNDS_AND_NEXT t, w0, w4, w8, w12
        FOUR_ROUNDS \t, \w0
        SCHEDULE \w0, \w4, \w8, \w12, %xmm7
.endm

sha256_extensions:
        movl 8(%esp), %ecx
        movl 12(%esp), %edx
        movl 16(%esp), %eax
        pushl %esi
        movl 8(%esp), %esi
        subl $32, %esp
        LOAD_STATE %esi, %xmm1, %xmm2, %xmm7
each_block:
        movdqu %xmm1, (%esp)
        movdqu %xmm2, 16(%esp)
        LOAD_BLOCK %ecx, %eax, %xmm3, %xmm4, %xmm5, %xmm6
        .set t, 0
        .rept 3
        FOUR_ROUNDS_AND_NEXT t + 0, %xmm3, %xmm4, %xmm5, %xmm6
        FOUR_ROUNDS_AND_NEXT t + 1, %xmm4, %xmm5, %xmm6, %xmm3
        FOUR_ROUNDS_AND_NEXT t + 2, %xmm5, %xmm6, %xmm3, %xmm4
        FOUR_ROUNDS_AND_NEXT t + 3, %xmm6, %xmm3, %xmm4, %xmm5
        .set t, t + 4
        .endr
        FOUR_ROUNDS 12, %xmm3
        FOUR_ROUNDS 13, %xmm4
        FOUR_ROUNDS 14, %xmm5
        FOUR_ROUNDS 15, %xmm6
        /* Step 4: what the block began with is added. */
        movdqu (%esp), %xmm7
        paddd %xmm7, %xmm1
        movdqu 16(%esp), %xmm7
        paddd %xmm7, %xmm2
        addl $64, %ecx
        decl %edx
        jnz each_block
        STORE_STATE %esi, %xmm1, %xmm2, %xmm7
        addl $32, %esp
        popl %esi
        ret

#endif

        .section .note.GNU-stack, "", @progbits
