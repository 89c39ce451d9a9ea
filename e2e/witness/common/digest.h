/* SHA-256 (FIPS 180-4), plainly: a witness trusts nothing of what it is a witness of, purgatory's own among it. */
#ifndef WITNESS_DIGEST_H
#define WITNESS_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#define DIGEST_SIZE 32

void sha256(const void *bytes, size_t size, uint8_t digest[DIGEST_SIZE]);

#endif
