/* The parameter block as purgatory reads it; the same structure as in ../parameters.ksy. */
#ifndef PURGATORY_PARAMETERS_H
#define PURGATORY_PARAMETERS_H

#define PARAMETERS_MAGIC "kkpurg64"
/* Of regions, of pokes, of copies. */
#define PARAMETERS_MOST_ENTRIES 65536
#define PARAMETERS_VERSION 2
/* How the next kernel is entered. */
#define MODE_REAL16 16
#define MODE_PROTECTED32 32
#define MODE_LONG64 64
#define JOB_RESET_VGA 1
#define JOB_RESET_PIC 2
#define CONSOLE_SERIAL 1
#define CONSOLE_VGA 2
#define CONSOLE_VERBOSE 4

/* Offsets that assembler needs; purgatory.c asserts that they are the structure's. */
#define PARAMETERS_MODE 0x2c
#define PARAMETERS_REGISTERS 0x60
#define PARAMETERS_ENTRY 0xe0
#define PARAMETERS_LAST_WORDS 0xf8

/* The first selector, in real mode. */
#define REGISTER_CS 8

#ifndef __ASSEMBLER__
#include <stddef.h>
#include <stdint.h>

struct region {
  char name[48];
  uint64_t start;
  uint64_t length;
  uint8_t sha256[32];
};

struct poke {
  uint64_t at;
  uint32_t length;
  uint32_t reserved;
  uint8_t bytes[16];
};

struct copy {
  uint64_t from;
  uint64_t to;
  uint64_t length;
  uint64_t reserved;
};

struct header {
  uint8_t sha256[32];
  char magic[8];
  uint32_t version;
  uint32_t mode;
  uint32_t region_count;
  uint32_t poke_count;
  uint64_t tables_size;
  uint8_t tables_sha256[32];
  uint64_t registers[16]; /* rax rbx rcx rdx rsi rdi rbp rsp, then by mode r8 to r15, or cs ds es fs gs ss */
  uint64_t entry;
  uint32_t jobs;
  uint32_t console;
  uint16_t serial_port;
  uint16_t serial_divisor; /* of 115200 baud; 0: the speed is left as it is */
  uint32_t copy_count;
  uint64_t last_words; /* 0: none */
};

/* Placed by the linker script, right behind the stack. Hidden, or its address would be looked up in a table. */
extern const struct header parameters __attribute__((visibility("hidden")));

static inline const struct region *regions(void) {
  return (const struct region *)(&parameters + 1);
}

static inline const struct poke *pokes(void) {
  return (const struct poke *)(regions() + parameters.region_count);
}

static inline const struct copy *copies(void) {
  return (const struct copy *)(pokes() + parameters.poke_count);
}
#endif
#endif
