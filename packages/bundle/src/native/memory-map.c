#include "memory-map.h"
#include "bundle.h"

#define RAM 1

/* The same in all three: Multiboot 0.6.96, 3.3; Multiboot2 2.0, 3.6.8; hvm_memmap_table_entry. None is aligned for sure. */
struct __attribute__((packed)) region {
  uint64_t start;
  uint64_t length;
  uint32_t type;
};

static uint32_t word(uintptr_t address) {
  return *(const uint32_t *)address;
}

/* Multiboot 0.6.96, 3.3: flags bit 6, mmap_length 0x2c/4, mmap_addr 0x30/4. */
static int of_multiboot(uintptr_t information, struct memory_map *map) {
  map->start = word(information + 0x30);
  map->end = map->start + word(information + 0x2c);
  map->step = 0;
  return (word(information) & 1 << 6) != 0;
}

/* Multiboot2 2.0, 3.4: total_size, reserved, then tags of type and size, each at 8 bytes; 3.6.8: the memory map is tag 6. */
static int of_multiboot2(uintptr_t information, struct memory_map *map) {
  uintptr_t end = information + word(information);
  for (uintptr_t tag = information + 8; tag + 16 <= end;) {
    uint32_t type = word(tag);
    uint32_t size = word(tag + 4);
    if (size < 8) return 0;
    if (type == 6) {
      map->step = word(tag + 8);
      map->start = tag + 16;
      map->end = tag + size;
      return map->step != 0;
    }
    tag += (size + 7) & ~(uint32_t)7;
  }
  return 0;
}

/* hvm_start_info: magic 0x0/4, version 0x4/4, memmap_paddr 0x28/8, memmap_entries 0x30/4. The map is there from version 1 on. */
static int of_pvh(uintptr_t information, struct memory_map *map) {
  map->start = word(information + 0x28);
  map->step = 24;
  map->end = map->start + (uintptr_t)word(information + 0x30) * map->step;
  return word(information) == MAGIC_PVH && word(information + 4) >= 1 && word(information + 0x2c) == 0 &&
         map->start != 0;
}

int find_memory_map(uint32_t magic, uint32_t information, struct memory_map *map) {
  if (magic == MAGIC_MULTIBOOT) return of_multiboot(information, map);
  if (magic == MAGIC_MULTIBOOT2) return of_multiboot2(information, map);
  return magic == MAGIC_PVH && of_pvh(information, map);
}

/* The entry at `*at`, which then is the next one's; 0 behind the last. */
static const struct region *next_region(const struct memory_map *map, uintptr_t *at) {
  uintptr_t entry = *at + (map->step ? 0 : sizeof(uint32_t));
  if (entry + sizeof(struct region) > map->end) return 0;
  uint32_t step = map->step ? map->step : word(*at);
  if (step < sizeof(struct region)) return 0;
  *at = entry + step;
  return (const struct region *)entry;
}

static int holds(const struct region *region, uint64_t address) {
  return address - region->start < region->length;
}

/* How far RAM goes on from an address; the address itself if it is none. What is told twice counts as what it is besides RAM. */
static uint64_t ram_from(const struct memory_map *map, uint64_t address, uint64_t end) {
  uint64_t reached = address;
  uintptr_t at = map->start;
  for (const struct region *region; (region = next_region(map, &at));) {
    if (region->type == RAM && holds(region, address)) reached = region->start + region->length;
  }
  if (reached > end) reached = end;
  at = map->start;
  for (const struct region *region; (region = next_region(map, &at));) {
    if (region->type == RAM || region->length == 0) continue;
    if (holds(region, address)) return address;
    if (region->start > address && region->start < reached) reached = region->start;
  }
  return reached;
}

uint64_t end_of_ram(const struct memory_map *map, uint64_t start, uint64_t end) {
  for (uint64_t reached; start < end; start = reached) {
    reached = ram_from(map, start, end);
    if (reached == start) return start;
  }
  return end;
}
