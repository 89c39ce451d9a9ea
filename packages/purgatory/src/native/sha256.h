#ifndef PURGATORY_SHA256_H
#define PURGATORY_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define SHA256_SIZE 32

/* The digest of `length` bytes (FIPS 180-4, 6.2). Uses the stack only. */
void sha256(const uint8_t *bytes, uint64_t length, uint8_t digest[SHA256_SIZE]);

#endif
