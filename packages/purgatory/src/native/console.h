/* Words for people: on port 0xe9 (debugcon of QEMU and Bochs) always, on a serial port and on the VGA's text screen if asked. */
#ifndef PURGATORY_CONSOLE_H
#define PURGATORY_CONSOLE_H

#include <stddef.h>
#include <stdint.h>

struct record;

/* Who is told how it goes. Lives on the caller's stack: purgatory has no writable data. */
struct console {
  uint16_t serial; /* the port, or 0 */
  int vga;
  int verbose; /* not only what went wrong */
  volatile struct record *record; /* the last words, or 0 */
};

#define FIRST_SERIAL_PORT 0x3f8

/* 115200 / `divisor` baud, 8 bits, no parity, 1 stop bit. */
void set_serial_speed(uint16_t port, uint16_t divisor);

void put_text(struct console *console, const char *text);
/* At most `limit` characters of a field that is padded with NUL. */
void put_field(struct console *console, const char *field, size_t limit);
void put_decimal(struct console *console, uint32_t value);
void put_bytes(struct console *console, const uint8_t *bytes, size_t count);
/* `0x` and 16 digits. */
void put_address(struct console *console, uint64_t value);

#endif
