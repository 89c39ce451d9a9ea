/*
 * Purgatory's own code, in the very blob that is loaded, run in a user process beside kexec-tools' code for the same job:
 *   bench-purgatory BLOB MEBIBYTES ROUNDS BEGIN ENDED ADVANCE METHOD   (offsets in the blob)
 * Prints, for each round, the CPU time that each takes for so much memory, in nanoseconds: kexec-tools, then ours without SHA
 * extensions, and where the CPU has them with one message, and with two at once.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include "../packages/purgatory/src/native/sha256.h"

/* kexec-tools' sha256.h: the names are its own, and its include guard is not ours. */
typedef struct {
  size_t total[2];
  uint32_t state[8];
  uint8_t buffer[64];
} theirs;
void sha256_starts(theirs *);
void sha256_update(theirs *, const uint8_t *, size_t);
void sha256_finish(theirs *, uint8_t digest[32]);

static void (*begin)(struct sha256 *, const uint8_t *, uint64_t);
static int (*ended)(const struct sha256 *);
static size_t (*advance)(const struct sha256_method *, struct sha256 *, struct sha256 *);

static void *map_blob(const char *path) {
  FILE *file = fopen(path, "rb");
  if (!file) exit(1);
  void *blob = mmap(NULL, 1 << 20, PROT_READ | PROT_EXEC, MAP_PRIVATE, fileno(file), 0);
  if (blob == MAP_FAILED) exit(1);
  return blob;
}

static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

static uint64_t time_theirs(const uint8_t *bytes, size_t size) {
  theirs context;
  uint8_t digest[32];
  uint64_t started = now();
  sha256_starts(&context);
  sha256_update(&context, bytes, size);
  sha256_finish(&context, digest);
  return now() - started;
}

static uint64_t time_ours(const struct sha256_method *method, const uint8_t *bytes, size_t size) {
  struct sha256 one, other;
  uint64_t started = now();
  if (method->lanes == 2) {
    begin(&one, bytes, size / 2);
    begin(&other, bytes + size / 2, size / 2);
    while (!ended(&one)) advance(method, &one, &other);
  } else {
    begin(&one, bytes, size);
    while (!ended(&one)) advance(method, &one, NULL);
  }
  return now() - started;
}

int main(int count, char **words) {
  if (count != 8) return 2;
  char *blob = map_blob(words[1]);
  size_t size = (size_t)atoi(words[2]) << 20;
  int rounds = atoi(words[3]);
  begin = (void (*)(struct sha256 *, const uint8_t *, uint64_t))(blob + atoi(words[4]));
  ended = (int (*)(const struct sha256 *))(blob + atoi(words[5]));
  advance = (size_t(*)(const struct sha256_method *, struct sha256 *, struct sha256 *))(blob + atoi(words[6]));
  struct sha256_method best = ((struct sha256_method(*)(void))(blob + atoi(words[7])))();
  struct sha256_method plain = {.extensions = 0, .sse = 1, .lanes = 1};
  struct sha256_method lone = {.extensions = 1, .sse = 1, .lanes = 1};
  uint8_t *bytes = malloc(size);
  if (!bytes) return 1;
  for (size_t i = 0; i < size; i++) bytes[i] = (uint8_t)(i * 31 + (i >> 9));
  for (int round = 0; round < rounds; round++) {
    printf("%lu %lu", time_theirs(bytes, size), time_ours(&plain, bytes, size));
    if (best.extensions) printf(" %lu %lu", time_ours(&lone, bytes, size), time_ours(&best, bytes, size));
    printf("\n");
  }
  return 0;
}
