/* calendar.c - the proleptic Gregorian calendar, for dates and timestamps.
 *
 * The conversions count in eras of 400 years (146097 days, always the same) and in years that
 * begin in March, so that the leap day is a year's last and the months before it have lengths
 * that one line tells: 153 days in each five of them. Method: H. Hinnant, "chrono-Compatible
 * Low-Level Date Algorithms"; PostgreSQL's date2j and j2date do the same with Julian days. No
 * table and no libc: those know a locale and a time zone. */
#include "value/value_int.h"

/* Days since 1970-01-01, and back. year is astronomical: 0 is 1 BC, -1 is 2 BC. */
typedef struct calendar_day {
    int64_t year;
    int32_t month;              /* 1 to 12 */
    int32_t day;                /* 1 to 31 */
} calendar_day;

enum {
    HGI_DAYS_OF_ERA = 146097,
    HGI_DAYS_TO_1970 = 719468   /* from 0000-03-01, where the first era begins */
};

static int
is_leap(int64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int32_t
days_of_month(int64_t year, int32_t month)
{
    if (month == 2)
        return is_leap(year) ? 29 : 28;
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

static int64_t
to_days(const calendar_day *date)
{
    int64_t year = date->month > 2 ? date->year : date->year - 1;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t month = date->month > 2 ? date->month - 3 : date->month + 9;
    int64_t day_of_year = (153 * month + 2) / 5 + date->day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

    return era * HGI_DAYS_OF_ERA + day_of_era - HGI_DAYS_TO_1970;
}

static calendar_day
from_days(int64_t days)
{
    int64_t since = days + HGI_DAYS_TO_1970;
    int64_t era = (since >= 0 ? since : since - (HGI_DAYS_OF_ERA - 1)) / HGI_DAYS_OF_ERA;
    int64_t day_of_era = since - era * HGI_DAYS_OF_ERA;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month = (5 * day_of_year + 2) / 153;
    calendar_day date;

    date.day = (int32_t)(day_of_year - (153 * month + 2) / 5 + 1);
    date.month = (int32_t)(month < 10 ? month + 3 : month - 9);
    date.year = year_of_era + era * 400 + (date.month <= 2);
    return date;
}

int
hgi_calendar_cut_bc(const char *ptr, size_t *len)
{
    if (*len < 3 || memcmp(ptr + *len - 3, " BC", 3) != 0)
        return 0;
    *len -= 3;
    return 1;
}

/* The digits at the beginning of a text, at most 9 of them: their number, and their value in
 * *value. */
static size_t
read_digits(const char *ptr, size_t len, int32_t *value)
{
    size_t at = 0;

    *value = 0;
    while (at < len && at < 9 && ptr[at] >= '0' && ptr[at] <= '9')
        *value = *value * 10 + (ptr[at++] - '0');
    return at;
}

/* "-11" at the beginning of a text. */
static int
read_hyphen_and_two(const char *ptr, size_t len, int32_t *value)
{
    if (len < 3 || ptr[0] != '-')
        return 0;
    return read_digits(ptr + 1, 2, value) == 2;
}

size_t
hgi_calendar_parse(const char *ptr, size_t len, int is_bc, int64_t *days, const char **problem)
{
    calendar_day date;
    int32_t year;
    size_t at = read_digits(ptr, len, &year);

    *problem = "is not written as 2026-11-22";
    if (at < 4 || at > 7 || (at > 4 && ptr[0] == '0'))
        return 0;
    if (!read_hyphen_and_two(ptr + at, len - at, &date.month))
        return 0;
    if (!read_hyphen_and_two(ptr + at + 3, len - at - 3, &date.day))
        return 0;
    *problem = "has a year 0; the one before 1 is 0001 BC";
    if (year == 0)
        return 0;
    *problem = "is a day that the calendar does not have";
    date.year = is_bc ? 1 - year : year;
    if (date.month < 1 || date.month > 12 || date.day < 1)
        return 0;
    if (date.day > days_of_month(date.year, date.month))
        return 0;
    *problem = NULL;
    *days = to_days(&date);
    return at + 6;
}

char *
hgi_calendar_print(char *at, int64_t days, int *is_bc)
{
    calendar_day date = from_days(days);

    *is_bc = date.year <= 0;
    at = hgi_text_digits(at, (uint64_t)(*is_bc ? 1 - date.year : date.year), 4);
    *at++ = '-';
    at = hgi_text_digits(at, (uint64_t)date.month, 2);
    *at++ = '-';
    return hgi_text_digits(at, (uint64_t)date.day, 2);
}
