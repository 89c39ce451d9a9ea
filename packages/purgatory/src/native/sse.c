#include "sse.h"

/* Intel SDM volume 3, 2.5: with EM or TS set, or OSFXSR clear, an SSE instruction is an exception. */
#define CR0_EM 0x4
#define CR0_TS 0x8
#define CR4_OSFXSR 0x200

#define READ(control, into) __asm__ volatile("mov %%" control ", %0" : "=r"(into))
#define WRITE(control, value) __asm__ volatile("mov %0, %%" control : : "r"(value) : "memory")

#define SAVE(n) __asm__ volatile("movups %%xmm" #n ", %0" : "=m"(found->xmm[n]))
#define RESTORE(n) __asm__ volatile("movups %0, %%xmm" #n : : "m"(found->xmm[n]))
#ifdef __x86_64__
#define EACH(DO) \
  DO(0); DO(1); DO(2); DO(3); DO(4); DO(5); DO(6); DO(7); DO(8); DO(9); DO(10); DO(11); DO(12); DO(13); DO(14); DO(15)
#else
#define EACH(DO) DO(0); DO(1); DO(2); DO(3); DO(4); DO(5); DO(6); DO(7)
#endif

void sse_begin(struct sse *found) {
  READ("cr0", found->cr0);
  READ("cr4", found->cr4);
  uintptr_t cr0 = found->cr0 & ~(uintptr_t)(CR0_EM | CR0_TS);
  uintptr_t cr4 = found->cr4 | CR4_OSFXSR;
  if (cr0 != found->cr0) WRITE("cr0", cr0);
  if (cr4 != found->cr4) WRITE("cr4", cr4);
  EACH(SAVE);
}

void sse_end(const struct sse *found) {
  EACH(RESTORE);
  WRITE("cr4", found->cr4);
  WRITE("cr0", found->cr0);
}
