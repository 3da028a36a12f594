/* hex.h - bytes as they are read in a message: "00034e20". */
#ifndef TESTS_UNIT_HEX_H
#define TESTS_UNIT_HEX_H

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static inline int
hex_digit(char c)
{
    return c <= '9' ? c - '0' : c - 'a' + 10;
}

/* Bytes of lower case digits, spaces between them left out, into out: their number. */
static inline size_t
hex_read(const char *hex, char *out)
{
    size_t count = 0;

    while (*hex != '\0') {
        if (*hex == ' ') {
            hex++;
            continue;
        }
        out[count++] = (char)(hex_digit(hex[0]) << 4 | hex_digit(hex[1]));
        hex += 2;
    }
    return count;
}

/* Into out, which has room for two characters a byte and a NUL byte. */
static inline const char *
hex_write(const char *bytes, size_t count, char *out)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < count; i++) {
        out[2 * i] = digits[(unsigned char)bytes[i] >> 4];
        out[2 * i + 1] = digits[(unsigned char)bytes[i] & 15];
    }
    out[2 * count] = '\0';
    return out;
}

/* A copy in memory of exactly its size, so that the sanitizer sees a read behind its end. */
static inline char *
exact_copy(const char *bytes, size_t count)
{
    char *copy = malloc(count > 0 ? count : 1);

    if (count > 0)
        memcpy(copy, bytes, count);
    return copy;
}

#endif
