/*
 * SSE for a while, in a state in which nobody has promised it: CR0 and CR4 as it needs them, and afterwards, as the registers too,
 * as they were found. Written only where they differ.
 */
#ifndef PURGATORY_SSE_H
#define PURGATORY_SSE_H

#include <stdint.h>

#ifdef __x86_64__
#define SSE_REGISTERS 16
#else
#define SSE_REGISTERS 8
#endif

/* What was found. */
struct sse {
  uintptr_t cr0;
  uintptr_t cr4;
  uint8_t xmm[SSE_REGISTERS][16];
};

void sse_begin(struct sse *found);
void sse_end(const struct sse *found);

#endif
