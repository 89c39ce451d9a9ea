#ifndef PURGATORY_PIC_H
#define PURGATORY_PIC_H

/* The two 8259 interrupt controllers as a PC's BIOS leaves them: what real-mode code that calls the BIOS counts on. */
void reset_pic(void);

#endif
