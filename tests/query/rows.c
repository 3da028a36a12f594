/* rows.c - see rows.h. */
#include "query/rows.h"
#include "tables/sample.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

hg_conn *owner;

void
query_open(void)
{
    fixture_open_tenant();
    owner = fixture_login("ADMIN");
}

void
query_close(void)
{
    fixture_done(owner);
    owner = NULL;
    fixture_close();
}

TCase *
query_case(Suite *suite, const char *name, double seconds)
{
    TCase *tcase = tcase_create(name);

    tcase_add_checked_fixture(tcase, query_open, query_close);
    tcase_set_timeout(tcase, seconds);
    suite_add_tcase(suite, tcase);
    return tcase;
}

/* ---- Pools of values --------------------------------------------------------------------------------------------------- */

/* No letter beyond ASCII stands here in both cases, so that ILIKE can be foretold without the server's tables. */
static const char *const texts[] = {
    "", "a", "A", "ab", "a%b", "a_b", "a\\b", "a\\", "%", "_", "\\", "'", "\"", "it's", "x'); DROP TABLE users; --",
    "\u00e4", "Stra\u00dfe", "\u65e5\u672c", "\U0001F600", "a b", " a", "a ", "NULL", "zz", "Z", "$1", "a%%b", "\\%",
    "e\u0301", "tab\there",
};

static const char *const documents[] = {
    "{}", "[]", "null", "true", "1", "1.0", "\"a\"", "[1, 2, 2]", "[\"a\", \"b\"]", "[\"a\", [\"b\"]]", "{\"a\": 1}",
    "{\"a\": 1.00, \"b\": null}", "{\"a\": {\"b\": \"c\"}}", "{\"a\": {\"b\": [\"c\", \"d\"]}}", "{\"%\": \"a_b\"}",
    "{\"it's\": \"\\\\\"}", "{\"\": \"\"}", "{\"a\": \"1\"}", "[{\"a\": 1}, {\"b\": 2}]", "[null]",
};

static const char *const lists[] = {
    "{}", "{a}", "{a,b}", "{b,a}", "{NULL}", "{a,NULL}", "{\"\"}", "{\"a,b\"}", "{\"it's\",\"\\\"q\\\"\",\"\\\\\"}",
    "{\"NULL\"}", "{a,a}", "{%,_}", "{\u00e4}",
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* The columns that must not repeat: those of the document's keys, and the last one of each unique index besides. */
static uint64_t
read_key_columns(const hg_table_info *info)
{
    uint64_t columns = 0;

    for (int32_t i = 0; i < info->key_count; i++)
        columns |= info->keys[i].columns;
    for (int32_t c = 1; c < info->column_count; c++)
        if (sql_int("SELECT count(*) FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid "
                    "AND a.attnum = i.indkey[i.indnkeyatts - 1] WHERE i.indrelid = 'public.%s'::regclass AND i.indisunique "
                    "AND a.attname = '%s'", info->name, info->columns[c].name) > 0)
            columns |= HG_BIT(c);
    return columns;
}

static int
is_in_key(int32_t table, int32_t column)
{
    static uint64_t columns[64];                           /* bit 0 is the id's: it says that they were read */

    if (columns[table] == 0)
        columns[table] = 1 | read_key_columns(&hgi_tables[table]->info);
    return (columns[table] >> column & 1) != 0;
}

static size_t
characters(const char *text)
{
    size_t count = 0;

    for (; *text != '\0'; text++)
        count += (*text & 0xc0) != 0x80;
    return count;
}

static const char *
text_value(int32_t table, int32_t column, size_t i)
{
    const hg_column_info *info = &hgi_tables[table]->info.columns[column];
    const char *text = texts[i % COUNT(texts)];

    if (is_in_key(table, column))
        return fixture_text("%s#%.*s", text, 10, unique_text().ptr);
    if (info->length > 0 && characters(text) > (size_t)info->length)
        return fixture_text("%zu", i % 9);
    return text;
}

static const char *
uuid_value(int32_t table, int32_t column, size_t i)
{
    static hg_uuid few[6];
    hg_uuid id;

    if (column == 0 || is_in_key(table, column)) {
        hg_uuid_new(&id);
        return uuid_text(&id);
    }
    if (few[1].bytes[0] == 0)
        for (size_t n = 1; n < COUNT(few); n++)
            hg_uuid_random(&few[n]);
    memset(&few[5], 0xff, sizeof few[5]);                  /* few[0] is all zeros */
    return uuid_text(&few[i % COUNT(few)]);
}

const char *
query_value(int32_t table, int32_t column, size_t i)
{
    const hg_column_info *info = &hgi_tables[table]->info.columns[column];
    const sample *samples;
    size_t count, good = 0;

    if (info->nullable && (i + (size_t)column) % 5 == 3)
        return NULL;
    switch (info->kind) {
    case HG_KIND_UUID:      return uuid_value(table, column, i);
    case HG_KIND_TEXT:      return text_value(table, column, i);
    case HG_KIND_JSON:      return documents[i % COUNT(documents)];
    case HG_KIND_TEXT_LIST: return lists[i % COUNT(lists)];
    default:                break;
    }
    if (table == HG_TABLE_INTERVIEWS && column == HG_INTERVIEW_SCORE)
        return fixture_text("%zu", 1 + i % 10);            /* CHECK (score >= 1 AND score <= 10) */
    samples = samples_of(table, column, &count);
    for (size_t k = 0; k < count; k++)
        good += samples[k].text != NULL;
    i %= good;
    for (size_t k = 0;; k++)
        if (samples[k].text != NULL && i-- == 0)
            return samples[k].text;
}

const char *
sql_literal(const char *text)
{
    char *quoted;
    const char *kept;

    if (text == NULL)
        return "NULL";
    quoted = PQescapeLiteral(admin, text, strlen(text));
    ck_assert_msg(quoted != NULL, "cannot be quoted: %s", text);
    kept = fixture_text("%s", quoted);
    PQfreemem(quoted);
    return kept;
}

int
is_byte_order(void)
{
    const char *order = sql_text("SELECT datcollate FROM pg_database WHERE datname = current_database()");

    return strncmp(order, "C", 1) == 0 || strcmp(order, "POSIX") == 0;
}

/* ---- Rows ------------------------------------------------------------------------------------------------------------------ */

static void
insert(query_rows *rows)
{
    const hg_table_info *info = &rows->of->info;
    char *sql = NULL;
    size_t len;
    FILE *out = open_memstream(&sql, &len);

    fprintf(out, "INSERT INTO public.%s (", info->name);
    for (int32_t c = 0; c < info->column_count; c++)
        fprintf(out, "%s%s", c > 0 ? ", " : "", info->columns[c].name);
    fprintf(out, ") VALUES ");
    for (size_t i = 0; i < rows->count; i++)
        for (int32_t c = 0; c < info->column_count; c++)
            fprintf(out, "%s%s", c > 0 ? ", " : i > 0 ? "), (" : "(",
                    sql_literal(c == 0 ? uuid_text(&rows->ids[i]) : query_value(rows->table, c, i)));
    fprintf(out, ")");
    fclose(out);
    PQclear(PQexec(admin, "SET session_replication_role = replica"));
    sql_do("%s", sql);
    PQclear(PQexec(admin, "RESET session_replication_role"));
    free(sql);
}

void
query_rows_make(query_rows *rows, int32_t table, size_t count)
{
    hg_query *query;

    memset(rows, 0, sizeof *rows);
    rows->table = table;
    rows->of = hgi_tables[table];
    rows->count = count;
    rows->ids = fixture_memory(count * sizeof *rows->ids);
    for (size_t i = 0; i < count; i++)
        hg_uuid_new(&rows->ids[i]);
    insert(rows);
    query = query_rows_only(rows);
    ck_ok(hg_query_order(query, 0, HG_ASCENDING, 0, &err), err);
    ck_ok(hgi_find(owner, rows->of, query, &rows->list, &err), err);
    hg_query_free(query);
    ck_assert_msg(hgi_list_count(rows->list) == count, "%zu rows of %s came, want %zu", hgi_list_count(rows->list),
                  rows->of->info.name, count);
    for (size_t i = 0; i < count; i++)
        ck_assert(memcmp(hgi_field(rows->of, 0, query_row(rows, i)), &rows->ids[i], sizeof(hg_uuid)) == 0);
}

void
query_rows_free(query_rows *rows)
{
    hgi_list_free(rows->list);
    rows->list = NULL;
    PQclear(PQexec(admin, "SET session_replication_role = replica"));
    for (size_t i = 0; i < rows->count; i++)
        sql_do("DELETE FROM public.%s WHERE id = '%s'", rows->of->info.name, uuid_text(&rows->ids[i]));
    PQclear(PQexec(admin, "RESET session_replication_role"));
}

const void *
query_row(const query_rows *rows, size_t i)
{
    return hgi_list_at(rows->list, i);
}

int
query_row_is_null(const query_rows *rows, size_t i, int32_t column)
{
    return (int)(((const hgi_row *)query_row(rows, i))->null_mask >> column & 1);
}

hg_query *
query_rows_only(const query_rows *rows)
{
    hg_query *query = hg_query_new(rows->table);

    ck_assert(query != NULL);
    ck_ok(hg_query_where_in_uuid(query, 0, rows->ids, rows->count, &err), err);
    return query;
}

long
query_row_place(const query_rows *rows, const hg_uuid *id)
{
    for (size_t i = 0; i < rows->count; i++)
        if (memcmp(&rows->ids[i], id, sizeof *id) == 0)
            return (long)i;
    return -1;
}
