#include "fault.h"
#include "cpu.h"
#include "record.h"
#include "refuse.h"

#define KIND_INTERRUPT 0x8e00 /* present, for the supervisor */

static struct idtr idtr(void) {
  struct idtr now;
  __asm__ volatile("sidt %0" : "=m"(now));
  return now;
}

static void load_idtr(const struct idtr *next) {
  __asm__ volatile("lidt %0" : : "m"(*next));
}

/* An ordinary function, since it never returns: nobody misses the registers, and what the CPU has pushed stays where it is. */
static _Noreturn void page_fault(void) {
  const struct fault_table *table = (const struct fault_table *)idtr().base;
  uint64_t address;
  __asm__ volatile("movq %%cr2, %0" : "=r"(address));
  record_state(table->console, STATE_REFUSED);
  put_text(table->console, WHO "cannot reach ");
  put_address(table->console, address);
  put_text(table->console, NOTHING_ENTERED);
  halt();
}

void fault_begin(struct fault_table *table, struct console *console) {
  /* No other gate is present. */
  for (unsigned i = 0; i < VECTOR_PAGE_FAULT; i++) table->gates[i].kind = 0;
  uint64_t handler = (uint64_t)page_fault;
  table->gates[VECTOR_PAGE_FAULT] = (struct gate){
      .offset_low = (uint16_t)handler,
      .selector = BOOT_CS,
      .kind = KIND_INTERRUPT,
      .offset_middle = (uint16_t)(handler >> 16),
      .offset_high = (uint32_t)(handler >> 32),
  };
  table->console = console;
  table->before = idtr();
  const struct idtr own = {.limit = sizeof(table->gates) - 1, .base = (uint64_t)table->gates};
  load_idtr(&own);
}

void fault_end(const struct fault_table *table) {
  load_idtr(&table->before);
}
