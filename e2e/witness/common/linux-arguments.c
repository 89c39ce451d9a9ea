/* A kernel entered by one of Linux's boot protocols: boot_params in RSI or ESI. */
#include "witness.h"

void describe_arguments(const struct state *state) {
  describe_boot_params(state->general[4]);
}
