/* value_int.h - what the files of this folder share: digits, the calendar, and the way a text
 * goes out. */
#ifndef HGI_VALUE_INT_H
#define HGI_VALUE_INT_H

#include "value/value.h"

/* ---- text.c ---------------------------------------------------------------------------------- */

/* Bytes of the legal UTF-8 sequence at the beginning of left bytes, 1 to 4; 0: none is there. */
size_t hgi_text_sequence(const char *at, size_t left);

/* Writes value with at least width digits, zeros in front, and gives back the end. At most 20
 * bytes. */
char *hgi_text_digits(char *at, uint64_t value, int32_t width);

/* Copies a text of len bytes and its NUL byte into the caller's buf of size bytes; HG_E_INVALID:
 * it does not fit, and buf is "" if it has any size. */
hg_status hgi_text_copy_out(const char *text, size_t len, char *buf, size_t size, hg_error *err);

/* ---- json.c ---------------------------------------------------------------------------------- */

/* What RFC 8259 calls white space, and the first byte that is none. */
static inline int
hgi_json_is_space(char c)
{
    return c <= ' ' && (c == ' ' || c == '\n' || c == '\r' || c == '\t');
}

const char *hgi_json_skip_space(const char *at, const char *end);

/* The first byte of a string's inside that needs a closer look: a quote, a backslash, a control
 * character, or one that is not ASCII. */
const char *hgi_json_skip_plain(const char *at, const char *end);

/* The value of the four hexadecimal digits of a \u escape; -1: there are none. */
int32_t hgi_json_four_digits(const char *at, const char *end);

/* ---- calendar.c: the Gregorian calendar without beginning, as PostgreSQL has it -------------- */

/* Takes " BC" from the end of a text: 1 if it was there. */
int hgi_calendar_cut_bc(const char *ptr, size_t *len);

/* Reads "2026-11-22" at the beginning of a text: a year of 4 to 7 digits, without a zero in
 * front if it has more than 4. Gives back the bytes read; 0: no date is there, and *problem is a
 * phrase for a message. */
size_t hgi_calendar_parse(const char *ptr, size_t len, int is_bc, int64_t *days,
                          const char **problem);

/* Writes "2026-11-22" and gives back the end. *is_bc: " BC" is to follow at the end of the whole
 * text. */
char *hgi_calendar_print(char *at, int64_t days, int *is_bc);

#endif
