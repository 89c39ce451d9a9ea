/* Verifies what the next kernel consists of and does the pokes; returns only if the next kernel may be entered. */
#include "console.h"
#include "parameters.h"
#include "sha256.h"

#define OFFSET_IS(field, offset) \
  _Static_assert(offsetof(struct header, field) == (offset), #field " is not where parameters.h says")
OFFSET_IS(mode, PARAMETERS_MODE);
OFFSET_IS(registers, PARAMETERS_REGISTERS);
OFFSET_IS(entry, PARAMETERS_ENTRY);
_Static_assert(sizeof(struct header) == 0xf0, "the header has another size than parameters.ksy says");
_Static_assert(sizeof(struct region) == 96, "a region has another size than parameters.ksy says");
_Static_assert(sizeof(struct poke) == 32, "a poke has another size than parameters.ksy says");

#define WHO "kexec-kit purgatory: "
#define NOTHING_ENTERED ", nothing was entered.\n"

/* Where this program's reach ends: what it verifies and writes lies below. */
#define MEMORY_END (UINTPTR_MAX == UINT64_MAX ? UINT64_MAX : (uint64_t)1 << 32)

static _Noreturn void halt(void) {
  for (;;) __asm__ volatile("cli; hlt");
}

static const struct region *regions(void) {
  return (const struct region *)(&parameters + 1);
}

static const struct poke *pokes(void) {
  return (const struct poke *)(regions() + parameters.region_count);
}

static int equal(const void *left, const void *right, size_t size) {
  const uint8_t *a = left, *b = right;
  for (size_t i = 0; i < size; i++) {
    if (a[i] != b[i]) return 0;
  }
  return 1;
}

static void begin_region(struct console *console, const char *name, size_t limit) {
  put_text(console, WHO "region \"");
  put_field(console, name, limit);
}

/* Returns only if the bytes are those that were linked. */
static void demand_digest(struct console *console, const char *name, size_t limit, const void *start,
                          uint64_t length, const uint8_t expected[SHA256_SIZE]) {
  uint8_t found[SHA256_SIZE];
  sha256(start, length, found);
  if (equal(found, expected, SHA256_SIZE)) return;
  begin_region(console, name, limit);
  put_text(console, "\" differs" NOTHING_ENTERED "  expected ");
  put_bytes(console, expected, SHA256_SIZE);
  put_text(console, "\n  found    ");
  put_bytes(console, found, SHA256_SIZE);
  put_text(console, "\n");
  halt();
}

#define DEMAND_DIGEST(console, name, start, length, expected) \
  demand_digest(console, name, sizeof(name), start, length, expected)

static _Noreturn void refuse_parameters(struct console *console) {
  put_text(console, WHO "unknown kind of parameter block" NOTHING_ENTERED);
  halt();
}

/* The greatest value of a register in the mode in which the next kernel is entered; 0 if there is no way to that mode. */
static uint64_t greatest_value(void) {
  if (parameters.mode == MODE_REAL16) return UINT16_MAX;
  if (parameters.mode == MODE_PROTECTED32) return UINT32_MAX;
  return parameters.mode == MODE_LONG64 && MEMORY_END == UINT64_MAX ? UINT64_MAX : 0;
}

/* In real mode the entry is a linear address too: IP is its distance from where CS begins. */
static int values_fit(void) {
  for (unsigned i = 0; i < 16; i++) {
    if (parameters.registers[i] > greatest_value()) return 0;
  }
  uint64_t base = parameters.mode == MODE_REAL16 ? parameters.registers[REGISTER_CS] << 4 : 0;
  return parameters.entry - base <= greatest_value();
}

static void demand_known_parameters(struct console *console) {
  uint64_t tables_size = (uint64_t)parameters.region_count * sizeof(struct region) +
                         (uint64_t)parameters.poke_count * sizeof(struct poke);
  if (!equal(parameters.magic, PARAMETERS_MAGIC, sizeof(parameters.magic)) ||
      parameters.version != PARAMETERS_VERSION || parameters.tables_size != tables_size ||
      greatest_value() == 0 || !values_fit())
    refuse_parameters(console);
}

/* The last instructions run here in the next kernel's mode: in real mode in one segment, below the video memory. */
static void demand_own_place(struct console *console) {
  uint64_t end = parameters.mode == MODE_REAL16 ? 0xa0000 : greatest_value();
  uint64_t own_end = (uintptr_t)(&parameters + 1);
  if (own_end <= end) return;
  put_text(console, WHO "loaded too high for the mode to enter" NOTHING_ENTERED "  end   ");
  put_address(console, own_end);
  put_text(console, "\n  limit ");
  put_address(console, end);
  put_text(console, "\n");
  halt();
}

/* A range that runs past the end of what can be addressed would be read, or written, from address 0 on. */
static void demand_range(struct console *console, const char *name, size_t limit, uint64_t start, uint64_t length) {
  if (start <= MEMORY_END && length <= MEMORY_END - start) return;
  begin_region(console, name, limit);
  put_text(console, "\" is not a range of memory" NOTHING_ENTERED "  start  ");
  put_address(console, start);
  put_text(console, "\n  length ");
  put_address(console, length);
  put_text(console, "\n");
  halt();
}

/* Before anything that the parameter block says is believed, but for where it lies: the linker script knows that. */
static void verify_parameters(struct console *console) {
  /* Whether the next kernel's user wants serial words stands in the block that is doubted here: say it everywhere. */
  struct console everywhere = {.serial = 1};
  DEMAND_DIGEST(&everywhere, "purgatory.parameters", parameters.magic,
                sizeof(parameters) - sizeof(parameters.sha256), parameters.sha256);
  console->serial = parameters.console & CONSOLE_SERIAL;
  demand_known_parameters(console);
  demand_own_place(console);
  DEMAND_DIGEST(console, "purgatory.parameters.tables", regions(), parameters.tables_size, parameters.tables_sha256);
}

/* All of it before any region is read. */
static void verify_ranges(struct console *console) {
  const struct region *region = regions();
  for (uint32_t i = 0; i < parameters.region_count; i++, region++)
    demand_range(console, region->name, sizeof(region->name), region->start, region->length);
  const struct poke *poke = pokes();
  for (uint32_t i = 0; i < parameters.poke_count; i++, poke++) {
    if (poke->length > sizeof(poke->bytes)) refuse_parameters(console);
    demand_range(console, "purgatory.poke", sizeof("purgatory.poke"), poke->at, poke->length);
  }
}

static void verify_regions(struct console *console) {
  const struct region *region = regions();
  for (uint32_t i = 0; i < parameters.region_count; i++, region++)
    demand_digest(console, region->name, sizeof(region->name), (const void *)(uintptr_t)region->start, region->length,
                  region->sha256);
}

static void write_pokes(void) {
  const struct poke *poke = pokes();
  for (uint32_t i = 0; i < parameters.poke_count; i++, poke++) {
    volatile uint8_t *at = (volatile uint8_t *)(uintptr_t)poke->at;
    for (uint32_t j = 0; j < poke->length; j++) at[j] = poke->bytes[j];
  }
}

/* Called from entry64.S or entry32.S with a stack and nothing else. */
void purgatory(void) {
  struct console console = {.serial = 0};
  verify_parameters(&console);
  verify_ranges(&console);
  verify_regions(&console);
  write_pokes();
  /* Success is quiet where people look. */
  console.serial = 0;
  put_text(&console, WHO);
  put_decimal(&console, parameters.region_count);
  put_text(&console, " regions verified\n");
}
