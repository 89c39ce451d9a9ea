/* How purgatory ends when it will not enter the next kernel. */
#ifndef PURGATORY_REFUSE_H
#define PURGATORY_REFUSE_H

#define WHO "kexec-kit purgatory: "
#define NOTHING_ENTERED ", nothing was entered.\n"

struct console;

/* The parameter block asks for what nobody could do, or is of another version: says so and halts. */
_Noreturn void refuse_parameters(struct console *console);

static inline _Noreturn void halt(void) {
  for (;;) __asm__ volatile("cli; hlt");
}

#endif
