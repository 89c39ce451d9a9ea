/* Text mode 3 by registers (IBM VGA Technical Reference, "Video Subsystem"; FreeVGA): no BIOS is called, none need be there. */
#include "vga.h"
#include <stddef.h>
#include "font.h"
#include "io.h"
#include "screen.h"

#define MISCELLANEOUS 0x3c2
#define SEQUENCER 0x3c4
#define DAC_MASK 0x3c6
#define DAC_WRITE 0x3c8
#define DAC_DATA 0x3c9
#define GRAPHICS 0x3ce
#define CRTC 0x3d4
#define ATTRIBUTE 0x3c0
#define INPUT_STATUS 0x3da

/* Registers at 0x3d4 and 0x3da, 28 MHz, 400 lines, RAM on. */
#define COLOUR_400_LINES 0x67
#define VIDEO_ON 0x20
#define UNPROTECTED 0x0e11

#define FONT_MEMORY 0xa0000
/* A character has 32 bytes in plane 2, of which a cell of 16 lines shows the first half. */
#define GLYPH_STRIDE 32

static const uint8_t sequencer[] = {0x03, 0x00, 0x03, 0x00, 0x02};
static const uint8_t crtc[] = {0x5f, 0x4f, 0x50, 0x82, 0x55, 0x81, 0xbf, 0x1f, 0x00, 0x4f, 0x0d, 0x0e, 0x00,
                               0x00, 0x00, 0x00, 0x9c, 0x8e, 0x8f, 0x28, 0x1f, 0x96, 0xb9, 0xa3, 0xff};
static const uint8_t graphics[] = {0x00, 0x00, 0x00, 0x00, 0x00, 0x10, 0x0e, 0x00, 0xff};
static const uint8_t attribute[] = {0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x14, 0x07, 0x38, 0x39, 0x3a,
                                    0x3b, 0x3c, 0x3d, 0x3e, 0x3f, 0x0c, 0x00, 0x0f, 0x08, 0x00};

static void set(uint16_t port, uint8_t index, uint8_t value) {
  out16(port, (uint16_t)(index | value << 8));
}

static void set_all(uint16_t port, const uint8_t *values, size_t count) {
  for (size_t i = 0; i < count; i++) set(port, (uint8_t)i, values[i]);
}

/* How the CPU's accesses reach the planes, also what makes of written bytes something else. */
static void set_memory_registers(void) {
  set_all(SEQUENCER, sequencer, sizeof(sequencer));
  set_all(GRAPHICS, graphics, sizeof(graphics));
}

static void set_attributes(void) {
  /* The next write is an index. */
  in(INPUT_STATUS);
  for (uint8_t i = 0; i < sizeof(attribute); i++) {
    out(ATTRIBUTE, i);
    out(ATTRIBUTE, attribute[i]);
  }
  out(ATTRIBUTE, VIDEO_ON);
}

/* Of an EGA colour's bits, those at `strong` and three above: two thirds and one third of 63. */
static uint8_t intensity(unsigned colour, unsigned strong) {
  return (uint8_t)((colour >> strong & 1) * 42 + (colour >> (strong + 3) & 1) * 21);
}

static void set_palette(void) {
  out(DAC_MASK, 0xff);
  out(DAC_WRITE, 0);
  for (unsigned colour = 0; colour < 64; colour++) {
    for (unsigned strong = 3; strong-- > 0;) out(DAC_DATA, intensity(colour, strong));
  }
}

/* Lays plane 2 alone, byte by byte, at 0xa0000. Text mode has to be set again afterwards. */
static void show_font_memory(void) {
  set(SEQUENCER, 2, 0x04);
  set(SEQUENCER, 4, 0x07);
  set(GRAPHICS, 4, 0x02);
  set(GRAPHICS, 5, 0x00);
  set(GRAPHICS, 6, 0x04);
}

/* The font's dots are two lines high, with a line above and one below. */
static void load_glyph(unsigned character) {
  volatile uint8_t *lines = (volatile uint8_t *)(FONT_MEMORY + (uintptr_t)character * GLYPH_STRIDE);
  for (unsigned line = 0; line < 16; line++)
    lines[line] = line % 15 == 0 ? 0 : (uint8_t)(font_row(character, (line - 1) / 2) << 2);
}

static void clear(void) {
  volatile uint16_t *cells = (volatile uint16_t *)SCREEN_MEMORY;
  for (unsigned i = 0; i < 0x4000; i++) cells[i] = SCREEN_BLANK;
}

/*
 * The adapter of Bochs and QEMU (PCI 1234:1111) shows no VGA mode while its own registers say otherwise
 * (QEMU, docs/specs/standard-vga.txt). Looked for on the first bus, since others have other registers there.
 */
static void leave_bochs_graphics(void) {
  for (uint32_t device = 0; device < 32; device++) {
    out32(0xcf8, 0x80000000 | device << 11);
    if (in32(0xcfc) != 0x11111234) continue;
    out16(0x1ce, 4);
    out16(0x1cf, 0);
  }
}

void reset_vga(void) {
  leave_bochs_graphics();
  out(MISCELLANEOUS, COLOUR_400_LINES);
  set_memory_registers();
  show_font_memory();
  for (unsigned character = 0; character < 256; character++) load_glyph(character);
  set_memory_registers();
  out16(CRTC, UNPROTECTED);
  set_all(CRTC, crtc, sizeof(crtc));
  set_palette();
  set_attributes();
  clear();
}
