#include "record.h"
#include "console.h"
#include "io.h"
#include "parameters.h"

_Static_assert(offsetof(struct record, state) == RECORD_STATE, "the state is not where record.h says");
_Static_assert(offsetof(struct record, jumped) == RECORD_JUMPED, "the time is not where record.h says");
_Static_assert(sizeof(struct record) == RECORD_SIZE, "the record has another size than last-words.ksy says");

uint64_t time_stamp(void) {
  uint32_t low, high;
  __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
  return (uint64_t)high << 32 | low;
}

void record_state(const struct console *console, uint8_t state) {
  out(POST_PORT, state);
  if (console->record) console->record->state = state;
}

static void write(volatile void *to, const void *from, size_t size) {
  volatile uint8_t *target = to;
  const uint8_t *source = from;
  for (size_t i = 0; i < size; i++) target[i] = source[i];
}

void record_begin(struct console *console, uint64_t entered) {
  if (!parameters.last_words) return;
  volatile struct record *record = (volatile struct record *)(uintptr_t)parameters.last_words;
  record->state = STATE_ENTERED;
  record->version = PARAMETERS_VERSION;
  record->region_count = parameters.region_count;
  record->region = RECORD_NO_REGION;
  record->entered = entered;
  /* Last: who finds the magic finds the rest. */
  write(record->magic, RECORD_MAGIC, sizeof(record->magic));
  console->record = record;
}

void record_region(const struct console *console, uint32_t index) {
  record_state(console, STATE_VERIFYING);
  if (console->record) console->record->region = index;
}

void record_verified(const struct console *console) {
  record_state(console, STATE_VERIFIED);
  if (console->record) console->record->verified = time_stamp();
}

void record_jump(const struct console *console) {
  if (console->record) console->record->jumped = time_stamp();
  record_state(console, STATE_JUMPED);
}

/* Of the region that has its name there; several are verified at a time. */
static uint32_t index_of(const char *name) {
  uintptr_t offset = (uintptr_t)name - (uintptr_t)regions();
  uintptr_t index = offset / sizeof(struct region);
  return index < parameters.region_count ? (uint32_t)index : RECORD_NO_REGION;
}

void record_mismatch(const struct console *console, const char *name, size_t limit, const uint8_t expected[32],
                     const uint8_t found[32]) {
  volatile struct record *record = console->record;
  if (record) {
    record->region = index_of(name);
    for (size_t i = 0; i < limit && i < sizeof(record->name) && name[i]; i++) record->name[i] = name[i];
    write(record->expected, expected, sizeof(record->expected));
    write(record->found, found, sizeof(record->found));
  }
  record_state(console, STATE_MISMATCH);
}
