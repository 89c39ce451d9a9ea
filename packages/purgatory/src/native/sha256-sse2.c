/*
 * FIPS 180-4, 6.2.2: rounds in general registers while vectors make the next four words of the schedule, which no round waits for.
 * Needs CR4.OSFXSR: see sse.h.
 */
#include "sha256-rounds.h"

typedef uint32_t words __attribute__((vector_size(16)));
typedef uint16_t halves __attribute__((vector_size(16)));
typedef uint64_t pairs __attribute__((vector_size(16)));

#define PICK __builtin_shufflevector

static inline words load_big_endian(const uint8_t *at) {
  halves given;
  __builtin_memcpy(&given, at, sizeof(given));
  given = given >> 8 | given << 8;
  return (words)PICK(given, given, 1, 0, 3, 2, 5, 4, 7, 6);
}

/* sigma1 of two words, each given twice side by side: so a shift of both turns the lower one. The result is in the lower ones. */
static inline words sigma1_of_twins(words twins) {
  pairs turned = (pairs)twins >> 17 ^ (pairs)twins >> 19;
  return (words)turned ^ SHR(twins, 10);
}

/* 6.2.2 step 1: the four words behind these sixteen. The last two need sigma1 of the first two. */
static inline words next_words(words w0, words w4, words w8, words w12) {
  const words zero = {0};
  words next = w0 + sigma0(PICK(w0, w4, 1, 2, 3, 4)) + PICK(w8, w12, 1, 2, 3, 4);
  next += PICK(sigma1_of_twins(PICK(w12, w12, 2, 2, 3, 3)), zero, 0, 2, 4, 4);
  return next + PICK(zero, sigma1_of_twins(PICK(next, next, 0, 0, 1, 1)), 0, 0, 4, 6);
}

#define WK(i) wk.word[i]

/* Four rounds with what `now` holds, and meanwhile what four rounds need that are 16 further on. */
#define FOUR_ROUNDS_AND_NEXT(a, b, c, d, e, f, g, h, i, now, w4, w8, w12) \
  do {                                                                    \
    FOUR_ROUNDS(a, b, c, d, e, f, g, h, WK, 4 * (i));                     \
    now = next_words(now, w4, w8, w12);                                   \
    wk.four[i] = now + K[i];                                              \
  } while (0)

void sha256_blocks(uint32_t H[8], const uint8_t *block, size_t count) {
  union {
    words four[4];
    uint32_t word[16];
  } wk;
  for (; count > 0; count--, block += SHA256_BLOCK) {
    const words *K = (const words *)sha256_constants.K;
    uint32_t a = H[0], b = H[1], c = H[2], d = H[3], e = H[4], f = H[5], g = H[6], h = H[7], b_xor_c = b ^ c;
    words w0 = load_big_endian(block), w4 = load_big_endian(block + 16);
    words w8 = load_big_endian(block + 32), w12 = load_big_endian(block + 48);
    wk.four[0] = w0 + K[0];
    wk.four[1] = w4 + K[1];
    wk.four[2] = w8 + K[2];
    wk.four[3] = w12 + K[3];
    for (unsigned t = 16; t < 64; t += 16) {
      K += 4;
      FOUR_ROUNDS_AND_NEXT(a, b, c, d, e, f, g, h, 0, w0, w4, w8, w12);
      FOUR_ROUNDS_AND_NEXT(e, f, g, h, a, b, c, d, 1, w4, w8, w12, w0);
      FOUR_ROUNDS_AND_NEXT(a, b, c, d, e, f, g, h, 2, w8, w12, w0, w4);
      FOUR_ROUNDS_AND_NEXT(e, f, g, h, a, b, c, d, 3, w12, w0, w4, w8);
    }
    FOUR_ROUNDS(a, b, c, d, e, f, g, h, WK, 0);
    FOUR_ROUNDS(e, f, g, h, a, b, c, d, WK, 4);
    FOUR_ROUNDS(a, b, c, d, e, f, g, h, WK, 8);
    FOUR_ROUNDS(e, f, g, h, a, b, c, d, WK, 12);
    H[0] += a;
    H[1] += b;
    H[2] += c;
    H[3] += d;
    H[4] += e;
    H[5] += f;
    H[6] += g;
    H[7] += h;
  }
}
