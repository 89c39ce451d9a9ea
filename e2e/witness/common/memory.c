#include "digest.h"
#include "witness.h"

#define SCANS 32
/* Longer than any loader's command line: who forgets the NUL is not followed through all of memory. */
#define TEXT_LIMIT 65536

struct distances {
  int32_t start, end;
};

struct scan {
  uint64_t start, end;
};

#pragma GCC visibility push(hidden)
extern const struct {
  char magic[8];
  uint64_t count;
  struct scan at[SCANS];
} scans;
extern const struct distances zeros;
#pragma GCC visibility pop

const void *at_address(uint64_t address) {
  uintptr_t pointer = (uintptr_t)address;
  return pointer == address ? (const void *)pointer : NULL;
}

int zeros_are_zero(void) {
  const uint8_t *from = (const uint8_t *)&zeros.start + zeros.start;
  const uint8_t *end = (const uint8_t *)&zeros.end + zeros.end;
  while (from < end && *from == 0) from++;
  return from == end;
}

/* By words of the machine: the first one, and how many others differ from it. */
static void describe_scan(const struct scan *scan) {
  const volatile uintptr_t *from = at_address(scan->start), *end = at_address(scan->end);
  json_object(NULL);
  if (from != NULL && end != NULL) {
    uintptr_t first = *from;
    uint64_t others = 0;
    for (; from < end; from++) others += *from != first;
    json_number("first", first);
    json_number("others", others);
  }
  json_object_end();
}

void describe_scans(void) {
  const volatile uint64_t *count = &scans.count; /* the compiler believes that nobody wrote it */
  json_array("scans");
  for (uint64_t i = 0; i < *count && i < SCANS; i++) describe_scan(&scans.at[i]);
  json_array_end();
}

void describe_digest(uint64_t address, uint64_t size) {
  uint8_t digest[DIGEST_SIZE];
  const void *bytes = at_address(address);
  if (bytes == NULL || at_address(address + size) == NULL) {
    json_null("sha256");
    return;
  }
  sha256(bytes, size, digest);
  json_bytes("sha256", digest, sizeof(digest));
}

void describe_text(const char *name, uint64_t address) {
  const char *text = at_address(address);
  json_object(name);
  json_number("address", address);
  if (text == NULL)
    json_null("text");
  else
    json_text("text", text, TEXT_LIMIT);
  json_object_end();
}
