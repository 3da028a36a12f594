/* concurrent.c - files without a transaction: CREATE INDEX CONCURRENTLY, which takes none.
 *
 *     SET ROLE hotgigs_owner;
 *     CREATE INDEX CONCURRENTLY jobs_title_trgm_idx ON public.jobs USING gin (title public.gin_trgm_ops);
 *     RESET ROLE;
 *
 * Each statement goes alone, and is its own transaction, so a run may end between any two. What makes it repeatable:
 * an index that is there and valid counts as built; one that is invalid, which is what a build that was cut off leaves,
 * is dropped and built again. Such a build waits for all older transactions, without keeping anybody from reading or
 * writing, so its patience is longer than that for a table's lock.
 *
 * Settings and role last for the session here, and are reset at the end. */
#include "schema/schema_int.h"

#include <string.h>

/* Role, and the settings that a login may have of its own. */
static const char before_sql[] = "SET lock_timeout = '60s'; SET statement_timeout = 0";
static const char after_sql[] = "RESET ROLE; RESET lock_timeout; RESET statement_timeout";

enum { NAME_MAX_BYTES = 63, ATTEMPTS = 3 };

enum { INDEX_NONE, INDEX_INVALID, INDEX_VALID };

typedef struct index_state {
    int  state;                            /* INDEX_* */
    char schema[NAME_MAX_BYTES + 1];
} index_state;

/* The name of the index that a statement builds concurrently: 0 if it builds none. */
static int
read_index_name(const hg_str *statement, char *name)
{
    hg_str behind;
    size_t len;

    if (!hgi_split_begins(statement, "CREATE INDEX CONCURRENTLY", &behind)
        && !hgi_split_begins(statement, "CREATE UNIQUE INDEX CONCURRENTLY", &behind))
        return 0;
    hgi_split_begins(&behind, "IF NOT EXISTS", &behind);
    for (len = 0; len < behind.len && len < NAME_MAX_BYTES; len++) {
        char c = behind.ptr[len];

        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'))
            break;
        name[len] = c;
    }
    name[len] = '\0';
    return len > 0;
}

static hg_status
read_index_state(hg_conn *conn, const char *name, index_state *out, hg_error *err)
{
    char memory[512];
    hgi_buffer sql;
    hgi_result *result = NULL;
    hg_status st;
    size_t len;

    *out = (index_state){ INDEX_NONE, "" };
    hgi_buffer_on(&sql, memory, sizeof memory);
    hgi_buffer_add_text(&sql, "SELECT i.indisvalid, n.nspname::pg_catalog.text"
                              " FROM pg_catalog.pg_index i"
                              " JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid"
                              " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
                              " WHERE n.nspname IN ('public', 'hotgigs') AND c.relname = '");
    hgi_buffer_add_text(&sql, name);
    hgi_buffer_add_text(&sql, "'");
    st = sql.failed ? hgi_nomem(err) : hgi_command(conn, sql.ptr, HGI_CALL_BARE, &result, err);
    if (st == HG_OK && hgi_result_rows(result) > 0) {
        out->state = *hgi_result_cell(result, 0, 0, &len) ? INDEX_VALID : INDEX_INVALID;
        strncpy(out->schema, hgi_result_cell(result, 0, 1, &len), NAME_MAX_BYTES);
    }
    hgi_result_free(result);
    hgi_buffer_free(&sql);
    return st;
}

static hg_status
run_statement(hg_conn *conn, const hg_str *statement, hg_error *err)
{
    hgi_buffer sql = { 0 };
    hg_status st;

    hgi_buffer_add(&sql, statement->ptr, statement->len);
    st = sql.failed ? hgi_nomem(err) : hgi_script(conn, sql.ptr, err);
    hgi_buffer_free(&sql);
    return st;
}

static hg_status
drop_index(hg_conn *conn, const char *schema, const char *name, hg_error *err)
{
    hgi_buffer sql = { 0 };
    hg_status st;

    hgi_buffer_add_text(&sql, "DROP INDEX CONCURRENTLY ");
    hgi_buffer_add_text(&sql, schema);
    hgi_buffer_add_text(&sql, ".");
    hgi_buffer_add_text(&sql, name);
    st = sql.failed ? hgi_nomem(err) : hgi_script(conn, sql.ptr, err);
    hgi_buffer_free(&sql);
    return st;
}

/* Drops what a build that failed has left; what went wrong before is told, not what goes wrong here. */
static void
drop_left_over(hg_conn *conn, const char *name)
{
    index_state left;

    if (!conn->broken && read_index_state(conn, name, &left, NULL) == HG_OK && left.state == INDEX_INVALID)
        drop_index(conn, left.schema, name, NULL);
}

static hg_status
build_once(hg_conn *conn, const hg_str *statement, const char *name, hg_error *err)
{
    index_state now;
    hg_status st = read_index_state(conn, name, &now, err);

    if (st == HG_OK && now.state == INDEX_INVALID)
        st = drop_index(conn, now.schema, name, err);
    if (st != HG_OK || now.state == INDEX_VALID)
        return st;
    st = run_statement(conn, statement, err);
    if (st != HG_OK)
        drop_left_over(conn, name);
    return st;
}

static hg_status
run_one(hg_conn *conn, const hgi_build *build, const hg_str *statement, hg_error *err)
{
    int32_t attempts = build->attempts > 0 ? build->attempts : ATTEMPTS;
    char name[NAME_MAX_BYTES + 1];
    hg_status st;

    if (!read_index_name(statement, name))
        return run_statement(conn, statement, err);
    do
        st = build_once(conn, statement, name, err);
    while (st == HG_E_RETRY && --attempts > 0);
    return st;
}

hg_status
hgi_concurrent_run(hg_conn *conn, const hgi_build *build, const hgi_migration *file, hg_error *err)
{
    const char *at = file->sql, *end = at + file->sql_len;
    hg_status st = hgi_script(conn, before_sql, err);
    hg_str statement;

    while (st == HG_OK && hgi_split_next(&at, end, &statement))
        st = run_one(conn, build, &statement, err);
    if (!conn->broken)
        hgi_script(conn, after_sql, NULL);
    return st;
}
