#include "copy.h"
#include "refuse.h"
#include "verify.h"

/* Where this program begins: the linker script puts the entry first. */
extern const char purgatory_entry[] __attribute__((visibility("hidden")));

static int overlap(uint64_t start, uint64_t other, uint64_t other_length, uint64_t length) {
  return start < other + other_length && other < start + length;
}

static int overwrites(const struct copy *copy) {
  uint64_t own = (uintptr_t)purgatory_entry;
  uint64_t own_end = (uintptr_t)regions() + parameters.tables_size;
  return overlap(copy->to, own, own_end - own, copy->length) || overlap(copy->to, copy->from, copy->length, copy->length);
}

void verify_copies(struct console *console) {
  const struct copy *copy = copies();
  for (uint32_t i = 0; i < parameters.copy_count; i++, copy++) {
    demand_range(console, "purgatory.copy", sizeof("purgatory.copy"), copy->from, copy->length);
    demand_range(console, "purgatory.copy", sizeof("purgatory.copy"), copy->to, copy->length);
    if (overwrites(copy)) refuse_parameters(console);
  }
}

static void copy_bytes(uintptr_t to, uintptr_t from, size_t length) {
  __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(length) : : "memory");
}

void copy_memory(void) {
  const struct copy *copy = copies();
  for (uint32_t i = 0; i < parameters.copy_count; i++, copy++)
    copy_bytes((uintptr_t)copy->to, (uintptr_t)copy->from, (size_t)copy->length);
}
