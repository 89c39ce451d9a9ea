// A kernel entered in 32-bit protected mode (-m32) or in real mode (-m16) that tells in which state, as JSON on the serial
// line, and then resets. What it shall look at stands behind its first jump, as in ../rom-witness.c.

typedef unsigned long long u64;
typedef unsigned int u32;
typedef unsigned short u16;
typedef unsigned char u8;

#define SCANS 30

#ifdef REAL_MODE
#define CODE ".code16gcc\n"
#else
#define CODE ".code32\n"
#endif

// In real mode through CS, the only segment known to be ours; flat, it is as good as any.
__asm__(".section .entry, \"ax\"\n" CODE
        "        jmp     1f\n"
        "        .balign 16\n"
        "        .globl  scans\n"
        "scans:  .fill   2 * 31, 8, 0\n" // count, whether to call the BIOS, then start and end of each
#ifdef REAL_MODE
        ".code16\n"
#endif
        "1:\n"
        "        movl    %eax, %cs:state + 0x00\n"
        "        movl    %ebx, %cs:state + 0x04\n"
        "        movl    %ecx, %cs:state + 0x08\n"
        "        movl    %edx, %cs:state + 0x0c\n"
        "        movl    %esi, %cs:state + 0x10\n"
        "        movl    %edi, %cs:state + 0x14\n"
        "        movl    %ebp, %cs:state + 0x18\n"
        "        movl    %esp, %cs:state + 0x1c\n"
        "        movw    %cs, %cs:state + 0x20\n"
        "        movw    %ds, %cs:state + 0x24\n"
        "        movw    %es, %cs:state + 0x28\n"
        "        movw    %fs, %cs:state + 0x2c\n"
        "        movw    %gs, %cs:state + 0x30\n"
        "        movw    %ss, %cs:state + 0x34\n"
#ifdef REAL_MODE
        "        movl    %cs, %eax\n"
        "        movl    %eax, %ds\n"
        "        movl    %eax, %es\n"
        "        movl    %eax, %ss\n"
#endif
        "        movl    $stack_end, %esp\n"
        "        pushfl\n"
        "        popl    state + 0x38\n"
        "        calll   witness\n"
        "        lidtl   no_table\n"
        "        int3\n" // a triple fault, hence a reset
        ".previous\n");

extern struct {
  u64 count, bios;
  struct {
    u64 start, end;
  } at[SCANS];
} scans;

u32 state[15];
u32 stack[512] = {1}; // not in .bss: the bytes must be in the file
__asm__(".globl stack_end\n.set stack_end, stack + 2048\n");
struct __attribute__((packed)) table {
  u16 limit;
  u32 base;
} no_table = {0, 0};

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

static void number(u32 value) {
  char digits[9];
  for (int i = 7; i >= 0; i--, value >>= 4) digits[i] = "0123456789abcdef"[value & 15];
  digits[8] = 0;
  text("\"0x");
  text(digits);
  text("\"");
}

static void field(const char *name, u32 value) {
  text("\"");
  text(name);
  text("\":");
  number(value);
  text(",");
}

static u32 efer(void) {
  u32 low, high;
  __asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(0xc0000080));
  return low;
}

#define READ(name)                                                  \
  ({                                                                \
    u32 value;                                                      \
    __asm__ volatile("movl %%" name ", %0" : "=r"(value));          \
    field(name, value);                                             \
  })

// FS becomes flat, also in real mode: the limit of a segment outlives the protected mode in which it was loaded.
static void flatten(void) {
#ifdef REAL_MODE
  static u64 gdt[2] = {0, 0x00cf93000000ffff};
  struct table gdtr = {sizeof(gdt) - 1, (state[8] << 4) + (u32)gdt};
  __asm__ volatile("lgdtl %0\n"
                   "movl %%cr0, %%eax\n orb $1, %%al\n movl %%eax, %%cr0\n"
                   "movl $8, %%ecx\n movl %%ecx, %%fs\n"
                   "andb $0xfe, %%al\n movl %%eax, %%cr0\n"
                   : : "m"(gdtr) : "eax", "ecx", "memory");
#endif
}

static u32 peek(u32 address) {
  u32 value;
  __asm__ volatile("movl %%fs:(%1), %0" : "=r"(value) : "r"(address));
  return value;
}

static void scan(u32 from, u32 end) {
  u32 first = peek(from), others = 0;
  for (; from != end; from += 4) others += peek(from) != first;
  text("{\"first\":");
  number(first);
  text(",\"others\":");
  number(others);
  text("}");
}

// Two services that need the vectors, the BIOS data area and the BIOS's own code: INT 10h/0Fh, INT 15h/E820h.
static void call_bios(void) {
#ifdef REAL_MODE
  static u8 entry[24];
  u32 mode = 0x0f00, memory = 0xe820, next = 0, size = sizeof(entry);
  __asm__ volatile("int $0x10" : "+a"(mode) : : "ebx", "memory");
  __asm__ volatile("int $0x15" : "+a"(memory), "+b"(next), "+c"(size) : "d"(0x534d4150), "D"(entry) : "memory");
  field("videoMode", mode & 0xff);
  field("e820", memory);
  field("e820Size", size);
#endif
}

void witness(void) {
  static const char names[15][7] = {"eax", "ebx", "ecx", "edx", "esi", "edi", "ebp",   "esp",
                                    "cs",  "ds",  "es",  "fs",  "gs",  "ss",  "eflags"};
  struct table gdtr, idtr;
  state[8] &= 0xffff;
  __asm__ volatile("sgdtl %0\n sidtl %1" : "=m"(gdtr), "=m"(idtr));
  for (const char *c = "witness\n"; *c != 0; c++) out(0xe9, (u8)*c);
  text("{");
  for (int i = 0; i < 15; i++) field(names[i], state[i]);
  READ("cr0"), READ("cr3"), READ("cr4");
  field("efer", efer());
  field("gdtLimit", gdtr.limit), field("gdtBase", gdtr.base);
  field("idtLimit", idtr.limit), field("idtBase", idtr.base);
  if (scans.bios) call_bios();
  flatten();
  text("\"scans\":[");
  for (u32 i = 0; i < scans.count && i < SCANS; i++) {
    if (i > 0) text(",");
    scan((u32)scans.at[i].start, (u32)scans.at[i].end);
  }
  text("]}\nend of witness\n");
}
