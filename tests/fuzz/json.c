/* json.c - fuzzes JSON: the check, beside a slow reader's; the walk over what passes and what does not; a text as a
 * string and back. */
#include "require.h"

#include "../unit/value/json_plain.h"
#include "value/value.h"

/* Every part of a document that passes lies inside it, and passes too. */
static void
walk_document(const char *ptr, size_t len, int is_checked, int depth)
{
    hgi_json_walk walk;
    hg_str key, value;

    if (!hgi_json_open(&walk, ptr, len))
        return;
    while (hgi_json_next(&walk, &key, &value)) {
        REQUIRE(value.ptr >= ptr && value.len <= len && value.ptr + value.len <= ptr + len);
        if (is_checked) {
            hgi_buffer text = { 0 };

            REQUIRE(!walk.is_object || hgi_json_is_string(&key));
            REQUIRE(hgi_json_check(value.ptr, value.len) == NULL);
            hgi_json_unescape(&value, &text);
            REQUIRE(hgi_text_check(text.ptr, text.len, NULL) == NULL);
            hgi_buffer_free(&text);
        }
        if (depth < 3)
            walk_document(value.ptr, value.len, is_checked, depth + 1);
    }
}

static void
escape_and_back(const char *ptr, size_t len)
{
    hgi_buffer json = { 0 };
    hgi_buffer back = { 0 };
    hg_str value;

    hgi_json_escape(ptr, len, &json);
    value = (hg_str){ json.ptr, json.len };
    hgi_json_unescape(&value, &back);
    if (hgi_text_check(ptr, len, NULL) == NULL) {
        REQUIRE(hgi_json_check(json.ptr, json.len) == NULL);
        REQUIRE(back.len == len && (len == 0 || memcmp(back.ptr, ptr, len) == 0));
    }
    hgi_buffer_free(&json);
    hgi_buffer_free(&back);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *ptr = (const char *)data;
    hg_str value = { ptr, size };
    hgi_buffer text = { 0 };
    int plain;

    if (size > 4096)
        return 0;
    plain = plain_json_check(ptr, size);
    REQUIRE(plain == -1 || plain == (hgi_json_check(ptr, size) == NULL));
    walk_document(ptr, size, hgi_json_check(ptr, size) == NULL, 0);
    hgi_json_unescape(&value, &text);
    hgi_buffer_free(&text);
    escape_and_back(ptr, size);
    return 0;
}
