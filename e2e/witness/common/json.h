/* One line of JSON on the first serial port. A name is null inside an array. */
#ifndef WITNESS_JSON_H
#define WITNESS_JSON_H

#include <stddef.h>
#include <stdint.h>

void json_begin(void);
/* Ends the line, says that this was all, and resets the machine. */
_Noreturn void json_end(void);

void json_object(const char *name);
void json_object_end(void);
void json_array(const char *name);
void json_array_end(void);

/* "0x…", as many digits as it takes. */
void json_number(const char *name, uint64_t value);
void json_flag(const char *name, int value);
void json_null(const char *name);
/* Up to a NUL, or to the limit. */
void json_text(const char *name, const char *text, size_t limit);
/* Two hexadecimal digits each. */
void json_bytes(const char *name, const void *bytes, size_t count);

#endif
