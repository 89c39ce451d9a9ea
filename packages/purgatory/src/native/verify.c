#include "verify.h"
#include "record.h"
#include "refuse.h"

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

void demand_digest(struct console *console, const char *name, size_t limit, const void *start, uint64_t length,
                   const uint8_t expected[SHA256_SIZE]) {
  uint8_t found[SHA256_SIZE];
  sha256(start, length, found);
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

void verify_regions(struct console *console) {
  const struct region *region = regions();
  for (uint32_t i = 0; i < parameters.region_count; i++, region++) {
    record_region(console, i);
    demand_digest(console, region->name, sizeof(region->name), (const void *)(uintptr_t)region->start, region->length,
                  region->sha256);
  }
}
