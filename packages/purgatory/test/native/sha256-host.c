/* Reads messages from standard input, each a 64-bit little-endian length and its bytes, and prints one digest per line. */
#include <stdio.h>
#include <stdlib.h>
#include "../../src/native/sha256.h"

int main(void) {
  uint64_t length;
  while (fread(&length, sizeof(length), 1, stdin) == 1) {
    /* Exactly as large as the message: what reads beyond it is found by the address sanitizer. */
    uint8_t *message = malloc(length ? length : 1), digest[SHA256_SIZE];
    if (message == NULL || fread(message, 1, length, stdin) != length) return 1;
    sha256(message, length, digest);
    for (unsigned i = 0; i < SHA256_SIZE; i++) printf("%02x", digest[i]);
    printf("\n");
    free(message);
  }
  return 0;
}
