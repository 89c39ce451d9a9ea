/* What the real-mode code of a bzImage saw; told by the 32-bit program, which it has put where code32_start says. */
#include "witness.h"

/* As bzimage.S has it. */
struct handed {
  struct state state;
  uint64_t e820_count;
  uint8_t e820[64 * 20];
};

#pragma GCC visibility push(hidden)
extern const char witness_entry[];
_Noreturn void witness_real_mode(const struct handed *handed, const uint8_t *setup);
#pragma GCC visibility pop

static uint32_t read32(const uint8_t *at) {
  return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static void describe_initrd(const uint8_t *setup) {
  uint32_t address = read32(setup + 0x218), size = read32(setup + 0x21c);
  json_object("initrd");
  json_number("address", address);
  json_number("size", size);
  if (size > 0) describe_digest(address, size);
  json_object_end();
}

_Noreturn void witness_real_mode(const struct handed *handed, const uint8_t *setup) {
  int clean = zeros_are_zero();
  struct state state = handed->state;
  state.efer = read_efer();
  json_begin();
  json_text("witness", name, sizeof(name));
  json_number("entry", (uintptr_t)witness_entry);
  json_flag("zeros", clean);
  describe_cpu(REAL16, &state);
  json_object("linux");
  json_number("address", (uintptr_t)setup);
  json_object("fields");
  describe_setup_header(setup);
  json_object_end();
  describe_e820("e820", handed->e820, (size_t)handed->e820_count, 20);
  describe_text("commandLine", read32(setup + 0x228));
  describe_initrd(setup);
  json_object_end();
  describe_scans();
  json_end();
}
