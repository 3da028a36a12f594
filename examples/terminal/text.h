/* text.h - text on a terminal: how many columns it takes, and cutting it to so many. */
#ifndef EXAMPLES_TERMINAL_TEXT_H
#define EXAMPLES_TERMINAL_TEXT_H

#include <stddef.h>

/* Columns that a text takes: none for a combining mark, two for a Chinese character. */
int text_width(const char *text);

/* Prints as much of a text as goes into so many columns, without the control characters that a terminal would obey. Gives
 * the columns that are left. */
int text_put(const char *text, size_t len, int columns);

#endif
