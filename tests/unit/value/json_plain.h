/* json_plain.h - RFC 8259 read byte by byte and by recursion, as slowly and plainly as it reads: what the quick check is held to.
 *
 * It leaves out one thing, how large a number may be: with an exponent of more than three digits a document is not judged. */
#ifndef TESTS_UNIT_VALUE_JSON_PLAIN_H
#define TESTS_UNIT_VALUE_JSON_PLAIN_H

#include <stddef.h>
#include <string.h>

typedef struct plain_json {
    const unsigned char *at, *end;
    int is_unjudged;
} plain_json;

static int plain_value(plain_json *p, int depth);

/* The next byte, -1 at the end. */
static int
plain_next(const plain_json *p)
{
    return p->at < p->end ? *p->at : -1;
}

static int
plain_take(plain_json *p, int byte)
{
    int is_it = plain_next(p) == byte;

    p->at += is_it;
    return is_it;
}

static void
plain_space(plain_json *p)
{
    while (plain_take(p, ' ') || plain_take(p, '\t') || plain_take(p, '\n') || plain_take(p, '\r'))
        ;
}

/* The value of four hexadecimal digits, -1: there are none. */
static long
plain_hex4(plain_json *p)
{
    static const char digits[] = "00112233445566778899aAbBcCdDeEfF";
    long value = 0;

    for (int i = 0; i < 4; i++) {
        const char *digit = plain_next(p) > 0 ? strchr(digits, plain_next(p)) : NULL;

        if (digit == NULL)
            return -1;
        value = value * 16 + (digit - digits) / 2;
        p->at++;
    }
    return value;
}

/* Behind the backslash. */
static int
plain_escape(plain_json *p)
{
    long unit;

    if (!plain_take(p, 'u')) {
        int known = plain_next(p) > 0 && strchr("\"\\/bfnrt", plain_next(p)) != NULL;

        p->at += known;
        return known;
    }
    unit = plain_hex4(p);
    if (unit < 0xD800 || unit > 0xDFFF)
        return unit > 0;
    if (unit > 0xDBFF || !plain_take(p, '\\') || !plain_take(p, 'u'))
        return 0;
    unit = plain_hex4(p);
    return unit >= 0xDC00 && unit <= 0xDFFF;
}

/* One character that is not ASCII: its code point by arithmetic, and whether it had to be so long. */
static int
plain_character(plain_json *p)
{
    static const long least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    int lead = plain_next(p), size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    long code = lead & (0x7F >> size);

    if (lead < 0xC0 || lead > 0xF7 || p->end - p->at < size)
        return 0;
    for (int i = 1; i < size; i++) {
        if ((p->at[i] & 0xC0) != 0x80)
            return 0;
        code = code << 6 | (p->at[i] & 0x3F);
    }
    p->at += size;
    return code >= least[size] && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
}

static int
plain_string(plain_json *p)
{
    if (!plain_take(p, '"'))
        return 0;
    for (;;) {
        int next = plain_next(p);

        if (next < ' ')
            return 0;
        if (plain_take(p, '"'))
            return 1;
        if (plain_take(p, '\\') ? !plain_escape(p) : next >= 0x80 ? !plain_character(p) : (p->at++, 0))
            return 0;
    }
}

static int
plain_digits(plain_json *p)
{
    int count = 0;

    while (plain_next(p) >= '0' && plain_next(p) <= '9') {
        p->at++;
        count++;
    }
    return count;
}

static int
plain_number(plain_json *p)
{
    int count;

    plain_take(p, '-');
    if (!plain_take(p, '0') && plain_digits(p) == 0)
        return 0;
    if (p->at[-1] == '0' && plain_next(p) >= '0' && plain_next(p) <= '9')
        return 0;
    if (plain_take(p, '.') && plain_digits(p) == 0)
        return 0;
    if (!plain_take(p, 'e') && !plain_take(p, 'E'))
        return 1;
    if (!plain_take(p, '+'))
        plain_take(p, '-');
    count = plain_digits(p);
    p->is_unjudged |= count > 3;
    return count > 0;
}

static int
plain_word(plain_json *p, const char *word)
{
    size_t len = strlen(word);

    if ((size_t)(p->end - p->at) < len || memcmp(p->at, word, len) != 0)
        return 0;
    p->at += len;
    return 1;
}

static int
plain_members(plain_json *p, int is_object, int depth)
{
    int close = is_object ? '}' : ']';

    plain_space(p);
    if (plain_take(p, close))
        return 1;
    do {
        plain_space(p);
        if (is_object) {
            if (!plain_string(p))
                return 0;
            plain_space(p);
            if (!plain_take(p, ':'))
                return 0;
        }
        if (!plain_value(p, depth))
            return 0;
        plain_space(p);
    } while (plain_take(p, ','));
    return plain_take(p, close);
}

static int
plain_value(plain_json *p, int depth)
{
    plain_space(p);
    if (plain_next(p) == '"')
        return plain_string(p);
    if (plain_take(p, '{'))
        return depth < 128 && plain_members(p, 1, depth + 1);
    if (plain_take(p, '['))
        return depth < 128 && plain_members(p, 0, depth + 1);
    return plain_word(p, "true") || plain_word(p, "false") || plain_word(p, "null") || plain_number(p);
}

/* 1: it is a document that jsonb takes; 0: it is not; -1: not judged. */
static int
plain_json_check(const char *ptr, size_t len)
{
    plain_json p = { .at = (const unsigned char *)ptr, .end = (const unsigned char *)ptr + len };
    int passes = plain_value(&p, 0);

    plain_space(&p);
    return p.is_unjudged ? -1 : passes && p.at == p.end;
}

#endif
