/* What a Linux kernel is handed, whatever its format. */
#include "linux-fields.h"
#include "witness.h"

#define BOOT_PARAMS_SIZE 4096
#define E820_TABLE 0x2d0
#define E820_TABLE_ENTRIES 128
#define E820_ENTRY_SIZE 20
#define SETUP_E820_EXT 1
/* More than any list has that does not run in a circle. */
#define MOST_NODES 64
/* Data of this size is shown; larger data has its digest. */
#define SHOWN 64

struct field {
  char name[26];
  uint16_t offset, size;
};

#define ROW(name, offset, size) {#name, offset, size},
static const struct field setup_header[] = {SETUP_HEADER(ROW)};
static const struct field zero_page[] = {ZERO_PAGE(ROW)};
#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static uint64_t read(const uint8_t *at, unsigned size) {
  uint64_t value = 0;
  for (unsigned i = 0; i < size; i++) value |= (uint64_t)at[i] << 8 * i;
  return value;
}

/* boot_params' fields are not aligned to their size. */
#define U8(base, offset) read((base) + (offset), 1)
#define U32(base, offset) read((base) + (offset), 4)
#define U64(base, offset) read((base) + (offset), 8)

static void describe_fields(const uint8_t *base, const struct field *field, size_t count) {
  for (; count > 0; count--, field++) {
    int is_number = field->size <= 8;
    if (is_number)
      json_number(field->name, read(base + field->offset, field->size));
    else
      json_bytes(field->name, base + field->offset, field->size);
  }
}

void describe_setup_header(const uint8_t *base) {
  describe_fields(base, setup_header, COUNT(setup_header));
}

void describe_e820(const char *name, const void *entries, size_t count, size_t stride) {
  const uint8_t *entry = entries;
  json_array(name);
  for (; count > 0; count--, entry += stride) {
    json_array(NULL);
    json_number(NULL, U64(entry, 0));
    json_number(NULL, U64(entry, 8));
    json_number(NULL, U32(entry, 16));
    json_array_end();
  }
  json_array_end();
}

static int is_in(const struct field *field, size_t count, unsigned offset) {
  for (; count > 0; count--, field++) {
    if (field->offset <= offset && offset - field->offset < field->size) return 1;
  }
  return 0;
}

/* Offsets of bytes that no field has, nor an entry of the map, and that are not zero: there must be none. */
static void describe_rest(const uint8_t *params) {
  unsigned map_end = E820_TABLE + E820_ENTRY_SIZE * (unsigned)U8(params, 0x1e8);
  json_array("rest");
  for (unsigned i = 0; i < BOOT_PARAMS_SIZE; i++) {
    int is_map = i >= E820_TABLE && i < map_end;
    if (params[i] == 0 || is_map || is_in(setup_header, COUNT(setup_header), i) ||
        is_in(zero_page, COUNT(zero_page), i))
      continue;
    json_number(NULL, i);
  }
  json_array_end();
}

static uint64_t wide(const uint8_t *params, unsigned low, unsigned high) {
  return U32(params, low) | U32(params, high) << 32;
}

static void describe_bytes(const char *name, uint64_t address, uint64_t size) {
  json_object(name);
  json_number("address", address);
  json_number("size", size);
  if (size > 0) describe_digest(address, size);
  json_object_end();
}

/* Documentation/arch/x86/boot.rst, setup_data: { u64 next; u32 type; u32 len; u8 data[]; }. */
static void describe_node(uint64_t address, const uint8_t *node) {
  uint64_t length = U32(node, 12);
  json_object(NULL);
  json_number("address", address);
  json_number("type", U32(node, 8));
  json_number("len", length);
  describe_digest(address + 16, length);
  if (length <= SHOWN) json_bytes("data", node + 16, (size_t)length);
  if (U32(node, 8) == SETUP_E820_EXT)
    describe_e820("e820", node + 16, (size_t)length / E820_ENTRY_SIZE, E820_ENTRY_SIZE);
  json_object_end();
}

static void describe_setup_data(uint64_t address) {
  json_array("setupData");
  for (int count = 0; address != 0 && count < MOST_NODES; count++) {
    const uint8_t *node = at_address(address);
    if (node == NULL) break;
    describe_node(address, node);
    address = U64(node, 0);
  }
  json_array_end();
}

void describe_boot_params(uint64_t address) {
  const uint8_t *params = at_address(address);
  uint64_t entries = U8(params, 0x1e8);
  json_object("linux");
  json_number("address", address);
  json_object("fields");
  describe_fields(params, zero_page, COUNT(zero_page));
  describe_setup_header(params);
  json_object_end();
  describe_e820("e820", params + E820_TABLE, entries < E820_TABLE_ENTRIES ? entries : E820_TABLE_ENTRIES,
                E820_ENTRY_SIZE);
  describe_rest(params);
  describe_text("commandLine", wide(params, 0x228, 0x0c8));
  describe_bytes("initrd", wide(params, 0x218, 0x0c0), wide(params, 0x21c, 0x0c4));
  describe_bytes("efiMemoryMap", wide(params, 0x1d0, 0x1dc), U32(params, 0x1d4));
  describe_setup_data(U64(params, 0x250));
  json_object_end();
}
