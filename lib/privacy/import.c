/* import.c - a portable document back into the tables.
 *
 * The document names its tables and columns, and the descriptors know them: nothing here is written for one. Tables are
 * written in the order of HG_TABLE_*, in which each comes behind those that it refers to. */
#include "hotgigs/privacy.h"

#include <string.h>

#include "hotgigs/tx.h"
#include "record/record_int.h"

/* What of the document counts, as slices of its text. */
typedef struct document_parts {
    hg_str schema, version, scope, tables;
    hg_str *rows;               /* of each table, by its number; ptr NULL: the document has none of it */
} document_parts;

/* ---- Reading ------------------------------------------------------------------------------------------------------------ */

static int
is_text(hg_str given, const char *text)
{
    return given.len == strlen(text) && memcmp(given.ptr, text, given.len) == 0;
}

static hg_status
check_sum(const char *ptr, size_t len, const uint8_t *sha256, hg_error *err)
{
    uint8_t own[HGI_SHA256_SIZE];
    hgi_sha256 sum;

    hgi_sha256_begin(&sum);
    hgi_sha256_add(&sum, ptr, len);
    hgi_sha256_end(&sum, own);
    if (memcmp(own, sha256, sizeof own) != 0)
        return hgi_fail(err, HG_E_INVALID, -1, "the document is not the one that was exported: its SHA-256 is another");
    return HG_OK;
}

/* The table of a member's name, which is in quotes. */
static int32_t
table_of_name(hg_str name)
{
    for (int32_t i = 0; i < hgi_table_count; i++)
        if (name.len == strlen(hgi_tables[i]->info.name) + 2 && memcmp(name.ptr + 1, hgi_tables[i]->info.name, name.len - 2) == 0)
            return i;
    return -1;
}

static hg_status
read_tables(document_parts *parts, hg_error *err)
{
    hgi_json_walk walk;
    hg_str name, rows;

    if (!hgi_json_open(&walk, parts->tables.ptr, parts->tables.len) || !walk.is_object)
        return hgi_fail(err, HG_E_INVALID, -1, "the document's tables are no object");
    while (hgi_json_next(&walk, &name, &rows)) {
        int32_t table = table_of_name(name);

        if (table < 0)
            return hgi_fail(err, HG_E_INVALID, -1, "there is no table %.*s, which the document has rows of",
                            (int)hgi_text_cut(name.ptr, name.len, 64), name.ptr);
        if (parts->rows[table].ptr != NULL)
            return hgi_fail(err, HG_E_INVALID, -1, "the document has the table %s twice", hgi_tables[table]->info.name);
        if (rows.len == 0 || rows.ptr[0] != '[')
            return hgi_fail(err, HG_E_INVALID, -1, "the document's rows of %s are no array", hgi_tables[table]->info.name);
        parts->rows[table] = rows;
    }
    return HG_OK;
}

static hg_status
read_document(document_parts *parts, const char *ptr, size_t len, hg_error *err)
{
    const char *problem = hgi_json_check(ptr, len);
    hgi_json_walk walk;
    hg_str name, value;

    if (problem != NULL)
        return hgi_fail(err, HG_E_INVALID, -1, "the document %s", problem);
    if (!hgi_json_open(&walk, ptr, len) || !walk.is_object)
        return hgi_fail(err, HG_E_INVALID, -1, "the document is no JSON object");
    while (hgi_json_next(&walk, &name, &value)) {
        if (is_text(name, "\"schema\""))
            parts->schema = value;
        else if (is_text(name, "\"version\""))
            parts->version = value;
        else if (is_text(name, "\"scope\""))
            parts->scope = value;
        else if (is_text(name, "\"tables\""))
            parts->tables = value;
    }
    if (!is_text(parts->schema, "\"hotgigs-export\"") || !is_text(parts->version, "1"))
        return hgi_fail(err, HG_E_INVALID, -1, "the document is no hotgigs-export of version 1");
    if (!is_text(parts->scope, "\"portability\""))
        return hgi_fail(err, HG_E_INVALID, -1, "the document's scope is not portability: what was inferred and masked is not imported");
    return read_tables(parts, err);
}

/* ---- Writing ------------------------------------------------------------------------------------------------------------ */

static hg_status
write_rows(hg_conn *conn, const hgi_table *table, hg_str json, int64_t *written, hg_error *err)
{
    hg_draft *draft = NULL;
    hgi_json_walk walk;
    hg_str name, first;
    size_t count, stride;
    uint64_t set;
    const void *rows;
    hg_status st;

    hgi_json_open(&walk, json.ptr, json.len);
    if (!hgi_json_next(&walk, &name, &first))
        return HG_OK;                                    /* [] */
    st = hgi_row_from_json(table, json.ptr, json.len, &draft, err);
    if (st != HG_OK)
        return st;
    rows = hgi_draft_rows(table, draft, &count, &stride, &set);
    st = hgi_insert_many(conn, table, rows, count, stride, set, NULL, err);
    if (st == HG_OK)
        *written += (int64_t)count;
    hg_draft_free(draft);
    return st;
}

static hg_status
write_tables(hg_conn *conn, const document_parts *parts, int64_t *written, hg_error *err)
{
    hg_status st = HG_OK;

    for (int32_t i = 0; st == HG_OK && i < hgi_table_count; i++)
        if (parts->rows[i].ptr != NULL)
            st = write_rows(conn, hgi_tables[i], parts->rows[i], written, err);
    return st;
}

/* In a transaction of its own, or in the caller's. */
static hg_status
write_all(hg_conn *conn, const document_parts *parts, int64_t *written, hg_error *err)
{
    int is_own = !hg_tx_is_open(conn);
    hg_status st = is_own ? hg_tx_begin(conn, NULL, err) : HG_OK;

    if (st != HG_OK)
        return st;
    st = write_tables(conn, parts, written, err);
    if (is_own && st == HG_OK)
        return hg_tx_commit(conn, err);
    if (is_own)
        hg_tx_rollback(conn, NULL);
    return st;
}

static hg_status
check_import(hg_conn *conn, const char *ptr, const uint8_t *sha256, hg_error *err)
{
    hg_status st = hgi_usable(conn, err);

    if (st != HG_OK)
        return st;
    if (ptr == NULL || sha256 == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, ptr == NULL ? "ptr is NULL" : "sha256 is NULL");
    if (conn->role < HG_ROLE_SERVICE)
        return hgi_fail(err, HG_E_DENIED, -1, "an import is for the service, not for role %s", hgi_role_name(conn->role));
    return HG_OK;
}

hg_status
hg_privacy_import(hg_conn *conn, const char *ptr, size_t len, const uint8_t *sha256, int64_t *rows, hg_error *err)
{
    document_parts parts = { 0 };
    int64_t written = 0;
    hg_status st;

    if (rows != NULL)
        *rows = 0;
    st = check_import(conn, ptr, sha256, err);
    if (st == HG_OK)
        st = check_sum(ptr, len, sha256, err);
    if (st != HG_OK)
        return st;
    parts.rows = hgi_alloc_zero((size_t)hgi_table_count * sizeof *parts.rows);
    if (parts.rows == NULL)
        return hgi_nomem(err);
    st = read_document(&parts, ptr, len, err);
    if (st == HG_OK)
        st = write_all(conn, &parts, &written, err);
    hgi_free(parts.rows);
    if (st != HG_OK)
        return st;
    if (rows != NULL)
        *rows = written;
    return hgi_ok(err);
}
