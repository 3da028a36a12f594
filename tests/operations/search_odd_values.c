/* search_odd_values.c - see search_odd.h. */
#include "fixture.h"
#include "operations/search_odd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Such as fit a column, so that there are rows with them. */
const char *const odd[ODD] = {
    "", " ", " \t\n ", "'", "''", "it''s", "\"", "\"\"", "\\", "tail\\", "\\\\", "\\'", "%", "_", "100%", "a_b", "%1$s %s %L %I", "$1",
    "&|!():*<->", "a & | b", "!!a", "(a", "a)", "a:*", "'a':*A", "<->", "a <-> b", "a <2> b", "\"un balanced", "un\" balanced\"", "-", "-a",
    "- -", "OR", "or or", "a or", "NOT", "NOT NOT a", "AND OR NOT", "\"\" a", "{", "{a,b}", "{\"a", "NULL", "null", "[]", "true", "E'\\x'",
    "; DROP TABLE jobs --", "/* a", "\303\251t\303\251", "e\314\201te\314\201", "\360\237\230\200", "\304\260stanbul", "i\314\207stanbul",
    "stra\303\237e", "STRASSE", "\341\272\236", "\305\277", "\317\202 \316\243", "\357\273\277bom", "\302\240nbsp\302\240",
    "\342\200\256rtl", "\360\220\200\200", "\364\217\277\277", "\001\037\177", "a@b.example", "http://x.example/a?b=c&d", "C++", ".net", "C#",
    "the", "the of and", "running", "Running runners", "a-b-c", "1e5", "-0", "0x1F", "NaN", "infinity", "2024-02-30",
};

/* A text too long for any column: part count times. */
static const struct { const char *part; int count; } long_ones[] = {
    { "x", 10000 }, { "x", 1000000 }, { "%", 10000 }, { "_%", 5000 }, { "\\", 10001 }, { "'", 10000 }, { "\"", 10001 }, { "\" ", 5001 },
    { "(", 10000 }, { "!", 10000 }, { "- ", 5000 }, { "-a ", 3000 }, { "a or ", 3000 }, { "NOT ", 2000 }, { "\360\237\230\200", 3000 },
    { " ", 1000000 }, { "the ", 20000 }, { "\"a \"", 3000 }, { "word \"", 10000 }, { "a-b", 5000 }, { "x.y/", 250000 },
};
enum { LONG = sizeof long_ones / sizeof *long_ones + 4 };

/* Words of many kinds. */
static char *
many_words(int count, const char *before, const char *between, const char *after)
{
    char *text = fixture_memory((size_t)count * (12 + strlen(between)) + 100), *end = text + sprintf(text, "%s", before);

    for (int i = 0; i < count; i++)
        end += sprintf(end, "w%d%s", i * 7919 % 100003, between);
    strcpy(end, after);
    return text;
}

static const char *
long_one(int i)
{
    int plain = (int)(sizeof long_ones / sizeof *long_ones);
    char *text;

    switch (i - plain) {
    case 0: return many_words(10000, "", " ", "");
    case 1: return many_words(10000, "\"", " ", "\"");
    case 2: return many_words(150000, "", " ", "");
    case 3: return fixture_text("\"a %s b\"", many_words(20000, "", " the ", ""));
    default: break;
    }
    text = fixture_memory(strlen(long_ones[i].part) * (size_t)long_ones[i].count + 1);
    for (int n = 0; n < long_ones[i].count; n++)
        memcpy(text + strlen(long_ones[i].part) * (size_t)n, long_ones[i].part, strlen(long_ones[i].part));
    return text;
}

/* ---- Of a parameter ---------------------------------------------------------------------------------------------------- */

static const char *const numbers[] = { "-2147483648", "-1", "0", "1", "2", "5", "50", "51", "200", "201", "36500", "36501", "2147483647" };
enum { NUMBERS = sizeof numbers / sizeof *numbers };

const char *
array_of(const cJSON *list)
{
    size_t len = 3;
    const cJSON *each;
    char *text, *end;

    cJSON_ArrayForEach(each, list)
        len += cJSON_IsString(each) ? 2 * strlen(each->valuestring) + 3 : 5;
    text = end = fixture_memory(len);
    *end++ = '{';
    cJSON_ArrayForEach(each, list) {
        if (end > text + 1)
            *end++ = ',';
        if (!cJSON_IsString(each)) {
            end += sprintf(end, "NULL");
            continue;
        }
        *end++ = '"';
        for (const char *c = each->valuestring; *c != '\0'; c++) {
            if (*c == '"' || *c == '\\')
                *end++ = '\\';
            *end++ = *c;
        }
        *end++ = '"';
    }
    strcpy(end, "}");
    return text;
}

/* Lists that are not of one name. */
enum { LISTS = 9 };

static cJSON *
odd_list(int i)
{
    cJSON *list = cJSON_CreateArray();
    int count = i < 5 ? 3 : i == 5 ? 10000 : ODD;

    for (int n = 0; n < count && i > 0; n++)
        switch (i) {
        case 1: cJSON_AddItemToArray(list, cJSON_CreateNull()); break;
        case 2: cJSON_AddItemToArray(list, cJSON_CreateString(n == 1 ? "" : "  ")); break;
        case 3: cJSON_AddItemToArray(list, n == 1 ? cJSON_CreateNull() : cJSON_CreateString("c++")); break;
        case 4: cJSON_AddItemToArray(list, cJSON_CreateString(n == 1 ? "contract" : " CONTRACT ")); break;
        case 5: cJSON_AddItemToArray(list, cJSON_CreateString(fixture_text("name %d", n))); break;
        case 6: cJSON_AddItemToArray(list, cJSON_CreateString(odd[n])); break;
        case 7: cJSON_AddItemToArray(list, cJSON_CreateString("c++")); break;
        default: cJSON_AddItemToArray(list, cJSON_CreateString(fixture_text("n%s", odd[n])));
        }
    return list;
}

cJSON *
odd_value(const hg_column_info *param, int i, const char **plainly)
{
    cJSON *value;

    switch (param->kind) {
    case HG_KIND_TEXT_LIST:
        if (i < LISTS)
            value = odd_list(i);
        else if (i < LISTS + ODD + LONG)
            cJSON_AddItemToArray(value = cJSON_CreateArray(), cJSON_CreateString(i < LISTS + ODD ? odd[i - LISTS] : long_one(i - LISTS - ODD)));
        else
            return NULL;
        *plainly = array_of(value);
        return value;
    case HG_KIND_INT:
        if (i >= NUMBERS)
            return NULL;
        *plainly = numbers[i];
        return cJSON_CreateNumber(atof(numbers[i]));
    case HG_KIND_BOOL:
        *plainly = i == 0 ? "false" : "true";
        return i < 2 ? cJSON_CreateBool(i) : NULL;
    case HG_KIND_UUID:
        *plainly = i == 0 ? "00000000-0000-0000-0000-000000000000" : "4a8a08f0-9d37-3737-9564-9038408b5f33";
        return i < 2 ? cJSON_CreateString(*plainly) : NULL;
    case HG_KIND_ENUM:
        *plainly = i < param->value_count ? param->values[i] : NULL;
        return i < param->value_count ? cJSON_CreateString(*plainly) : NULL;
    default:
        if (i >= ODD + LONG)
            return NULL;
        *plainly = i < ODD ? odd[i] : long_one(i - ODD);
        return cJSON_CreateString(*plainly);
    }
}
