/* Words for people: on port 0xe9 (debugcon of QEMU and Bochs), and when it goes wrong on serial and on the screen as well. */
#ifndef BUNDLE_SAY_H
#define BUNDLE_SAY_H

#include <stddef.h>
#include <stdint.h>

#define WHO "kexec-kit bundle: "

/* Lives on the caller's stack: the program has no writable data. */
struct words {
  /* Whether it is said where people look, not on debugcon alone. */
  int aloud;
  int serial;
  /* The next character's place on the screen. */
  unsigned cell;
};

void say(struct words *words, const char *text);
/* At most `limit` characters of a field that is padded with NUL, in quotes. */
void say_name(struct words *words, const char *field, size_t limit);
void say_decimal(struct words *words, uint32_t value);
/* `0x` and as many digits as it takes. */
void say_address(struct words *words, uint64_t value);

/* With interrupts off, for good. */
_Noreturn void halt(void);

#endif
