/*
 * A kernel that is handed ELF boot notes as a C function's one argument (System V psABI): in RDI, or on the stack above the
 * return address.
 */
#include "witness.h"

/* Elf_Bhdr, and the header of a note. */
struct block {
  uint32_t b_signature, b_size;
  uint16_t b_checksum, b_records;
};

struct note {
  uint32_t n_namesz, n_descsz, n_type;
};

#define MOST_RECORDS 64

static uint32_t padded(uint32_t size) {
  return (size + 3) & ~(uint32_t)3;
}

/* The Internet checksum over the whole block: 0 if b_checksum is right. */
static uint64_t checksum(const uint8_t *bytes, uint32_t size) {
  uint32_t sum = 0;
  for (uint32_t i = 0; i < size; i++) sum += (uint32_t)bytes[i] << (i & 1 ? 8 : 0);
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  return ~sum & 0xffff;
}

static const struct note *describe_note(const struct note *note) {
  const char *name = (const char *)(note + 1);
  const char *desc = name + padded(note->n_namesz);
  json_object(NULL);
  json_number("n_type", note->n_type);
  json_text("name", name, note->n_namesz);
  json_number("n_descsz", note->n_descsz);
  json_text("desc", desc, note->n_descsz);
  json_object_end();
  return (const struct note *)(desc + padded(note->n_descsz));
}

static void describe_block(uint64_t address) {
  const struct block *block = at_address(address);
  const struct note *note = (const struct note *)(block + 1);
  json_object("notes");
  json_number("address", address);
  json_number("b_signature", block->b_signature);
  json_number("b_size", block->b_size);
  json_number("b_checksum", block->b_checksum);
  json_number("b_records", block->b_records);
  json_number("checksum", checksum((const uint8_t *)block, block->b_size));
  json_array("records");
  for (unsigned i = 0; i < block->b_records && i < MOST_RECORDS; i++) note = describe_note(note);
  json_array_end();
  json_number("end", (uintptr_t)note);
  json_object_end();
}

void describe_arguments(const struct state *state) {
  const uintptr_t *stack = at_address(state->general[7]);
  json_number("returnAddress", stack[0]);
  describe_block(sizeof(void *) == 8 ? state->general[5] : stack[1]);
}
