#ifndef BUNDLE_PAGE_TABLES_H
#define BUNDLE_PAGE_TABLES_H

#include "bundle.h"

/*
 * Maps onto itself what the header lists and the bundle, and goes over to that: whoever entered in 64-bit mode may have
 * mapped the bundle alone.
 * Writable, executable, supervisor only; as many levels as are in force.
 */
void map_memory(const struct header *header);

#endif
