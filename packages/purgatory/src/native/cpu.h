/* The CPU's own numbers, for assembler (Intel SDM volume 3, 2.2.1 and 2.5). */
#ifndef PURGATORY_CPU_H
#define PURGATORY_CPU_H

#define CR0_PE 0x00000001
#define CR0_PG 0x80000000
#define CR4_PAE 0x0020
#define CR4_LA57 0x1000
#define IA32_EFER 0xc0000080
#define EFER_LME 0x0100

/* In each GDT whose address stays in GDTR. */
#define BOOT_CS 0x10
#define BOOT_DS 0x18
#define GDT_LIMIT 0x1f

#endif
