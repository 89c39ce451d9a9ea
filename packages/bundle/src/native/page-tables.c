#include "page-tables.h"
#include "cpu.h"
#include "say.h"

#define PAGE 0x1000
#define GIB (1ull << 30)
/* Intel SDM volume 3A, 4.5.4. */
#define PRESENT_WRITABLE 3
#define LARGE 0x80
#define ADDRESS 0x000ffffffffff000

struct room {
  uint64_t next;
  uint64_t end;
};

static uint64_t new_table(struct room *room) {
  uint64_t table = room->next;
  /* The bundle's maker counts as we do, and the checksum is over what it counted. */
  if (table + PAGE > room->end) halt();
  uint64_t *entries = (uint64_t *)table;
  for (unsigned i = 0; i < PAGE / sizeof(*entries); i++) entries[i] = 0;
  room->next = table + PAGE;
  return table;
}

/* The table of the next level, made if there is none. */
static uint64_t table_below(struct room *room, uint64_t table, uint64_t index) {
  uint64_t *entry = (uint64_t *)table + index;
  if (!*entry) *entry = new_table(room) | PRESENT_WRITABLE;
  return *entry & ADDRESS;
}

static void map_gib(struct room *room, uint64_t level4, uint64_t start) {
  uint64_t level3 = table_below(room, level4, start >> 39 & 511);
  uint64_t *level2 = (uint64_t *)table_below(room, level3, start >> 30 & 511);
  for (uint64_t i = 0; i < 512; i++) level2[i] = (start + (i << 21)) | LARGE | PRESENT_WRITABLE;
}

static void map_range(struct room *room, uint64_t level4, uint64_t start, uint64_t end) {
  for (start &= ~(GIB - 1); start < end; start += GIB) map_gib(room, level4, start);
}

static uint64_t control4(void) {
  uint64_t value;
  __asm__("mov %%cr4, %0" : "=r"(value));
  return value;
}

void map_memory(const struct header *header) {
  uint64_t tables = (uint64_t)at(header, header->tables);
  struct room room = {.next = tables + FIRST_TABLES * PAGE, .end = tables + header->tables_size};
  uint64_t root = new_table(&room);
  uint64_t level4 = control4() & CR4_LA57 ? table_below(&room, root, 0) : root;
  const struct stretch *stretch = at(header, header->maps);
  for (uint32_t i = 0; i < header->map_count; i++, stretch++)
    map_range(&room, level4, stretch->start, stretch->end);
  uint64_t own = (uintptr_t)header;
  map_range(&room, level4, own, own + header->size);
  __asm__ volatile("mov %0, %%cr3" : : "r"(root) : "memory");
}
