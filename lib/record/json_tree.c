/* json_tree.c - a JSON column as cJSON's tree.
 *
 * cJSON takes what trails, cuts text at \u0000 and reads a number's first 63 characters only, all
 * without a word. So the text is checked before it is given to cJSON, and what cJSON refuses after
 * that is for want of memory. Its record of the last error is a static that every parse resets;
 * nothing here reads it. */
#include "hotgigs/json.h"

#include "value/value.h"

#include <string.h>

enum { CJSON_NUMBER_MAX = 63 };          /* sizeof number_c_string - 1 in parse_number() of cJSON 1.7 */

static int
is_number_byte(char c)
{
    return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

/* From a string's first quote to behind its last, of a text that is JSON. */
static const char *
skip_string(const char *at)
{
    for (at++; *at != '"'; at++)
        if (*at == '\\')
            at++;
    return at + 1;
}

/* Whether a number is longer than cJSON reads, of a text that is JSON. */
static int
has_long_number(const char *at, const char *end)
{
    while (at < end) {
        const char *start = at;

        if (*at == '"') {
            at = skip_string(at);
            continue;
        }
        while (at < end && is_number_byte(*at))      /* the e of true and false too, which is short */
            at++;
        if (at - start > CJSON_NUMBER_MAX)
            return 1;
        at += at == start;
    }
    return 0;
}

hg_status
hg_json_tree(const hg_json *json, cJSON **out, hg_error *err)
{
    const char *problem;

    if (out == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, "out is NULL");
    *out = NULL;
    if (json == NULL || (json->ptr == NULL && json->len > 0))
        return hgi_fail(err, HG_E_INVALID, -1, "the JSON is NULL");
    problem = hgi_json_check(json->ptr, json->len);
    if (problem != NULL)
        return hgi_fail(err, HG_E_INVALID, -1, "the JSON %s", problem);
    if (has_long_number(json->ptr, json->ptr + json->len))
        return hgi_fail(err, HG_E_INVALID, -1,
                        "the JSON has a number of more than 63 characters, which cJSON cannot read");
    *out = cJSON_ParseWithLength(json->ptr, json->len);
    return *out != NULL ? hgi_ok(err) : hgi_nomem(err);
}
