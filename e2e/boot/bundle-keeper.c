/* What bundle-keeper.S does before it crashes: it takes the bundle out of its module, and keeps it where it was told to. */
#include <stdint.h>

/* 32 or 64: how the bundle is entered. */
uint32_t mode;
/* Of paging. */
uint32_t levels;
/* Where bundle-keeper.S puts it once it can, or 0. */
uint64_t bundle_high;

static void say(const char *text) {
  for (; *text; text++) __asm__ volatile("outb %0, $0xe9" : : "a"(*text));
}

static _Noreturn void refuse(const char *why) {
  say("keeper: ");
  say(why);
  say("\n");
  for (;;) __asm__ volatile("cli; hlt");
}

static uint64_t number(const char **text) {
  uint64_t value = 0;
  while (**text == ' ') ++*text;
  for (; **text > ' '; ++*text) value = value << 4 | (uint64_t)(**text <= '9' ? **text - '0' : **text - 'a' + 10);
  return value;
}

static int equal(const uint8_t *bytes, const char *text) {
  for (; *text; text++, bytes++) {
    if (*bytes != (uint8_t)*text) return 0;
  }
  return 1;
}

/* Multiboot 0.6.96, 3.3: cmdline 0x10, mods_addr 0x18. The last three words of the command line are ours, in hexadecimal. */
uint8_t *keep(const uint32_t *information) {
  const char *text = (const char *)information[4];
  while (*text && *text != '@') text++;
  if (!*text) refuse("no command line");
  text++;
  mode = (uint32_t)number(&text) == 0x32 ? 32 : 64;
  levels = (uint32_t)number(&text);
  uint64_t address = number(&text);

  const uint32_t *module = (const uint32_t *)information[6];
  uint8_t *bundle = (uint8_t *)module[0];
  if (!equal(bundle, "kkbundle")) refuse("that is no bundle");
  uint32_t size = *(const uint32_t *)(bundle + 0x18);
  if (module[1] - module[0] < size) refuse("the bundle is cut off");
  if (!address) return bundle;
  if (address >> 32) {
    bundle_high = address;
    return bundle;
  }
  uint8_t *kept = (uint8_t *)(uint32_t)address;
  for (uint32_t i = 0; i < size; i++) {
    kept[i] = bundle[i];
    bundle[i] = 0xa5;
  }
  return kept;
}
