/* What the CPU held when the witness was entered. Every value has 8 bytes, in every mode. */
#ifndef WITNESS_STATE_H
#define WITNESS_STATE_H

/* Offsets that assembler needs; cpu.c asserts that they are the structure's. */
#define GENERAL 0x00
#define FLAGS 0x80
#define SEGMENTS 0x88
#define CR0 0xc8
#define CR2 0xd0
#define CR3 0xd8
#define CR4 0xe0
#define GDT_BASE 0xf0
#define GDT_LIMIT 0xf8
#define IDT_BASE 0x100
#define IDT_LIMIT 0x108
#define STATE_SIZE 0x110

#ifndef __ASSEMBLER__
#include <stdint.h>

struct state {
  uint64_t general[16]; /* rax rbx rcx rdx rsi rdi rbp rsp r8 ... r15; in 32-bit and real mode the first eight, from eax on */
  uint64_t flags;
  uint64_t segments[6]; /* cs ds es fs gs ss */
  uint64_t tr, ldtr;
  uint64_t cr0, cr2, cr3, cr4, efer;
  uint64_t gdt_base, gdt_limit, idt_base, idt_limit;
};
#endif
#endif
