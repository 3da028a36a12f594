/* sql.c - the text of the statements that every table has. A text depends on its shape and on nothing else. */
#include "record/record_int.h"

#include <string.h>

static void
add_param(hgi_buffer *sql, int32_t number)
{
    hgi_buffer_add_byte(sql, '$');
    hgi_buffer_add_int(sql, number);
}

static void
add_name(hgi_buffer *sql, const hgi_table *table, int32_t column)
{
    hgi_buffer_add_text(sql, table->info.columns[column].name);
}

/* prefix, then the names of the columns of mask in order, between commas. */
static void
add_names(hgi_buffer *sql, const hgi_table *table, uint64_t mask, const char *prefix)
{
    for (uint64_t left = mask; left != 0; left &= left - 1) {
        if (left != mask)
            hgi_buffer_add_text(sql, ", ");
        hgi_buffer_add_text(sql, prefix);
        add_name(sql, table, hgi_first_bit(left));
    }
}

/* The columns that come back, all under one short name: nobody reads the names, but libpq parses and keeps them at every
 * execution, which for the 29 columns of jobs was 2,300 of a get's 27,800 instructions. */
void
hgi_write_result(hgi_buffer *sql, const hgi_table *table, const hgi_shape *shape)
{
    for (uint64_t left = shape->columns; left != 0; left &= left - 1) {
        add_name(sql, table, hgi_first_bit(left));
        hgi_buffer_add_text(sql, (left & (left - 1)) != 0 || shape->with_version ? " AS c, " : " AS c");
    }
    if (shape->with_version)
        hgi_buffer_add_text(sql, "xmin AS c");
}

static void
add_returning(hgi_buffer *sql, const hgi_table *table, const hgi_shape *shape)
{
    if (shape->columns == 0)
        return;
    hgi_buffer_add_text(sql, "\nRETURNING ");
    hgi_write_result(sql, table, shape);
}

/* SELECT id, title FROM public.jobs WHERE id = $1 */
static void
write_get(hgi_buffer *sql, const hgi_table *table, const hgi_shape *shape)
{
    hgi_buffer_add_text(sql, "SELECT ");
    hgi_write_result(sql, table, shape);
    hgi_buffer_add_text(sql, "\nFROM ");
    hgi_buffer_add_text(sql, table->relation);
    hgi_buffer_add_text(sql, shape->operation == HGI_GET ? "\nWHERE id = $1" : "\nWHERE id = ANY (" HGI_KEYS ")");
}

/* INSERT INTO public.jobs (id, title) VALUES ($1, $2) */
static void
write_insert(hgi_buffer *sql, const hgi_table *table, const hgi_shape *shape)
{
    hgi_buffer_add_text(sql, "INSERT INTO ");
    hgi_buffer_add_text(sql, table->relation);
    if (shape->set == 0) {
        hgi_buffer_add_text(sql, " DEFAULT VALUES");
        return;
    }
    hgi_buffer_add_text(sql, " (");
    add_names(sql, table, shape->set, "");
    hgi_buffer_add_text(sql, ")\nVALUES (");
    for (int32_t i = 1, n = __builtin_popcountll(shape->set); i <= n; i++) {
        if (i > 1)
            hgi_buffer_add_text(sql, ", ");
        add_param(sql, i);
    }
    hgi_buffer_add_byte(sql, ')');
}

/* INSERT INTO public.jobs (id, seo_keywords)
 * SELECT u.id, u.seo_keywords::text[] FROM unnest($1, $2) AS u (id, seo_keywords)
 *
 * A column that is an array itself travels as an array of literals, since unnest would flatten it. */
static void
write_insert_many(hgi_buffer *sql, const hgi_table *table, const hgi_shape *shape)
{
    hgi_buffer_add_text(sql, "INSERT INTO ");
    hgi_buffer_add_text(sql, table->relation);
    hgi_buffer_add_text(sql, " (");
    add_names(sql, table, shape->set, "");
    hgi_buffer_add_text(sql, ")\nSELECT ");
    for (uint64_t left = shape->set; left != 0; left &= left - 1) {
        int32_t column = hgi_first_bit(left);

        if (left != shape->set)
            hgi_buffer_add_text(sql, ", ");
        hgi_buffer_add_text(sql, "u.");
        add_name(sql, table, column);
        if (table->info.columns[column].kind == HG_KIND_TEXT_LIST)
            hgi_buffer_add_text(sql, "::text[]");
    }
    hgi_buffer_add_text(sql, "\nFROM unnest(");
    for (int32_t i = 1, n = __builtin_popcountll(shape->set); i <= n; i++) {
        if (i > 1)
            hgi_buffer_add_text(sql, ", ");
        add_param(sql, i);
    }
    hgi_buffer_add_text(sql, ") AS u (");
    add_names(sql, table, shape->set, "");
    hgi_buffer_add_byte(sql, ')');
}

uint64_t
hgi_upsert_updates(const hgi_table *table, int32_t role, uint64_t set, int32_t key)
{
    return set & ~table->info.keys[key].columns & ~HG_BIT(0) & table->updatable[role];
}

/* ON CONFLICT (email) DO UPDATE SET phone = excluded.phone */
static void
add_on_conflict(hgi_buffer *sql, const hgi_table *table, const hgi_shape *shape)
{
    uint64_t updates = hgi_upsert_updates(table, shape->role, shape->set, shape->key);

    hgi_buffer_add_text(sql, "\nON CONFLICT (");
    add_names(sql, table, table->info.keys[shape->key].columns, "");
    hgi_buffer_add_text(sql, ") DO UPDATE SET ");
    for (uint64_t left = updates; left != 0; left &= left - 1) {
        if (left != updates)
            hgi_buffer_add_text(sql, ", ");
        add_name(sql, table, hgi_first_bit(left));
        hgi_buffer_add_text(sql, " = excluded.");
        add_name(sql, table, hgi_first_bit(left));
    }
}

static void
add_version(hgi_buffer *sql, const hgi_table *table)
{
    if (table->info.version_column >= 0)
        add_name(sql, table, table->info.version_column);
    else
        hgi_buffer_add_text(sql, "xmin");
}

/* UPDATE public.jobs SET title = $2 WHERE id = $1 AND updated_at = $3 */
static void
write_update(hgi_buffer *sql, const hgi_table *table, const hgi_shape *shape)
{
    int32_t number = 2;

    hgi_buffer_add_text(sql, shape->must_change ? "WITH changed AS (UPDATE " : "UPDATE ");
    hgi_buffer_add_text(sql, table->relation);
    hgi_buffer_add_text(sql, "\nSET ");
    for (uint64_t left = shape->set; left != 0; left &= left - 1) {
        if (left != shape->set)
            hgi_buffer_add_text(sql, ", ");
        add_name(sql, table, hgi_first_bit(left));
        hgi_buffer_add_text(sql, " = ");
        add_param(sql, number++);
    }
    hgi_buffer_add_text(sql, "\nWHERE id = $1");
    if (shape->by_version) {
        hgi_buffer_add_text(sql, " AND ");
        add_version(sql, table);
        hgi_buffer_add_text(sql, " = ");
        add_param(sql, number);
    }
}

/* DELETE FROM public.jobs WHERE id = $1 */
static void
write_delete(hgi_buffer *sql, const hgi_table *table, const hgi_shape *shape)
{
    hgi_buffer_add_text(sql, shape->must_change ? "WITH changed AS (DELETE FROM " : "DELETE FROM ");
    hgi_buffer_add_text(sql, table->relation);
    hgi_buffer_add_text(sql, "\nWHERE id = $1");
}

/* SELECT updated_at FROM public.jobs WHERE id = $1: runs behind a write that may have found nothing to change. */
static void
write_probe(hgi_buffer *sql, const hgi_table *table, const hgi_shape *shape)
{
    hgi_buffer_add_text(sql, "SELECT ");
    if (shape->with_version)
        add_version(sql, table);
    else
        hgi_buffer_add_text(sql, "id");
    hgi_buffer_add_text(sql, "\nFROM ");
    hgi_buffer_add_text(sql, table->relation);
    hgi_buffer_add_text(sql, "\nWHERE id = $1");
}

static void
write_statement(hgi_buffer *sql, const hgi_table *table, const hgi_shape *shape)
{
    switch (shape->operation) {
    case HGI_GET:
    case HGI_GET_MANY:
        write_get(sql, table, shape);
        return;
    case HGI_PROBE:
        write_probe(sql, table, shape);
        return;
    case HGI_INSERT:
        write_insert(sql, table, shape);
        break;
    case HGI_UPSERT:
        write_insert(sql, table, shape);
        add_on_conflict(sql, table, shape);
        break;
    case HGI_INSERT_MANY:
        write_insert_many(sql, table, shape);
        break;
    case HGI_UPSERT_MANY:
        write_insert_many(sql, table, shape);
        add_on_conflict(sql, table, shape);
        break;
    case HGI_UPDATE:
        write_update(sql, table, shape);
        break;
    default:
        write_delete(sql, table, shape);
        break;
    }
    if (shape->must_change)
        hgi_buffer_add_text(sql, "\nRETURNING id)\nSELECT WHERE 1 / EXISTS (SELECT FROM changed)::int > 1");
    add_returning(sql, table, shape);
}

/* ---- Types -------------------------------------------------------------------------------------------------------------- */

static uint32_t
array_type(uint32_t element)
{
    switch (element) {
    case HGI_OID_UUID:      return HGI_OID_UUID_ARRAY;
    case HGI_OID_TEXT:      return HGI_OID_TEXT_ARRAY;
    case HGI_OID_VARCHAR:   return HGI_OID_VARCHAR_ARRAY;
    case HGI_OID_JSONB:     return HGI_OID_JSONB_ARRAY;
    case HGI_OID_INT4:      return HGI_OID_INT4_ARRAY;
    case HGI_OID_BOOL:      return HGI_OID_BOOL_ARRAY;
    case HGI_OID_NUMERIC:   return HGI_OID_NUMERIC_ARRAY;
    case HGI_OID_TIMESTAMP: return HGI_OID_TIMESTAMP_ARRAY;
    case HGI_OID_DATE:      return HGI_OID_DATE_ARRAY;
    case HGI_OID_INET:      return HGI_OID_INET_ARRAY;
    default:                return HGI_OID_TEXT_ARRAY;     /* text[]: its literals */
    }
}

static uint32_t
version_type(const hgi_table *table)
{
    return table->info.version_column >= 0 ? HGI_OID_TIMESTAMP : HGI_OID_XID;
}

static int32_t
param_types(const hgi_table *table, const hgi_shape *shape, uint32_t *types)
{
    int many = shape->operation == HGI_INSERT_MANY || shape->operation == HGI_UPSERT_MANY;
    int32_t n = 0;

    if (shape->operation == HGI_GET_MANY)
        types[n++] = HGI_OID_UUID_ARRAY;
    else if (shape->operation == HGI_GET || shape->operation == HGI_UPDATE || shape->operation == HGI_DELETE ||
             shape->operation == HGI_PROBE)
        types[n++] = HGI_OID_UUID;
    for (uint64_t left = shape->set; left != 0; left &= left - 1) {
        uint32_t type = table->types[hgi_first_bit(left)];

        types[n++] = many ? array_type(type) : type;
    }
    if (shape->by_version)
        types[n++] = version_type(table);
    return n;
}

void
hgi_call_expect(hgi_call *call, const hgi_table *table, const hgi_shape *shape, uint32_t *types)
{
    int32_t n = 0;

    call->result_types = NULL;
    if (shape->columns == 0 || hgi_statement_is_checked(call->statement))
        return;
    for (uint64_t left = shape->columns; left != 0; left &= left - 1)
        types[n++] = table->types[hgi_first_bit(left)];
    if (shape->with_version)
        types[n++] = HGI_OID_XID;
    call->result_types = types;
    call->result_count = n;
}

/* ---- Shapes ------------------------------------------------------------------------------------------------------------- */

hgi_shape
hgi_shape_new(const hg_conn *conn, const hgi_table *table, int operation, int reads)
{
    hgi_shape shape = { .operation = (uint8_t)operation, .role = (uint8_t)conn->role,
                        .table = (uint8_t)table->info.table };

    if (reads) {
        shape.columns = table->readable[conn->role];
        shape.with_version = table->info.version_column < 0 && (table->readable_version >> conn->role & 1) != 0;
    }
    return shape;
}

/* Once for each shape on a connection; apart, since its text is made on the stack, whose pages a call that finds it never sees. */
HGI_COLD static hgi_statement *
make_statement(hg_conn *conn, const hgi_table *table, const hgi_shape *shape, hg_error *err)
{
    hgi_statement *statement = NULL;
    uint32_t types[HGI_RESULT_MAX];
    char memory[2048];
    hgi_buffer sql;

    hgi_buffer_on(&sql, memory, sizeof memory);
    write_statement(&sql, table, shape);
    if (sql.failed)
        hgi_nomem(err);
    else
        statement = hgi_statement_add(conn, shape, sizeof *shape, sql.ptr, param_types(table, shape, types), types, err);
    hgi_buffer_free(&sql);
    return statement;
}

hgi_statement *
hgi_shape_statement(hg_conn *conn, const hgi_table *table, const hgi_shape *shape, hg_error *err)
{
    hgi_statement *statement = hgi_statement_find(conn, shape, sizeof *shape);

    return statement != NULL ? statement : make_statement(conn, table, shape, err);
}
