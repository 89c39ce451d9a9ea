#ifndef PURGATORY_COPY_H
#define PURGATORY_COPY_H

#include "console.h"

/* Every range of every copy can be addressed, and none goes to where this program, or the copy's own source, lies; or halts. */
void verify_copies(struct console *console);

/* All copies, in order. */
void copy_memory(void);

#endif
