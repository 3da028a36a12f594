/* sql.c - the text of a query's statement. No value of the caller's gets into it: they are arguments. */
#include "query/query_int.h"

void
hgi_write_param(hgi_buffer *sql, int32_t number)
{
    hgi_buffer_add_byte(sql, '$');
    hgi_buffer_add_int(sql, number);
}

static const char *
name_of(const hgi_run *run, int32_t column)
{
    return run->query->table->info.columns[column].name;
}

static const char *
operator_text(int32_t op)
{
    static const char *const texts[] = {
        [HG_OP_EQ] = " = ",        [HG_OP_NE] = " IS DISTINCT FROM ", [HG_OP_LT] = " < ",
        [HG_OP_LE] = " <= ",       [HG_OP_GT] = " > ",                [HG_OP_GE] = " >= ",
        [HG_OP_PREFIX] = " LIKE ", [HG_OP_CONTAINS] = " ILIKE ",      [HG_OP_INCLUDES] = " @> ",
        [HG_OP_OVERLAPS] = " && ", [HG_OP_HAS_KEY] = " ? ",           [HG_OP_HAS_ANY] = " ?| ",
        [HG_OP_HAS_ALL] = " ?& ",  [HG_OP_WITHIN] = " <<= ",
    };

    return texts[op];
}

/* ---- Filters -------------------------------------------------------------------------------------------------------- */

static void
write_in(const hgi_run *run, const hgi_node *node, int32_t number, hgi_buffer *sql)
{
    const char *name = name_of(run, node->column);

    if (node->op)
        hgi_buffer_add_byte(sql, '(');
    hgi_buffer_add_text(sql, name);
    hgi_buffer_add_text(sql, " = ANY (");
    hgi_write_param(sql, number);
    hgi_buffer_add_byte(sql, ')');
    if (node->op) {
        hgi_buffer_add_text(sql, " OR ");
        hgi_buffer_add_text(sql, name);
        hgi_buffer_add_text(sql, " IS NULL)");
    }
}

/* One filter; gives back how many arguments it took. */
static int32_t
write_filter(const hgi_run *run, const hgi_node *node, int32_t number, hgi_buffer *sql)
{
    switch (node->kind) {
    case HGI_NODE_NULL:
        hgi_buffer_add_text(sql, name_of(run, node->column));
        hgi_buffer_add_text(sql, node->op ? " IS NULL" : " IS NOT NULL");
        return 0;
    case HGI_NODE_IN:
        write_in(run, node, number, sql);
        return 1;
    case HGI_NODE_PATH:
        hgi_buffer_add_byte(sql, '(');
        hgi_buffer_add_text(sql, name_of(run, node->column));
        hgi_buffer_add_text(sql, " #>> ");
        hgi_write_param(sql, number++);
        hgi_buffer_add_byte(sql, ')');
        hgi_buffer_add_text(sql, operator_text(node->op));
        hgi_write_param(sql, number);
        return 2;
    default:
        hgi_buffer_add_text(sql, name_of(run, node->column));
        hgi_buffer_add_text(sql, operator_text(node->op));
        hgi_write_param(sql, number);
        return 1;
    }
}

/* A group on the way: what stands between its members, and whether it has any yet. */
typedef struct group {
    int32_t kind;
    int32_t members;
} group;

static void
open_group(int32_t kind, hgi_buffer *sql)
{
    hgi_buffer_add_byte(sql, '(');
    if (kind == HGI_NODE_NOT)
        hgi_buffer_add_byte(sql, '(');
}

/* None of nothing holds, all of nothing does. NOT means every row for which the group does not hold, also where a NULL
 * leaves it open. */
static void
close_group(const group *g, hgi_buffer *sql)
{
    if (g->members == 0)
        hgi_buffer_add_text(sql, g->kind == HGI_NODE_ANY ? "false" : "true");
    hgi_buffer_add_text(sql, g->kind == HGI_NODE_NOT ? ") IS NOT TRUE)" : ")");
}

void
hgi_query_write_filters(const hgi_run *run, hgi_buffer *sql)
{
    const hgi_node *node = (const hgi_node *)(const void *)run->query->nodes.ptr;
    const hgi_node *end = node + run->query->nodes.len / sizeof *node;
    group groups[HGI_DEPTH_MAX + 1] = { { HGI_NODE_ALL, 0 } };
    int32_t depth = 0, number = run->first_filter;

    for (; node < end; node++) {
        if (node->kind == HGI_NODE_END) {
            close_group(&groups[depth--], sql);
            continue;
        }
        if (groups[depth].members++ > 0)
            hgi_buffer_add_text(sql, groups[depth].kind == HGI_NODE_ANY ? "\n   OR " : "\n  AND ");
        if (node->kind >= HGI_NODE_ANY) {
            open_group(node->kind, sql);
            groups[++depth] = (group){ node->kind, 0 };
        } else {
            number += write_filter(run, node, number, sql);
        }
    }
}

static void
write_where(const hgi_run *run, hgi_buffer *sql)
{
    if (run->query->nodes.len == 0)
        return;
    hgi_buffer_add_text(sql, "\nWHERE ");
    hgi_query_write_filters(run, sql);
}

/* ---- Order -------------------------------------------------------------------------------------------------------------- */

/* The id comes last where an order was asked for, or where there is a page of it. */
static void
write_order(const hgi_run *run, hgi_buffer *sql)
{
    const hg_query *query = run->query;

    if (query->order.count == 0 && query->limit < 0 && query->cursor.len == 0)
        return;
    for (int32_t i = 0; i <= query->order.count; i++) {
        hgi_order_key key = hgi_run_key(run, i);

        hgi_buffer_add_text(sql, i == 0 ? "\nORDER BY " : ", ");
        hgi_buffer_add_text(sql, name_of(run, key.column));
        if (key.descending)
            hgi_buffer_add_text(sql, " DESC");
        if (i < query->order.count && key.nulls_first != key.descending)
            hgi_buffer_add_text(sql, key.nulls_first ? " NULLS FIRST" : " NULLS LAST");
    }
}

void
hgi_query_write_limit(const hgi_run *run, hgi_buffer *sql)
{
    if (run->limit != 0) {
        hgi_buffer_add_text(sql, "\nLIMIT ");
        hgi_write_param(sql, run->limit);
    } else if (run->page >= 0) {
        hgi_buffer_add_text(sql, "\nLIMIT ");
        hgi_buffer_add_int(sql, run->page);
    }
}

/* ---- Statements ----------------------------------------------------------------------------------------------------------- */

/* The filters, and that a row is of one of the arms. */
static void
write_where_behind(const hgi_run *run, const hgi_arm *arms, int32_t count, hgi_buffer *sql)
{
    write_where(run, sql);
    if (count == 0)
        return;
    hgi_buffer_add_text(sql, run->query->nodes.len > 0 ? "\n  AND " : "\nWHERE ");
    for (int32_t i = 0; i < count; i++) {
        hgi_buffer_add_text(sql, count == 1 ? "" : i == 0 ? "((" : ") OR (");
        hgi_keyset_write_arm(run, &arms[i], sql);
    }
    hgi_buffer_add_text(sql, count == 1 ? "" : "))");
}

static void
write_select(const hgi_run *run, const hgi_arm *arms, int32_t count, hgi_buffer *sql)
{
    hgi_buffer_add_text(sql, "SELECT ");
    hgi_write_result(sql, run->query->table, &run->shape);
    hgi_buffer_add_text(sql, "\nFROM ");
    hgi_buffer_add_text(sql, run->query->table->relation);
    write_where_behind(run, arms, count, sql);
    write_order(run, sql);
    hgi_query_write_limit(run, sql);
}

/* (SELECT ... first arm ORDER BY ... LIMIT n) UNION ALL (SELECT ... second arm ORDER BY ... LIMIT n) LIMIT n
 *
 * The server reads one member of UNION ALL after the other, and no further than it needs; members with a limit are never
 * among those that it gives to parallel workers, whose order would be any. */
static void
write_page_in_arms(const hgi_run *run, const hgi_arm *arms, int32_t count, hgi_buffer *sql)
{
    for (int32_t i = 0; i < count; i++) {
        hgi_buffer_add_text(sql, i == 0 ? "(" : "\nUNION ALL\n(");
        write_select(run, &arms[i], 1, sql);
        hgi_buffer_add_byte(sql, ')');
    }
    hgi_query_write_limit(run, sql);
}

static void
write_find(const hgi_run *run, hgi_buffer *sql)
{
    hgi_arm arms[HGI_ARMS_MAX];
    int32_t count = hgi_keyset_arms(run, arms), lock = run->query->lock;

    if (count > 1 && run->query->limit >= 0 && lock == HG_LOCK_NONE) {
        write_page_in_arms(run, arms, count, sql);
        return;
    }
    write_select(run, arms, count, sql);
    if (lock != HG_LOCK_NONE)
        hgi_buffer_add_text(sql, lock == HG_LOCK_UPDATE ? "\nFOR UPDATE" : "\nFOR UPDATE SKIP LOCKED");
}

static void
write_count(const hgi_run *run, hgi_buffer *sql)
{
    hgi_buffer_add_text(sql, run->verb == HGI_QUERY_COUNT ? "SELECT count(*)\nFROM " : "SELECT EXISTS (SELECT\nFROM ");
    hgi_buffer_add_text(sql, run->query->table->relation);
    write_where(run, sql);
    if (run->verb == HGI_QUERY_EXISTS)
        hgi_buffer_add_byte(sql, ')');
}

/* WITH found AS MATERIALIZED (SELECT id FROM t WHERE ... LIMIT at_most + 1 FOR UPDATE),
 *      changed AS (UPDATE t SET ... WHERE id = ANY (ARRAY(SELECT id FROM found))
 *                  AND (SELECT count(*) FROM found) <= at_most RETURNING id)
 * SELECT (SELECT count(*) FROM found), (SELECT count(*) FROM changed)
 *
 * One row too many is enough to know. An update locks what it finds, so that what it counts is what it changes. A delete
 * cannot, since FOR UPDATE asks for a right to update; it has the filters once more, for a row that somebody else changed
 * since it was found is judged anew and by what stands here. */
static void
write_guarded(const hgi_run *run, hgi_buffer *sql)
{
    const char *relation = run->query->table->relation;
    int update = run->verb == HGI_QUERY_UPDATE;
    int32_t number = 1;

    hgi_buffer_add_text(sql, "WITH found AS MATERIALIZED (\n    SELECT id\n    FROM ");
    hgi_buffer_add_text(sql, relation);
    write_where(run, sql);
    hgi_buffer_add_text(sql, "\n    LIMIT ");
    hgi_write_param(sql, run->limit);
    hgi_buffer_add_text(sql, update ? " + 1\n    FOR UPDATE\n), changed AS (\n    UPDATE "
                                    : " + 1\n), changed AS (\n    DELETE FROM ");
    hgi_buffer_add_text(sql, relation);
    for (uint64_t left = update ? run->shape.set : 0; left != 0; left &= left - 1) {
        hgi_buffer_add_text(sql, left == run->shape.set ? "\n    SET " : ", ");
        hgi_buffer_add_text(sql, name_of(run, hgi_first_bit(left)));
        hgi_buffer_add_text(sql, " = ");
        hgi_write_param(sql, number++);
    }
    hgi_buffer_add_text(sql, "\n    WHERE id = ANY (ARRAY(SELECT id FROM found))\n"
                             "    AND   (SELECT count(*) FROM found) <= ");
    hgi_write_param(sql, run->limit);
    if (!update && run->query->nodes.len > 0) {
        hgi_buffer_add_text(sql, "\n    AND   (");
        hgi_query_write_filters(run, sql);
        hgi_buffer_add_byte(sql, ')');
    }
    hgi_buffer_add_text(sql, "\n    RETURNING id\n)\n"
                             "SELECT (SELECT count(*) FROM found), (SELECT count(*) FROM changed)");
}

void
hgi_query_write(const hgi_run *run, hgi_buffer *sql)
{
    switch (run->verb) {
    case HGI_QUERY_COUNT:
    case HGI_QUERY_EXISTS:
        write_count(run, sql);
        break;
    case HGI_QUERY_UPDATE:
    case HGI_QUERY_DELETE:
        write_guarded(run, sql);
        break;
    case HGI_QUERY_DECLARE:
        hgi_buffer_add_text(sql, "DECLARE hg_portal_");
        hgi_buffer_add_int(sql, run->portal);
        hgi_buffer_add_text(sql, " BINARY NO SCROLL CURSOR WITHOUT HOLD FOR\n");
        write_find(run, sql);
        break;
    default:
        write_find(run, sql);
        break;
    }
}
