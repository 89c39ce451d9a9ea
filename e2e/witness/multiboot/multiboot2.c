/* A Multiboot2 kernel: the information in EBX (Multiboot2 2.0, 3.6), every tag of it, in its order. */
#include "witness.h"

#define MOST_TAGS 256

struct tag {
  uint32_t type, size;
  uint8_t data[];
};

static uint64_t read(const uint8_t *at, unsigned size) {
  uint64_t value = 0;
  for (unsigned i = 0; i < size; i++) value |= (uint64_t)at[i] << 8 * i;
  return value;
}

static void describe_module(const struct tag *tag) {
  uint64_t start = read(tag->data, 4), end = read(tag->data + 4, 4);
  json_number("mod_start", start);
  json_number("mod_end", end);
  describe_digest(start, end - start);
  json_text("string", (const char *)tag->data + 8, tag->size - 16);
}

static void describe_map(const struct tag *tag) {
  uint32_t size = (uint32_t)read(tag->data, 4);
  json_number("entry_size", size);
  json_number("entry_version", read(tag->data + 4, 4));
  if (size > 0) describe_e820("entries", tag->data + 8, (tag->size - 16) / size, size);
}

static void describe_tag(const struct tag *tag) {
  json_object(NULL);
  json_number("type", tag->type);
  json_number("size", tag->size);
  if (tag->type == 1 || tag->type == 2)
    json_text("string", (const char *)tag->data, tag->size - 8);
  else if (tag->type == 3)
    describe_module(tag);
  else if (tag->type == 6)
    describe_map(tag);
  else
    json_bytes("data", tag->data, tag->size - 8);
  json_object_end();
}

static uint32_t padded(uint32_t size) {
  return (size + 7) & ~(uint32_t)7;
}

void describe_arguments(const struct state *state) {
  const uint8_t *info = at_address(state->general[1]);
  uint32_t total = (uint32_t)read(info, 4), at = 8;
  json_object("multiboot2");
  json_number("magic", state->general[0]);
  json_number("address", state->general[1]);
  json_number("total_size", total);
  json_number("reserved", read(info + 4, 4));
  json_array("tags");
  for (int i = 0; i < MOST_TAGS && at + sizeof(struct tag) <= total; i++) {
    const struct tag *tag = (const struct tag *)(info + at);
    describe_tag(tag);
    if (tag->size < sizeof(*tag)) break;
    at += padded(tag->size);
    if (tag->type == 0) break;
  }
  json_array_end();
  json_number("end", at);
  json_object_end();
}
