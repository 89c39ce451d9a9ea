/* Intel 8259A data sheet, "Initialization Command Words"; where the two lie and how they are joined: IBM PC/AT Technical Reference. */
#include "pic.h"
#include "io.h"

struct controller {
  uint16_t command, data;
  uint8_t first_vector, cascade, mask;
};

#define EDGE_CASCADED_WITH_ICW4 0x11
#define MODE_8086 0x01

static void reset_controller(const struct controller *pic) {
  out(pic->command, EDGE_CASCADED_WITH_ICW4);
  out(pic->data, pic->first_vector);
  out(pic->data, pic->cascade);
  out(pic->data, MODE_8086);
  out(pic->data, pic->mask);
}

void reset_pic(void) {
  /* Let through: timer, keyboard, the other controller, diskette. The other one hangs on line 2: a bit set here, a number there. */
  static const struct controller first = {0x20, 0x21, 0x08, 1 << 2, 0xb8};
  /* Let through: clock, mouse, coprocessor, first disk. */
  static const struct controller second = {0xa0, 0xa1, 0x70, 2, 0x8e};
  reset_controller(&first);
  reset_controller(&second);
}
