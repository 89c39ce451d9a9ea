/* What the ways to do FIPS 180-4, 6.2.2 have in common. Names are the standard's. */
#ifndef PURGATORY_SHA256_ROUNDS_H
#define PURGATORY_SHA256_ROUNDS_H

#include "sha256.h"

struct sha256_constants {
  uint32_t K[64];       /* 4.2.2 */
  uint8_t big_endian[16]; /* for pshufb: the bytes of each word the other way round */
} __attribute__((aligned(64)));
extern const struct sha256_constants sha256_constants __attribute__((visibility("hidden")));

/* Without SHA extensions: sha256-sse2.c in 64-bit mode, where every CPU has SSE2, else sha256-scalar.c. */
void sha256_blocks(uint32_t H[8], const uint8_t *block, size_t count);

/* With them: sha256-extensions.S. Each instruction waits for the one before, so in the time of one message there is room for two:
   where there are registers enough. */
#ifdef __x86_64__
#define SHA256_BLOCKS_NEED_SSE 1
#define SHA256_EXTENSIONS_LANES 2
void sha256_extensions(uint32_t H[8], const uint8_t *block, uint32_t other_H[8], const uint8_t *other_block, size_t count,
                       const struct sha256_constants *constants);
#else
#define SHA256_BLOCKS_NEED_SSE 0
#define SHA256_EXTENSIONS_LANES 1
void sha256_extensions(uint32_t H[8], const uint8_t *block, size_t count, const struct sha256_constants *constants);
#endif

/* 4.1.2; Ch and Maj in forms of equal value with fewer operations. Also for vectors of words. */
#define ROTR(x, n) ((x) >> (n) | (x) << (32 - (n)))
#define SHR(x, n) ((x) >> (n))
#define Ch(x, y, z) ((z) ^ ((x) & ((y) ^ (z))))
#define SIGMA0(x) (ROTR(x, 2) ^ ROTR(x, 13) ^ ROTR(x, 22))
#define SIGMA1(x) (ROTR(x, 6) ^ ROTR(x, 11) ^ ROTR(x, 25))
#define sigma0(x) (ROTR(x, 7) ^ ROTR(x, 18) ^ SHR(x, 3))
#define sigma1(x) (ROTR(x, 17) ^ ROTR(x, 19) ^ SHR(x, 10))

/*
 * 6.2.2 step 3, without moving the eight working variables: each round names them one place further on.
 * Maj(a, b, c) is ((a ^ b) & (b ^ c)) ^ b, and one round's a ^ b is the next one's b ^ c, which lives in `b_xor_c`.
 */
#define ROUND(a, b, c, d, e, f, g, h, word_and_constant)               \
  do {                                                                 \
    uint32_t T1 = h + (word_and_constant) + Ch(e, f, g) + SIGMA1(e);   \
    uint32_t a_xor_b = a ^ b;                                          \
    d += T1;                                                           \
    h = T1 + SIGMA0(a) + ((a_xor_b & b_xor_c) ^ b);                    \
    b_xor_c = a_xor_b;                                                 \
  } while (0)

/* `WK(i)` is a word of the schedule and its constant, added. After eight rounds the variables have their names again. */
#define FOUR_ROUNDS(a, b, c, d, e, f, g, h, WK, i) \
  do {                                             \
    ROUND(a, b, c, d, e, f, g, h, WK(i));          \
    ROUND(h, a, b, c, d, e, f, g, WK((i) + 1));    \
    ROUND(g, h, a, b, c, d, e, f, WK((i) + 2));    \
    ROUND(f, g, h, a, b, c, d, e, WK((i) + 3));    \
  } while (0)

#endif
