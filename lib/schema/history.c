/* history.c - hotgigs.schema_history: reading it, and adding to it in the transaction of a file.
 *
 * It is made by one of the files itself. Until then nothing is recorded, so that a run that breaks off before begins
 * anew: those files find what they have made. The rows of all of them are written with the file that makes the table.
 *
 * Who applies migrations owns nothing of it and, from PostgreSQL 16 on, does not inherit the owner's rights either, so
 * reading it may take the owner's role, as writing does. Programs that connect as a persona may read it as they are. */
#include "schema/schema_int.h"

/* One row, if the table is there: whether it can be read without becoming its owner. */
static const char readable_sql[] =
    "SELECT pg_catalog.has_table_privilege(c.oid, 'SELECT')"
    " AND pg_catalog.has_schema_privilege(c.relnamespace, 'USAGE')"
    " FROM pg_catalog.pg_class c"
    " WHERE c.relname = 'schema_history'"
    " AND c.relnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = 'hotgigs')";

static const char read_sql[] =
    "SELECT version, name, checksum, applied_at, duration_ms"
    " FROM hotgigs.schema_history"
    " ORDER BY version COLLATE pg_catalog.\"C\"";

enum { OID_BYTEA = 17 };

static const char add_sql[] =
    "INSERT INTO hotgigs.schema_history (version, name, checksum, duration_ms, library_version)"
    " VALUES ($1, $2, $3, $4, $5)";

static hg_status
read_rows(hg_conn *conn, hgi_result **rows, hg_error *err)
{
    return hgi_command(conn, read_sql, HGI_CALL_BARE, rows, err);
}

static hg_status
read_rows_as_owner(hg_conn *conn, hgi_result **rows, hg_error *err)
{
    hg_status st = hgi_schema_run(conn, "BEGIN READ ONLY; SET LOCAL ROLE hotgigs_owner", err);

    if (st == HG_OK)
        st = read_rows(conn, rows, err);
    return hgi_schema_end(conn, st, err);
}

hg_status
hgi_history_read(hg_conn *conn, hgi_history *out, hg_error *err)
{
    hgi_result *found = NULL;
    hg_status st = hgi_command(conn, readable_sql, HGI_CALL_BARE, &found, err);
    size_t len;

    *out = (hgi_history){ 0 };
    if (st == HG_OK && hgi_result_rows(found) > 0) {
        out->exists = 1;
        st = *hgi_result_cell(found, 0, 0, &len) ? read_rows(conn, &out->rows, err)
                                                 : read_rows_as_owner(conn, &out->rows, err);
    }
    hgi_result_free(found);
    return st;
}

hg_status
hgi_history_ready(hg_conn *conn, int32_t *exists, hg_error *err)
{
    char memory[1024];
    hgi_buffer sql;
    hgi_result *result = NULL;
    hg_status st;
    size_t len;

    hgi_buffer_on(&sql, memory, sizeof memory);
    hgi_buffer_add_text(&sql, "SELECT EXISTS (");
    hgi_buffer_add_text(&sql, readable_sql);
    hgi_buffer_add_text(&sql, "), ");
    hgi_buffer_add_text(&sql, hgi_lock_is_held);
    st = sql.failed ? hgi_nomem(err) : hgi_command(conn, sql.ptr, HGI_CALL_BARE, &result, err);
    if (st == HG_OK) {
        *exists = *hgi_result_cell(result, 0, 0, &len) != 0;
        if (*hgi_result_cell(result, 0, 1, &len) == 0)
            st = hgi_fail(err, HG_E_STATE, -1,
                          "the lock of migrations was lost, as behind a pooler; use a direct connection");
    }
    if (st == HG_OK && *exists)
        st = hgi_schema_run(conn, "SET LOCAL ROLE hotgigs_owner", err);
    hgi_result_free(result);
    hgi_buffer_free(&sql);
    return st;
}

/* "0.1.0" */
static size_t
print_version(char *out)
{
    hgi_buffer text;

    hgi_buffer_on(&text, out, 16);
    hgi_buffer_add_int(&text, HG_HEADER_VERSION >> 16);
    hgi_buffer_add_byte(&text, '.');
    hgi_buffer_add_int(&text, HG_HEADER_VERSION >> 8 & 0xff);
    hgi_buffer_add_byte(&text, '.');
    hgi_buffer_add_int(&text, HG_HEADER_VERSION & 0xff);
    return text.len;
}

hg_status
hgi_history_add(hg_conn *conn, const hgi_migration *file, int32_t duration_ms, hg_error *err)
{
    static const char key[] = "schema/history add";
    static const uint32_t types[] = { HGI_OID_TEXT, HGI_OID_TEXT, OID_BYTEA, HGI_OID_INT4, HGI_OID_TEXT };
    char duration[4], version[16];
    int adopted = duration_ms < 0;
    const char *values[] = { file->version, file->name, (const char *)file->sha256, adopted ? NULL : duration,
                             adopted ? NULL : version };
    int lengths[] = { (int)strlen(file->version), (int)strlen(file->name), sizeof file->sha256, sizeof duration,
                      (int)print_version(version) };
    hgi_call call = { .flags = HGI_CALL_BARE, .args = { 5, values, lengths } };
    hgi_result *result = NULL;
    hg_status st;

    hgi_put32(duration, (uint32_t)duration_ms);
    call.statement = hgi_statement_find(conn, key, sizeof key);
    if (call.statement == NULL)
        call.statement = hgi_statement_add(conn, key, sizeof key, add_sql, 5, types, err);
    if (call.statement == NULL)
        return HG_E_NOMEM;
    st = hgi_call_run(conn, &call, &result, NULL, err);
    hgi_result_free(result);
    return st;
}
