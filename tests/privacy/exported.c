/* exported.c - see exported.h. */
#include "privacy/exported.h"

#include <stdio.h>
#include <string.h>

#include "value/value.h"

document
document_read(hg_conn *conn, const hg_uuid *user_id, int32_t scope)
{
    document d = { 0 };
    hgi_buffer text = { 0 };
    uint8_t sha256[HG_EXPORT_SHA256_SIZE];
    hg_export *export_;
    const char *ptr;
    size_t len;

    ck_ok(hg_privacy_export_open(conn, user_id, scope, &export_, &err), err);
    for (;;) {
        ck_ok(hg_privacy_export_next(export_, &ptr, &len, &err), err);
        if (ptr == NULL)
            break;
        hgi_buffer_add(&text, ptr, len);
        d.pieces++;
    }
    ck_ok(hg_privacy_export_sha256(export_, sha256, &err), err);
    hg_privacy_export_close(export_);
    for (int i = 0; i < HG_EXPORT_SHA256_SIZE; i++)
        snprintf(d.sha256 + 2 * i, 3, "%02x", sha256[i]);
    d.len = text.len;
    d.text = fixture_memory(text.len + 1);
    memcpy(d.text, text.ptr, text.len + 1);
    hgi_buffer_free(&text);
    return d;
}

cJSON *
document_tree(const document *d)
{
    cJSON *tree = cJSON_Parse(d->text);

    ck_assert_msg(tree != NULL, "the document is no JSON: %.300s", d->text);
    return tree;
}

const cJSON *
document_rows(const cJSON *tree, const char *table)
{
    return cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(tree, "tables"), table);
}
