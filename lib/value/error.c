/* error.c - filling the caller's hg_error, and the names of the statuses.
 *
 * The struct is 512 bytes and mostly message. A failing call writes what a reader may look at
 * and not the whole of it: HG_E_NOT_FOUND is an everyday answer, and a memset would cost more
 * than the rest of it. */
#include "value/value.h"
#include "value/value_int.h"

#include <stdarg.h>
#include <stdio.h>

_Static_assert(sizeof(hg_error) == 512, "hg_error is 512 bytes for ever");

/* In the order of HG_OK, HG_E_NOT_FOUND, ... */
static const char *const status_names[] = {
    "HG_OK",         "HG_E_NOT_FOUND", "HG_E_CONFLICT",   "HG_E_CONSTRAINT", "HG_E_DENIED",
    "HG_E_INVALID",  "HG_E_RETRY",     "HG_E_CONNECTION", "HG_E_CANCELLED",  "HG_E_NOMEM",
    "HG_E_SCHEMA",   "HG_E_INTERNAL",  "HG_E_STATE",      "HG_E_IN_DOUBT",
    "HG_E_HELD",
};

_Static_assert(sizeof status_names / sizeof status_names[0] == HG_E_HELD + 1,
               "every status has a name");

/* Everything but the message. */
static void
set_head(hg_error *err, hg_status status, int32_t column)
{
    err->status = status;
    err->column = column;
    err->flags = 0;
    memset(err->sqlstate, 0, sizeof err->sqlstate);
    err->constraint[0] = '\0';
    err->table[0] = '\0';
    memset(err->reserved, 0, sizeof err->reserved);
}

/* A text of len bytes that vsnprintf cut anywhere: the length without the character that was cut
 * in two. */
static size_t
cut_at_character(const char *text, size_t len)
{
    size_t start = len;

    while (start > 0 && len - start < 3 && ((unsigned char)text[start - 1] & 0xC0) == 0x80)
        start--;
    if (start == 0 || (unsigned char)text[start - 1] < 0xC0)
        return len;
    start--;
    return hgi_text_sequence(text + start, len - start) == len - start ? len : start;
}

/* A message is one line: what the server says may have several. */
static void
join_lines(char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < ' ')
            *text = ' ';
}

hg_status
hgi_fail(hg_error *err, hg_status status, int32_t column, const char *format, ...)
{
    va_list args;
    int len;

    if (err == NULL)
        return status;
    set_head(err, status, column);
    va_start(args, format);
    len = vsnprintf(err->message, sizeof err->message, format, args);
    va_end(args);
    if (len < 0)                /* the format is wrong; the status still tells */
        err->message[0] = '\0';
    else if ((size_t)len >= sizeof err->message)
        err->message[cut_at_character(err->message, sizeof err->message - 1)] = '\0';
    join_lines(err->message);
    return status;
}

hg_status
hgi_nomem(hg_error *err)
{
    static const char message[] = "out of memory";

    if (err != NULL) {
        set_head(err, HG_E_NOMEM, -1);
        memcpy(err->message, message, sizeof message);
    }
    return HG_E_NOMEM;
}

hg_status
hgi_ok(hg_error *err)
{
    if (err != NULL)
        err->status = HG_OK;
    return HG_OK;
}

const char *
hg_status_name(hg_status status)
{
    if (status < 0 || (size_t)status >= sizeof status_names / sizeof status_names[0])
        return "HG_E_?";
    return status_names[status];
}
