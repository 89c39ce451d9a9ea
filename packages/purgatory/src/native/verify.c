#include "verify.h"
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
  const struct sha256_method method = sha256_method();
  struct sha256 message;
  struct sse before;
  if (method.sse) sse_begin(&before);
  sha256_begin(&message, start, length);
  while (!sha256_ended(&message)) sha256_advance(&method, &message, 0);
  if (method.sse) sse_end(&before);
  demand_message(console, name, limit, &message, expected);
}

void demand_range(struct console *console, const char *name, size_t limit, uint64_t start, uint64_t length) {
  if (start <= MEMORY_END && length <= MEMORY_END - start) return;
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
  const struct sha256_method method = sha256_method();
  struct sse before;
  if (method.sse) sse_begin(&before);
  verify_in_lanes(console, &method);
  if (method.sse) sse_end(&before);
}
