/* What a bundle's program does, in order; returns only if purgatory may be entered. */
#include "bundle.h"
#include "memory-map.h"
#include "random.h"
#include "say.h"
#ifdef __x86_64__
#include "page-tables.h"
#endif

#define OFFSET_IS(field, offset) \
  _Static_assert(offsetof(struct header, field) == (offset), #field " is not where bundle.h says")
OFFSET_IS(tables, HEADER_TABLES);
OFFSET_IS(stack_end, HEADER_STACK_END);
_Static_assert(sizeof(struct header) == HEADER_SIZE, "the header has another size than bundle.ksy says");
_Static_assert(sizeof(struct segment) == 80, "a segment has another size than bundle.ksy says");

#define NOTHING_CHANGED ", nothing was changed.\n"

/* CRC-32 of ISO 3309, of everything that is believed: header, program and tables; the field itself as if it were 0. */
static uint32_t checksum(const struct header *header) {
  const uint8_t *bytes = (const uint8_t *)header;
  uint32_t sum = ~0u;
  for (uint32_t i = 0; i < header->checked_size; i++) {
    sum ^= i - offsetof(struct header, checksum) < sizeof(header->checksum) ? 0 : bytes[i];
    for (unsigned bit = 0; bit < 8; bit++) sum = sum >> 1 ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum;
}

static void demand_whole(struct words *words, const struct header *header) {
  uint32_t found = header->checked_size <= header->size ? checksum(header) : 0;
  if (found == header->checksum) return;
  say(words, WHO "its own header, program or tables were damaged" NOTHING_CHANGED "  found    ");
  say_address(words, found);
  say(words, "\n  expected ");
  say_address(words, header->checksum);
  say(words, "\n");
  halt();
}

static void say_segment(struct words *words, const struct segment *segment) {
  say_name(words, segment->name, sizeof(segment->name));
  say(words, " at ");
  say_address(words, segment->destination);
  say(words, " to ");
  say_address(words, segment->destination + segment->memory_size);
}

/* Who loads at an address of their own choice may have chosen one that is taken. */
static void demand_own_place(struct words *words, const struct header *header) {
  uint64_t own = (uintptr_t)header;
  if (own & (header->alignment - 1)) {
    say(words, WHO "it was not loaded at a page" NOTHING_CHANGED);
    halt();
  }
  const struct segment *segment = at(header, header->segments);
  for (uint32_t i = 0; i < header->segment_count; i++, segment++) {
    if (own + header->size <= segment->destination) continue;
    if (segment->destination + segment->memory_size <= own) continue;
    say(words, WHO "it was loaded at ");
    say_address(words, own);
    say(words, ", where it has to put ");
    say_segment(words, segment);
    say(words, NOTHING_CHANGED);
    halt();
  }
}

static void find_or_refuse(struct words *words, uint32_t magic, uint32_t information, struct memory_map *map) {
  if (find_memory_map(magic, information, map)) return;
  if (magic == MAGIC_MULTIBOOT || magic == MAGIC_MULTIBOOT2 || magic == MAGIC_PVH) {
    say(words, WHO "the boot loader gave no memory map" NOTHING_CHANGED);
  } else {
    say(words, WHO "entered by none of Multiboot, Multiboot2, PVH: eax is ");
    say_address(words, magic);
    say(words, NOTHING_CHANGED);
  }
  halt();
}

/* Every segment that has no RAM is named before it ends. */
static void demand_ram(struct words *words, const struct header *header, const struct memory_map *map) {
  unsigned missing = 0;
  const struct segment *segment = at(header, header->segments);
  for (uint32_t i = 0; i < header->segment_count; i++, segment++) {
    uint64_t end = segment->destination + segment->memory_size;
    uint64_t reached = end_of_ram(map, segment->destination, end);
    if (reached == end) continue;
    if (!missing++) say(words, WHO "this machine is not the one that it was planned for" NOTHING_CHANGED);
    say(words, "  no RAM at ");
    say_address(words, reached);
    say(words, " for ");
    say_segment(words, segment);
    say(words, "\n");
  }
  if (missing) halt();
}

/* The plan holds the map that the next kernel is told: it was the machine's when the plan was made. */
static void warn_of_other_ram(struct words *words, const struct header *header, const struct memory_map *map) {
  const struct stretch *stretch = at(header, header->told);
  for (uint32_t i = 0; i < header->told_count; i++, stretch++) {
    uint64_t reached = end_of_ram(map, stretch->start, stretch->end);
    if (reached == stretch->end) continue;
    say(words, WHO "warning: the next kernel is told of RAM at ");
    say_address(words, reached);
    say(words, ", where this machine has none.\n");
  }
}

static void copy(uint64_t to, const void *from, uint64_t size) {
  uintptr_t target = (uintptr_t)to, words = (uintptr_t)size / sizeof(uintptr_t);
  uintptr_t rest = (uintptr_t)size % sizeof(uintptr_t);
#ifdef __x86_64__
  __asm__ volatile("rep movsq" : "+D"(target), "+S"(from), "+c"(words) : : "memory");
#else
  __asm__ volatile("rep movsl" : "+D"(target), "+S"(from), "+c"(words) : : "memory");
#endif
  __asm__ volatile("rep movsb" : "+D"(target), "+S"(from), "+c"(rest) : : "memory");
}

static void clear(uint64_t start, uint64_t size) {
  uintptr_t target = (uintptr_t)start, words = (uintptr_t)size / sizeof(uintptr_t);
  uintptr_t rest = (uintptr_t)size % sizeof(uintptr_t);
#ifdef __x86_64__
  __asm__ volatile("rep stosq" : "+D"(target), "+c"(words) : "a"(0) : "memory");
#else
  __asm__ volatile("rep stosl" : "+D"(target), "+c"(words) : "a"(0) : "memory");
#endif
  __asm__ volatile("rep stosb" : "+D"(target), "+c"(rest) : "a"(0) : "memory");
}

/* No destination overlaps the bundle, nor another: the order does not matter. */
static void put_in_place(const struct header *header) {
  const struct segment *segment = at(header, header->segments);
  for (uint32_t i = 0; i < header->segment_count; i++, segment++) {
    copy(segment->destination, at(header, segment->content), segment->content_size);
    clear(segment->destination + segment->content_size, segment->memory_size - segment->content_size);
  }
}

static void fill_fresh(struct words *words, const struct header *header) {
  if (header->fresh_count && !has_random())
    say(words, WHO "this CPU has no RDRAND: what should be random is taken from how its clock jitters\n");
  const struct stretch *stretch = at(header, header->fresh);
  for (uint32_t i = 0; i < header->fresh_count; i++, stretch++)
    fill_random((uint8_t *)(uintptr_t)stretch->start, stretch->end - stretch->start);
}

/* Called from start64.S or start32.S with a stack and nothing else. Returns purgatory's entry. */
uint64_t bundle(const struct header *header, uint32_t magic, uint32_t information) {
  struct words words = {.aloud = 1, .serial = 1};
  struct memory_map map;
  demand_whole(&words, header);
  demand_own_place(&words, header);
  if (magic != MAGIC_KEPT) {
    find_or_refuse(&words, magic, information, &map);
    demand_ram(&words, header, &map);
    warn_of_other_ram(&words, header, &map);
  }
#ifdef __x86_64__
  map_memory(header);
#endif
  put_in_place(header);
  fill_fresh(&words, header);
  /* Success is quiet where people look. */
  words.aloud = 0;
  say(&words, WHO);
  say_decimal(&words, header->segment_count);
  say(&words, " pieces in place\n");
  return header->entry;
}
