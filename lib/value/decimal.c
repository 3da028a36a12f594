/* decimal.c - exact decimal numbers: text and binary.
 *
 * Binary, as numeric_send in the server writes it:
 *
 *   0   2   ndigits: number of digits that follow, each of base 10000
 *   2   2   weight, signed: the first digit counts 10000^weight
 *   4   2   sign: 0x0000 plus, 0x4000 minus, 0xC000 NaN, 0xD000 infinity, 0xF000 -infinity
 *   6   2   dscale: decimal digits behind the point, as declared or written; 32 for the infinities
 *   8   2n  the digits, 0 to 9999, without zeros at the beginning and the end
 *
 *   3.7500   0002 0000 0000 0004 | 0003 1d4c        3 * 10000^0 + 7500 * 10000^-1
 *   0.00     0000 0000 0000 0002 |                  zero has no digits, but keeps dscale
 *
 * An hg_decimal is unscaled / 10^scale with scale = dscale, so that 3.7500 keeps its zeros.
 * Where it does not fit that way (dscale above 18, or too many digits), zeros at the end are
 * given up, as few as possible; where that does not help either, the value is out of range. */
#include "value/value.h"
#include "value/value_int.h"

#include <assert.h>

enum {
    HGI_NUMERIC_HEAD = 8,
    HGI_NUMERIC_MINUS = 0x4000,
    HGI_NUMERIC_NAN = 0xC000,
    HGI_NUMERIC_INFINITY = 0xD000,
    HGI_NUMERIC_NEGATIVE_INFINITY = 0xF000,
    HGI_NUMERIC_INFINITY_DSCALE = 32,
    HGI_NUMERIC_DSCALE_MAX = 0x3FFF,    /* NUMERIC_DSCALE_MASK of the server */
    HGI_DECIMAL_SCALE_MAX = 18,         /* 10^18 is the highest power of ten in an int64 */
    HGI_DECIMAL_GROUPS = 6              /* digits of base 10000 that 19 decimal ones may touch */
};

static const uint64_t powers_of_ten[] = {
    UINT64_C(1), UINT64_C(10), UINT64_C(100), UINT64_C(1000), UINT64_C(10000), UINT64_C(100000),
    UINT64_C(1000000), UINT64_C(10000000), UINT64_C(100000000), UINT64_C(1000000000),
    UINT64_C(10000000000), UINT64_C(100000000000), UINT64_C(1000000000000),
    UINT64_C(10000000000000), UINT64_C(100000000000000), UINT64_C(1000000000000000),
    UINT64_C(10000000000000000), UINT64_C(100000000000000000), UINT64_C(1000000000000000000),
};

/* The head of a cell, and its digits, of which none is above 9999. */
typedef struct numeric {
    const char *digits;
    int32_t     count;
    int32_t     weight;
    int32_t     sign;
    int32_t     dscale;
} numeric;

static int32_t
digit_at(const numeric *in, int32_t i)
{
    return i < in->count ? hgi_get16(in->digits + 2 * i) : 0;
}

/* Reads the head and checks it and the digits: 0 if the server would not write them. */
static int
read_numeric(const char *cell, size_t len, numeric *in)
{
    if (len < HGI_NUMERIC_HEAD)
        return 0;
    in->count = hgi_get16(cell);
    in->weight = (int16_t)hgi_get16(cell + 2);
    in->sign = hgi_get16(cell + 4);
    in->dscale = hgi_get16(cell + 6);
    in->digits = cell + HGI_NUMERIC_HEAD;
    if (len - HGI_NUMERIC_HEAD != (size_t)in->count * 2 || in->dscale > HGI_NUMERIC_DSCALE_MAX)
        return 0;
    for (int32_t i = 0; i < in->count; i++)
        if (digit_at(in, i) > 9999)
            return 0;
    return 1;
}

/* A value without digits to compute: NaN and the infinities. */
static hgi_decoded
decode_special(const numeric *in, hg_decimal *out)
{
    if (in->count != 0)
        return HGI_MALFORMED;
    if (in->sign == HGI_NUMERIC_NAN)
        out->kind = HG_DECIMAL_NAN;
    else if (in->sign == HGI_NUMERIC_INFINITY)
        out->kind = HG_DECIMAL_INFINITY;
    else if (in->sign == HGI_NUMERIC_NEGATIVE_INFINITY)
        out->kind = HG_DECIMAL_NEGATIVE_INFINITY;
    else
        return HGI_MALFORMED;
    return HGI_DECODED;
}

/* The first `keep` decimal digits, 1 to 4, of the four of a digit of base 10000; *rest gets
 * those behind. Divisions by a constant are multiplications, those by a variable cost ten times
 * as much. */
static uint32_t
cut_digit(uint32_t digit, int32_t keep, uint32_t *rest)
{
    switch (keep) {
    case 1:
        *rest = digit % 1000;
        return digit / 1000;
    case 2:
        *rest = digit % 100;
        return digit / 100;
    case 3:
        *rest = digit % 10;
        return digit / 10;
    default:
        *rest = 0;
        return digit;
    }
}

/* Takes acc * factor + digit, 0 if that does not fit. */
static int
append_digits(uint64_t *acc, uint64_t factor, uint32_t digit)
{
    return !__builtin_mul_overflow(*acc, factor, acc) && !__builtin_add_overflow(*acc, digit, acc);
}

/* Whether all digits from i on are zero. */
static int
is_zero_from(const numeric *in, int32_t i)
{
    for (; i < in->count; i++)
        if (digit_at(in, i) != 0)
            return 0;
    return 1;
}

/* The value at scale, without sign. HGI_OUT_OF_RANGE: it does not fit 64 bits. HGI_MALFORMED: it
 * has digits behind scale, which the server never hides. */
static hgi_decoded
compute(const numeric *in, int32_t scale, uint64_t *out)
{
    int32_t behind = (scale + 3) / 4;               /* digits of base 10000 behind the point */
    int32_t total = in->weight + 1 + behind;        /* from the first digit to the last one */
    int32_t keep = scale - 4 * (behind - 1);        /* decimal digits of that last one, 1 to 4 */
    uint64_t acc = 0;
    uint32_t rest;

    if (total <= 0) {
        *out = 0;
        return is_zero_from(in, 0) ? HGI_DECODED : HGI_MALFORMED;
    }
    for (int32_t i = 0; i < total - 1; i++)
        if (!append_digits(&acc, 10000, (uint32_t)digit_at(in, i)))
            return HGI_OUT_OF_RANGE;
    if (!append_digits(&acc, powers_of_ten[keep],
                       cut_digit((uint32_t)digit_at(in, total - 1), keep, &rest)))
        return HGI_OUT_OF_RANGE;
    *out = acc;
    return rest == 0 && is_zero_from(in, total) ? HGI_DECODED : HGI_MALFORMED;
}

/* Whether an int64 holds the number with this sign: one more below zero than above. */
static int
fits_int64(uint64_t magnitude, int is_negative)
{
    return magnitude <= (uint64_t)INT64_MAX + (is_negative ? 1 : 0);
}

/* The smallest scale that shows all digits: where the last decimal digit that is not zero
 * stands. 0 for a number without digits behind the point. */
static int32_t
smallest_scale(const numeric *in)
{
    int32_t last = in->count - 1;
    int32_t scale;
    int32_t digit;

    while (last >= 0 && digit_at(in, last) == 0)
        last--;
    if (last < 0 || last <= in->weight)
        return 0;
    scale = 4 * (last - in->weight);
    for (digit = digit_at(in, last); digit % 10 == 0; digit /= 10)
        scale--;
    return scale;
}

/* The rare way: the number does not fit at its own scale. Begins at the smallest scale, and
 * gives back the zeros that fit. */
static hgi_decoded
compute_shortened(const numeric *in, int32_t *scale, uint64_t *out)
{
    int is_negative = in->sign == HGI_NUMERIC_MINUS;
    int32_t smallest = smallest_scale(in);
    uint64_t more;

    if (smallest > in->dscale)
        return HGI_MALFORMED;
    if (smallest > HGI_DECIMAL_SCALE_MAX || compute(in, smallest, out) != HGI_DECODED ||
        !fits_int64(*out, is_negative))
        return HGI_OUT_OF_RANGE;
    *scale = smallest;
    while (*scale < in->dscale && *scale < HGI_DECIMAL_SCALE_MAX &&
           !__builtin_mul_overflow(*out, UINT64_C(10), &more) && fits_int64(more, is_negative)) {
        *out = more;
        (*scale)++;
    }
    return HGI_DECODED;
}

hgi_decoded
hgi_decimal_decode(const char *cell, size_t len, hg_decimal *out)
{
    numeric in;
    uint64_t magnitude = 0;
    int is_negative;
    hgi_decoded decoded = HGI_OUT_OF_RANGE;
    int32_t scale;

    *out = (hg_decimal){ .kind = HG_DECIMAL_FINITE };
    if (!read_numeric(cell, len, &in))
        return HGI_MALFORMED;
    if (in.sign != 0 && in.sign != HGI_NUMERIC_MINUS)
        return decode_special(&in, out);
    is_negative = in.sign == HGI_NUMERIC_MINUS;
    scale = in.dscale;
    if (scale <= HGI_DECIMAL_SCALE_MAX)
        decoded = compute(&in, scale, &magnitude);
    if (decoded == HGI_OUT_OF_RANGE || !fits_int64(magnitude, is_negative))
        decoded = compute_shortened(&in, &scale, &magnitude);
    if (decoded != HGI_DECODED)
        return decoded;
    out->unscaled = (int64_t)(is_negative ? 0 - magnitude : magnitude);
    out->scale = scale;
    return HGI_DECODED;
}

/* What every hg_decimal must be, whatever its column. */
static const char *
check_shape(const hg_decimal *value)
{
    static const char unscaled_not_zero[] =
        "is not a decimal: unscaled is not zero, but kind is not finite";

    if (value->kind < HG_DECIMAL_FINITE || value->kind > HG_DECIMAL_NEGATIVE_INFINITY)
        return "is not a decimal: kind is none of HG_DECIMAL_*";
    if (value->kind != HG_DECIMAL_FINITE)
        return value->unscaled == 0 ? NULL : unscaled_not_zero;
    if (value->scale < 0 || value->scale > HGI_DECIMAL_SCALE_MAX)
        return "is not a decimal: scale is not 0 to 18";
    return NULL;
}

/* The number without its sign: -INT64_MIN is no int64, but it is a uint64. */
static uint64_t
magnitude_of(int64_t value)
{
    return value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
}

/* Takes the decimal digits of the last group behind the point, 1 to 3 of them if it is not a
 * whole one, off *rest and gives them back filled with zeros to four. */
static uint16_t
take_part(uint64_t *rest, int32_t part)
{
    uint64_t digits;

    switch (part) {
    case 1:
        digits = *rest % 10 * 1000;
        *rest /= 10;
        break;
    case 2:
        digits = *rest % 100 * 100;
        *rest /= 100;
        break;
    default:
        digits = *rest % 1000 * 10;
        *rest /= 1000;
        break;
    }
    return (uint16_t)digits;
}

/* The digits of base 10000, the last first, up to the first that is not zero: their number. */
static int32_t
split(const hg_decimal *value, uint16_t groups[HGI_DECIMAL_GROUPS])
{
    uint64_t rest = magnitude_of(value->unscaled);
    int32_t count = 0;

    if (value->scale % 4 != 0)
        groups[count++] = take_part(&rest, value->scale % 4);
    while (rest > 0) {
        groups[count++] = (uint16_t)(rest % 10000);
        rest /= 10000;
    }
    while (count > 0 && groups[count - 1] == 0)
        count--;
    return count;
}

static size_t
put_head(char *out, int32_t count, int32_t weight, int32_t sign, int32_t dscale)
{
    hgi_put16(out, (uint16_t)count);
    hgi_put16(out + 2, (uint16_t)weight);
    hgi_put16(out + 4, (uint16_t)sign);
    hgi_put16(out + 6, (uint16_t)dscale);
    return HGI_NUMERIC_HEAD;
}

static size_t
encode_finite(const hg_decimal *value, char *out)
{
    uint16_t groups[HGI_DECIMAL_GROUPS];
    int32_t count = split(value, groups);
    int32_t first = 0;                              /* those below are zeros, and not sent */
    int32_t weight = count - 1 - (value->scale + 3) / 4;
    size_t size;

    while (first < count && groups[first] == 0)
        first++;
    if (count == 0)
        return put_head(out, 0, 0, 0, value->scale);
    size = put_head(out, count - first, weight, value->unscaled < 0 ? HGI_NUMERIC_MINUS : 0,
                    value->scale);
    for (int32_t i = count - 1; i >= first; i--) {
        hgi_put16(out + size, groups[i]);
        size += 2;
    }
    return size;
}

size_t
hgi_decimal_encode(const hg_decimal *value, char *out)
{
    assert(check_shape(value) == NULL);
    switch (value->kind) {
    case HG_DECIMAL_NAN:
        return put_head(out, 0, 0, HGI_NUMERIC_NAN, 0);
    case HG_DECIMAL_INFINITY:
        return put_head(out, 0, 0, HGI_NUMERIC_INFINITY, HGI_NUMERIC_INFINITY_DSCALE);
    case HG_DECIMAL_NEGATIVE_INFINITY:
        return put_head(out, 0, 0, HGI_NUMERIC_NEGATIVE_INFINITY, HGI_NUMERIC_INFINITY_DSCALE);
    default:
        return encode_finite(value, out);
    }
}

/* Phrases for a limit of 0 to 18 digits: a message needs no memory. */
#define FOR_EACH_LIMIT(phrase)                                                                     \
    phrase("0 digits"), phrase("1 digit"), phrase("2 digits"), phrase("3 digits"),                 \
    phrase("4 digits"), phrase("5 digits"), phrase("6 digits"), phrase("7 digits"),                \
    phrase("8 digits"), phrase("9 digits"), phrase("10 digits"), phrase("11 digits"),              \
    phrase("12 digits"), phrase("13 digits"), phrase("14 digits"), phrase("15 digits"),            \
    phrase("16 digits"), phrase("17 digits"), phrase("18 digits")
#define BEHIND(digits) "has more than " digits " behind the point"
#define BEFORE(digits) "has more than " digits " before the point"

static const char *const too_many_behind[] = { FOR_EACH_LIMIT(BEHIND) };
static const char *const too_many_before[] = { FOR_EACH_LIMIT(BEFORE) };

const char *
hgi_decimal_check(const hg_decimal *value, int32_t precision, int32_t scale)
{
    const char *problem = check_shape(value);
    uint64_t digits = magnitude_of(value->unscaled);
    int32_t behind = value->scale;
    int32_t before = precision - scale;

    assert(precision == 0 || (scale >= 0 && scale <= precision));
    if (problem != NULL || precision == 0 || value->kind == HG_DECIMAL_NAN)
        return problem;
    if (value->kind != HG_DECIMAL_FINITE)
        return "is infinite, which a numeric with a precision cannot hold";
    while (behind > 0 && digits % 10 == 0) {
        digits /= 10;
        behind--;
    }
    if (behind > scale)
        return too_many_behind[scale];
    /* Below 10^before; without its point that is 10^(before + behind), which from 10^19 on is no
     * limit. */
    if (before + behind <= HGI_DECIMAL_SCALE_MAX && digits >= powers_of_ten[before + behind])
        return too_many_before[before];
    return NULL;
}

/* -1, 0 or 1. */
static int
compare_int64(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

/* Whole parts first; then the parts behind the point, which at scale 18 are less than 10^18 and
 * comparable. C's division cuts towards zero, so both parts have the sign of the number. */
static int
compare_finite(const hg_decimal *a, const hg_decimal *b)
{
    int64_t unit_a = (int64_t)powers_of_ten[a->scale];
    int64_t unit_b = (int64_t)powers_of_ten[b->scale];
    int64_t raise_a = (int64_t)powers_of_ten[HGI_DECIMAL_SCALE_MAX - a->scale];
    int64_t raise_b = (int64_t)powers_of_ten[HGI_DECIMAL_SCALE_MAX - b->scale];
    int whole = compare_int64(a->unscaled / unit_a, b->unscaled / unit_b);

    if (whole != 0)
        return whole;
    return compare_int64(a->unscaled % unit_a * raise_a, b->unscaled % unit_b * raise_b);
}

/* -infinity, the finite ones, infinity, NaN. */
static int
rank(const hg_decimal *value)
{
    switch (value->kind) {
    case HG_DECIMAL_NAN:
        return 2;
    case HG_DECIMAL_INFINITY:
        return 1;
    case HG_DECIMAL_NEGATIVE_INFINITY:
        return -1;
    default:
        return 0;
    }
}

int
hgi_decimal_compare(const hg_decimal *a, const hg_decimal *b)
{
    int rank_a = rank(a);
    int rank_b = rank(b);

    assert(check_shape(a) == NULL && check_shape(b) == NULL);
    if (rank_a != 0 || rank_b != 0)
        return (rank_a > rank_b) - (rank_a < rank_b);
    return compare_finite(a, b);
}

/* The three that are words. */
static int
parse_word(const char *ptr, size_t len, hg_decimal *out)
{
    if (len == 3 && memcmp(ptr, "NaN", 3) == 0)
        out->kind = HG_DECIMAL_NAN;
    else if (len == 8 && memcmp(ptr, "Infinity", 8) == 0)
        out->kind = HG_DECIMAL_INFINITY;
    else if (len == 9 && memcmp(ptr, "-Infinity", 9) == 0)
        out->kind = HG_DECIMAL_NEGATIVE_INFINITY;
    else
        return 0;
    return 1;
}

/* Appends the digits at *ptr to *acc: their number; -1: too many for 64 bits. */
static int64_t
read_digits(const char **ptr, const char *end, uint64_t *acc)
{
    const char *start = *ptr;

    for (; *ptr < end && **ptr >= '0' && **ptr <= '9'; (*ptr)++)
        if (!append_digits(acc, 10, (uint32_t)(**ptr - '0')))
            return -1;
    return *ptr - start;
}

hg_status
hg_decimal_parse(const char *ptr, size_t len, hg_decimal *out, hg_error *err)
{
    static const char form[] = "not a decimal number; it is written as -12.50, without exponent";
    static const char range[] =
        "the decimal has more than 18 digits behind the point, or does not fit 64 bits";
    const char *end = len > 0 ? ptr + len : ptr;
    int is_negative = len > 0 && ptr[0] == '-';
    uint64_t acc = 0;
    int64_t count;

    *out = (hg_decimal){ .kind = HG_DECIMAL_FINITE };
    if (parse_word(ptr, len, out))
        return hgi_ok(err);
    if (is_negative)
        ptr++;
    count = read_digits(&ptr, end, &acc);
    if (count <= 0)
        return hgi_fail(err, HG_E_INVALID, -1, "%s", count < 0 ? range : form);
    count = 0;
    if (ptr < end && *ptr == '.') {
        ptr++;
        count = read_digits(&ptr, end, &acc);
        if (count == 0)
            return hgi_fail(err, HG_E_INVALID, -1, "%s", form);
    }
    if (count >= 0 && ptr != end)
        return hgi_fail(err, HG_E_INVALID, -1, "%s", form);
    if (count < 0 || count > HGI_DECIMAL_SCALE_MAX || !fits_int64(acc, is_negative))
        return hgi_fail(err, HG_E_INVALID, -1, "%s", range);
    out->unscaled = (int64_t)(is_negative ? 0 - acc : acc);
    out->scale = (int32_t)count;
    return hgi_ok(err);
}

static const char *
word_of(int32_t kind)
{
    switch (kind) {
    case HG_DECIMAL_NAN:
        return "NaN";
    case HG_DECIMAL_INFINITY:
        return "Infinity";
    case HG_DECIMAL_NEGATIVE_INFINITY:
        return "-Infinity";
    default:
        return NULL;
    }
}

hg_status
hg_decimal_to_text(const hg_decimal *value, char *buf, size_t size, hg_error *err)
{
    const char *problem = check_shape(value);
    const char *word = word_of(value->kind);
    uint64_t digits = magnitude_of(value->unscaled);
    char text[HG_DECIMAL_TEXT_SIZE];
    char *at = text;

    if (problem != NULL) {
        if (size > 0)
            buf[0] = '\0';
        return hgi_fail(err, HG_E_INVALID, -1, "the value %s", problem);
    }
    if (word != NULL)
        return hgi_text_copy_out(word, strlen(word), buf, size, err);
    if (value->unscaled < 0)
        *at++ = '-';
    at = hgi_text_digits(at, digits / powers_of_ten[value->scale], 1);
    if (value->scale > 0) {
        *at++ = '.';
        at = hgi_text_digits(at, digits % powers_of_ten[value->scale], value->scale);
    }
    return hgi_text_copy_out(text, (size_t)(at - text), buf, size, err);
}
