// A kernel that tells in which state it was entered, as JSON on the serial line, and then resets.
// Flat. For x86_64 position-independent, at home anywhere; for i386 linked where it is put.
// The first words after the jump say what it shall look at.

typedef unsigned long long u64;
typedef unsigned long word;
typedef unsigned short u16;
typedef unsigned char u8;

#define SCANS 30
#define STRING(of) #of

#ifdef __x86_64__
#define REGISTERS 16
#define KEEP(name, n) "movq %" name ", state + 8*" STRING(n) "(%rip)\n"
#define KEEP_ALL                                                                                                       \
  KEEP("rax", 0) KEEP("rbx", 1) KEEP("rcx", 2) KEEP("rdx", 3) KEEP("rsi", 4) KEEP("rdi", 5) KEEP("rbp", 6)             \
  KEEP("rsp", 7) KEEP("r8", 8) KEEP("r9", 9) KEEP("r10", 10) KEEP("r11", 11) KEEP("r12", 12) KEEP("r13", 13)           \
  KEEP("r14", 14) KEEP("r15", 15) "leaq stack_end(%rip), %rsp\n pushfq\n popq state + 8*16(%rip)\n"
static const char names[REGISTERS + 1][8] = {"rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rsp",   "r8",
                                             "r9",  "r10", "r11", "r12", "r13", "r14", "r15", "rflags"};
#else
#define REGISTERS 8
#define KEEP(name, n) "movl %" name ", state + 4*" STRING(n) "\n"
#define KEEP_ALL                                                                                                       \
  KEEP("eax", 0) KEEP("ebx", 1) KEEP("ecx", 2) KEEP("edx", 3) KEEP("esi", 4) KEEP("edi", 5) KEEP("ebp", 6)             \
  KEEP("esp", 7) "movl $stack_end, %esp\n pushfl\n popl state + 4*8\n"
static const char names[REGISTERS + 1][8] = {"eax", "ebx", "ecx", "edx", "esi", "edi", "ebp", "esp", "rflags"};
#endif

__asm__(".section .entry, \"ax\"\n"
        "        jmp     1f\n"
        "        .balign 16\n"
        "        .globl  scans\n"
        "scans:  .fill   2 * 31, 8, 0\n" // count, unused, then start and end of each
        "1:\n" KEEP_ALL "        call    witness\n"
        "        int3\n" // there is no IDT: a triple fault, hence a reset
        ".previous\n");

extern struct {
  u64 count, unused;
  struct {
    u64 start, end;
  } at[SCANS];
} scans;

word state[REGISTERS + 1] = {1}; // not in .bss: the test wants to know that the tail is zero
#ifdef __x86_64__
u64 stack[256] = {1};
#else
__attribute__((aligned(4096))) u64 stack[256] = {1}; // spilled to all the time: QEMU is slow where a page also has code
#endif
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
    word value;                                                                                                        \
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
  struct __attribute__((packed)) {
    u16 limit;
    word base;
  } gdtr, idtr;
  __asm__ volatile("sgdt %0\n sidt %1" : "=m"(gdtr), "=m"(idtr));
  for (const char *c = "witness\n"; *c != 0; c++) out(0xe9, (u8)*c);
  text("{");
  for (int i = 0; i <= REGISTERS; i++) field(names[i], state[i]);
  READ("cr0", "cr0"), READ("cr3", "cr3"), READ("cr4", "cr4");
  READ("cs", "cs"), READ("ds", "ds"), READ("es", "es"), READ("fs", "fs"), READ("gs", "gs"), READ("ss", "ss");
  field("efer", efer());
  field("gdtLimit", gdtr.limit);
  field("idtLimit", idtr.limit);
  text("\"scans\":[");
  for (u64 i = 0; i < scans.count && i < SCANS; i++) {
    if (i > 0) text(",");
    scan((const volatile u64 *)(word)scans.at[i].start, (const volatile u64 *)(word)scans.at[i].end);
  }
  text("]}\nend of witness\n");
}
