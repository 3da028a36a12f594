/* json.c - RFC 8259 JSON: the check, without a tree.
 *
 * It reads the text once and calls nothing but itself: what is open, objects and arrays, is a
 * stack of HGI_JSON_DEPTH bytes. It takes what jsonb takes. jsonb's numbers are numerics: at most
 * 131072 digits before the point and 16383 behind it (make_result in the server's numeric.c), so
 * that 1e131072 is legal JSON and no jsonb. */
#include "value/value.h"
#include "value/value_int.h"

enum {
    HGI_JSON_DIGITS_BEFORE = 131072,    /* NUMERIC_WEIGHT_MAX of the server + 1, times 4 */
    HGI_JSON_DIGITS_BEHIND = 16383      /* its NUMERIC_DSCALE_MAX */
};

/* set_var_from_str of the server refuses exponents from here on, even of zero. */
#define HGI_JSON_EXPONENT_END INT64_C(1073741823)

#define ONES  UINT64_C(0x0101010101010101)
#define HIGHS UINT64_C(0x8080808080808080)

static int
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline const char *
skip_space(const char *at, const char *end)
{
    while (at < end && hgi_json_is_space(*at))
        at++;
    return at;
}

const char *
hgi_json_skip_space(const char *at, const char *end)
{
    return skip_space(at, end);
}

int32_t
hgi_json_four_digits(const char *at, const char *end)
{
    int32_t value = 0;

    if (end - at < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        char c = at[i];

        if (is_digit(c))
            value = value * 16 + (c - '0');
        else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
            value = value * 16 + ((c | 0x20) - 'a' + 10);
        else
            return -1;
    }
    return value;
}

/* ---- Strings --------------------------------------------------------------------------------- */

/* Eight bytes, the first of them the lowest. */
static inline uint64_t
load_ascending(const char *at)
{
    uint64_t word;

    memcpy(&word, at, sizeof word);
    return __builtin_bswap64(HGI_NETWORK64(word));
}

/* A bit of HIGHS for each of eight bytes that is a quote, a backslash, a control character or
 * not ASCII; a byte above one of those may be marked too, so that only the lowest one counts. */
static inline uint64_t
special_bytes(uint64_t word)
{
    uint64_t quotes = word ^ ONES * '"';
    uint64_t backslashes = word ^ ONES * '\\';

    return ((word - ONES * ' ') | (quotes - ONES) | (backslashes - ONES) | word) & HIGHS;
}

/* Eight bytes at a time, and one at a time where the text has fewer left. */
static inline const char *
skip_plain(const char *at, const char *end)
{
    for (; end - at >= 8; at += 8) {
        uint64_t special = special_bytes(load_ascending(at));

        if (special != 0)
            return at + __builtin_ctzll(special) / 8;
    }
    while (at < end && *at != '"' && *at != '\\' && (unsigned char)*at >= ' ' &&
           (unsigned char)*at < 0x80)
        at++;
    return at;
}

const char *
hgi_json_skip_plain(const char *at, const char *end)
{
    return skip_plain(at, end);
}

/* \u and its digits, a second one included where the first is half of a pair. *at is on the u. */
static const char *
check_unicode_escape(const char **at, const char *end)
{
    int32_t unit = hgi_json_four_digits(*at + 1, end);

    if (unit < 0)
        return "has a \\u without four hexadecimal digits";
    if (unit == 0)
        return "holds \\u0000, which jsonb cannot";
    *at += 5;
    if (unit < 0xD800 || unit > 0xDFFF)
        return NULL;
    if (unit <= 0xDBFF && end - *at >= 6 && (*at)[0] == '\\' && (*at)[1] == 'u') {
        int32_t low = hgi_json_four_digits(*at + 2, end);

        *at += 6;
        if (low >= 0xDC00 && low <= 0xDFFF)
            return NULL;
    }
    return "holds half of a surrogate pair";
}

/* *at is on the backslash. */
static const char *
check_escape(const char **at, const char *end)
{
    (*at)++;
    if (*at == end)
        return "has a string without end";
    switch (**at) {
    case '"': case '\\': case '/': case 'b': case 'f': case 'n': case 'r': case 't':
        (*at)++;
        return NULL;
    case 'u':
        return check_unicode_escape(at, end);
    default:
        return "has an escape that JSON does not know";
    }
}

/* *at is in a string, at what is not plain, and comes to stand behind the last quote. NULL, or a
 * phrase. */
static const char *
check_rest_of_string(const char **at, const char *end)
{
    for (;; *at = skip_plain(*at, end)) {
        const char *problem;
        size_t size;

        if (*at == end)
            return "has a string without end";
        if (**at == '"') {
            (*at)++;
            return NULL;
        }
        if ((unsigned char)**at < ' ')
            return "has a control character in a string";
        if (**at == '\\') {
            problem = check_escape(at, end);
            if (problem != NULL)
                return problem;
            continue;
        }
        size = hgi_text_sequence(*at, (size_t)(end - *at));
        if (size == 0)
            return "is not UTF-8";
        *at += size;
    }
}

/* The same from the first quote on. Most strings are plain up to the last. Here and below a call is given a copy of *at, so
 * that the loop over the document has it in a register. */
static inline const char *
check_string(const char **at, const char *end)
{
    const char *behind = skip_plain(*at + 1, end), *problem;

    if (behind < end && *behind == '"') {
        *at = behind + 1;
        return NULL;
    }
    problem = check_rest_of_string(&behind, end);
    *at = behind;
    return problem;
}

/* ---- Numbers --------------------------------------------------------------------------------- */

/* What of a number decides whether numeric holds it. */
typedef struct number {
    int64_t before;             /* digits before the point */
    int64_t behind;             /* and behind it */
    int64_t leading;            /* zeros before the first other digit, behind the point too */
    int     is_zero;
    int64_t exponent;
} number;

/* Digits at *at, counted; *leading as above. Their number. */
static int64_t
count_digits(const char **at, const char *end, number *of)
{
    const char *start = *at;

    for (; *at < end && is_digit(**at); (*at)++) {
        if (**at != '0')
            of->is_zero = 0;
        of->leading += of->is_zero;
    }
    return *at - start;
}

/* e+12 at *at. 0: not well formed. The value stops growing where the server has long refused it. */
static int
read_exponent(const char **at, const char *end, number *of)
{
    int is_negative = 0;
    const char *start;

    if (*at == end || (**at | 0x20) != 'e')
        return 1;
    (*at)++;
    if (*at < end && (**at == '+' || **at == '-'))
        is_negative = *(*at)++ == '-';
    for (start = *at; *at < end && is_digit(**at); (*at)++)
        if (of->exponent < HGI_JSON_EXPONENT_END)
            of->exponent = of->exponent * 10 + (**at - '0');
    if (is_negative)
        of->exponent = -of->exponent;
    return *at > start;
}

static int
fits_numeric(const number *of)
{
    if (of->exponent >= HGI_JSON_EXPONENT_END || of->exponent <= -HGI_JSON_EXPONENT_END)
        return 0;
    if (of->behind - of->exponent > HGI_JSON_DIGITS_BEHIND)
        return 0;
    return of->is_zero || of->before - of->leading + of->exponent <= HGI_JSON_DIGITS_BEFORE;
}

/* NULL, or a phrase. */
static const char *
check_number(const char **at, const char *end)
{
    static const char malformed[] = "has a number that JSON does not know";
    number of = { .is_zero = 1 };
    const char *start;

    if (**at == '-')
        (*at)++;
    start = *at;
    of.before = count_digits(at, end, &of);
    if (of.before == 0 || (*start == '0' && of.before > 1))
        return malformed;
    if (*at < end && **at == '.') {
        (*at)++;
        of.behind = count_digits(at, end, &of);
        if (of.behind == 0)
            return malformed;
    }
    if (!read_exponent(at, end, &of))
        return malformed;
    return fits_numeric(&of) ? NULL : "has a number that jsonb cannot hold";
}

/* ---- The document ---------------------------------------------------------------------------- */

/* The first byte that is no white space, and *at on it; 0 at the end, where *at is too. */
static inline char
next_byte(const char **at, const char *end)
{
    for (; *at < end; (*at)++)
        if (!hgi_json_is_space(**at))
            return **at;
    return '\0';
}

/* A word that stands for a value. */
static const char *
check_word(const char **at, const char *end)
{
    static const struct { const char *text; size_t len; } words[] = {
        { "true", 4 }, { "false", 5 }, { "null", 4 },
    };

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if ((size_t)(end - *at) < words[i].len || memcmp(*at, words[i].text, words[i].len) != 0)
            continue;
        *at += words[i].len;
        return NULL;
    }
    return "has something that is no JSON value";
}

/* What stands between a member's name and its value. */
static inline const char *
check_colon(const char **at, const char *end)
{
    if (next_byte(at, end) != ':')
        return "has a member's name without a colon behind it";
    (*at)++;
    return NULL;
}

/* What is open: the byte that closes the innermost object or array, 0 if there is none, and those that close what it is in. */
typedef struct nesting {
    int32_t depth;
    char    closing;
    char    outer[HGI_JSON_DEPTH];
} nesting;

/* Opens what begins at *at, and reads up to its first name or value. *is_empty says that it has none, and *at is on its end. */
static inline const char *
check_opening(const char **at, const char *end, nesting *open, int *is_name, int *is_empty)
{
    if (open->depth == HGI_JSON_DEPTH)
        return "is nested deeper than 128";
    open->outer[open->depth++] = open->closing;
    open->closing = *(*at)++ == '{' ? '}' : ']';
    *is_empty = next_byte(at, end) == open->closing;
    *is_name = open->closing == '}' && !*is_empty;
    return NULL;
}

/* Closes what ends behind a value. Comes to stand at the next name or value, or at the end with nothing open. */
static inline const char *
check_closings(const char **at, const char *end, nesting *open, int *is_name)
{
    char c;

    while ((c = next_byte(at, end)) == open->closing && open->depth > 0) {
        open->closing = open->outer[--open->depth];
        (*at)++;
    }
    if (open->depth == 0)
        return *at == end ? NULL : "has something behind its end";
    if (c != ',')
        return *at == end ? "ends inside an object or array" : "has a value without a comma or an end behind it";
    (*at)++;
    *is_name = open->closing == '}';
    return NULL;
}

/* A number or a word, or nothing. */
static inline const char *
check_other(const char **at, const char *end, int is_first)
{
    const char *behind = *at, *problem;

    if (behind == end)
        return is_first ? "is empty" : "ends where a value should be";
    problem = *behind == '-' || is_digit(*behind) ? check_number(&behind, end) : check_word(&behind, end);
    *at = behind;
    return problem;
}

/* A name is read where a value is, so that the code which most of a document takes is there once. */
const char *
hgi_json_check(const char *ptr, size_t len)
{
    const char *at = len > 0 ? ptr : "", *end = at + len, *problem;
    int is_name = 0;                                     /* whether a member's name comes next */
    nesting open;

    open.depth = 0;
    open.closing = '\0';
    do {
        char c = next_byte(&at, end);
        int is_empty = 0;

        if (c == '"') {
            problem = check_string(&at, end);
            if (is_name && problem == NULL) {
                is_name = 0;
                problem = check_colon(&at, end);
                continue;
            }
        } else if (is_name) {
            problem = "has an object with a member without a name";
        } else if (c == '{' || c == '[') {
            problem = check_opening(&at, end, &open, &is_name, &is_empty);
            if (problem == NULL && !is_empty)
                continue;
        } else {
            problem = check_other(&at, end, open.depth == 0);
        }
        if (problem == NULL)
            problem = check_closings(&at, end, &open, &is_name);
    } while (problem == NULL && open.depth > 0);
    return problem;
}
