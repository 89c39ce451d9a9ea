/* What purgatory does, in order; returns only if the next kernel may be entered. */
#include "console.h"
#include "copy.h"
#include "fault.h"
#include "parameters.h"
#include "pic.h"
#include "record.h"
#include "refuse.h"
#include "verify.h"
#include "vga.h"

#define DEMAND_DIGEST(console, name, start, length, expected) \
  demand_digest(console, name, sizeof(name), start, length, expected)

#define OFFSET_IS(field, offset) \
  _Static_assert(offsetof(struct header, field) == (offset), #field " is not where parameters.h says")
OFFSET_IS(mode, PARAMETERS_MODE);
OFFSET_IS(registers, PARAMETERS_REGISTERS);
OFFSET_IS(entry, PARAMETERS_ENTRY);
OFFSET_IS(last_words, PARAMETERS_LAST_WORDS);
_Static_assert(sizeof(struct header) == 0x100, "the header has another size than parameters.ksy says");
_Static_assert(sizeof(struct region) == 96, "a region has another size than parameters.ksy says");
_Static_assert(sizeof(struct poke) == 32, "a poke has another size than parameters.ksy says");
_Static_assert(sizeof(struct copy) == 32, "a copy has another size than parameters.ksy says");

void refuse_parameters(struct console *console) {
  record_state(console, STATE_REFUSED);
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

/* The last that is written there is written in the next kernel's mode, but for real mode: then in 32-bit mode. */
static int last_words_fit(void) {
  uint64_t end = parameters.mode == MODE_LONG64 ? MEMORY_END : (uint64_t)1 << 32;
  return parameters.last_words % 8 == 0 && parameters.last_words <= end - RECORD_SIZE;
}

static int counts_fit(void) {
  return parameters.region_count <= PARAMETERS_MOST_ENTRIES && parameters.poke_count <= PARAMETERS_MOST_ENTRIES &&
         parameters.copy_count <= PARAMETERS_MOST_ENTRIES;
}

static void demand_known_parameters(struct console *console) {
  uint64_t tables_size = (uint64_t)parameters.region_count * sizeof(struct region) +
                         (uint64_t)parameters.poke_count * sizeof(struct poke) +
                         (uint64_t)parameters.copy_count * sizeof(struct copy);
  if (!equal(parameters.magic, PARAMETERS_MAGIC, sizeof(parameters.magic)) ||
      parameters.version != PARAMETERS_VERSION || parameters.tables_size != tables_size ||
      !counts_fit() || greatest_value() == 0 || !values_fit() || !last_words_fit())
    refuse_parameters(console);
}

/* The last instructions run here in the next kernel's mode: in real mode in one segment, below the video memory. */
static void demand_own_place(struct console *console) {
  uint64_t end = parameters.mode == MODE_REAL16 ? 0xa0000 : greatest_value();
  uint64_t own_end = (uintptr_t)(&parameters + 1);
  if (own_end <= end) return;
  record_state(console, STATE_REFUSED);
  put_text(console, WHO "loaded too high for the mode to enter" NOTHING_ENTERED "  end   ");
  put_address(console, own_end);
  put_text(console, "\n  limit ");
  put_address(console, end);
  put_text(console, "\n");
  halt();
}

static void open_console(struct console *console) {
  if (parameters.console & CONSOLE_SERIAL) console->serial = parameters.serial_port;
  if (console->serial && parameters.serial_divisor) set_serial_speed(console->serial, parameters.serial_divisor);
  console->vga = parameters.console & CONSOLE_VGA;
  console->verbose = parameters.console & CONSOLE_VERBOSE;
}

/* Before anything that the parameter block says is believed, but for where it lies: the linker script knows that. */
static void verify_header(void) {
  /* Where the next kernel's user wants words stands in the block that is doubted here: say it everywhere. */
  struct console everywhere = {.serial = FIRST_SERIAL_PORT};
  record_state(&everywhere, STATE_ENTERED);
  DEMAND_DIGEST(&everywhere, "purgatory.parameters", parameters.magic,
                sizeof(parameters) - sizeof(parameters.sha256), parameters.sha256);
}

/* The first that is done: what follows has something to be said on. */
static void begin(struct console *console, uint64_t entered) {
  open_console(console);
  demand_known_parameters(console);
  record_begin(console, entered);
  if (parameters.jobs & JOB_RESET_VGA) reset_vga();
  if (console->verbose) put_text(console, WHO "entered\n");
  demand_own_place(console);
}

/* All of it before any region is read. */
static void verify_tables(struct console *console) {
  DEMAND_DIGEST(console, "purgatory.parameters.tables", regions(), parameters.tables_size, parameters.tables_sha256);
  const struct region *region = regions();
  for (uint32_t i = 0; i < parameters.region_count; i++, region++)
    demand_range(console, region->name, sizeof(region->name), region->start, region->length);
  const struct poke *poke = pokes();
  for (uint32_t i = 0; i < parameters.poke_count; i++, poke++) {
    if (poke->length > sizeof(poke->bytes)) refuse_parameters(console);
    demand_range(console, "purgatory.poke", sizeof("purgatory.poke"), poke->at, poke->length);
  }
  verify_copies(console);
}

static void write_pokes(void) {
  const struct poke *poke = pokes();
  for (uint32_t i = 0; i < parameters.poke_count; i++, poke++) {
    volatile uint8_t *at = (volatile uint8_t *)(uintptr_t)poke->at;
    for (uint32_t j = 0; j < poke->length; j++) at[j] = poke->bytes[j];
  }
}

static void change_memory(struct console *console) {
  struct fault_table faults;
  fault_begin(&faults, console);
  copy_memory();
  write_pokes();
  fault_end(&faults);
}

/* Success is quiet where people look, unless they asked. */
static void tell_success(struct console *console) {
  struct console quiet = {.serial = 0};
  struct console *told = console->verbose ? console : &quiet;
  put_text(told, WHO);
  put_decimal(told, parameters.region_count);
  put_text(told, sha256_method().extensions ? " regions verified with SHA extensions\n" : " regions verified\n");
}

/* Called from entry64.S or entry32.S with a stack and nothing else. */
void purgatory(void) {
  struct console console = {.serial = 0};
  uint64_t entered = time_stamp();
  verify_header();
  begin(&console, entered);
  verify_tables(&console);
  verify_regions(&console);
  record_verified(&console);
  change_memory(&console);
  if (parameters.jobs & JOB_RESET_PIC) reset_pic();
  tell_success(&console);
  /* The other modes have some way to go: leave.S tells of it. */
  if (parameters.mode == MODE_LONG64) record_jump(&console);
}
