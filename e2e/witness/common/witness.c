#include "witness.h"

#pragma GCC visibility push(hidden)
extern struct state state;
extern const char witness_entry[];
#pragma GCC visibility pop

#define MODE (sizeof(void *) == 8 ? LONG64 : PROTECTED32)

_Noreturn void witness(void) {
  int clean = zeros_are_zero();
  capture(&state);
  json_begin();
  json_text("witness", name, sizeof(name));
  json_number("entry", (uintptr_t)witness_entry);
  json_flag("zeros", clean);
  describe_cpu(MODE, &state);
  describe_arguments(&state);
  describe_scans();
  json_end();
}
