#ifndef PURGATORY_FONT_H
#define PURGATORY_FONT_H

#include <stdint.h>

/* A row of five dots, 0 to 6 from the top; blank for what is not printable ASCII. */
uint8_t font_row(unsigned character, unsigned row);

#endif
