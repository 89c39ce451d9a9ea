/* The header of a bundle as its program reads it; the same structure as in ../bundle.ksy. */
#ifndef BUNDLE_H
#define BUNDLE_H

/* Offsets that assembler needs; bundle.c asserts that they are the structure's. */
#define HEADER_SIZE 0x68
#define HEADER_TABLES 0x50
#define HEADER_STACK_END 0x58

/* What each boot protocol leaves in EAX; PVH leaves nothing there, so its own way in puts the magic of its structure. */
#define MAGIC_MULTIBOOT 0x2badb002
#define MAGIC_MULTIBOOT2 0x36d76289
#define MAGIC_PVH 0x336ec578
/* Entered by whoever kept the bundle in memory: there is no memory map to ask. */
#define MAGIC_KEPT 0x6b657074

/* Pages of page tables that start64.S takes for the first 4 GiB; page-tables.c takes those behind. */
#define FIRST_TABLES 6

#ifndef __ASSEMBLER__
#include <stddef.h>
#include <stdint.h>

#define BUNDLE_MAGIC "kkbundle"
#define BUNDLE_VERSION 1

/* Offsets count from the header's first byte, which is the bundle's. */
struct segment {
  uint64_t destination;
  uint64_t memory_size;
  uint64_t content;
  uint64_t content_size;
  char name[48];
};

struct stretch {
  uint64_t start;
  uint64_t end;
};

struct header {
  char magic[8];
  uint32_t version;
  uint32_t checksum;
  uint32_t checked_size;
  uint32_t alignment;
  uint64_t size;
  uint32_t mode;
  uint32_t entry32;
  uint32_t entry64;
  uint32_t boot_entry;
  uint64_t entry;
  uint32_t segments;
  uint32_t segment_count;
  uint32_t fresh;
  uint32_t fresh_count;
  uint32_t maps;
  uint32_t map_count;
  uint32_t tables;
  uint32_t tables_size;
  uint32_t stack_end;
  uint32_t told;
  uint32_t told_count;
  uint32_t reserved;
};

static inline const void *at(const struct header *header, uint64_t offset) {
  return (const uint8_t *)header + offset;
}
#endif
#endif
