/* json_escape.c - the text of a JSON string, and a text as a JSON string.
 *
 * Out of a string come UTF-8 bytes; into one go the short escapes, \u00XX for other control
 * characters, and everything else as it is. What needs no escape is copied in runs. */
#include "value/value.h"
#include "value/value_int.h"

/* A code point as UTF-8. */
static void
add_code_point(hgi_buffer *out, int32_t c)
{
    if (c < 0x80) {
        hgi_buffer_add_byte(out, (char)c);
        return;
    }
    if (c < 0x800) {
        hgi_buffer_add_byte(out, (char)(0xC0 | c >> 6));
    } else if (c < 0x10000) {
        hgi_buffer_add_byte(out, (char)(0xE0 | c >> 12));
        hgi_buffer_add_byte(out, (char)(0x80 | (c >> 6 & 0x3F)));
    } else {
        hgi_buffer_add_byte(out, (char)(0xF0 | c >> 18));
        hgi_buffer_add_byte(out, (char)(0x80 | (c >> 12 & 0x3F)));
        hgi_buffer_add_byte(out, (char)(0x80 | (c >> 6 & 0x3F)));
    }
    hgi_buffer_add_byte(out, (char)(0x80 | (c & 0x3F)));
}

/* \u and its digits, the second of a pair too; at is on the u. What no check would have passed
 * becomes U+FFFD. */
static const char *
unescape_unicode(const char *at, const char *end, hgi_buffer *out)
{
    int32_t unit = hgi_json_four_digits(at + 1, end);
    int32_t low = -1;

    if (unit < 0) {
        add_code_point(out, 0xFFFD);
        return at + 1;
    }
    at += 5;
    if (unit >= 0xD800 && unit <= 0xDBFF && end - at >= 6 && at[0] == '\\' && at[1] == 'u')
        low = hgi_json_four_digits(at + 2, end);
    if (low >= 0xDC00 && low <= 0xDFFF) {
        add_code_point(out, 0x10000 + (unit - 0xD800) * 0x400 + (low - 0xDC00));
        return at + 6;
    }
    add_code_point(out, unit == 0 || (unit >= 0xD800 && unit <= 0xDFFF) ? 0xFFFD : unit);
    return at;
}

/* One escape; at is behind the backslash and before the end. */
static const char *
unescape_one(const char *at, const char *end, hgi_buffer *out)
{
    switch (*at) {
    case 'u':
        return unescape_unicode(at, end, out);
    case 'b':
        hgi_buffer_add_byte(out, '\b');
        break;
    case 'f':
        hgi_buffer_add_byte(out, '\f');
        break;
    case 'n':
        hgi_buffer_add_byte(out, '\n');
        break;
    case 'r':
        hgi_buffer_add_byte(out, '\r');
        break;
    case 't':
        hgi_buffer_add_byte(out, '\t');
        break;
    default:                    /* quote, backslash and slash stand for themselves */
        hgi_buffer_add_byte(out, *at);
        break;
    }
    return at + 1;
}

void
hgi_json_unescape(const hg_str *value, hgi_buffer *out)
{
    const char *at, *end;

    if (!hgi_json_is_string(value) || value->len < 2)
        return;
    at = value->ptr + 1;
    end = value->ptr + value->len - 1;
    while (at < end) {
        const char *backslash = memchr(at, '\\', (size_t)(end - at));
        const char *run_end = backslash != NULL ? backslash : end;

        hgi_buffer_add(out, at, (size_t)(run_end - at));
        if (backslash == NULL || backslash + 1 == end)
            return;
        at = unescape_one(backslash + 1, end, out);
    }
}

/* The letter of a short escape; 0: the character has none. */
static char
short_escape(char c)
{
    switch (c) {
    case '"':  return '"';
    case '\\': return '\\';
    case '\b': return 'b';
    case '\f': return 'f';
    case '\n': return 'n';
    case '\r': return 'r';
    case '\t': return 't';
    default:   return 0;
    }
}

/* One byte that may not stand in a string as it is: quote, backslash, control character. */
static void
escape_one(char c, hgi_buffer *out)
{
    static const char digits[] = "0123456789abcdef";
    char letter = short_escape(c);

    if (letter != 0) {
        hgi_buffer_add(out, (char[]){ '\\', letter }, 2);
        return;
    }
    hgi_buffer_add(out, "\\u00", 4);
    hgi_buffer_add_byte(out, digits[(unsigned char)c >> 4]);
    hgi_buffer_add_byte(out, digits[(unsigned char)c & 15]);
}

void
hgi_json_escape(const char *ptr, size_t len, hgi_buffer *out)
{
    const char *at = ptr;
    const char *end = len > 0 ? ptr + len : ptr;

    hgi_buffer_add_byte(out, '"');
    while (at < end) {
        const char *run = at;

        at = hgi_json_skip_plain(at, end);
        while (at < end && (unsigned char)*at >= 0x80)      /* UTF-8 stays as it is */
            at = hgi_json_skip_plain(at + 1, end);
        hgi_buffer_add(out, run, (size_t)(at - run));
        if (at < end)
            escape_one(*at++, out);
    }
    hgi_buffer_add_byte(out, '"');
}
