/* FIPS 180-4, 6.2.2 with general registers alone. */
#include "sha256-rounds.h"

/* The schedule needs its last 16 words only, so it lives in a ring of 16. */
#define GIVEN(i) (ring[i] = load_big_endian(block + 4 * (i))) + K[i]
#define NEXT(i) \
  (ring[i] += sigma1(ring[((i) + 14) & 15]) + ring[((i) + 9) & 15] + sigma0(ring[((i) + 1) & 15])) + K[i]

#define SIXTEEN_ROUNDS(WK)                         \
  do {                                             \
    FOUR_ROUNDS(a, b, c, d, e, f, g, h, WK, 0);    \
    FOUR_ROUNDS(e, f, g, h, a, b, c, d, WK, 4);    \
    FOUR_ROUNDS(a, b, c, d, e, f, g, h, WK, 8);    \
    FOUR_ROUNDS(e, f, g, h, a, b, c, d, WK, 12);   \
  } while (0)

static inline uint32_t load_big_endian(const uint8_t *at) {
  return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

void sha256_blocks(uint32_t H[8], const uint8_t *block, size_t count) {
  uint32_t ring[16];
  for (; count > 0; count--, block += SHA256_BLOCK) {
    const uint32_t *K = sha256_constants.K;
    uint32_t a = H[0], b = H[1], c = H[2], d = H[3], e = H[4], f = H[5], g = H[6], h = H[7], b_xor_c = b ^ c;
    SIXTEEN_ROUNDS(GIVEN);
    for (unsigned t = 16; t < 64; t += 16) {
      K += 16;
      SIXTEEN_ROUNDS(NEXT);
    }
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
