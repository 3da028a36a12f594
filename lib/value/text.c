/* text.c - UTF-8 and digits.
 *
 * Almost every text is ASCII, so it is checked 32 and then 8 bytes at a time, and only what is
 * left byte by byte. */
#include "value/value.h"
#include "value/value_int.h"

#define ONES  UINT64_C(0x0101010101010101)
#define HIGHS UINT64_C(0x8080808080808080)

static inline uint64_t
load64(const char *p)
{
    uint64_t word;

    memcpy(&word, p, sizeof word);
    return word;
}

static inline uint64_t
load32(const char *p)
{
    uint32_t word;

    memcpy(&word, p, sizeof word);
    return word;
}

/* A bit of HIGHS is set if one of the eight bytes is not ASCII or is NUL: only a byte of 0
 * borrows from the bit. */
static inline uint64_t
odd_bytes(uint64_t word)
{
    return ((word - ONES) | word) & HIGHS;
}

/* The longest beginning, in whole words, that is ASCII without NUL; all of it, if all is. The last
 * bytes are looked at in a word, or in two halves, that overlaps what has been seen. */
static inline size_t
plain_words(const char *ptr, size_t len)
{
    size_t at = 0;

    while (len - at >= 32) {
        uint64_t odd = odd_bytes(load64(ptr + at)) | odd_bytes(load64(ptr + at + 8)) |
                       odd_bytes(load64(ptr + at + 16)) | odd_bytes(load64(ptr + at + 24));

        if (odd != 0)
            break;
        at += 32;
    }
    while (len - at >= 8) {
        if (odd_bytes(load64(ptr + at)) != 0)
            return at;
        at += 8;
    }
    if (at == len)
        return len;
    if (len >= 8)
        return odd_bytes(load64(ptr + len - 8)) == 0 ? len : at;
    if (len >= 4)
        return odd_bytes(load32(ptr) << 32 | load32(ptr + len - 4)) == 0 ? len : at;
    return at;
}

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

/* From the first byte that is not ASCII, or is NUL, on. Not in line: the check of what is all ASCII would save registers for it. */
__attribute__((noinline)) static const char *
check_rest(const char *ptr, size_t len, size_t at, size_t *characters)
{
    size_t count = at;

    while (at < len) {
        size_t plain, stop = count + 8;

        /* Up to eight characters before words are tried again: in a text of many accents that
         * would not pay. */
        while (at < len && count < stop) {
            size_t size = hgi_text_sequence(ptr + at, len - at);

            if (size == 0)
                return "is not UTF-8";
            if (ptr[at] == '\0')
                return "holds a NUL byte";
            at += size;
            count++;
        }
        plain = plain_words(ptr + at, len - at);
        at += plain;
        count += plain;
    }
    *characters = count;
    return NULL;
}

const char *
hgi_text_check(const char *ptr, size_t len, size_t *characters)
{
    size_t plain = plain_words(ptr, len), unasked;

    if (characters == NULL)
        characters = &unasked;
    *characters = plain;
    return plain == len ? NULL : check_rest(ptr, len, plain, characters);
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
