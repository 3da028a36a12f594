/* plans_calls.c - the plan of every statement that the library's calls send, of every table and view, as every persona: by id, by each
 * reference, pages and numbers of what one sees, and writes.
 *
 * What a persona may call, the descriptors say. Of each call that he may make it is looked at that something of its own was prepared;
 * one that he may not make sends nothing. Then every statement is planned once more: for any arguments, as it is kept, and for given
 * ones, as in its first five executions, as a cursor is declared and as rows are copied. */
#include "policies/plans_stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hotgigs/hotgigs.h"
#include "hotgigs/pq.h"
#include "query/query_int.h"

#define MUST(call) ck_assert_msg((call) == HG_OK, "%s", err.message)

static hg_error err;
static const hg_uuid nobody = { { 0x77 } };

static int
has_id(const hgi_table *table)
{
    return strcmp(table->info.columns[0].name, "id") == 0;
}

/* ---- Rows that nobody has -------------------------------------------------------------------------------------------------- */

/* Of so many bits the columns that have some value, and the others NULL where they may be. What it refers to is not there. */
static void
fill_row(const hgi_table *table, hgi_row *row, uint64_t set, uint64_t valued)
{
    row->struct_size = table->info.row_size;
    for (int32_t column = 0; column < table->info.column_count; column++) {
        const hg_column_info *info = &table->info.columns[column];
        char *field = (char *)row + info->offset;

        if (!(set >> column & 1))
            continue;
        if (info->nullable && !(valued >> column & 1))
            row->null_mask |= HG_BIT(column);
        else if (info->kind == HG_KIND_TEXT)
            *(hg_str *)(void *)field = (hg_str){ "x", 1 };
        else if (info->kind == HG_KIND_JSON)
            *(hg_json *)(void *)field = (hg_json){ "{}", 2 };
        else if (info->kind == HG_KIND_ENUM)
            *(int32_t *)(void *)field = 1;
        else if (info->kind == HG_KIND_UUID)
            memcpy(field, &nobody, sizeof nobody);
    }
}

/* A list of one row that was never read, for what begins at a row: what belongs to it, and the pages around it. */
static hgi_list
one_row(const hgi_table *table)
{
    hgi_list list = { .table = table, .count = 1, .stride = table->info.row_size, .rows = calloc(1, table->info.row_size) };
    hgi_row *row = (hgi_row *)(void *)list.rows;

    fill_row(table, row, UINT64_MAX, UINT64_MAX);
    row->loaded_mask = UINT64_MAX;
    return list;
}

/* ---- Reads by id -------------------------------------------------------------------------------------------------------------- */

static void
read_by_id(plans_stage *s)
{
    const plan_wish wish = plans_by(s->table, 0);
    hg_uuid ids[512];
    size_t count = 0;
    const void *row;
    hgi_list *list;
    hg_status st;

    for (const char *id; count < 512 && (id = policy_id_at((int)count)) != NULL; count++)
        ck_assert_int_eq(hg_uuid_parse(id, strlen(id), &ids[count], NULL), HG_OK);
    st = hgi_get(s->conn, s->table, &ids[0], &row, &err);
    hgi_row_free(row);
    plans_expect_if(s, "get", plans_may_read(s), st, &wish, &err);
    st = hgi_get_many(s->conn, s->table, ids, count, &list, &err);
    hgi_list_free(list);
    plans_expect_if(s, "get_many", plans_may_read(s), st, &wish, &err);
}

/* The same rows as by a relation before it: the statement is the same. */
static int
is_again(const hg_table_info *table, int32_t relation)
{
    for (int32_t i = 0; i < relation; i++)
        if (table->relations[i].table == table->relations[relation].table &&
            table->relations[i].other_column == table->relations[relation].other_column)
            return 1;
    return 0;
}

/* All that belongs to a row, or the first two. */
static void
read_relation(plans_stage *s, const hgi_list *list, int32_t i, const char *call, const hg_query *query)
{
    const hg_relation_info *relation = &s->table->info.relations[i];
    const hgi_table *other = hgi_table_of(relation->table);
    const plan_wish wish = plans_by(other, relation->other_column);
    hg_related *related;
    hg_status st = hgi_list_related(s->conn, s->table, list, i, query, &related, &err);

    hg_related_free(related);
    plans_expect_if(s, call, other->readable[s->role] >> relation->other_column & 1, st, &wish, &err);
}

static void
read_related(plans_stage *s)
{
    hgi_list list = one_row(s->table);

    for (int32_t i = 0; i < s->table->info.relation_count; i++) {
        hg_query *two = hg_query_new(s->table->info.relations[i].table);

        MUST(hg_query_limit(two, 2, &err));
        if (!is_again(&s->table->info, i)) {
            read_relation(s, &list, i, "related", NULL);
            read_relation(s, &list, i, "the first two related", two);
        }
        hg_query_free(two);
    }
    free(list.rows);
}

/* ---- Queries ------------------------------------------------------------------------------------------------------------------- */

static void
run_find(plans_stage *s, const hg_query *query)
{
    hgi_list *list;

    if (hgi_find(s->conn, s->table, query, &list, &err) == HG_OK)
        hgi_list_free(list);
}

static void
run_stream(plans_stage *s, const hg_query *query)
{
    hg_cursor *cursor;
    const void *row;

    if (hgi_stream(s->conn, s->table, query, &cursor, &err) != HG_OK)
        return;
    while (hgi_next(cursor, s->table, &row, &err) == HG_OK && row != NULL)
        ;
    hg_cursor_close(cursor);
}

/* The four that read what a query finds. */
static void
run_reads(plans_stage *s, const hg_query *query, int32_t column, const plan_wish *wish)
{
    int64_t rows;
    int32_t is_there;

    run_find(s, query);
    plans_expect(s, "find", column, wish, &err);
    hgi_count(s->conn, s->table, query, &rows, &err);
    plans_expect(s, "count", column, wish, &err);
    hgi_exists(s->conn, s->table, query, &is_there, &err);
    plans_expect(s, "exists", column, wish, &err);
    run_stream(s, query);
    plans_expect(s, "stream", column, wish, &err);
}

static int
is_reference(const plans_stage *s, int32_t column)
{
    return s->table->readable[s->role] >> column & 1 && s->table->info.columns[column].kind == HG_KIND_UUID &&
           !plans_is_without_index(s->table, column, s->role);
}

/* Rows that refer to one, or to one of a list, by each column that refers. */
static void
read_by_reference(plans_stage *s)
{
    const hg_uuid id = policy_uuid("acme_open");

    for (int32_t column = has_id(s->table); column < s->table->info.column_count; column++) {
        const plan_wish wish = plans_by(s->table, column);
        hg_query *query, *in;

        if (!is_reference(s, column))
            continue;
        query = hg_query_new(s->number);
        MUST(hg_query_where_uuid(query, column, HG_OP_EQ, &id, &err));
        run_reads(s, query, column, &wish);
        in = hg_query_new(s->number);
        MUST(hg_query_where_in_uuid(in, column, &id, 1, &err));
        run_find(s, in);
        plans_expect(s, "find in a list", column, &wish, &err);
        hg_query_free(in);
        hg_query_free(query);
    }
}

/* The first twenty in an order, and those around a row. */
static void
read_pages(plans_stage *s, hg_query *query, int32_t column)
{
    hgi_list list = one_row(s->table);
    hg_text *cursor;

    hgi_keyset_keep(query, &list.order);
    MUST(hgi_list_cursor(&list, 0, &cursor, &err));
    MUST(hg_query_limit(query, 20, &err));
    run_find(s, query);
    plans_expect(s, "page", column, NULL, &err);
    MUST(hg_query_after(query, hg_text_ptr(cursor), hg_text_len(cursor), &err));
    run_find(s, query);
    plans_expect(s, "page after", column, NULL, &err);
    MUST(hg_query_before(query, hg_text_ptr(cursor), hg_text_len(cursor), &err));
    run_find(s, query);
    plans_expect(s, "page before", column, NULL, &err);
    hg_text_free(cursor);
    free(list.rows);
}

/* Whether an index of the table has all rows in the order of a column. */
static int
has_index_of(const plans_stage *s, int32_t column)
{
    const char *const values[] = { s->table->relation, s->table->info.columns[column].name };
    PGresult *found = PQexecParams(plans_login,
                                   "SELECT FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0]"
                                   " WHERE indrelid = $1::regclass AND attname = $2 AND indpred IS NULL",
                                   2, NULL, values, NULL, NULL, 0);
    int count = PQntuples(found);

    PQclear(found);
    return count > 0;
}

/* The newest twenty that one sees. The service, who sees all, has them where an index has the order. */
static void
read_newest(plans_stage *s)
{
    int32_t role = s->role, column = plans_newest_column(s->table, role);
    hg_query *query;

    if (column < 0 || plans_may_read_all(s->table, role, PLANS_NEWEST) || (role == HG_ROLE_SERVICE && !has_index_of(s, column)))
        return;
    query = hg_query_new(s->number);
    MUST(hg_query_order(query, column, HG_DESCENDING, HG_NULLS_DEFAULT, &err));
    read_pages(s, query, column);
    hg_query_free(query);
}

/* How many one sees, and whether any. For the service that is how many there are. */
static void
count_what_one_sees(plans_stage *s)
{
    int32_t role = s->role, is_there;
    hg_query *query;
    int64_t rows;

    if (!plans_may_read(s) || role == HG_ROLE_SERVICE)
        return;
    query = hg_query_new(s->number);
    if (!plans_may_read_all(s->table, role, PLANS_COUNT)) {
        hgi_count(s->conn, s->table, query, &rows, &err);
        plans_expect(s, "count", -1, NULL, &err);
    }
    if (!plans_may_read_all(s->table, role, PLANS_EXISTS)) {
        hgi_exists(s->conn, s->table, query, &is_there, &err);
        plans_expect(s, "exists", -1, NULL, &err);
    }
    hg_query_free(query);
}

/* ---- Writes ------------------------------------------------------------------------------------------------------------------- */

static void
insert(plans_stage *s)
{
    uint64_t set = s->table->insertable[s->role];
    int may = set != 0 && !(s->table->required & ~set);
    hgi_row *row = calloc(1, s->table->info.row_size);
    const void *made;
    hg_status st;

    fill_row(s->table, row, set, 0);
    st = hgi_insert(s->conn, s->table, row, set, NULL, &err);
    plans_expect_if(s, "insert", may, st, NULL, &err);
    if (plans_may_read(s)) {
        st = hgi_insert(s->conn, s->table, row, set, &made, &err);
        hgi_row_free(made);
        plans_expect_if(s, "insert and read back", may, st, NULL, &err);
    }
    st = hgi_insert_many(s->conn, s->table, row, 1, s->table->info.row_size, set, NULL, &err);
    plans_expect_if(s, "insert_many", may, st, NULL, &err);
    free(row);
}

/* The columns of an upsert by a key: all that the role may insert and take over. 0: it may not upsert. */
static uint64_t
upsert_set(const plans_stage *s, uint64_t key)
{
    int32_t role = s->role;
    uint64_t insertable = s->table->insertable[role], readable = s->table->readable[role];
    uint64_t updates = insertable & readable & s->table->updatable[role] & ~key & ~HG_BIT(0);

    return updates == 0 || ((key | s->table->required) & ~insertable) != 0 || (key & ~readable) != 0
           ? 0 : key | s->table->required | updates;
}

static void
upsert(plans_stage *s)
{
    for (int32_t i = 0; i < s->table->info.key_count; i++) {
        uint64_t key = s->table->info.keys[i].columns, may = upsert_set(s, key), set = may != 0 ? may : key;
        hgi_row *row = calloc(1, s->table->info.row_size);
        hg_status st;

        fill_row(s->table, row, set, key);
        st = hgi_upsert(s->conn, s->table, row, set, i, NULL, &err);
        plans_expect_if(s, "upsert", may != 0, st, NULL, &err);
        st = hgi_upsert_many(s->conn, s->table, row, 1, s->table->info.row_size, set, i, NULL, &err);
        plans_expect_if(s, "upsert_many", may != 0, st, NULL, &err);
        free(row);
    }
}

static void
update(plans_stage *s)
{
    int may = s->table->updatable[s->role] != 0;
    uint64_t set = may ? s->table->updatable[s->role] : HG_BIT(1);
    const plan_wish wish = plans_by(s->table, 0);
    hgi_row *row = calloc(1, s->table->info.row_size);
    const void *made;
    hg_status st;

    fill_row(s->table, row, set, 0);
    st = hgi_update(s->conn, s->table, &nobody, row, set, NULL, &err);
    plans_expect_if(s, "update", may, st, &wish, &err);
    if (plans_may_read(s)) {
        st = hgi_update(s->conn, s->table, &nobody, row, set, &made, &err);
        hgi_row_free(made);
        plans_expect_if(s, "update and read back", may, st, &wish, &err);
    }
    row->row_version = 1;
    st = hgi_update(s->conn, s->table, &nobody, row, set, NULL, &err);
    plans_expect_if(s, "update of a version", may, st, &wish, &err);
    free(row);
}

static void
delete(plans_stage *s)
{
    const plan_wish wish = plans_by(s->table, 0);
    hg_status st = hgi_delete(s->conn, s->table, &nobody, &err);

    plans_expect_if(s, "delete", s->table->deletable >> s->role & 1, st, &wish, &err);
}

/* In a batch a write that finds no row is the server's own error, and another statement. */
static void
write_in_batches(plans_stage *s)
{
    uint64_t set = s->table->updatable[s->role];
    const plan_wish wish = plans_by(s->table, 0);
    hgi_row *row = calloc(1, s->table->info.row_size);

    fill_row(s->table, row, set, 0);
    if (set != 0) {
        MUST(hg_batch_begin(s->conn, &err));
        MUST(hgi_update(s->conn, s->table, &nobody, row, set, NULL, &err));
        hg_batch_end(s->conn, NULL, &err);
        plans_expect(s, "update in a batch", -1, &wish, &err);
    }
    if (s->table->deletable >> s->role & 1) {
        MUST(hg_batch_begin(s->conn, &err));
        MUST(hgi_delete(s->conn, s->table, &nobody, &err));
        hg_batch_end(s->conn, NULL, &err);
        plans_expect(s, "delete in a batch", -1, &wish, &err);
    }
    free(row);
}

static void
write_by_query(plans_stage *s)
{
    int32_t role = s->role;
    int may = s->table->updatable[role] != 0;
    uint64_t set = may ? s->table->updatable[role] : HG_BIT(1);
    const plan_wish wish = plans_by(s->table, 0);
    hg_query *query = hg_query_new(s->number);
    hgi_row *row = calloc(1, s->table->info.row_size);
    hg_status st;

    MUST(hg_query_where_uuid(query, 0, HG_OP_EQ, &nobody, &err));
    fill_row(s->table, row, set, 0);
    st = hgi_update_where(s->conn, s->table, query, row, set, 1, NULL, &err);
    plans_expect_if(s, "update_where", may && plans_may_read(s), st, &wish, &err);
    st = hgi_delete_where(s->conn, s->table, query, 1, NULL, &err);
    plans_expect_if(s, "delete_where", s->table->deletable >> role & 1 && plans_may_read(s), st, &wish, &err);
    hg_query_free(query);
    free(row);
}

/* ---- Copies ---------------------------------------------------------------------------------------------------------------------- */

/* The query of a COPY in what libpq wrote down of its messages, to be freed; NULL: there is none. */
static char *
copied_query(FILE *trace)
{
    static const char before[] = "COPY (", behind[] = ") TO STDOUT";
    size_t size = (size_t)ftell(trace);
    char *text = calloc(1, size + 1), *from, *to, *query = NULL;

    rewind(trace);
    ck_assert_uint_eq(fread(text, 1, size, trace), size);
    from = strstr(text, before);
    to = from != NULL ? strstr(from, behind) : NULL;
    if (to != NULL)
        query = strndup(from + strlen(before), (size_t)(to - from) - strlen(before));
    free(text);
    return query;
}

/* Outside a transaction a stream is a COPY, which is prepared nowhere: its text is taken off the wire. */
static void
check_copy(plans_stage *s, int32_t column)
{
    const hg_uuid id = policy_uuid("acme_open");
    hg_query *query = hg_query_new(s->number);
    FILE *trace = tmpfile();
    const plan_wish wish = plans_by(s->table, column);
    char *copied;

    MUST(hg_query_where_uuid(query, column, HG_OP_EQ, &id, &err));
    PQtrace(hg_conn_pq(s->conn), trace);
    run_stream(s, query);
    PQuntrace(hg_conn_pq(s->conn));
    copied = copied_query(trace);
    ck_assert_msg(copied != NULL, "a stream of %s as %s copies nothing: %s", s->table->info.name, s->person->name, err.message);
    plans_check_text(s, "COPY", copied, &wish);
    free(copied);
    fclose(trace);
    hg_query_free(query);
}

static void
check_copies(plans_stage *s)
{
    for (int32_t column = has_id(s->table); column < s->table->info.column_count; column++)
        if (is_reference(s, column)) {
            check_copy(s, column);
            return;
        }
}

/* ---- All of it --------------------------------------------------------------------------------------------------------------------- */

START_TEST(call_reads_no_large_table_whole)
{
    int is_table = _i < hgi_table_count;

    for (int p = 0; p < PLANS_PERSONAS; p++) {
        plans_stage s;

        plans_stage_begin(&s, policy_person_find(plans_personas[p]), is_table ? _i : HG_VIEW_FIRST + _i - hgi_table_count);
        if (has_id(s.table)) {
            read_by_id(&s);
            read_related(&s);
        }
        read_by_reference(&s);
        read_newest(&s);
        count_what_one_sees(&s);
        if (is_table) {
            insert(&s);
            upsert(&s);
            update(&s);
            delete(&s);
            write_in_batches(&s);
            write_by_query(&s);
        }
        plans_stage_check(&s);
        check_copies(&s);
        plans_stage_end(&s);
    }
}
END_TEST

void
plans_calls(TCase *tcase)
{
    tcase_add_loop_test(tcase, call_reads_no_large_table_whole, 0, hgi_table_count + hgi_view_count);
}
