/*
 * In 64-bit mode, to reach for what is not mapped is a page fault, and without an interrupt table a reset without a word. So there
 * is a table as long as purgatory reads or writes where it was told to. In 32-bit mode paging is off, and nothing to catch.
 */
#ifndef PURGATORY_FAULT_H
#define PURGATORY_FAULT_H

#include "console.h"

#define VECTOR_PAGE_FAULT 14

/* Intel SDM volume 3, 6.14.1. */
struct gate {
  uint16_t offset_low;
  uint16_t selector;
  uint16_t kind;
  uint16_t offset_middle;
  uint32_t offset_high;
  uint32_t reserved;
};

struct idtr {
  uint16_t limit;
  uint64_t base;
} __attribute__((packed));

/* The gates come first: from IDTR, the only thing that a handler knows, it finds the rest. */
struct fault_table {
  struct gate gates[VECTOR_PAGE_FAULT + 1];
  struct console *console;
  struct idtr before;
};

#ifdef __x86_64__
/* From now on a page fault is told on the console, and halts. */
void fault_begin(struct fault_table *table, struct console *console);
void fault_end(const struct fault_table *table);
#else
static inline void fault_begin(struct fault_table *table, struct console *console) {
  (void)table;
  (void)console;
}
static inline void fault_end(const struct fault_table *table) {
  (void)table;
}
#endif

#endif
