/* SHA-256 written from FIPS 180-4; its names are the standard's. Scalar: no vector state is touched or saved. */
#include "sha256.h"

#define BLOCK_SIZE 64

/* 4.2.2: the first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
static const uint32_t K[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

/* 5.3.3 */
static const uint32_t INITIAL[8] = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

/* 4.1.2; Ch and Maj in forms of equal value with fewer operations. */
#define ROTR(x, n) ((x) >> (n) | (x) << (32 - (n)))
#define SHR(x, n) ((x) >> (n))
#define Ch(x, y, z) ((z) ^ ((x) & ((y) ^ (z))))
#define Maj(x, y, z) (((x) & (y)) | ((z) & ((x) | (y))))
#define SIGMA0(x) (ROTR(x, 2) ^ ROTR(x, 13) ^ ROTR(x, 22))
#define SIGMA1(x) (ROTR(x, 6) ^ ROTR(x, 11) ^ ROTR(x, 25))
#define sigma0(x) (ROTR(x, 7) ^ ROTR(x, 18) ^ SHR(x, 3))
#define sigma1(x) (ROTR(x, 17) ^ ROTR(x, 19) ^ SHR(x, 10))

/* 6.2.2 step 3, without moving the eight working variables: each round names them one place further on. */
#define ROUND(a, b, c, d, e, f, g, h, word, constant)                   \
  do {                                                                  \
    uint32_t T1 = h + SIGMA1(e) + Ch(e, f, g) + (constant) + (word);    \
    d += T1;                                                            \
    h = T1 + SIGMA0(a) + Maj(a, b, c);                                  \
  } while (0)

#define EIGHT_ROUNDS(t, W)                          \
  do {                                              \
    ROUND(a, b, c, d, e, f, g, h, W(0), K[(t)]);    \
    ROUND(h, a, b, c, d, e, f, g, W(1), K[(t) + 1]); \
    ROUND(g, h, a, b, c, d, e, f, W(2), K[(t) + 2]); \
    ROUND(f, g, h, a, b, c, d, e, W(3), K[(t) + 3]); \
    ROUND(e, f, g, h, a, b, c, d, W(4), K[(t) + 4]); \
    ROUND(d, e, f, g, h, a, b, c, W(5), K[(t) + 5]); \
    ROUND(c, d, e, f, g, h, a, b, W(6), K[(t) + 6]); \
    ROUND(b, c, d, e, f, g, h, a, W(7), K[(t) + 7]); \
  } while (0)

/* 6.2.2 step 1: the message schedule needs its last 16 words only, so it lives in a ring of 16. */
#define GIVEN(i) (ring[i] = load_big_endian(block + 4 * (i)))
#define GIVEN8(i) GIVEN((i) + 8)
#define NEXT(i) \
  (ring[i] += sigma1(ring[((i) + 14) & 15]) + ring[((i) + 9) & 15] + sigma0(ring[((i) + 1) & 15]))
#define NEXT8(i) NEXT((i) + 8)

static uint32_t load_big_endian(const uint8_t *at) {
  return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static void store_big_endian(uint8_t *at, uint32_t value) {
  at[0] = (uint8_t)(value >> 24);
  at[1] = (uint8_t)(value >> 16);
  at[2] = (uint8_t)(value >> 8);
  at[3] = (uint8_t)value;
}

/* 6.2.2 for `count` blocks. */
static void hash_blocks(uint32_t H[8], const uint8_t *block, uint64_t count) {
  uint32_t ring[16];
  for (; count > 0; count--, block += BLOCK_SIZE) {
    uint32_t a = H[0], b = H[1], c = H[2], d = H[3], e = H[4], f = H[5], g = H[6], h = H[7];
    EIGHT_ROUNDS(0, GIVEN);
    EIGHT_ROUNDS(8, GIVEN8);
    for (unsigned t = 16; t < 64; t += 16) {
      EIGHT_ROUNDS(t, NEXT);
      EIGHT_ROUNDS(t + 8, NEXT8);
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

/* 5.1.1: the rest of the message, a 1 bit, zeros, and the message's length in bits as a 64-bit number. */
static void hash_rest(uint32_t H[8], const uint8_t *rest, uint64_t length) {
  uint8_t padded[2 * BLOCK_SIZE];
  unsigned size = (unsigned)(length % BLOCK_SIZE);
  unsigned end = size < BLOCK_SIZE - 8 ? BLOCK_SIZE : 2 * BLOCK_SIZE;
  for (unsigned i = 0; i < end; i++) padded[i] = i < size ? rest[i] : 0;
  padded[size] = 0x80;
  store_big_endian(padded + end - 8, (uint32_t)(length >> 29));
  store_big_endian(padded + end - 4, (uint32_t)(length << 3));
  hash_blocks(H, padded, end / BLOCK_SIZE);
}

void sha256(const uint8_t *bytes, uint64_t length, uint8_t digest[SHA256_SIZE]) {
  uint32_t H[8];
  for (unsigned i = 0; i < 8; i++) H[i] = INITIAL[i];
  uint64_t whole = length / BLOCK_SIZE;
  hash_blocks(H, bytes, whole);
  hash_rest(H, bytes + whole * BLOCK_SIZE, length);
  for (unsigned i = 0; i < 8; i++) store_big_endian(digest + 4 * i, H[i]);
}
