/* Memory is what was linked, or nothing is entered. */
#ifndef PURGATORY_VERIFY_H
#define PURGATORY_VERIFY_H

#include "console.h"
#include "parameters.h"
#include "sha256.h"

/* Where this program's reach ends: what it verifies and writes lies below. */
#define MEMORY_END (UINTPTR_MAX == UINT64_MAX ? UINT64_MAX : (uint64_t)1 << 32)

int equal(const void *left, const void *right, size_t size);

/* Returns only if the bytes are those that were linked. `name` has at most `limit` characters. */
void demand_digest(struct console *console, const char *name, size_t limit, const void *start, uint64_t length,
                   const uint8_t expected[SHA256_SIZE]);

/* A range that runs past the end of what can be addressed would be read, or written, from address 0 on. */
void demand_range(struct console *console, const char *name, size_t limit, uint64_t start, uint64_t length);

/* Every region, whose range must have been demanded before. */
void verify_regions(struct console *console);

#endif
