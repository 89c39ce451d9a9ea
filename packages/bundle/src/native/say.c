#include "say.h"

#define DEBUGCON 0xe9

/* 16550 UART, first PC serial port. Its speed is left as the firmware, or the boot loader, has set it. */
#define SERIAL 0x3f8
#define LINE_STATUS (SERIAL + 5)
#define TRANSMITTER_EMPTY 0x20
/* A port read takes about a microsecond: 0.2 s, a hundred times what one character needs at 9600 baud. */
#define PATIENCE 200000

/* VGA text memory, where there is such a mode; elsewhere nobody sees it. */
#define SCREEN ((volatile uint16_t *)0xb8000)
#define COLUMNS 80
#define CELLS (COLUMNS * 25)
#define WHITE 0x0f00

static inline void out(uint16_t port, uint8_t value) {
  __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static inline uint8_t in(uint16_t port) {
  uint8_t value;
  __asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
  return value;
}

static int serial_ready(void) {
  for (unsigned tries = 0; tries < PATIENCE; tries++) {
    if (in(LINE_STATUS) & TRANSMITTER_EMPTY) return 1;
  }
  return 0;
}

/* A port that does not answer is given up for good, so that a dead one costs one wait, not one per character. */
static void put_serial(struct words *words, uint8_t character) {
  if (words->serial) words->serial = serial_ready();
  if (words->serial) out(SERIAL, character);
}

static void put_screen(struct words *words, char character) {
  unsigned end = character == '\n' ? words->cell / COLUMNS * COLUMNS + COLUMNS : words->cell + 1;
  for (; words->cell < end && words->cell < CELLS; words->cell++)
    SCREEN[words->cell] = (uint16_t)(WHITE | (character == '\n' ? ' ' : (uint8_t)character));
}

static void put(struct words *words, char character) {
  out(DEBUGCON, (uint8_t)character);
  if (!words->aloud) return;
  if (character == '\n') put_serial(words, '\r');
  put_serial(words, (uint8_t)character);
  put_screen(words, character);
}

void say(struct words *words, const char *text) {
  for (; *text; text++) put(words, *text);
}

void say_name(struct words *words, const char *field, size_t limit) {
  put(words, '"');
  for (size_t i = 0; i < limit && field[i]; i++) put(words, field[i]);
  put(words, '"');
}

void say_decimal(struct words *words, uint32_t value) {
  if (value >= 10) say_decimal(words, value / 10);
  put(words, (char)('0' + value % 10));
}

void say_address(struct words *words, uint64_t value) {
  say(words, "0x");
  int shift = 60;
  while (shift > 0 && value >> shift == 0) shift -= 4;
  for (; shift >= 0; shift -= 4) put(words, "0123456789abcdef"[(value >> shift) & 15]);
}

_Noreturn void halt(void) {
  for (;;) __asm__ volatile("cli; hlt");
}
