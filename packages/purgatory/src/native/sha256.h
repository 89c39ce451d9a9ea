/* SHA-256 (FIPS 180-4), as fast as the CPU can. All state is the caller's. */
#ifndef PURGATORY_SHA256_H
#define PURGATORY_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define SHA256_SIZE 32
#define SHA256_BLOCK 64
/* One message on its way. */
struct sha256 {
  uint32_t H[8];
  const uint8_t *block; /* the next one */
  uint64_t blocks;      /* how many from there on: those that are the message's alone, then those with its end */
  int ending;
  unsigned last_blocks;
  uint8_t last[2 * SHA256_BLOCK];
};

/* How this CPU does it. */
struct sha256_method {
  int extensions; /* the CPU's own instructions for SHA-256 */
  int sse;        /* needs SSE: see sse.h */
  unsigned lanes; /* with so many messages at once it is fastest: 1 or 2 */
};

struct sha256_method sha256_method(void);

void sha256_begin(struct sha256 *message, const uint8_t *bytes, uint64_t length);
int sha256_ended(const struct sha256 *message);

/*
 * Goes on with one message, or with two where the method has two lanes, else `other` is 0. Neither may have ended.
 * Returns by how many blocks each has gone on: 16384 (1 MiB) at most.
 */
size_t sha256_advance(const struct sha256_method *method, struct sha256 *one, struct sha256 *other);

/* Of a message that has ended. */
void sha256_digest(const struct sha256 *message, uint8_t digest[SHA256_SIZE]);

#endif
