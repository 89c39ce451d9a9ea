#ifndef BUNDLE_RANDOM_H
#define BUNDLE_RANDOM_H

#include <stdint.h>

/* Whether the CPU makes random numbers (RDRAND). */
int has_random(void);
/* From RDRAND, or from how the clock jitters where there is none. */
void fill_random(uint8_t *into, uint64_t size);

#endif
