/* time.c - timestamps without time zone, which this library reads as UTC: text and binary.
 *
 * Binary, as timestamp_send in the server writes it:
 *
 *   0   8   microseconds since 2000-01-01, signed; the lowest is -infinity, the highest infinity
 *
 * The server's instants go from 4714-11-24 BC (Julian day 0) to the end of 294276. Counted from
 * 1970 the last ones, from 294247-01-10 04:00:54.775807 on, do not fit an int64, whose highest
 * value is infinity: they are legal values that a hg_timestamp cannot hold. */
#include "value/value.h"
#include "value/value_int.h"

#define MICROS_OF_DAY    INT64_C(86400000000)
#define MICROS_OF_SECOND INT64_C(1000000)
#define SHIFT            HGI_TIMESTAMP_SHIFT
#define SERVER_END       INT64_C(9223371331200000000)   /* END_TIMESTAMP: 294277-01-01, exclusive */
#define FIRST            (HGI_TIMESTAMP_FIRST + SHIFT)
#define LAST             (INT64_MAX - 1)

static int
is_infinite(hg_timestamp value)
{
    return value == INT64_MIN || value == INT64_MAX;
}

hgi_decoded
hgi_timestamp_decode_odd(int64_t micros, hg_timestamp *out)
{
    if (is_infinite(micros)) {
        *out = micros;
        return HGI_DECODED;
    }
    return micros > 0 && micros < SERVER_END ? HGI_OUT_OF_RANGE : HGI_MALFORMED;
}

hg_status
hgi_timestamp_check(hg_timestamp value)
{
    return value >= FIRST || value == INT64_MIN ? HG_OK : HG_E_INVALID;
}

size_t
hgi_timestamp_encode(hg_timestamp value, char *out)
{
    uint64_t micros = (uint64_t)value;

    if (!is_infinite(value))
        micros -= (uint64_t)SHIFT;
    hgi_put64(out, micros);
    return 8;
}

/* Two digits at ptr, of which two bytes can be read; -1: something else. */
static int32_t
two_digits(const char *ptr)
{
    if (ptr[0] < '0' || ptr[0] > '9' || ptr[1] < '0' || ptr[1] > '9')
        return -1;
    return (ptr[0] - '0') * 10 + (ptr[1] - '0');
}

/* "10:37:10" at the beginning of a text: 0 if it is not there, or is no time of day. */
static int
read_clock(const char *ptr, size_t len, int64_t *micros)
{
    int32_t hour, minute, second;

    if (len < 8 || ptr[2] != ':' || ptr[5] != ':')
        return 0;
    hour = two_digits(ptr);
    minute = two_digits(ptr + 3);
    second = two_digits(ptr + 6);
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
        return 0;
    *micros = (((int64_t)hour * 60 + minute) * 60 + second) * MICROS_OF_SECOND;
    return 1;
}

/* ".123" at the beginning of a text, 1 to 6 digits. Gives back the bytes read; 0: no point with
 * a digit behind it, and a lone point is left over for the caller to find. */
static size_t
read_fraction(const char *ptr, size_t len, int64_t *micros)
{
    int64_t unit = MICROS_OF_SECOND / 10;
    size_t at = 1;

    *micros = 0;
    if (len < 2 || ptr[0] != '.')
        return 0;
    while (at < len && at <= 6 && ptr[at] >= '0' && ptr[at] <= '9') {
        *micros += (ptr[at++] - '0') * unit;
        unit /= 10;
    }
    return at > 1 ? at : 0;
}

static int
parse_infinity(const char *ptr, size_t len, hg_timestamp *out)
{
    if (len == 8 && memcmp(ptr, "infinity", 8) == 0)
        *out = INT64_MAX;
    else if (len == 9 && memcmp(ptr, "-infinity", 9) == 0)
        *out = INT64_MIN;
    else
        return 0;
    return 1;
}

/* Puts day and time of day together: 0 if the server or an int64 has no such instant. */
static int
join(int64_t days, int64_t micros_of_day, hg_timestamp *out)
{
    int64_t micros;

    if (__builtin_mul_overflow(days, MICROS_OF_DAY, &micros) ||
        __builtin_add_overflow(micros, micros_of_day, &micros) || micros < FIRST || micros > LAST)
        return 0;
    *out = micros;
    return 1;
}

hg_status
hg_timestamp_parse(const char *ptr, size_t len, hg_timestamp *out, hg_error *err)
{
    const char *problem;
    int64_t days, clock, fraction;
    int is_bc;
    size_t at;

    *out = 0;
    if (parse_infinity(ptr, len, out))
        return hgi_ok(err);

    /* The day. */
    is_bc = hgi_calendar_cut_bc(ptr, &len);
    at = hgi_calendar_parse(ptr, len, is_bc, &days, &problem);
    if (at == 0)
        return hgi_fail(err, HG_E_INVALID, -1, "the timestamp's day %s", problem);

    /* T or a space, the time of day, and its fraction. */
    if (at == len || (ptr[at] != 'T' && ptr[at] != ' ') ||
        !read_clock(ptr + at + 1, len - at - 1, &clock))
        return hgi_fail(err, HG_E_INVALID, -1,
                        "the timestamp's time is not written as T10:37:10, or is none of a day's");
    at += 9;
    at += read_fraction(ptr + at, len - at, &fraction);

    /* A Z or nothing: an offset would shift the instant, and to drop it would be a wrong one. */
    if (at < len && ptr[at] == 'Z')
        at++;
    if (at != len)
        return hgi_fail(err, HG_E_INVALID, -1,
                        "the timestamp has more behind the second than 6 digits and a Z; "
                        "give it in UTC");
    if (!join(days, clock + fraction, out))
        return hgi_fail(err, HG_E_INVALID, -1,
                        "the timestamp is outside 4714-11-24 BC to 294247-01-10 04:00:54.775806");
    return hgi_ok(err);
}

/* ".123456" without the zeros at its end; nothing for a whole second. */
static char *
print_fraction(char *at, uint64_t micros)
{
    if (micros == 0)
        return at;
    *at++ = '.';
    at = hgi_text_digits(at, micros, 6);
    while (at[-1] == '0')
        at--;
    return at;
}

static char *
print_clock(char *at, uint64_t micros)
{
    uint64_t second = micros / (uint64_t)MICROS_OF_SECOND;

    at = hgi_text_digits(at, second / 3600, 2);
    *at++ = ':';
    at = hgi_text_digits(at, second / 60 % 60, 2);
    *at++ = ':';
    at = hgi_text_digits(at, second % 60, 2);
    return print_fraction(at, micros % (uint64_t)MICROS_OF_SECOND);
}

hg_status
hg_timestamp_to_text(hg_timestamp value, char *buf, size_t size, hg_error *err)
{
    char text[HG_TIMESTAMP_TEXT_SIZE];
    int64_t days = value / MICROS_OF_DAY;
    int64_t micros = value % MICROS_OF_DAY;
    int is_bc;
    char *at;

    if (value == INT64_MAX)
        return hgi_text_copy_out("infinity", 8, buf, size, err);
    if (value == INT64_MIN)
        return hgi_text_copy_out("-infinity", 9, buf, size, err);
    if (micros < 0) {           /* before 1970 C rounds up to the next day: go back to this one */
        micros += MICROS_OF_DAY;
        days--;
    }
    at = hgi_calendar_print(text, days, &is_bc);
    *at++ = 'T';
    at = print_clock(at, (uint64_t)micros);
    *at++ = 'Z';
    if (is_bc) {
        memcpy(at, " BC", 3);
        at += 3;
    }
    return hgi_text_copy_out(text, (size_t)(at - text), buf, size, err);
}
