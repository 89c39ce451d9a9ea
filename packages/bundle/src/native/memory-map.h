/* The memory map that a boot loader hands over, by three protocols that all have E820's types. */
#ifndef BUNDLE_MEMORY_MAP_H
#define BUNDLE_MEMORY_MAP_H

#include <stdint.h>

/* Entries one after the other. With `step` 0 each says its own size in front (Multiboot 1). */
struct memory_map {
  uintptr_t start;
  uintptr_t end;
  uint32_t step;
};

/* Whether there is one in what the boot loader told. */
int find_memory_map(uint32_t magic, uint32_t information, struct memory_map *map);

/* The first address of [start, end) that is not RAM; `end` if all of it is. */
uint64_t end_of_ram(const struct memory_map *map, uint64_t start, uint64_t end);

#endif
