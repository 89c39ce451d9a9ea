/* A colour text screen as every VGA has it (IBM VGA Technical Reference, "CRT Controller Registers"). Its state is its own. */
#include "screen.h"
#include "io.h"

#define CRTC 0x3d4
#define START 0x0c
#define CURSOR 0x0e
/* 32 KiB of cells: where the last full screen begins. */
#define LAST_START (0x4000 - SCREEN_CELLS)

/* Of two registers, the upper half first. */
static unsigned read_pair(uint8_t index) {
  out(CRTC, index);
  unsigned high = in(CRTC + 1);
  out(CRTC, (uint8_t)(index + 1));
  return high << 8 | in(CRTC + 1);
}

static void write_pair(uint8_t index, unsigned value) {
  out16(CRTC, (uint16_t)(index | (value & 0xff00)));
  out16(CRTC, (uint16_t)((index + 1) | (value & 0xff) << 8));
}

/* The running kernel scrolls by moving the start; where it would wrap, the screen begins at 0 again. */
static unsigned find_start(void) {
  unsigned start = read_pair(START);
  if (start <= LAST_START) return start;
  write_pair(START, 0);
  return 0;
}

static void scroll(volatile uint16_t *cells) {
  for (unsigned i = 0; i < SCREEN_CELLS - SCREEN_COLUMNS; i++) cells[i] = cells[i + SCREEN_COLUMNS];
  for (unsigned i = SCREEN_CELLS - SCREEN_COLUMNS; i < SCREEN_CELLS; i++) cells[i] = SCREEN_BLANK;
}

void put_screen(char character) {
  unsigned start = find_start();
  unsigned at = read_pair(CURSOR) - start;
  volatile uint16_t *cells = (volatile uint16_t *)SCREEN_MEMORY + start;
  /* A cursor that is out of sight: in the last line. */
  if (at >= SCREEN_CELLS) at = SCREEN_CELLS - SCREEN_COLUMNS;
  if (character == '\n')
    at += SCREEN_COLUMNS - at % SCREEN_COLUMNS;
  else
    cells[at++] = (uint16_t)((SCREEN_BLANK & 0xff00) | (uint8_t)character);
  if (at >= SCREEN_CELLS) {
    scroll(cells);
    at -= SCREEN_COLUMNS;
  }
  write_pair(CURSOR, start + at);
}
