/* explain_facts.c - asks the catalogue what there is for a query: indexes with their operator classes, which operators are
 * leakproof, which policies the role is under. One statement; its rows are the facts that explain_judge.c goes by. */
#include "query/explain_int.h"

#include <string.h>

enum { OID_ANYARRAY = 2277 };

/* The server's name of an operator, and its types. */
const char *
hgi_explain_operator(const hgi_node *node)
{
    static const char *const names[] = {
        [HG_OP_EQ] = "=",      [HG_OP_NE] = "=",       [HG_OP_LT] = "<",        [HG_OP_LE] = "<=",      [HG_OP_GT] = ">",
        [HG_OP_GE] = ">=",     [HG_OP_PREFIX] = "~~",  [HG_OP_CONTAINS] = "~~*", [HG_OP_INCLUDES] = "@>", [HG_OP_OVERLAPS] = "&&",
        [HG_OP_HAS_KEY] = "?", [HG_OP_HAS_ANY] = "?|", [HG_OP_HAS_ALL] = "?&",  [HG_OP_WITHIN] = "<<=",
    };

    return node->kind == HGI_NODE_COMPARE ? names[node->op] : "=";
}

static uint32_t
left_type(const hgi_explainer *e, const hgi_node *node)
{
    uint32_t type = e->table->types[node->column];

    return type == HGI_OID_VARCHAR ? HGI_OID_TEXT : type == HGI_OID_TEXT_ARRAY ? OID_ANYARRAY : type;
}

static uint32_t
right_type(const hgi_explainer *e, const hgi_node *node)
{
    if (node->kind == HGI_NODE_COMPARE && node->op == HG_OP_HAS_KEY)
        return HGI_OID_TEXT;
    if (node->kind == HGI_NODE_COMPARE && (node->op == HG_OP_HAS_ANY || node->op == HG_OP_HAS_ALL))
        return HGI_OID_TEXT_ARRAY;
    return left_type(e, node);
}

/* (0,'title','=',25,25),... ; the operators are ours and the names are the schema's: no quotes in them. */
static void
write_asked(const hgi_explainer *e, hgi_buffer *sql)
{
    hgi_buffer_add_text(sql, "(-9,'','',0,0)");
    for (int32_t i = 0; i < e->count; i++) {
        if (!hgi_is_filter(&e->nodes[i]))
            continue;
        hgi_buffer_add_text(sql, ",(");
        hgi_buffer_add_int(sql, i);
        hgi_buffer_add_text(sql, ",'");
        hgi_buffer_add_text(sql, e->table->info.columns[e->nodes[i].column].name);
        hgi_buffer_add_text(sql, "','");
        hgi_buffer_add_text(sql, hgi_explain_operator(&e->nodes[i]));
        hgi_buffer_add_text(sql, "',");
        hgi_buffer_add_int(sql, left_type(e, &e->nodes[i]));
        hgi_buffer_add_byte(sql, ',');
        hgi_buffer_add_int(sql, right_type(e, &e->nodes[i]));
        hgi_buffer_add_byte(sql, ')');
    }
}

/* Rows about the role, about each index, and about each filter and each index with its column. */
static void
write_question(const hgi_explainer *e, hgi_buffer *sql)
{
    hgi_buffer_add_text(sql,
        "WITH asked (n, name, op, l, r) AS (VALUES ");
    write_asked(e, sql);
    hgi_buffer_add_text(sql,
        "),\n relation (oid) AS (SELECT '");
    hgi_buffer_add_text(sql, e->table->relation);
    hgi_buffer_add_text(sql, "'::pg_catalog.regclass::pg_catalog.oid),\n"
        " key AS (\n"
        "    SELECT x.indexrelid, i.relname::text, am.amname::text, oc.opcname::text, oc.opcfamily, k.n, a.attname::text,\n"
        "           x.indoption[k.n - 1] AS option, pg_catalog.pg_get_expr(x.indpred, x.indrelid) AS predicate\n"
        "    FROM relation\n"
        "    JOIN pg_catalog.pg_index x ON x.indrelid = relation.oid AND x.indisvalid\n"
        "    JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid\n"
        "    JOIN pg_catalog.pg_am am ON am.oid = i.relam\n"
        "    CROSS JOIN LATERAL (SELECT n, x.indkey[n - 1] AS att, x.indclass[n - 1] AS class\n"
        "                        FROM pg_catalog.generate_series(1, x.indnkeyatts) AS n) k\n"
        "    JOIN pg_catalog.pg_opclass oc ON oc.oid = k.class\n"
        "    LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = k.att AND k.att > 0\n"
        " ),\n policy AS (\n"
        "    SELECT p.polpermissive, pg_catalog.pg_get_expr(p.polqual, p.polrelid) = 'true' AS passes\n"
        "    FROM relation JOIN pg_catalog.pg_policy p ON p.polrelid = relation.oid\n"
        "    WHERE p.polcmd IN ('*', 'r')\n"
        "    AND EXISTS (SELECT FROM pg_catalog.unnest(p.polroles) AS r\n"
        "                WHERE r = 0 OR pg_catalog.pg_has_role(r, 'USAGE'))\n"
        " )\n"
        "SELECT -1 AS n, pg_catalog.row_security_active(relation.oid)\n"
        "       AND (NOT EXISTS (SELECT FROM policy WHERE polpermissive AND passes)\n"
        "            OR EXISTS (SELECT FROM policy WHERE NOT polpermissive AND NOT passes))\n"
        "       OR coalesce(c.reloptions && '{security_barrier=true,security_invoker=true}', false) AS flag,\n"
        "       NULL::text AS index, (c.relkind = 'v')::int4 AS position,\n"
        "       CASE WHEN c.reloptions && '{security_barrier=true}' THEN 'sort' END AS method, NULL::text AS class,\n"
        "       (SELECT d.datcollate IN ('C', 'POSIX') FROM pg_catalog.pg_database d\n"
        "        WHERE d.datname = pg_catalog.current_database()) AS member, NULL::text AS predicate, NULL::text AS columns\n"
        "FROM relation JOIN pg_catalog.pg_class c USING (oid)\n"
        "UNION ALL\n"
        "SELECT -2, NULL, k.relname, NULL, min(k.amname), NULL, NULL, min(k.predicate),\n"
        "       pg_catalog.string_agg(coalesce(k.attname, '') || ':' || k.option, ',' ORDER BY k.n)\n"
        "FROM key k GROUP BY k.relname\n"
        "UNION ALL\n"
        "SELECT asked.n, p.proleakproof, k.relname, k.n, k.amname, k.opcname,\n"
        "       EXISTS (SELECT FROM pg_catalog.pg_amop s WHERE s.amopfamily = k.opcfamily AND s.amopopr = o.oid\n"
        "               AND s.amoppurpose = 's'), k.predicate,\n"
        "       (SELECT pg_catalog.string_agg(coalesce(b.attname, ''), ',' ORDER BY b.n) FROM key b\n"
        "        WHERE b.indexrelid = k.indexrelid AND b.n < k.n)\n"
        "FROM asked\n"
        "JOIN pg_catalog.pg_operator o ON o.oprname = asked.op AND o.oprleft = asked.l::oid AND o.oprright = asked.r::oid\n"
        "     AND o.oprnamespace = 'pg_catalog'::regnamespace\n"
        "JOIN pg_catalog.pg_proc p ON p.oid = o.oprcode\n"
        "LEFT JOIN key k ON k.attname = asked.name\n"
        "ORDER BY 1, 4, 8 NULLS FIRST, 3");
}

/* ---- Reading the facts -------------------------------------------------------------------------------------------------------- */

const char *
hgi_fact_text(const hgi_explainer *e, int32_t row, int32_t column)
{
    size_t len;

    return hgi_result_cell(e->facts, row, column, &len);
}

int
hgi_fact_flag(const hgi_explainer *e, int32_t row, int32_t column)
{
    const char *cell = hgi_fact_text(e, row, column);

    return cell != NULL && cell[0] != 0;
}

static int32_t
fact_number(const hgi_explainer *e, int32_t row, int32_t column)
{
    const char *cell = hgi_fact_text(e, row, column);

    return cell != NULL ? (int32_t)hgi_get32(cell) : 0;
}

/* The next row about n, behind row; -1: none. */
int32_t
hgi_fact_next(const hgi_explainer *e, int32_t n, int32_t row)
{
    for (row++; row < hgi_result_rows(e->facts); row++)
        if (fact_number(e, row, FACT_N) == n)
            return row;
    return -1;
}

/* A column by its name up to a ',', a ':' or the end; -1: an expression. *at moves behind it and what follows it. */
int32_t
hgi_fact_column(const hgi_explainer *e, const char **at)
{
    size_t len = strcspn(*at, ",:");
    int32_t found = -1;

    for (int32_t i = 0; len > 0 && i < e->table->info.column_count; i++)
        if (strlen(e->table->info.columns[i].name) == len && memcmp(e->table->info.columns[i].name, *at, len) == 0)
            found = i;
    *at += len;
    return found;
}

/* ---- The whole question ---------------------------------------------------------------------------------------------------- */

hg_status
hgi_explain_ask(hgi_explainer *e, hg_conn *conn, hg_error *err)
{
    hgi_buffer sql = { 0 };
    int32_t role;
    hg_status st;

    write_question(e, &sql);
    st = sql.failed ? hgi_nomem(err) : hgi_command(conn, sql.ptr, 0, &e->facts, err);
    hgi_buffer_free(&sql);
    if (st != HG_OK)
        return st;
    role = hgi_fact_next(e, ABOUT_ROLE, -1);
    e->barrier = hgi_fact_flag(e, role, FACT_FLAG);
    e->is_view = fact_number(e, role, FACT_POSITION);
    e->is_sorted = hgi_fact_text(e, role, FACT_METHOD) != NULL;
    e->is_c = hgi_fact_flag(e, role, FACT_MEMBER);
    return HG_OK;
}
