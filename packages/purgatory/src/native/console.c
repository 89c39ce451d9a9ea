#include "console.h"
#include "io.h"
#include "screen.h"

#define DEBUGCON 0xe9

/* 16550 UART: its registers, counted from its port. */
#define DIVISOR_LOW 0
#define DIVISOR_HIGH 1
#define LINE_CONTROL 3
#define MODEM_CONTROL 4
#define LINE_STATUS 5
#define SHOW_DIVISOR 0x80
#define EIGHT_BITS 0x03
#define TERMINAL_READY 0x03
#define TRANSMITTER_EMPTY 0x20
/* A port read takes about a microsecond: 0.2 s, a hundred times what one character needs at 9600 baud. */
#define PATIENCE 200000

void set_serial_speed(uint16_t port, uint16_t divisor) {
  out(port + LINE_CONTROL, SHOW_DIVISOR | EIGHT_BITS);
  out(port + DIVISOR_LOW, (uint8_t)divisor);
  out(port + DIVISOR_HIGH, (uint8_t)(divisor >> 8));
  out(port + LINE_CONTROL, EIGHT_BITS);
  out(port + MODEM_CONTROL, TERMINAL_READY);
}

static int serial_ready(uint16_t port) {
  for (unsigned tries = 0; tries < PATIENCE; tries++) {
    if (in(port + LINE_STATUS) & TRANSMITTER_EMPTY) return 1;
  }
  return 0;
}

/* A port that does not answer is given up for good, so that a dead one costs one wait, not one per character. */
static void put_serial(struct console *console, uint8_t character) {
  if (console->serial && !serial_ready(console->serial)) console->serial = 0;
  if (console->serial) out(console->serial, character);
}

static void put(struct console *console, char character) {
  out(DEBUGCON, (uint8_t)character);
  if (character == '\n') put_serial(console, '\r');
  put_serial(console, (uint8_t)character);
  if (console->vga) put_screen(character);
}

void put_text(struct console *console, const char *text) {
  for (; *text; text++) put(console, *text);
}

void put_field(struct console *console, const char *field, size_t limit) {
  for (size_t i = 0; i < limit && field[i]; i++) put(console, field[i]);
}

void put_decimal(struct console *console, uint32_t value) {
  if (value >= 10) put_decimal(console, value / 10);
  put(console, (char)('0' + value % 10));
}

static void put_digit(struct console *console, unsigned digit) {
  put(console, (char)(digit < 10 ? '0' + digit : 'a' + digit - 10));
}

void put_bytes(struct console *console, const uint8_t *bytes, size_t count) {
  for (size_t i = 0; i < count; i++) {
    put_digit(console, bytes[i] >> 4);
    put_digit(console, bytes[i] & 15);
  }
}

void put_address(struct console *console, uint64_t value) {
  put_text(console, "0x");
  for (int shift = 60; shift >= 0; shift -= 4) put_digit(console, (unsigned)(value >> shift) & 15);
}
