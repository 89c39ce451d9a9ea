/*
 * The last words: how far the hand-over got, for programs. In memory, where the parameter block says, and on port 0x80, where
 * POST cards listen. Read by whoever looks afterwards: the next kernel, a debugger, a memory dump. docs/guide/purgatory.md.
 */
#ifndef PURGATORY_RECORD_H
#define PURGATORY_RECORD_H

#define RECORD_MAGIC "kkwords1"
#define RECORD_NO_REGION 0xffffffff

/* The states, and what goes to port 0x80. */
#define STATE_ENTERED 0xe1
#define STATE_VERIFYING 0xe2
#define STATE_VERIFIED 0xe3
#define STATE_SWITCHED 0xe4
#define STATE_JUMPED 0xe5
#define STATE_MISMATCH 0xee
#define STATE_REFUSED 0xef

/* Offsets that assembler needs; record.c asserts that they are the structure's. */
#define RECORD_STATE 0x08
#define RECORD_JUMPED 0x28

/* In bytes. */
#define RECORD_SIZE 0xa0

#define POST_PORT 0x80

#ifndef __ASSEMBLER__
#include <stddef.h>
#include <stdint.h>

struct record {
  char magic[8];
  uint32_t state;
  uint32_t version; /* of the parameter block that this program understands */
  uint32_t region_count;
  uint32_t region; /* the last begun, or what differs; RECORD_NO_REGION: the parameter block's tables */
  /* The CPU's time-stamp counter. */
  uint64_t entered;
  uint64_t verified;
  uint64_t jumped;
  /* Of a mismatch. */
  char name[48];
  uint8_t expected[32];
  uint8_t found[32];
};

struct console;

/* The CPU's time-stamp counter. */
uint64_t time_stamp(void);

/* To port 0x80, and into the record once `record_begin` has said where it is. */
void record_state(const struct console *console, uint8_t state);

/* Where the parameter block says, nothing being there yet. */
void record_begin(struct console *console, uint64_t entered);

/* Verification goes on with this region. */
void record_region(const struct console *console, uint32_t index);

void record_verified(const struct console *console);

/* For a next kernel in 64-bit mode; leave.S does it for the others. */
void record_jump(const struct console *console);

/* `name` has at most `limit` characters. */
void record_mismatch(const struct console *console, const char *name, size_t limit, const uint8_t expected[32],
                     const uint8_t found[32]);
#endif
#endif
