#ifndef PURGATORY_SCREEN_H
#define PURGATORY_SCREEN_H

#include <stdint.h>

#define SCREEN_COLUMNS 80
#define SCREEN_CELLS (SCREEN_COLUMNS * 25)
/* A blank, grey on black. */
#define SCREEN_BLANK 0x0720
#define SCREEN_MEMORY 0xb8000

/* At the cursor of a VGA text screen, which moves on; at the end of the last line everything moves up. */
void put_screen(char character);

#endif
