#include "witness.h"

const char name[24] = WITNESS;
