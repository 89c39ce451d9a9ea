/* The CPU's own numbers, for assembler and C (Intel SDM volume 3, 2.2.1 and 2.5). */
#ifndef BUNDLE_CPU_H
#define BUNDLE_CPU_H

#define CR4_PAE 0x0020
#define CR4_LA57 0x1000
#define IA32_EFER 0xc0000080
#define EFER_LME 0x0100
/* PG, NE, ET, MP, PE: as Linux hands over. */
#define CR0_PAGING 0x80000033
/* CPUID 80000001h, EDX bit 29. */
#define CPUID_LONG_MODE 0x20000000

/* In the GDT of start64.S. */
#define CODE_64 0x10
#define DATA 0x18
#define GDT_LIMIT 0x1f

#endif
