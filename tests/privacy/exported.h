/* exported.h - exports as tests read them. */
#ifndef TESTS_PRIVACY_EXPORTED_H
#define TESTS_PRIVACY_EXPORTED_H

#include <cjson/cJSON.h>

#include "fixture.h"
#include "hotgigs/privacy.h"

/* The whole document, read piece by piece, and its sum in hex; the fixture's memory. */
typedef struct document {
    char  *text;
    size_t len;
    int    pieces;
    char   sha256[2 * HG_EXPORT_SHA256_SIZE + 1];
} document;
document document_read(hg_conn *conn, const hg_uuid *user_id, int32_t scope);

/* Its tree, which the test deletes; and the rows of a table in it. */
cJSON *document_tree(const document *d);
const cJSON *document_rows(const cJSON *tree, const char *table);

#endif
