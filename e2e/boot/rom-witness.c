// A kernel that tells in which state it was entered, as JSON on the serial line, and then resets.
// Flat, position-independent, at home anywhere; the first two words after the jump say what it shall look at.

typedef unsigned long u64;
typedef unsigned short u16;
typedef unsigned char u8;

#define SCANS 30

__asm__(".section .entry, \"ax\"\n"
        "        jmp     1f\n"
        "        .balign 16\n"
        "        .globl  scans\n"
        "scans:  .fill   2 * 31, 8, 0\n" // count, unused, then start and end of each
        "1:\n"
        "        movq    %rax, state + 0x00(%rip)\n"
        "        movq    %rbx, state + 0x08(%rip)\n"
        "        movq    %rcx, state + 0x10(%rip)\n"
        "        movq    %rdx, state + 0x18(%rip)\n"
        "        movq    %rsi, state + 0x20(%rip)\n"
        "        movq    %rdi, state + 0x28(%rip)\n"
        "        movq    %rbp, state + 0x30(%rip)\n"
        "        movq    %rsp, state + 0x38(%rip)\n"
        "        movq    %r8, state + 0x40(%rip)\n"
        "        movq    %r9, state + 0x48(%rip)\n"
        "        movq    %r10, state + 0x50(%rip)\n"
        "        movq    %r11, state + 0x58(%rip)\n"
        "        movq    %r12, state + 0x60(%rip)\n"
        "        movq    %r13, state + 0x68(%rip)\n"
        "        movq    %r14, state + 0x70(%rip)\n"
        "        movq    %r15, state + 0x78(%rip)\n"
        "        leaq    stack_end(%rip), %rsp\n"
        "        pushfq\n"
        "        popq    state + 0x80(%rip)\n"
        "        call    witness\n"
        "        int3\n" // there is no IDT: a triple fault, hence a reset
        ".previous\n");

extern struct {
  u64 count, unused;
  struct {
    u64 start, end;
  } at[SCANS];
} scans;

u64 state[17] = {1}; // not in .bss: the test wants to know that the tail is zero
u64 stack[256] = {1};
__asm__(".globl stack_end\n.set stack_end, stack + 2048\n");

static u8 in(u16 port) {
  u8 value;
  __asm__ volatile("inb %1, %0" : "=a"(value) : "d"(port));
  return value;
}

static void out(u16 port, u8 value) { __asm__ volatile("outb %0, %1" : : "a"(value), "d"(port)); }

static void text(const char *characters) {
  for (; *characters != 0; characters++) {
    while ((in(0x3fd) & 0x20) == 0) {
    }
    out(0x3f8, (u8)*characters);
  }
}

static void number(u64 value) {
  char digits[17];
  for (int i = 15; i >= 0; i--, value >>= 4) digits[i] = "0123456789abcdef"[value & 15];
  digits[16] = 0;
  text("\"0x");
  text(digits);
  text("\"");
}

static void field(const char *name, u64 value) {
  text("\"");
  text(name);
  text("\":");
  number(value);
  text(",");
}

static u64 efer(void) {
  unsigned low, high;
  __asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(0xc0000080));
  return (u64)high << 32 | low;
}

#define READ(name, how)                                                                                                \
  ({                                                                                                                   \
    u64 value;                                                                                                         \
    __asm__ volatile("mov %%" how ", %0" : "=r"(value));                                                              \
    field(name, value);                                                                                                \
  })

static void scan(const volatile u64 *from, const volatile u64 *end) {
  u64 first = *from, others = 0;
  for (; from < end; from++) others += *from != first;
  text("{\"first\":");
  number(first);
  text(",\"others\":");
  number(others);
  text("}");
}

void witness(void) {
  static const char names[17][8] = {"rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rsp",   "r8",
                                    "r9",  "r10", "r11", "r12", "r13", "r14", "r15", "rflags"};
  struct __attribute__((packed)) {
    u16 limit;
    u64 base;
  } gdtr, idtr;
  __asm__ volatile("sgdt %0\n sidt %1" : "=m"(gdtr), "=m"(idtr));
  for (const char *c = "witness\n"; *c != 0; c++) out(0xe9, (u8)*c);
  text("{");
  for (int i = 0; i < 17; i++) field(names[i], state[i]);
  READ("cr0", "cr0"), READ("cr3", "cr3"), READ("cr4", "cr4");
  READ("cs", "cs"), READ("ds", "ds"), READ("es", "es"), READ("fs", "fs"), READ("gs", "gs"), READ("ss", "ss");
  field("efer", efer());
  field("gdtLimit", gdtr.limit);
  field("idtLimit", idtr.limit);
  text("\"scans\":[");
  for (u64 i = 0; i < scans.count && i < SCANS; i++) {
    if (i > 0) text(",");
    scan((const volatile u64 *)scans.at[i].start, (const volatile u64 *)scans.at[i].end);
  }
  text("]}\nend of witness\n");
}
