/* A Multiboot kernel: the information in EBX (Multiboot 0.6.96, 3.3). */
#include "witness.h"

#define MOST_MODULES 256
#define MOST_RANGES 1024

struct information {
  uint32_t flags, mem_lower, mem_upper, boot_device, cmdline, mods_count, mods_addr, syms[4];
  uint32_t mmap_length, mmap_addr, drives_length, drives_addr, config_table, boot_loader_name, apm_table;
  uint32_t vbe_control_info, vbe_mode_info;
  uint16_t vbe_mode, vbe_interface_seg, vbe_interface_off, vbe_interface_len;
  uint64_t framebuffer_addr;
  uint32_t framebuffer_pitch, framebuffer_width, framebuffer_height;
  uint8_t framebuffer_bpp, framebuffer_type, color_info[6];
} __attribute__((packed));

struct module {
  uint32_t mod_start, mod_end, string, reserved;
};

struct range {
  uint32_t size;
  uint64_t base_addr, length;
  uint32_t type;
} __attribute__((packed));

static void describe_module(const struct module *module) {
  json_object(NULL);
  json_number("mod_start", module->mod_start);
  json_number("mod_end", module->mod_end);
  describe_digest(module->mod_start, module->mod_end - module->mod_start);
  describe_text("string", module->string);
  json_number("reserved", module->reserved);
  json_object_end();
}

static void describe_modules(const struct information *info) {
  const struct module *module = at_address(info->mods_addr);
  json_array("modules");
  for (uint32_t i = 0; module != NULL && i < info->mods_count && i < MOST_MODULES; i++) describe_module(&module[i]);
  json_array_end();
}

/* size counts what follows it: so entries are walked, as the specification says. */
static void describe_map(const struct information *info) {
  uint32_t at = 0;
  json_array("mmap");
  for (int i = 0; i < MOST_RANGES && at + sizeof(struct range) <= info->mmap_length; i++) {
    const struct range *range = at_address((uint64_t)info->mmap_addr + at);
    json_array(NULL);
    json_number(NULL, range->base_addr);
    json_number(NULL, range->length);
    json_number(NULL, range->type);
    json_array_end();
    at += range->size + sizeof(range->size);
  }
  json_array_end();
  json_number("mmapEnd", at);
}

static void describe_fields(const struct information *info) {
  json_number("flags", info->flags);
  json_number("mem_lower", info->mem_lower);
  json_number("mem_upper", info->mem_upper);
  json_number("boot_device", info->boot_device);
  json_number("mods_count", info->mods_count);
  json_bytes("syms", info->syms, sizeof(info->syms));
  json_number("mmap_length", info->mmap_length);
  json_number("drives_length", info->drives_length);
  json_number("drives_addr", info->drives_addr);
  json_number("config_table", info->config_table);
  json_number("apm_table", info->apm_table);
  json_bytes("vbe", &info->vbe_control_info, 16);
  json_bytes("framebuffer", &info->framebuffer_addr, 28);
}

void describe_arguments(const struct state *state) {
  const struct information *info = at_address(state->general[1]);
  json_object("multiboot");
  json_number("magic", state->general[0]);
  json_number("address", state->general[1]);
  describe_fields(info);
  describe_text("cmdline", info->cmdline);
  describe_text("boot_loader_name", info->boot_loader_name);
  describe_modules(info);
  describe_map(info);
  json_object_end();
}
