/* text.c - text on a terminal. A simple reading of Unicode's widths, enough for names in the world's scripts. */
#include "text.h"

#include <stdio.h>
#include <string.h>

/* The character at p, of UTF-8 that is known to be whole, and its bytes. */
static unsigned
decode(const char *p, int *bytes)
{
    const unsigned char *u = (const unsigned char *)p;
    unsigned c = u[0];

    *bytes = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC0 ? 2 : 1;
    c = *bytes == 4 ? c & 7 : *bytes == 3 ? c & 15 : *bytes == 2 ? c & 31 : c;
    for (int i = 1; i < *bytes; i++)
        c = c << 6 | (u[i] & 63);
    return c;
}

static int
columns_of(unsigned c)
{
    if ((c >= 0x300 && c <= 0x36F) || (c >= 0x591 && c <= 0x5BD) || (c >= 0x64B && c <= 0x65F) ||
        (c >= 0x900 && c <= 0x902) || c == 0x93C || (c >= 0x941 && c <= 0x948) || c == 0x94D ||
        c == 0xE31 || (c >= 0xE34 && c <= 0xE3A) || (c >= 0xE47 && c <= 0xE4E) || c == 0x200D)
        return 0;
    return (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) || (c >= 0xAC00 && c <= 0xD7A3) ||
           (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFF00 && c <= 0xFF60) || (c >= 0x1F300 && c <= 0x3FFFD) ? 2 : 1;
}

int
text_width(const char *text)
{
    int width = 0, bytes;

    for (; *text != '\0'; text += bytes)
        width += columns_of(decode(text, &bytes));
    return width;
}

int
text_put(const char *text, size_t len, int columns)
{
    int bytes;

    for (size_t i = 0; i < len; i += (size_t)bytes) {
        unsigned c = decode(text + i, &bytes);
        int width = columns_of(c);

        if (width > columns)
            break;
        columns -= width;
        if (c < ' ' || (c >= 0x7F && c < 0xA0))
            putchar(' ');
        else
            fwrite(text + i, 1, (size_t)bytes, stdout);
    }
    return columns;
}
