#ifndef PURGATORY_VGA_H
#define PURGATORY_VGA_H

/* Whatever the VGA showed: now it is in text mode 3 (80 by 25, 16 colours, cells of 9 by 16), with a font, and blank. */
void reset_vga(void);

#endif
