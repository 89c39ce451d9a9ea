#include "json.h"

#define COM1 0x3f8
#define LINE_STATUS 5
#define TRANSMITTER_EMPTY 0x20
#define DEBUGCON 0xe9

/* Written between two members; none after an opening bracket. In .data: a test wants to know whether .bss is zero. */
static char separator = 1;

static uint8_t in(uint16_t port) {
  uint8_t value;
  __asm__ volatile("inb %1, %0" : "=a"(value) : "d"(port));
  return value;
}

static void out(uint16_t port, uint8_t value) {
  __asm__ volatile("outb %0, %1" : : "a"(value), "d"(port));
}

static void put(char character) {
  while ((in(COM1 + LINE_STATUS) & TRANSMITTER_EMPTY) == 0) {
  }
  out(COM1, (uint8_t)character);
}

static void put_text(const char *text) {
  for (; *text != 0; text++) put(*text);
}

static char digit(unsigned value) {
  return "0123456789abcdef"[value & 15];
}

static void put_byte(uint8_t value) {
  put(digit(value >> 4));
  put(digit(value));
}

static void begin_member(const char *name) {
  if (separator != 0) put(separator);
  separator = ',';
  if (name == NULL) return;
  put('"');
  put_text(name);
  put_text("\":");
}

static void open(const char *name, char bracket) {
  begin_member(name);
  put(bracket);
  separator = 0;
}

static void close(char bracket) {
  put(bracket);
  separator = ',';
}

/* Says on the debug console, which no kernel message can garble, that the witness was entered. */
void json_begin(void) {
  for (const char *c = "witness\n"; *c != 0; c++) out(DEBUGCON, (uint8_t)*c);
  separator = 0;
  json_object(NULL);
}

_Noreturn void json_end(void) {
  json_object_end();
  put_text("\nend of witness\n");
  static const struct {
    uint16_t limit;
    uint64_t base;
  } __attribute__((packed)) none = {0, 0};
  __asm__ volatile("lidt %0\n int3" : : "m"(none)); /* without an IDT: a triple fault, hence a reset */
  __builtin_unreachable();
}

void json_object(const char *name) {
  open(name, '{');
}

void json_object_end(void) {
  close('}');
}

void json_array(const char *name) {
  open(name, '[');
}

void json_array_end(void) {
  close(']');
}

void json_number(const char *name, uint64_t value) {
  begin_member(name);
  put_text("\"0x");
  int shift = 60;
  while (shift > 0 && (value >> shift) == 0) shift -= 4;
  for (; shift >= 0; shift -= 4) put(digit((unsigned)(value >> shift)));
  put('"');
}

void json_flag(const char *name, int value) {
  begin_member(name);
  put_text(value ? "true" : "false");
}

void json_null(const char *name) {
  begin_member(name);
  put_text("null");
}

static void put_escaped(char character) {
  if (character == '"' || character == '\\') put('\\');
  if ((uint8_t)character >= 0x20) {
    put(character);
    return;
  }
  put_text("\\u00");
  put_byte((uint8_t)character);
}

void json_text(const char *name, const char *text, size_t limit) {
  begin_member(name);
  put('"');
  for (size_t i = 0; i < limit && text[i] != 0; i++) put_escaped(text[i]);
  put('"');
}

void json_bytes(const char *name, const void *bytes, size_t count) {
  const uint8_t *at = bytes;
  begin_member(name);
  put('"');
  for (size_t i = 0; i < count; i++) put_byte(at[i]);
  put('"');
}
