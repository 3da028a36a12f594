/* json_walk.c - the members of a JSON object and the elements of an array, as slices of its
 * text.
 *
 * For texts that have passed hgi_json_check(); of others it gives nonsense, but never reads
 * behind the end. A value that is an object or array itself is skipped by counting brackets
 * outside of strings, once. */
#include "value/value.h"
#include "value/value_int.h"

/* From the first quote to behind the last. */
static const char *
skip_string(const char *at, const char *end)
{
    for (at++; at < end && *at != '"'; at++)
        if (*at == '\\' && at + 1 < end)
            at++;
    return at < end ? at + 1 : end;
}

/* From a value's first byte to behind its last. */
static const char *
skip_value(const char *at, const char *end)
{
    int32_t depth = 0;

    while (at < end) {
        if (*at == '"') {
            at = skip_string(at, end);
            if (depth == 0)
                return at;
            continue;
        }
        if (depth == 0 && (*at == ',' || *at == '}' || *at == ']' || hgi_json_is_space(*at)))
            return at;
        if (*at == '{' || *at == '[')
            depth++;
        else if ((*at == '}' || *at == ']') && --depth == 0)
            return at + 1;
        at++;
    }
    return at;
}

int
hgi_json_open(hgi_json_walk *walk, const char *ptr, size_t len)
{
    const char *end = len > 0 ? ptr + len : ptr;
    const char *at = hgi_json_skip_space(ptr, end);

    *walk = (hgi_json_walk){ .at = end, .end = end };
    if (at == end || (*at != '{' && *at != '['))
        return 0;
    walk->is_object = *at == '{';
    walk->at = at + 1;
    return 1;
}

/* Skips space and one of the given character, if it is there. */
static void
skip_one(hgi_json_walk *walk, char c)
{
    walk->at = hgi_json_skip_space(walk->at, walk->end);
    if (walk->at < walk->end && *walk->at == c)
        walk->at++;
    walk->at = hgi_json_skip_space(walk->at, walk->end);
}

int
hgi_json_next(hgi_json_walk *walk, hg_str *key, hg_str *value)
{
    const char *start;

    *key = (hg_str){ NULL, 0 };
    *value = (hg_str){ NULL, 0 };
    skip_one(walk, ',');
    if (walk->at == walk->end || *walk->at == '}' || *walk->at == ']') {
        walk->at = walk->end;
        return 0;
    }
    start = walk->at;
    if (walk->is_object) {
        walk->at = skip_value(start, walk->end);
        *key = (hg_str){ start, (size_t)(walk->at - start) };
        skip_one(walk, ':');
        start = walk->at;
    }
    walk->at = skip_value(start, walk->end);
    *value = (hg_str){ start, (size_t)(walk->at - start) };
    return 1;
}

int
hgi_json_is_string(const hg_str *value)
{
    return value->len > 0 && value->ptr[0] == '"';
}

int
hgi_json_is_null(const hg_str *value)
{
    return value->len == 4 && memcmp(value->ptr, "null", 4) == 0;
}
