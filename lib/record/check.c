/* check.c - the database's columns against the descriptors, at connect.
 *
 * One plain join of the system catalogues, whose rows are compared here: 1.4 ms as the first query of a connection, of
 * which 0.6 are the query and the rest is the new server process filling its caches (PostgreSQL 15 on a socket).
 * Aggregating on the server costs more than sending the 330 rows, finding each table with to_regclass too; a hash would
 * tell that something differs, but not what.
 *
 * Rows come in any order. A table is looked for once a run of its rows, a column first where it would stand if the
 * database has the columns in the descriptor's order. */
#include "record/check.h"

#include <string.h>

#include "record/record_int.h"

typedef struct table_check {
    uint64_t seen;                         /* bit: the database has the column */
    uint64_t differs;                      /* bit: it has another type */
    int32_t  exists;
    int32_t  reserved;
} table_check;

/* The columns that the database had when this was generated: one that was dropped keeps its place, but no rights. */
static uint64_t
live_columns(const hgi_table *table)
{
    return table->readable[HGI_ROLE_OTHER];
}

/* ---- Asking ----------------------------------------------------------------------------------------------------- */

/* 'a', 'b': names of ours, which hold no quotes. */
static void
add_names(hgi_buffer *sql, const hgi_table *const *tables, int32_t count)
{
    for (int32_t i = 0; i < count; i++) {
        hgi_buffer_add_text(sql, i > 0 ? ",'" : "'");
        hgi_buffer_add_text(sql, tables[i]->info.name);
        hgi_buffer_add_byte(sql, '\'');
    }
}

static hg_status
ask(hg_conn *conn, const hgi_table *const *tables, int32_t count, hgi_result **out, hg_error *err)
{
    char memory[2048];
    hgi_buffer sql;
    hg_status st;

    *out = NULL;
    hgi_buffer_on(&sql, memory, sizeof memory);
    hgi_buffer_add_text(&sql, "SELECT n.nspname, c.relname, a.attname, a.atttypid"
                              " FROM pg_catalog.pg_namespace n"
                              " JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid"
                              " JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid"
                              " WHERE n.nspname IN ('public', 'hotgigs') AND a.attnum > 0 AND NOT a.attisdropped"
                              " AND c.relname IN (");
    add_names(&sql, tables, count);
    hgi_buffer_add_text(&sql, ")");
    st = sql.failed ? hgi_nomem(err) : hgi_command(conn, sql.ptr, HGI_CALL_BARE, out, err);
    hgi_buffer_free(&sql);
    return st;
}

/* ---- Comparing -------------------------------------------------------------------------------------------------- */

/* Whether the table stands as schema.name in the database: its relation is that, quoted where the server needs it. */
static int
is_relation(const hgi_table *table, const char *schema, const char *name)
{
    size_t len = strlen(schema);

    return strcmp(table->info.name, name) == 0 && strncmp(table->relation, schema, len) == 0
        && table->relation[len] == '.';
}

static int32_t
find_table(const hgi_table *const *tables, int32_t count, const char *schema, const char *name)
{
    for (int32_t i = 0; i < count; i++)
        if (is_relation(tables[i], schema, name))
            return i;
    return -1;
}

static int32_t
find_column(const hgi_table *table, const char *name, int32_t guess)
{
    if (guess < table->info.column_count && strcmp(table->info.columns[guess].name, name) == 0)
        return guess;
    for (int32_t c = 0; c < table->info.column_count; c++)
        if (strcmp(table->info.columns[c].name, name) == 0)
            return c;
    return -1;
}

static void
compare(const hgi_result *result, const hgi_table *const *tables, int32_t count, table_check *checks)
{
    const char *last_schema = "", *last_name = "";
    int32_t table = -1, column = -1;
    size_t len;

    for (int32_t i = 0; i < hgi_result_rows(result); i++) {
        const char *schema = hgi_result_cell(result, i, 0, &len), *name = hgi_result_cell(result, i, 1, &len);
        const char *type = hgi_result_cell(result, i, 3, &len);

        if (strcmp(name, last_name) != 0 || strcmp(schema, last_schema) != 0) {
            table = find_table(tables, count, schema, name);
            column = -1;
            last_schema = schema;
            last_name = name;
        }
        if (table < 0)
            continue;
        checks[table].exists = 1;
        column = find_column(tables[table], hgi_result_cell(result, i, 2, &len), column + 1);
        if (column < 0)
            continue;
        checks[table].seen |= HG_BIT(column);
        if (hgi_get32(type) != tables[table]->types[column])
            checks[table].differs |= HG_BIT(column);
    }
}

/* ---- Telling ---------------------------------------------------------------------------------------------------- */

/* The type that the database gives a column, in words: another trip, but nothing works then anyway. */
static void
name_type(hg_conn *conn, const hgi_table *table, int32_t column, hgi_buffer *out)
{
    char memory[512];
    hgi_buffer sql;
    hgi_result *result = NULL;
    size_t len;

    hgi_buffer_on(&sql, memory, sizeof memory);
    hgi_buffer_add_text(&sql, "SELECT pg_catalog.format_type(atttypid, NULL) FROM pg_catalog.pg_attribute"
                              " WHERE attrelid = '");
    hgi_buffer_add_text(&sql, table->relation);
    hgi_buffer_add_text(&sql, "'::pg_catalog.regclass AND attname = '");
    hgi_buffer_add_text(&sql, table->info.columns[column].name);
    hgi_buffer_add_text(&sql, "'");
    if (!sql.failed && hgi_command(conn, sql.ptr, HGI_CALL_BARE, &result, NULL) == HG_OK
        && hgi_result_rows(result) == 1)
        hgi_buffer_add_text(out, hgi_result_cell(result, 0, 0, &len));
    else
        hgi_buffer_add_text(out, "of another type");
    hgi_result_free(result);
    hgi_buffer_free(&sql);
}

static hg_status
fail_type(hg_conn *conn, const hgi_table *table, int32_t column, hg_error *err)
{
    const hg_column_info *info = &table->info.columns[column];
    char memory[128];
    hgi_buffer found;

    hgi_buffer_on(&found, memory, sizeof memory);
    name_type(conn, table, column, &found);
    hgi_fail(err, HG_E_SCHEMA, column, "%s.%s is %s where %s was expected", table->relation, info->name, found.ptr,
             info->sql_type);
    hgi_buffer_free(&found);
    return HG_E_SCHEMA;
}

static hg_status
tell_first(hg_conn *conn, const hgi_table *table, const table_check *check, hg_error *err)
{
    uint64_t missing = live_columns(table) & ~check->seen;
    uint64_t differs = live_columns(table) & check->differs;
    hg_status st;

    if (missing == 0 && differs == 0)
        return HG_OK;
    if (!check->exists)
        st = hgi_fail(err, HG_E_SCHEMA, -1, "database lacks %s", table->relation);
    else if (differs == 0 || (missing != 0 && hgi_first_bit(missing) < hgi_first_bit(differs)))
        st = hgi_fail(err, HG_E_SCHEMA, hgi_first_bit(missing), "database lacks %s.%s", table->relation,
                      table->info.columns[hgi_first_bit(missing)].name);
    else
        st = fail_type(conn, table, hgi_first_bit(differs), err);
    if (err != NULL)
        strncpy(err->table, table->info.name, sizeof err->table - 1);
    return st;
}

hg_status
hgi_schema_check(hg_conn *conn, const hgi_table *const *tables, int32_t count, hg_error *err)
{
    table_check *checks = hgi_alloc_zero((size_t)count * sizeof *checks + 1);
    hgi_result *result = NULL;
    hg_status st = checks != NULL ? ask(conn, tables, count, &result, err) : hgi_nomem(err);

    if (st == HG_OK)
        compare(result, tables, count, checks);
    for (int32_t i = 0; st == HG_OK && i < count; i++)
        st = tell_first(conn, tables[i], &checks[i], err);
    hgi_result_free(result);
    hgi_free(checks);
    return st;
}
