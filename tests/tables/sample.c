/* sample.c - see sample.h. */
#include "tables/sample.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { SAMPLES_MAX = 96 };

typedef struct samples {
    sample all[SAMPLES_MAX];
    size_t count;
} samples;

static sample *
add(samples *to, const char *what, const char *text)
{
    sample *s = &to->all[to->count++];

    ck_assert_msg(to->count <= SAMPLES_MAX, "too many samples");
    s->what = what;
    s->text = text;
    return s;
}

static sample *
add_refused(samples *to, const char *what, const char *says)
{
    sample *s = add(to, what, NULL);

    s->says = says;
    return s;
}

/* ---- Text -------------------------------------------------------------------------------------------------------- */

static const struct { const char *what, *text; } odd_texts[] = {
    { "quotes and backslashes",         "it's \"quoted\" \\ twice \\\\ 'so'" },
    { "the word NULL",                  "NULL" },
    { "what looks like an array",       "{a,\"b\",NULL}" },
    { "an injection",                   "'); DROP TABLE users; --" },
    { "formats",                        "%s %n $1 :name ?" },
    { "emoji with joiners",             "\U0001F469\u200D\U0001F469\u200D\U0001F467\U0001F3FD" },
    { "combining marks",                "e\u0301 a\u0308\u0323" },
    { "right to left, with an override", "\u05E9\u05DC\u05D5\u05DD \u0639\u0631\u0628\u064A \u202Eabc\u202C" },
    { "lines, tabs and a bell",         "a\r\n\tb\a\x7f" },
    { "blanks at both ends",            "  x  " },
    { "the last code point",            "\U0010FFFF" },
    { "a byte order mark",              "\uFEFFx" },
};

static const struct { const char *what, *bytes; size_t len; const char *says; } bad_texts[] = {
    { "a byte that is none of UTF-8's",     "a\xff",         2, "UTF-8" },
    { "an overlong form",                   "\xc0\x80",      2, "UTF-8" },
    { "a surrogate",                        "\xed\xa0\x80",  3, "UTF-8" },
    { "beyond the last code point",         "\xf4\x90\x80\x80", 4, "UTF-8" },
    { "a character cut in two",             "x\xe2\x82",     3, "UTF-8" },
    { "Latin-1",                            "M\xfcller",     6, "UTF-8" },
    { "a NUL byte",                         "a\0b",          3, "NUL" },
    { "nothing but a NUL byte",             "\0",            1, "NUL" },
};

static size_t
characters(const char *text)
{
    size_t count = 0;

    for (; *text != '\0'; text++)
        count += (*text & 0xc0) != 0x80;
    return count;
}

/* count times the character. */
static char *
repeated(const char *character, size_t count)
{
    size_t len = strlen(character);
    char *text = fixture_memory(len * count + 1);

    for (size_t i = 0; i < count; i++)
        memcpy(text + i * len, character, len);
    return text;
}

static void
add_text(samples *to, const char *what, const char *text)
{
    add(to, what, text)->value.text = str_of(text);
}

static void
add_texts(samples *to, const hg_column_info *column)
{
    size_t n = (size_t)column->length;

    add_text(to, "the empty text", "");
    add(to, "the empty text without an address", "")->value.text = (hg_str){ NULL, 0 };
    add_text(to, "one character", "x");
    for (size_t i = 0; i < sizeof odd_texts / sizeof *odd_texts; i++)
        if (n == 0 || characters(odd_texts[i].text) <= n)
            add_text(to, odd_texts[i].what, odd_texts[i].text);
    if (n > 0) {
        add_text(to, "longest", repeated("a", n));
        add_text(to, "longest, counted in characters of four bytes", repeated("\U0001F600", n));
        add_refused(to, "longest plus one", "longer")->value.text = str_of(repeated("a", n + 1));
        add_refused(to, "longest plus one of four bytes", "longer")->value.text =
            str_of(repeated("\U0001F600", n + 1));
        /* The SQL standard lets blanks be cut off at the end; here nothing is lost without a word. */
        add_refused(to, "a blank too many", "longer")->value.text = str_of(repeated(" ", n + 1));
    } else {
        add_text(to, "100,000 characters", repeated("\u00e4", 100000));
    }
    for (size_t i = 0; i < sizeof bad_texts / sizeof *bad_texts; i++)
        add_refused(to, bad_texts[i].what, bad_texts[i].says)->value.text =
            (hg_str){ bad_texts[i].bytes, bad_texts[i].len };
    add_refused(to, "a length without text", "no text")->value.text = (hg_str){ NULL, 3 };
}

static void
add_json(samples *to, const char *what, const char *text)
{
    add(to, what, text)->value.text = str_of(text);
}

static void
add_jsons(samples *to)
{
    add_json(to, "an empty object", "{}");
    add_json(to, "an empty array", "[]");
    add_json(to, "JSON's own null", "null");
    add_json(to, "true", "true");
    add_json(to, "a number beyond 2^53", "9007199254740993");
    add_json(to, "numbers with many digits", "[1234567890123456789012345678901234567890.123456789, -0.1e-5, 1e400]");
    add_json(to, "odd text", "\"q \\\" b \\\\ \\u00e9 \\ud83d\\ude00 \xf0\x9f\x98\x80 \\n NULL\"");
    add_json(to, "an odd key, a key twice, an empty key", "{\"a'b\\\"\": 1, \"k\": 1, \"k\": 2, \"\": null}");
    add_json(to, "spaces around", " \t\n[ 1 , 2 ]\r ");
    add_json(to, "128 deep", fixture_text("%s1%s", repeated("[", 128), repeated("]", 128)));
    add_refused(to, "129 deep", NULL)->value.text =
        str_of(fixture_text("%s1%s", repeated("[", 129), repeated("]", 129)));
    add_refused(to, "no text at all", "not JSON")->value.text = (hg_str){ NULL, 0 };
    add_refused(to, "an empty text", NULL)->value.text = str_of("");
    add_refused(to, "what is not JSON", NULL)->value.text = str_of("{'a': 1}");
    add_refused(to, "something behind it", NULL)->value.text = str_of("{} {}");
    add_refused(to, "half a document", NULL)->value.text = str_of("{\"a\": [1, 2");
    add_refused(to, "\\u0000", "u0000")->value.text = str_of("{\"a\": \"x\\u0000y\"}");
    add_refused(to, "half a surrogate pair", NULL)->value.text = str_of("\"\\ud83d\"");
    add_refused(to, "a NUL byte", NULL)->value.text = (hg_str){ "\"a\0\"", 4 };
    add_refused(to, "a text that is not UTF-8", NULL)->value.text = (hg_str){ "\"\xff\"", 3 };
    add_refused(to, "NaN", NULL)->value.text = str_of("NaN");
}

/* ---- Lists ------------------------------------------------------------------------------------------------------- */

static void
add_list(samples *to, const char *what, const char *text, const hg_str *items, const uint8_t *nulls, size_t count)
{
    sample *s = add(to, what, text);
    hg_str *copy = fixture_memory(count * sizeof *copy + 1);

    if (count > 0)
        memcpy(copy, items, count * sizeof *copy);
    s->value.list = (hg_str_list){ copy, nulls, count };
}

static void
add_bad_list(samples *to, const char *what, const char *says, hg_str item, const uint8_t *nulls)
{
    sample *s = add_refused(to, what, says);
    hg_str *items = fixture_memory(2 * sizeof *items);

    items[0] = str_of("a good one");
    items[1] = item;
    s->value.list = (hg_str_list){ items, nulls, 2 };
}

static void
add_lists(samples *to)
{
    static const uint8_t first[] = { 1 }, second[] = { 2 }, both[] = { 3 };
    hg_str many[1000];

    add_list(to, "an empty list", "{}", NULL, NULL, 0);
    add(to, "an empty list without an address", "{}")->value.list = (hg_str_list){ NULL, NULL, 0 };
    add_list(to, "one element", "{x}", (hg_str[]){ { "x", 1 } }, NULL, 1);
    add_list(to, "an empty element", "{\"\"}", (hg_str[]){ { NULL, 0 } }, NULL, 1);
    add_list(to, "a NULL element", "{NULL}", (hg_str[]){ { NULL, 0 } }, first, 1);
    add_list(to, "the word NULL beside a NULL", "{\"NULL\",NULL}", (hg_str[]){ { "NULL", 4 }, { NULL, 0 } }, second, 2);
    add_list(to, "nothing but NULLs", "{NULL,NULL}", (hg_str[]){ { NULL, 0 }, { NULL, 0 } }, both, 2);
    add_list(to, "odd elements", "{\"a,b\",\"{c}\",\"q\\\" \\\\\",\" \",\"\xf0\x9f\x98\x80\",\"it's\"}",
             (hg_str[]){ { "a,b", 3 }, { "{c}", 3 }, { "q\" \\", 4 }, { " ", 1 }, { "\xf0\x9f\x98\x80", 4 },
                         { "it's", 4 } }, NULL, 6);
    for (size_t i = 0; i < 1000; i++)
        many[i] = str_of("x");
    add_list(to, "1000 elements", fixture_text("{%sx}", repeated("x,", 999)), many, NULL, 1000);

    add_bad_list(to, "an element that is not UTF-8", "element 1", (hg_str){ "\xff", 1 }, NULL);
    add_bad_list(to, "an element with a NUL byte", "element 1", (hg_str){ "a\0b", 3 }, NULL);
    add_bad_list(to, "an element with a length and no text", "element 1", (hg_str){ NULL, 3 }, NULL);
    add_bad_list(to, "a NULL element that has a text", "element 1", (hg_str){ "x", 1 }, second);
    add_refused(to, "a count without items", "items")->value.list = (hg_str_list){ NULL, NULL, 3 };
}

/* ---- Numbers ----------------------------------------------------------------------------------------------------- */

static void
add_ints(samples *to)
{
    static const int32_t values[] = { 0, 1, -1, 10, 11, INT32_MAX, INT32_MIN };

    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        add(to, fixture_text("the integer %d", (int)values[i]), fixture_text("%d", (int)values[i]))->value.integer =
            values[i];
}

static void
add_bools(samples *to)
{
    add(to, "false", "false")->value.integer = 0;
    add(to, "true", "true")->value.integer = 1;
    add_refused(to, "2", "neither 0 nor 1")->value.integer = 2;
    add_refused(to, "-1", "neither 0 nor 1")->value.integer = -1;
}

static void
add_enums(samples *to, const hg_column_info *column)
{
    for (int32_t i = 0; i < column->value_count; i++)
        add(to, column->values[i], column->values[i])->value.integer = i + 1;
    add_refused(to, "0, which is no value", "none of the column's values")->value.integer = 0;
    add_refused(to, "-1, a value that is not known", "none of the column's values")->value.integer = -1;
    add_refused(to, "one value too many", "none of the column's values")->value.integer = column->value_count + 1;
}

static void
add_decimal(samples *to, const char *what, int64_t unscaled, int32_t scale)
{
    hg_decimal value = { .unscaled = unscaled, .scale = scale };
    char *text = fixture_memory(HG_DECIMAL_TEXT_SIZE);

    ck_ok(hg_decimal_to_text(&value, text, HG_DECIMAL_TEXT_SIZE, &err), err);
    add(to, what, text)->value.decimal = value;
}

static void
add_decimals(samples *to, const hg_column_info *column)
{
    int64_t above = 1;
    int32_t s = column->scale;

    for (int32_t i = 0; i < column->length; i++)
        above *= 10;
    add_decimal(to, "zero", 0, 0);
    add_decimal(to, "the greatest", above - 1, s);
    add_decimal(to, "the least", 1 - above, s);
    add_decimal(to, "the smallest step", 1, s);
    add_decimal(to, "the smallest step below zero", -1, s);
    add_decimal(to, "one, without a fraction", 1, 0);
    add_decimal(to, "one, with zeros beyond the scale", 100000000, 8);
    add(to, "NaN", "NaN")->value.decimal = (hg_decimal){ .kind = HG_DECIMAL_NAN };
    add_refused(to, "the greatest plus one step", "before the point")->value.decimal =
        (hg_decimal){ .unscaled = above, .scale = s };
    add_refused(to, "the least minus one step", "before the point")->value.decimal =
        (hg_decimal){ .unscaled = -above, .scale = s };
    add_refused(to, "a digit too many behind the point", "behind the point")->value.decimal =
        (hg_decimal){ .unscaled = 1, .scale = s + 1 };
    add_refused(to, "the greatest that 64 bits hold", NULL)->value.decimal = (hg_decimal){ .unscaled = INT64_MAX };
    add_refused(to, "the least that 64 bits hold", NULL)->value.decimal = (hg_decimal){ .unscaled = INT64_MIN };
    add_refused(to, "infinity", "infinite")->value.decimal = (hg_decimal){ .kind = HG_DECIMAL_INFINITY };
    add_refused(to, "-infinity", "infinite")->value.decimal = (hg_decimal){ .kind = HG_DECIMAL_NEGATIVE_INFINITY };
    add_refused(to, "a kind that is none", NULL)->value.decimal = (hg_decimal){ .unscaled = 1, .kind = 4 };
    add_refused(to, "a scale below zero", NULL)->value.decimal = (hg_decimal){ .unscaled = 1, .scale = -1 };
    add_refused(to, "a scale beyond 18", NULL)->value.decimal = (hg_decimal){ .unscaled = 1, .scale = 19 };
    add_refused(to, "NaN with digits", NULL)->value.decimal = (hg_decimal){ .unscaled = 1, .kind = HG_DECIMAL_NAN };
}

/* ---- Times ------------------------------------------------------------------------------------------------------- */

static const struct { const char *what, *text; hg_timestamp micros; } times[] = {
    { "the epoch",                  "1970-01-01 00:00:00",               0 },
    { "a microsecond after it",     "1970-01-01 00:00:00.000001",        1 },
    { "a microsecond before it",    "1969-12-31 23:59:59.999999",        -1 },
    { "a summer's night elsewhere", "2026-03-08 02:30:00",               INT64_C(1772937000000000) },
    { "a leap day",                 "2024-02-29 23:59:59.999999",        INT64_C(1709251199999999) },
    { "the first that there is",    "4714-11-24 00:00:00 BC",            INT64_C(-210866803200000000) },
    { "the last that 64 bits hold", "294247-01-10 04:00:54.775806",      INT64_MAX - 1 },
    { "infinity",                   "infinity",                          INT64_MAX },
    { "-infinity",                  "-infinity",                         INT64_MIN },
};

static const struct { const char *what, *text; hg_date days; } dates[] = {
    { "the epoch",               "1970-01-01",     0 },
    { "the day before it",       "1969-12-31",     -1 },
    { "a leap day",              "2024-02-29",     19782 },
    { "the first that there is", "4714-11-24 BC",  -2440588 },
    { "the last that there is",  "5874897-12-31",  2145042905 },
    { "infinity",                "infinity",       INT32_MAX },
    { "-infinity",               "-infinity",      INT32_MIN },
};

static void
add_times(samples *to)
{
    for (size_t i = 0; i < sizeof times / sizeof *times; i++)
        add(to, times[i].what, times[i].text)->value.time = times[i].micros;
    add_refused(to, "before the first that there is", "outside")->value.time = INT64_C(-210866803200000001);
    add_refused(to, "just above -infinity", "outside")->value.time = INT64_MIN + 1;
}

static void
add_dates(samples *to)
{
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++)
        add(to, dates[i].what, dates[i].text)->value.integer = dates[i].days;
    add_refused(to, "before the first that there is", "outside")->value.integer = -2440589;
    add_refused(to, "after the last that there is", "outside")->value.integer = 2145042906;
    add_refused(to, "just above -infinity", "outside")->value.integer = INT32_MIN + 1;
}

/* ---- Addresses and keys ------------------------------------------------------------------------------------------ */

static void
add_inets(samples *to)
{
    static const char *const texts[] = {
        "192.0.2.7", "192.0.2.0/24", "192.0.2.7/24", "0.0.0.0/0", "255.255.255.255", "::", "::1", "2001:db8::1/64",
        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "::ffff:192.0.2.7",
    };

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        ck_ok(hg_inet_parse(texts[i], strlen(texts[i]), &add(to, texts[i], texts[i])->value.inet, &err), err);
    add_refused(to, "no family", "family")->value.inet = (hg_inet){ .family = 0 };
    add_refused(to, "family 5", "family")->value.inet = (hg_inet){ .family = 5, .prefix = 8 };
    add_refused(to, "a prefix of 33", "prefix")->value.inet = (hg_inet){ .family = 4, .prefix = 33 };
    add_refused(to, "a prefix of 129", "prefix")->value.inet = (hg_inet){ .family = 6, .prefix = 129 };
    add_refused(to, "reserved bytes", "reserved")->value.inet =
        (hg_inet){ .family = 4, .prefix = 32, .reserved = { 0, 1 } };
    add_refused(to, "bytes behind an IPv4 address", "bytes")->value.inet =
        (hg_inet){ .family = 4, .prefix = 32, .bytes = { 1, 2, 3, 4, 5 } };
}

static void
add_uuid(samples *to, const char *what, const hg_uuid *value)
{
    add(to, what, uuid_text(value))->value.uuid = *value;
}

static void
add_uuids(samples *to, int32_t table, int32_t column)
{
    int32_t parent = column > 0 ? fixture_parent(table, column) : -1;
    hg_uuid value;

    if (parent >= 0) {
        value = fixture_insert(parent);
        add_uuid(to, "the key of a row that is there", &value);
        return;
    }
    hg_uuid_new(&value);
    add_uuid(to, "a new key", &value);
    hg_uuid_random(&value);
    add_uuid(to, "a random key", &value);
    memset(&value, 0, sizeof value);
    add_uuid(to, "nothing but zeros", &value);
    memset(&value, 0xff, sizeof value);
    add_uuid(to, "nothing but ones", &value);
}

/* ---- All --------------------------------------------------------------------------------------------------------- */

const sample *
samples_of(int32_t table, int32_t column, size_t *count)
{
    const hg_column_info *info = &hgi_tables[table]->info.columns[column];
    samples *to = fixture_memory(sizeof *to);

    switch (info->kind) {
    case HG_KIND_UUID:      add_uuids(to, table, column); break;
    case HG_KIND_TEXT:      add_texts(to, info); break;
    case HG_KIND_JSON:      add_jsons(to); break;
    case HG_KIND_ENUM:      add_enums(to, info); break;
    case HG_KIND_INT:       add_ints(to); break;
    case HG_KIND_BOOL:      add_bools(to); break;
    case HG_KIND_DECIMAL:   add_decimals(to, info); break;
    case HG_KIND_TIMESTAMP: add_times(to); break;
    case HG_KIND_DATE:      add_dates(to); break;
    case HG_KIND_TEXT_LIST: add_lists(to); break;
    case HG_KIND_INET:      add_inets(to); break;
    default:                ck_abort_msg("no samples of kind %d", info->kind);
    }
    *count = to->count;
    return to->all;
}

static int
strings_equal(const hg_str *a, const hg_str *b)
{
    return a->len == b->len && (a->len == 0 || memcmp(a->ptr, b->ptr, a->len) == 0);
}

static int
is_null_in(const hg_str_list *list, size_t i)
{
    return list->nulls != NULL && (list->nulls[i / 8] >> i % 8 & 1);
}

static int
lists_equal(const hg_str_list *a, const hg_str_list *b)
{
    if (a->count != b->count)
        return 0;
    for (size_t i = 0; i < a->count; i++)
        if (is_null_in(a, i) != is_null_in(b, i) || !strings_equal(&a->items[i], &b->items[i]))
            return 0;
    return 1;
}

int
fields_equal(int32_t kind, const void *a, const void *b)
{
    switch (kind) {
    case HG_KIND_TEXT:
    case HG_KIND_JSON:      return strings_equal(a, b);
    case HG_KIND_DECIMAL:   return hgi_decimal_compare(a, b) == 0;
    case HG_KIND_TEXT_LIST: return lists_equal(a, b);
    case HG_KIND_UUID:      return memcmp(a, b, sizeof(hg_uuid)) == 0;
    case HG_KIND_INET:      return memcmp(a, b, sizeof(hg_inet)) == 0;
    case HG_KIND_TIMESTAMP: return memcmp(a, b, sizeof(hg_timestamp)) == 0;
    default:                return memcmp(a, b, sizeof(int32_t)) == 0;
    }
}

const char *
bare_type(const hg_column_info *column)
{
    switch (column->kind) {
    case HG_KIND_ENUM:
    case HG_KIND_TEXT:      return "text";
    case HG_KIND_DECIMAL:   return "numeric";
    default:                return column->sql_type;
    }
}
