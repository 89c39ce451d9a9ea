/* What the parts of a witness offer each other. */
#ifndef WITNESS_H
#define WITNESS_H

#include <stddef.h>
#include <stdint.h>

#include "json.h"
#include "state.h"

/* No address is looked up in a table: the image runs wherever it lies. */
#pragma GCC visibility push(hidden)

enum mode { REAL16 = 16, PROTECTED32 = 32, LONG64 = 64 };

/* cpu.c */

/* Adds to what the entry wrote down what no instruction since has changed. */
void capture(struct state *state);
/* IA32_EFER, which no change of mode by way of CR0 changes but for LMA. */
uint64_t read_efer(void);
void describe_cpu(enum mode mode, const struct state *state);

/* memory.c */

/* A physical address as a pointer; null where this mode cannot look, and for address 0. */
const void *at_address(uint64_t address);
/* Whether all memory of the image is zero that has no content in its file. */
int zeros_are_zero(void);
/* Looks at the ranges that the test wrote into the image. */
void describe_scans(void);
/* "sha256", of bytes wherever they lie; null where this mode cannot look. */
void describe_digest(uint64_t address, uint64_t size);
/* A text of the next kernel's loader, and where it lies. */
void describe_text(const char *name, uint64_t address);

/* Each witness has its own: what it was handed besides the state. */
extern const char name[24];
void describe_arguments(const struct state *state);

/* linux.c */

/* The setup header alone, which lies in the real-mode code itself. */
void describe_setup_header(const uint8_t *base);
void describe_boot_params(uint64_t address);
/* e820 entries as [address, size, type]. */
void describe_e820(const char *name, const void *entries, size_t count, size_t stride);

/* Called by the entry. */
_Noreturn void witness(void);

#pragma GCC visibility pop
#endif
