#include "witness.h"

#define OFFSET_IS(field, offset) \
  _Static_assert(offsetof(struct state, field) == (offset), #field " is not where state.h says")
OFFSET_IS(general, GENERAL);
OFFSET_IS(flags, FLAGS);
OFFSET_IS(segments, SEGMENTS);
OFFSET_IS(cr0, CR0);
OFFSET_IS(cr2, CR2);
OFFSET_IS(cr3, CR3);
OFFSET_IS(cr4, CR4);
OFFSET_IS(gdt_base, GDT_BASE);
OFFSET_IS(gdt_limit, GDT_LIMIT);
OFFSET_IS(idt_base, IDT_BASE);
OFFSET_IS(idt_limit, IDT_LIMIT);
_Static_assert(sizeof(struct state) == STATE_SIZE, "the state has another size than state.h says");

#define IA32_EFER 0xc0000080

uint64_t read_efer(void) {
  uint32_t low, high;
  __asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(IA32_EFER));
  return (uint64_t)high << 32 | low;
}

#define READ(what)                                                    \
  ({                                                                  \
    uintptr_t value;                                                  \
    __asm__ volatile("mov %%" what ", %0" : "=r"(value));             \
    value;                                                            \
  })

#define READ_SELECTOR(how)                              \
  ({                                                    \
    uint16_t value;                                     \
    __asm__ volatile(how " %0" : "=m"(value));          \
    value;                                              \
  })

void capture(struct state *state) {
  struct {
    uint16_t limit;
    uintptr_t base;
  } __attribute__((packed)) gdtr, idtr;
  __asm__ volatile("sgdt %0\n sidt %1" : "=m"(gdtr), "=m"(idtr));
  state->gdt_base = gdtr.base;
  state->gdt_limit = gdtr.limit;
  state->idt_base = idtr.base;
  state->idt_limit = idtr.limit;
  state->segments[0] = READ_SELECTOR("movw %%cs,");
  state->segments[1] = READ_SELECTOR("movw %%ds,");
  state->segments[2] = READ_SELECTOR("movw %%es,");
  state->segments[3] = READ_SELECTOR("movw %%fs,");
  state->segments[4] = READ_SELECTOR("movw %%gs,");
  state->segments[5] = READ_SELECTOR("movw %%ss,");
  state->tr = READ_SELECTOR("str");
  state->ldtr = READ_SELECTOR("sldt");
  state->cr0 = READ("cr0");
  state->cr2 = READ("cr2");
  state->cr3 = READ("cr3");
  state->cr4 = READ("cr4");
  state->efer = read_efer();
}

static void describe_registers(enum mode mode, const struct state *state) {
  static const char wide[16][4] = {"rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rsp",
                                   "r8",  "r9",  "r10", "r11", "r12", "r13", "r14", "r15"};
  static const char narrow[8][4] = {"eax", "ebx", "ecx", "edx", "esi", "edi", "ebp", "esp"};
  json_object("registers");
  for (int i = 0; i < (mode == LONG64 ? 16 : 8); i++)
    json_number(mode == LONG64 ? wide[i] : narrow[i], state->general[i]);
  json_object_end();
  json_number("flags", state->flags);
}

static void describe_segments(const struct state *state) {
  static const char names[6][4] = {"cs", "ds", "es", "fs", "gs", "ss"};
  json_object("segments");
  for (int i = 0; i < 6; i++) json_number(names[i], state->segments[i]);
  json_object_end();
}

/* The descriptor that a selector means, if the table that is in force has it. */
static void describe_descriptor(const char *name, const struct state *state, uint64_t selector) {
  uint64_t offset = selector & ~(uint64_t)7;
  const uint64_t *descriptor = at_address(state->gdt_base + offset);
  if (offset == 0 || offset + 7 > state->gdt_limit || descriptor == NULL) {
    json_null(name);
    return;
  }
  json_number(name, *descriptor);
}

static void describe_tables(enum mode mode, const struct state *state) {
  json_object("gdt");
  json_number("base", state->gdt_base);
  json_number("limit", state->gdt_limit);
  if (mode != REAL16) {
    describe_descriptor("cs", state, state->segments[0]);
    describe_descriptor("ds", state, state->segments[1]);
    describe_descriptor("ss", state, state->segments[5]);
  }
  json_object_end();
  json_object("idt");
  json_number("base", state->idt_base);
  json_number("limit", state->idt_limit);
  json_object_end();
}

void describe_cpu(enum mode mode, const struct state *state) {
  json_text("mode", mode == LONG64 ? "long64" : mode == PROTECTED32 ? "protected32" : "real16", 16);
  describe_registers(mode, state);
  describe_segments(state);
  json_object("control");
  json_number("cr0", state->cr0);
  json_number("cr2", state->cr2);
  json_number("cr3", state->cr3);
  json_number("cr4", state->cr4);
  json_number("efer", state->efer);
  json_object_end();
  describe_tables(mode, state);
  if (mode == REAL16) return;
  json_number("tr", state->tr);
  json_number("ldtr", state->ldtr);
}
