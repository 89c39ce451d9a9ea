#include "verify.h"
#include "cpu.h"
#include "fault.h"
#include "record.h"
#include "refuse.h"
#include "sse.h"

int equal(const void *left, const void *right, size_t size) {
  const uint8_t *a = left, *b = right;
  for (size_t i = 0; i < size; i++) {
    if (a[i] != b[i]) return 0;
  }
  return 1;
}

static void begin_region(struct console *console, const char *name, size_t limit) {
  put_text(console, WHO "region \"");
  put_field(console, name, limit);
}

/* What it takes to read memory, and what was there before. */
struct reading {
  struct sha256_method method;
  struct sse sse;
  struct fault_table faults;
};

static void begin_reading(struct reading *reading, struct console *console) {
  reading->method = sha256_method();
  if (reading->method.sse) sse_begin(&reading->sse);
  fault_begin(&reading->faults, console);
}

static void end_reading(const struct reading *reading) {
  fault_end(&reading->faults);
  if (reading->method.sse) sse_end(&reading->sse);
}

/* Returns only if the message, which has ended, has the digest. */
static void demand_message(struct console *console, const char *name, size_t limit, const struct sha256 *message,
                           const uint8_t expected[SHA256_SIZE]) {
  uint8_t found[SHA256_SIZE];
  sha256_digest(message, found);
  if (equal(found, expected, SHA256_SIZE)) return;
  record_mismatch(console, name, limit, expected, found);
  begin_region(console, name, limit);
  put_text(console, "\" differs" NOTHING_ENTERED "  expected ");
  put_bytes(console, expected, SHA256_SIZE);
  put_text(console, "\n  found    ");
  put_bytes(console, found, SHA256_SIZE);
  put_text(console, "\n");
  halt();
}

void demand_digest(struct console *console, const char *name, size_t limit, const void *start, uint64_t length,
                   const uint8_t expected[SHA256_SIZE]) {
  struct sha256 message;
  struct reading reading;
  begin_reading(&reading, console);
  sha256_begin(&message, start, length);
  while (!sha256_ended(&message)) sha256_advance(&reading.method, &message, 0);
  end_reading(&reading);
  demand_message(console, name, limit, &message, expected);
}

/* In 64-bit mode what is above is no address at all (Intel SDM volume 1, 3.3.7.1: canonical addresses). */
static uint64_t memory_end(void) {
#ifdef __x86_64__
  uint64_t cr4;
  __asm__ volatile("movq %%cr4, %0" : "=r"(cr4));
  return (uint64_t)1 << (cr4 & CR4_LA57 ? 56 : 47);
#else
  return MEMORY_END;
#endif
}

void demand_range(struct console *console, const char *name, size_t limit, uint64_t start, uint64_t length) {
  if (start <= memory_end() && length <= memory_end() - start) return;
  record_state(console, STATE_REFUSED);
  begin_region(console, name, limit);
  put_text(console, "\" is not a range of memory" NOTHING_ENTERED "  start  ");
  put_address(console, start);
  put_text(console, "\n  length ");
  put_address(console, length);
  put_text(console, "\n");
  halt();
}

/* Long enough for somebody to wonder: half a second without SHA extensions. */
#define LONG ((uint64_t)256 << 20)
/* Of a long verification, for each of which there is a dot. */
#define STEP ((uint64_t)64 << 20)

struct progress {
  int told;
  uint64_t done;
};

static struct progress begin_progress(struct console *console) {
  uint64_t total = 0;
  const struct region *region = regions();
  for (uint32_t i = 0; i < parameters.region_count; i++, region++) total += region->length;
  struct progress progress = {.told = total >= LONG, .done = 0};
  if (progress.told) {
    put_text(console, WHO "verifying ");
    put_decimal(console, (uint32_t)(total >> 20));
    put_text(console, " MiB ");
  }
  return progress;
}

static void tell_progress(struct console *console, struct progress *progress, uint64_t more) {
  uint64_t before = progress->done;
  progress->done += more;
  if (progress->told && progress->done / STEP > before / STEP) put_text(console, ".");
}

static void end_progress(struct console *console, const struct progress *progress) {
  if (progress->told) put_text(console, "\n");
}

/* One region on its way; idle without a region. */
struct lane {
  const struct region *region;
  struct sha256 message;
};

/* A region that is through is compared, and the next one is begun, until there is work or none is left. */
static const struct region *feed(struct console *console, struct lane *lane, const struct region *next) {
  const struct region *end = regions() + parameters.region_count;
  while (!lane->region || sha256_ended(&lane->message)) {
    const struct region *through = lane->region;
    lane->region = 0;
    if (through) demand_message(console, through->name, sizeof(through->name), &lane->message, through->sha256);
    if (next == end) break;
    record_region(console, (uint32_t)(next - regions()));
    lane->region = next++;
    sha256_begin(&lane->message, (const uint8_t *)(uintptr_t)lane->region->start, lane->region->length);
  }
  return next;
}

/* Lanes that have work go on together, by the same number of blocks. Returns by how many bytes. */
static uint64_t advance(const struct sha256_method *method, struct lane *one, struct lane *other) {
  struct sha256 *first = one->region ? &one->message : &other->message;
  struct sha256 *second = one->region && other->region ? &other->message : 0;
  uint64_t bytes = (uint64_t)SHA256_BLOCK * sha256_advance(method, first, second);
  return second ? 2 * bytes : bytes;
}

static void verify_in_lanes(struct console *console, const struct sha256_method *method) {
  struct progress progress = begin_progress(console);
  const struct region *next = regions();
  struct lane one, other;
  one.region = other.region = 0;
  for (;;) {
    next = feed(console, &one, next);
    if (method->lanes > 1) next = feed(console, &other, next);
    if (!one.region && !other.region) break;
    tell_progress(console, &progress, advance(method, &one, &other));
  }
  end_progress(console, &progress);
}

void verify_regions(struct console *console) {
  struct reading reading;
  begin_reading(&reading, console);
  verify_in_lanes(console, &reading.method);
  end_reading(&reading);
}
