/*
 * Reads messages from standard input, each a 64-bit little-endian length and its bytes, and prints one digest per line.
 * The argument says how: "plain" without SHA extensions, "one" and "two" with them, by so many messages at once.
 * "methods" prints what this CPU can, one per line.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../src/native/sha256.h"

struct lane {
  int busy;
  uint8_t *bytes;
  struct sha256 message;
};

static int print_methods(void) {
  struct sha256_method method = sha256_method();
  puts("plain");
  if (method.extensions) puts("one");
  if (method.lanes == 2) puts("two");
  return 0;
}

static int begin(struct lane *lane) {
  uint64_t length;
  if (fread(&length, sizeof(length), 1, stdin) != 1) return 0;
  /* Exactly as large as the message: what reads beyond it is found by the address sanitizer. */
  lane->bytes = malloc(length ? length : 1);
  if (lane->bytes == NULL || fread(lane->bytes, 1, length, stdin) != length) exit(1);
  sha256_begin(&lane->message, lane->bytes, length);
  lane->busy = 1;
  return 1;
}

static void end(struct lane *lane, char line[2 * SHA256_SIZE + 1]) {
  uint8_t digest[SHA256_SIZE];
  sha256_digest(&lane->message, digest);
  for (unsigned i = 0; i < SHA256_SIZE; i++) sprintf(line + 2 * i, "%02x", digest[i]);
  free(lane->bytes);
  lane->busy = 0;
}

/* Both at once, as long as both have something left. */
static void hash(const struct sha256_method *method, struct lane *one, struct lane *other) {
  while (!sha256_ended(&one->message) || (other->busy && !sha256_ended(&other->message))) {
    if (sha256_ended(&one->message)) sha256_advance(method, &other->message, 0);
    else sha256_advance(method, &one->message, other->busy && !sha256_ended(&other->message) ? &other->message : 0);
  }
}

int main(int count, char **words) {
  const char *how = count > 1 ? words[1] : "";
  if (strcmp(how, "methods") == 0) return print_methods();
  struct sha256_method method = {.extensions = strcmp(how, "plain") != 0, .lanes = strcmp(how, "two") == 0 ? 2 : 1};
  struct lane one = {.busy = 0}, other = {.busy = 0};
  char line[2 * SHA256_SIZE + 1];
  while (begin(&one)) {
    if (method.lanes == 2) begin(&other);
    hash(&method, &one, &other);
    end(&one, line);
    puts(line);
    if (!other.busy) continue;
    end(&other, line);
    puts(line);
  }
  return 0;
}
