#include "sha256.h"
#include "sha256-rounds.h"

/* 4.2.2: the first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
const struct sha256_constants sha256_constants = {
    .K = {
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
    },
    .big_endian = {3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12},
};

/* 5.3.3 */
static const uint32_t INITIAL[8] = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

/* 16384 are 1 MiB: seldom enough to cost nothing, often enough to tell how far it is. */
#define MOST_BLOCKS 16384

static void store_big_endian(uint8_t *at, uint32_t value) {
  at[0] = (uint8_t)(value >> 24);
  at[1] = (uint8_t)(value >> 16);
  at[2] = (uint8_t)(value >> 8);
  at[3] = (uint8_t)value;
}

/* 5.1.1: the rest of the message, a 1 bit, zeros, and the message's length in bits as a 64-bit number. */
static void pad(struct sha256 *message, const uint8_t *rest, uint64_t length) {
  unsigned size = (unsigned)(length % SHA256_BLOCK);
  message->last_blocks = size < SHA256_BLOCK - 8 ? 1 : 2;
  unsigned end = message->last_blocks * SHA256_BLOCK;
  for (unsigned i = 0; i < end; i++) message->last[i] = i < size ? rest[i] : 0;
  message->last[size] = 0x80;
  store_big_endian(message->last + end - 8, (uint32_t)(length >> 29));
  store_big_endian(message->last + end - 4, (uint32_t)(length << 3));
}

static void begin_end(struct sha256 *message) {
  message->block = message->last;
  message->blocks = message->last_blocks;
  message->ending = 1;
}

void sha256_begin(struct sha256 *message, const uint8_t *bytes, uint64_t length) {
  for (unsigned i = 0; i < 8; i++) message->H[i] = INITIAL[i];
  message->block = bytes;
  message->blocks = length / SHA256_BLOCK;
  message->ending = 0;
  pad(message, bytes + message->blocks * SHA256_BLOCK, length);
  if (message->blocks == 0) begin_end(message);
}

int sha256_ended(const struct sha256 *message) {
  return message->ending && message->blocks == 0;
}

static void skip(struct sha256 *message, size_t count) {
  message->block += count * SHA256_BLOCK;
  message->blocks -= count;
  if (message->blocks == 0 && !message->ending) begin_end(message);
}

/* Intel SDM volume 2, CPUID; AMD64 volume 3, appendix E. */
struct cpuid {
  uint32_t a, b, c, d;
};

static struct cpuid cpuid(uint32_t leaf) {
  struct cpuid found;
  __asm__ volatile("cpuid" : "=a"(found.a), "=b"(found.b), "=c"(found.c), "=d"(found.d) : "a"(leaf), "c"(0));
  return found;
}

#define CPUID_1_C_SSSE3 (1u << 9)
#define CPUID_7_B_SHA (1u << 29)

static int has_extensions(void) {
  return cpuid(0).a >= 7 && cpuid(1).c & CPUID_1_C_SSSE3 && cpuid(7).b & CPUID_7_B_SHA;
}

struct sha256_method sha256_method(void) {
  int extensions = has_extensions();
  return (struct sha256_method){
      .extensions = extensions,
      .sse = extensions || SHA256_BLOCKS_NEED_SSE,
      .lanes = extensions ? SHA256_EXTENSIONS_LANES : 1,
  };
}

static void extensions(struct sha256 *one, struct sha256 *other, size_t count) {
#if SHA256_EXTENSIONS_LANES == 2
  /* The lane that nobody needs does the same as the other, which takes no longer. */
  uint32_t unused[8] = {0};
  sha256_extensions(one->H, one->block, other ? other->H : unused, other ? other->block : one->block, count,
                    &sha256_constants);
#else
  (void)other;
  sha256_extensions(one->H, one->block, count, &sha256_constants);
#endif
}

size_t sha256_advance(const struct sha256_method *method, struct sha256 *one, struct sha256 *other) {
  uint64_t left = other && other->blocks < one->blocks ? other->blocks : one->blocks;
  size_t count = left < MOST_BLOCKS ? (size_t)left : MOST_BLOCKS;
  if (method->extensions) extensions(one, other, count);
  else sha256_blocks(one->H, one->block, count);
  skip(one, count);
  if (other) skip(other, count);
  return count;
}

void sha256_digest(const struct sha256 *message, uint8_t digest[SHA256_SIZE]) {
  for (unsigned i = 0; i < 8; i++) store_big_endian(digest + 4 * i, message->H[i]);
}
