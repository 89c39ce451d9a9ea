/* Words for people: on port 0xe9 (debugcon of QEMU and Bochs) always, on the first serial port if asked. */
#ifndef PURGATORY_CONSOLE_H
#define PURGATORY_CONSOLE_H

#include <stddef.h>
#include <stdint.h>

/* Lives on the caller's stack: purgatory has no writable data. */
struct console {
  int serial;
};

void put_text(struct console *console, const char *text);
/* At most `limit` characters of a field that is padded with NUL. */
void put_field(struct console *console, const char *field, size_t limit);
void put_decimal(struct console *console, uint32_t value);
void put_bytes(struct console *console, const uint8_t *bytes, size_t count);
/* `0x` and 16 digits. */
void put_address(struct console *console, uint64_t value);

#endif
