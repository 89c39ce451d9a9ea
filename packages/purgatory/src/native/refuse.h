/* How purgatory ends when it will not enter the next kernel. */
#ifndef PURGATORY_REFUSE_H
#define PURGATORY_REFUSE_H

#define WHO "kexec-kit purgatory: "
#define NOTHING_ENTERED ", nothing was entered.\n"

static inline _Noreturn void halt(void) {
  for (;;) __asm__ volatile("cli; hlt");
}

#endif
