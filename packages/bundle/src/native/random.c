#include "random.h"

/* Intel SDM volume 2, CPUID, 01h: ECX bit 30. */
#define CPUID_RDRAND (1u << 30)
/* Intel, DRNG Software Implementation Guide, 5.2.1. */
#define RETRIES 10
/* Of the clock, for one byte: far more than a byte's worth of jitter on anything that has caches, or is emulated. */
#define ROUNDS 256

int has_random(void) {
  uint32_t eax = 1, ebx, ecx = 0, edx;
  __asm__ volatile("cpuid" : "+a"(eax), "=b"(ebx), "+c"(ecx), "=d"(edx));
  return (ecx & CPUID_RDRAND) != 0;
}

static int random_word(uint32_t *word) {
  for (unsigned tries = 0; tries < RETRIES; tries++) {
    uint8_t given;
    __asm__ volatile("rdrand %0; setc %1" : "=r"(*word), "=qm"(given) : : "cc");
    if (given) return 1;
  }
  return 0;
}

static uint32_t clock(void) {
  uint32_t low;
  __asm__ volatile("rdtsc" : "=a"(low) : : "edx");
  return low;
}

/* A port takes as long as the bus takes; 0x80 is nobody's. */
static uint32_t jitter(uint32_t state) {
  for (unsigned i = 0; i < ROUNDS; i++) {
    __asm__ volatile("outb %%al, $0x80" : : "a"(0));
    state = (state ^ clock()) * 0x9e3779b1u;
    state ^= state >> 15;
  }
  return state;
}

void fill_random(uint8_t *into, uint64_t size) {
  int has = has_random();
  uint32_t state = clock();
  for (uint64_t i = 0; i < size; i++) {
    uint32_t word;
    state = jitter(state);
    into[i] = (uint8_t)(has && random_word(&word) ? word : state >> 24);
  }
}
