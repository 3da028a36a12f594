/* text.c - UTF-8 and digits.
 *
 * Almost every text is ASCII, which is looked at first; another is read character by character,
 * and in pieces of 64 bytes where there are no accents. */
#include "value/value.h"
#include "value/value_int.h"

static int
is_tail(unsigned char byte)
{
    return (byte & 0xC0) == 0x80;
}

/* Table 3-7 of the Unicode standard, as pg_utf8_islegal in the server has it: the second byte's
 * range is what keeps out overlong forms (E0, F0), surrogates (ED) and what is above U+10FFFF
 * (F4). */
size_t
hgi_text_sequence(const char *at, size_t left)
{
    const unsigned char *s = (const unsigned char *)at;
    unsigned char lowest = 0x80;
    unsigned char highest = 0xBF;

    if (left == 0)
        return 0;
    if (s[0] < 0x80)
        return 1;
    if (s[0] < 0xC2 || s[0] > 0xF4)
        return 0;
    if (s[0] < 0xE0)
        return left >= 2 && is_tail(s[1]) ? 2 : 0;
    if (s[0] == 0xE0)
        lowest = 0xA0;
    else if (s[0] == 0xED)
        highest = 0x9F;
    else if (s[0] == 0xF0)
        lowest = 0x90;
    else if (s[0] == 0xF4)
        highest = 0x8F;
    if (left < 3 || s[1] < lowest || s[1] > highest || !is_tail(s[2]))
        return 0;
    if (s[0] < 0xF0)
        return 3;
    return left >= 4 && is_tail(s[3]) ? 4 : 0;
}

/* Not in line: the check of what is all ASCII would save registers for it. */
__attribute__((noinline)) static const char *
check_characters(const char *ptr, size_t len, size_t *characters)
{
    enum { PIECE = 64 };
    size_t at = 0, count = 0;

    while (at < len) {
        size_t stop, size;

        for (; len - at >= PIECE && hgi_text_is_plain(ptr + at, PIECE); at += PIECE)
            count += PIECE;
        /* Some characters before pieces are tried again: in a text of many accents that would not pay. */
        for (stop = count + 8; at < len && count < stop; at += size, count++) {
            size = hgi_text_sequence(ptr + at, len - at);
            if (size == 0)
                return "is not UTF-8";
            if (ptr[at] == '\0')
                return "holds a NUL byte";
        }
    }
    *characters = count;
    return NULL;
}

const char *
hgi_text_check(const char *ptr, size_t len, size_t *characters)
{
    size_t unasked;

    if (characters == NULL)
        characters = &unasked;
    *characters = len;
    return hgi_text_is_plain(ptr, len) ? NULL : check_characters(ptr, len, characters);
}

size_t
hgi_text_cut(const char *ptr, size_t len, size_t max)
{
    if (len <= max)
        return len;
    while (max > 0 && is_tail((unsigned char)ptr[max]))
        max--;
    return max;
}

char *
hgi_text_digits(char *at, uint64_t value, int32_t width)
{
    char digits[20];
    int32_t count = 0;

    do {
        digits[count++] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    while (width > count) {
        *at++ = '0';
        width--;
    }
    while (count > 0)
        *at++ = digits[--count];
    return at;
}

hg_status
hgi_text_copy_out(const char *text, size_t len, char *buf, size_t size, hg_error *err)
{
    if (size <= len) {
        if (size > 0)
            buf[0] = '\0';
        return hgi_fail(err, HG_E_INVALID, -1,
                        "the text needs %zu bytes, and the memory given has %zu", len + 1, size);
    }
    memcpy(buf, text, len);
    buf[len] = '\0';
    return hgi_ok(err);
}
