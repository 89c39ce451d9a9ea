/* A kernel entered by the PVH entry: hvm_start_info in EBX (Xen, public/arch-x86/hvm/start_info.h). */
#include "witness.h"

#define MOST_MODULES 256
#define MOST_RANGES 1024

struct hvm_start_info {
  uint32_t magic, version, flags, nr_modules;
  uint64_t modlist_paddr, cmdline_paddr, rsdp_paddr;
  /* since version 1 */
  uint64_t memmap_paddr;
  uint32_t memmap_entries, reserved;
};

struct hvm_modlist_entry {
  uint64_t paddr, size, cmdline_paddr, reserved;
};

struct hvm_memmap_table_entry {
  uint64_t addr, size;
  uint32_t type, reserved;
};

static void describe_module(const struct hvm_modlist_entry *module) {
  json_object(NULL);
  json_number("paddr", module->paddr);
  json_number("size", module->size);
  describe_digest(module->paddr, module->size);
  if (module->cmdline_paddr == 0)
    json_null("cmdline");
  else
    describe_text("cmdline", module->cmdline_paddr);
  json_number("reserved", module->reserved);
  json_object_end();
}

static void describe_modules(const struct hvm_start_info *info) {
  const struct hvm_modlist_entry *module = at_address(info->modlist_paddr);
  json_array("modules");
  for (uint32_t i = 0; module != NULL && i < info->nr_modules && i < MOST_MODULES; i++) describe_module(&module[i]);
  json_array_end();
}

static void describe_memory_map(const struct hvm_start_info *info) {
  const struct hvm_memmap_table_entry *entry = at_address(info->memmap_paddr);
  uint32_t count = entry == NULL ? 0 : info->memmap_entries < MOST_RANGES ? info->memmap_entries : MOST_RANGES;
  uint32_t reserved = 0;
  for (uint32_t i = 0; i < count; i++) reserved |= entry[i].reserved;
  describe_e820("memmap", entry, count, sizeof(*entry));
  json_number("memmapReserved", reserved);
}

void describe_arguments(const struct state *state) {
  const struct hvm_start_info *info = at_address(state->general[1]);
  json_object("hvm_start_info");
  json_number("address", state->general[1]);
  json_number("magic", info->magic);
  json_number("version", info->version);
  json_number("flags", info->flags);
  json_number("nr_modules", info->nr_modules);
  json_number("modlist_paddr", info->modlist_paddr);
  json_number("cmdline_paddr", info->cmdline_paddr);
  json_number("rsdp_paddr", info->rsdp_paddr);
  json_number("memmap_paddr", info->memmap_paddr);
  json_number("memmap_entries", info->memmap_entries);
  json_number("reserved", info->reserved);
  if (info->cmdline_paddr != 0) describe_text("cmdline", info->cmdline_paddr);
  describe_modules(info);
  describe_memory_map(info);
  json_object_end();
}
