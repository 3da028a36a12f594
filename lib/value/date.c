/* date.c - dates: text and binary.
 *
 * Binary, as date_send in the server writes it:
 *
 *   0   4   days since 2000-01-01, signed; the lowest is -infinity, the highest infinity
 *
 * The server's days go from 4714-11-24 BC (Julian day 0) to 5874897-12-31, and all of them fit
 * an int32 that counts from 1970 too. */
#include "value/value.h"
#include "value/value_int.h"

enum {
    HGI_DATE_SHIFT = 10957,             /* days from 1970-01-01 to 2000-01-01 */
    HGI_DATE_FIRST = -2440588,          /* 4714-11-24 BC */
    HGI_DATE_LAST = 2145042905          /* 5874897-12-31 */
};

static int
is_infinite(hg_date value)
{
    return value == INT32_MIN || value == INT32_MAX;
}

hgi_decoded
hgi_date_decode(const char *cell, size_t len, hg_date *out)
{
    int32_t days;

    if (len != 4)
        return HGI_MALFORMED;
    days = (int32_t)hgi_get32(cell);
    if (is_infinite(days)) {
        *out = days;
        return HGI_DECODED;
    }
    if (days < HGI_DATE_FIRST - HGI_DATE_SHIFT || days > HGI_DATE_LAST - HGI_DATE_SHIFT)
        return HGI_MALFORMED;
    *out = days + HGI_DATE_SHIFT;
    return HGI_DECODED;
}

hg_status
hgi_date_check(hg_date value)
{
    if (is_infinite(value) || (value >= HGI_DATE_FIRST && value <= HGI_DATE_LAST))
        return HG_OK;
    return HG_E_INVALID;
}

size_t
hgi_date_encode(hg_date value, char *out)
{
    uint32_t days = (uint32_t)value;

    if (!is_infinite(value))
        days -= HGI_DATE_SHIFT;
    hgi_put32(out, days);
    return 4;
}

/* The two that are words. */
static int
parse_infinity(const char *ptr, size_t len, hg_date *out)
{
    if (len == 8 && memcmp(ptr, "infinity", 8) == 0)
        *out = INT32_MAX;
    else if (len == 9 && memcmp(ptr, "-infinity", 9) == 0)
        *out = INT32_MIN;
    else
        return 0;
    return 1;
}

hg_status
hg_date_parse(const char *ptr, size_t len, hg_date *out, hg_error *err)
{
    const char *problem;
    int64_t days;
    int is_bc;
    size_t used;

    *out = 0;
    if (parse_infinity(ptr, len, out))
        return hgi_ok(err);
    is_bc = hgi_calendar_cut_bc(ptr, &len);
    used = hgi_calendar_parse(ptr, len, is_bc, &days, &problem);
    if (used == 0)
        return hgi_fail(err, HG_E_INVALID, -1, "the date %s", problem);
    if (used != len)
        return hgi_fail(err, HG_E_INVALID, -1, "the date has something behind the day");
    if (days < HGI_DATE_FIRST || days > HGI_DATE_LAST)
        return hgi_fail(err, HG_E_INVALID, -1,
                        "the date is outside 4714-11-24 BC to 5874897-12-31");
    *out = (hg_date)days;
    return hgi_ok(err);
}

hg_status
hg_date_to_text(hg_date value, char *buf, size_t size, hg_error *err)
{
    char text[HG_DATE_TEXT_SIZE];
    char *end;
    int is_bc;

    if (value == INT32_MAX)
        return hgi_text_copy_out("infinity", 8, buf, size, err);
    if (value == INT32_MIN)
        return hgi_text_copy_out("-infinity", 9, buf, size, err);
    end = hgi_calendar_print(text, value, &is_bc);
    if (is_bc) {
        memcpy(end, " BC", 3);
        end += 3;
    }
    return hgi_text_copy_out(text, (size_t)(end - text), buf, size, err);
}
