/* explain.c - which index can serve which filter of a query, as the connection's role, in words.
 *
 * The catalogue says what there is: indexes with their operator classes, which operators are leakproof, which policies the
 * role is under. One statement asks for all of it; nothing of the query itself is run, and no value of it is shown.
 *
 * Why leakproof matters: under row-level security PostgreSQL applies the policies before any condition of the caller's that
 * might tell what it sees, by an error or by its time. An operator whose function is not marked leakproof therefore
 * cannot be used to search an index, as that would come first. = and < of uuid, text, integer, boolean, date, timestamp
 * and inet are leakproof; all of numeric, JSON and lists, LIKE, ILIKE and <<= are not. Source: optimizer/README and
 * restriction_is_securely_promotable() in the server.
 *
 * What it says is what the planner may do; whether it does so depends on how many rows there are. */
#include "query/query_int.h"

#include <string.h>

enum { OID_ANYARRAY = 2277 };

/* The facts' columns, and numbers of rows that are not about a node. */
enum { FACT_N, FACT_FLAG, FACT_INDEX, FACT_POSITION, FACT_METHOD, FACT_CLASS, FACT_MEMBER, FACT_WHERE, FACT_COLUMNS };
enum { ABOUT_ROLE = -1, ABOUT_INDEX = -2 };

typedef enum verdict {
    SERVED,                 /* by an index */
    SERVED_IN_PART,         /* by an index over some of the rows */
    BEHIND,                 /* an index has the column behind others that no = filters */
    LEAKY,                  /* an index would, but the policies come first */
    LEAKY_ALONE,            /* the same, and there is no index either */
    MISSING,                /* no index has the column with that operator */
    NEVER                   /* no index could */
} verdict;

typedef struct explainer {
    const hg_conn   *conn;
    const hg_query  *query;
    const hgi_table *table;
    const hgi_node  *nodes;
    int32_t          count;
    int32_t          is_view;    /* 1: a view, which has no index of its own */
    int32_t          barrier;    /* 1: the role is under a policy that is not simply true */
    int32_t          is_c;       /* 1: texts are compared by their bytes: LIKE can be a range of a plain index */
    hgi_result      *facts;
    uint64_t         equal;      /* columns that a filter pins to single values, wherever the rest stands */
    int32_t          filters;    /* numbered so far */
    hgi_buffer       out;
} explainer;

/* ---- Asking the catalogue -------------------------------------------------------------------------------------------------- */

/* The server's name of an operator, and its types. */
static const char *
operator_name(const hgi_node *node)
{
    static const char *const names[] = {
        [HG_OP_EQ] = "=",      [HG_OP_NE] = "=",       [HG_OP_LT] = "<",        [HG_OP_LE] = "<=",      [HG_OP_GT] = ">",
        [HG_OP_GE] = ">=",     [HG_OP_PREFIX] = "~~",  [HG_OP_CONTAINS] = "~~*", [HG_OP_INCLUDES] = "@>", [HG_OP_OVERLAPS] = "&&",
        [HG_OP_HAS_KEY] = "?", [HG_OP_HAS_ANY] = "?|", [HG_OP_HAS_ALL] = "?&",  [HG_OP_WITHIN] = "<<=",
    };

    return node->kind == HGI_NODE_COMPARE ? names[node->op] : "=";
}

static uint32_t
left_type(const explainer *e, const hgi_node *node)
{
    uint32_t type = e->table->types[node->column];

    return type == HGI_OID_VARCHAR ? HGI_OID_TEXT : type == HGI_OID_TEXT_ARRAY ? OID_ANYARRAY : type;
}

static uint32_t
right_type(const explainer *e, const hgi_node *node)
{
    if (node->kind == HGI_NODE_COMPARE && node->op == HG_OP_HAS_KEY)
        return HGI_OID_TEXT;
    if (node->kind == HGI_NODE_COMPARE && (node->op == HG_OP_HAS_ANY || node->op == HG_OP_HAS_ALL))
        return HGI_OID_TEXT_ARRAY;
    return left_type(e, node);
}

static int
is_filter(const hgi_node *node)
{
    return node->kind < HGI_NODE_ANY;
}

/* (0,'title','=',25,25),... ; the operators are ours and the names are the schema's: no quotes in them. */
static void
write_asked(const explainer *e, hgi_buffer *sql)
{
    hgi_buffer_add_text(sql, "(-9,'','',0,0)");
    for (int32_t i = 0; i < e->count; i++) {
        if (!is_filter(&e->nodes[i]))
            continue;
        hgi_buffer_add_text(sql, ",(");
        hgi_buffer_add_int(sql, i);
        hgi_buffer_add_text(sql, ",'");
        hgi_buffer_add_text(sql, e->table->info.columns[e->nodes[i].column].name);
        hgi_buffer_add_text(sql, "','");
        hgi_buffer_add_text(sql, operator_name(&e->nodes[i]));
        hgi_buffer_add_text(sql, "',");
        hgi_buffer_add_int(sql, left_type(e, &e->nodes[i]));
        hgi_buffer_add_byte(sql, ',');
        hgi_buffer_add_int(sql, right_type(e, &e->nodes[i]));
        hgi_buffer_add_byte(sql, ')');
    }
}

/* Rows about the role, about each index, and about each filter and each index with its column. */
static void
write_question(const explainer *e, hgi_buffer *sql)
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
        "            OR EXISTS (SELECT FROM policy WHERE NOT polpermissive AND NOT passes)) AS flag,\n"
        "       NULL::text AS index, (c.relkind = 'v')::int4 AS position, NULL::text AS method, NULL::text AS class,\n"
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

static const char *
fact_text(const explainer *e, int32_t row, int32_t column)
{
    size_t len;

    return hgi_result_cell(e->facts, row, column, &len);
}

static int
fact_flag(const explainer *e, int32_t row, int32_t column)
{
    const char *cell = fact_text(e, row, column);

    return cell != NULL && cell[0] != 0;
}

static int32_t
fact_number(const explainer *e, int32_t row, int32_t column)
{
    const char *cell = fact_text(e, row, column);

    return cell != NULL ? (int32_t)hgi_get32(cell) : 0;
}

/* The next row about n, behind row; -1: none. */
static int32_t
next_fact(const explainer *e, int32_t n, int32_t row)
{
    for (row++; row < hgi_result_rows(e->facts); row++)
        if (fact_number(e, row, FACT_N) == n)
            return row;
    return -1;
}

/* A column by its name up to a ',', a ':' or the end; -1: an expression. *at moves behind it and what follows it. */
static int32_t
take_column(const explainer *e, const char **at)
{
    size_t len = strcspn(*at, ",:");
    int32_t found = -1;

    for (int32_t i = 0; len > 0 && i < e->table->info.column_count; i++)
        if (strlen(e->table->info.columns[i].name) == len && memcmp(e->table->info.columns[i].name, *at, len) == 0)
            found = i;
    *at += len;
    return found;
}

/* ---- Judging one filter --------------------------------------------------------------------------------------------------------- */

/* Every column that the index has before this one is pinned by an =. */
static int
is_reached(const explainer *e, int32_t fact)
{
    const char *at = fact_text(e, fact, FACT_COLUMNS);

    if (at == NULL || strcmp(fact_text(e, fact, FACT_METHOD), "btree") != 0)
        return 1;                                     /* the first; or of an index whose columns are all alike */
    while (*at != '\0') {
        int32_t column = take_column(e, &at);

        if (column < 0 || !(e->equal >> column & 1))
            return 0;
        at += *at == ',';
    }
    return 1;
}

/* The index can be searched by the filter's operator. Some are not members of the class: the planner makes a range of them. */
static int
can_search(const explainer *e, const hgi_node *node, int32_t fact)
{
    const char *method = fact_text(e, fact, FACT_METHOD), *opclass = fact_text(e, fact, FACT_CLASS);
    int is_btree = strcmp(method, "btree") == 0;

    if (node->kind == HGI_NODE_NULL)
        return is_btree || strcmp(method, "gist") == 0;
    if (fact_flag(e, fact, FACT_MEMBER))
        return 1;
    if (!is_btree || node->kind != HGI_NODE_COMPARE)
        return 0;
    if (node->op == HG_OP_PREFIX)
        return strstr(opclass, "pattern_ops") != NULL || e->is_c;
    return node->op == HG_OP_WITHIN;
}

/* Some filters no index serves, whatever there is. */
static int
is_hopeless(const hgi_node *node)
{
    return node->kind == HGI_NODE_PATH || (node->kind == HGI_NODE_COMPARE && node->op == HG_OP_NE) ||
           (node->kind == HGI_NODE_IN && node->op != 0) || (node->kind == HGI_NODE_NULL && node->op == 0);
}

static verdict
judge(const explainer *e, int32_t i, int32_t *fact)
{
    const hgi_node *node = &e->nodes[i];
    int leaks = 0, behind = -1, in_part = -1, whole = -1;

    *fact = -1;
    if (is_hopeless(node))
        return NEVER;
    for (int32_t row = next_fact(e, i, -1); row >= 0; row = next_fact(e, i, row)) {
        leaks = e->barrier && node->kind != HGI_NODE_NULL && !fact_flag(e, row, FACT_FLAG);
        if (fact_text(e, row, FACT_INDEX) == NULL || !can_search(e, node, row))
            continue;
        if (!is_reached(e, row))
            behind = behind < 0 ? row : behind;
        else if (fact_text(e, row, FACT_WHERE) != NULL)
            in_part = in_part < 0 ? row : in_part;
        else
            whole = whole < 0 ? row : whole;
    }
    *fact = whole >= 0 ? whole : in_part >= 0 ? in_part : behind;
    if (leaks)
        return *fact >= 0 ? LEAKY : LEAKY_ALONE;
    return whole >= 0 ? SERVED : in_part >= 0 ? SERVED_IN_PART : behind >= 0 ? BEHIND : MISSING;
}

/* The node behind a filter, or behind a whole group. */
static int32_t
skip(const explainer *e, int32_t i)
{
    int32_t depth = 0;

    do {
        depth += e->nodes[i].kind >= HGI_NODE_ANY && e->nodes[i].kind != HGI_NODE_END;
        depth -= e->nodes[i].kind == HGI_NODE_END;
        i++;
    } while (depth > 0);
    return i;
}

/* Whether an index can narrow what this filter or group finds: of an any each member must be, of an all one. */
static int
is_served(const explainer *e, int32_t i)
{
    int32_t kind = e->nodes[i].kind, members = 0, served = 0, fact;

    if (is_filter(&e->nodes[i]))
        return judge(e, i, &fact) == SERVED;
    for (i++; e->nodes[i].kind != HGI_NODE_END; i = skip(e, i)) {
        members++;
        served += is_served(e, i);
    }
    return kind == HGI_NODE_NOT ? 0 : kind == HGI_NODE_ANY ? members > 0 && served == members : served > 0;
}

static int
is_served_at_all(const explainer *e)
{
    for (int32_t i = 0; i < e->count; i = skip(e, i))
        if (is_served(e, i))
            return 1;
    return 0;
}

/* Columns that filters which always hold pin to values: at the top, and in an all at the top. */
static uint64_t
pinned_columns(const explainer *e)
{
    uint64_t columns = 0;

    for (int32_t i = 0; i < e->count; i++) {
        const hgi_node *node = &e->nodes[i];

        if (node->kind == HGI_NODE_ANY || node->kind == HGI_NODE_NOT) {
            i = skip(e, i) - 1;
            continue;
        }
        if ((node->kind == HGI_NODE_COMPARE && node->op == HG_OP_EQ) || (node->kind == HGI_NODE_IN && node->op == 0) ||
            (node->kind == HGI_NODE_NULL && node->op == 1))
            columns |= HG_BIT(node->column);
    }
    return columns;
}

/* ---- Saying it ----------------------------------------------------------------------------------------------------------------- */

static void
say(explainer *e, const char *text)
{
    hgi_buffer_add_text(&e->out, text != NULL ? text : "?");
}

static const char *
column_name(const explainer *e, int32_t column)
{
    return e->table->info.columns[column].name;
}

static void
say_filter(explainer *e, const hgi_node *node)
{
    static const char *const words[] = {
        [HG_OP_EQ] = " = ...",       [HG_OP_NE] = " <> ...",            [HG_OP_LT] = " < ...",   [HG_OP_LE] = " <= ...",
        [HG_OP_GT] = " > ...",       [HG_OP_GE] = " >= ...",            [HG_OP_PREFIX] = " begins with ...",
        [HG_OP_CONTAINS] = " contains ...", [HG_OP_INCLUDES] = " @> ...", [HG_OP_OVERLAPS] = " && ...",
        [HG_OP_HAS_KEY] = " ? ...",  [HG_OP_HAS_ANY] = " ?| ...",       [HG_OP_HAS_ALL] = " ?& ...",
        [HG_OP_WITHIN] = " <<= ...",
    };

    say(e, column_name(e, node->column));
    if (node->kind == HGI_NODE_NULL)
        say(e, node->op ? " is null" : " is not null");
    else if (node->kind == HGI_NODE_IN)
        say(e, node->op ? " in (..., null)" : " in (...)");
    else
        say(e, node->kind == HGI_NODE_PATH ? " at a path" : "");
    if (node->kind == HGI_NODE_PATH || node->kind == HGI_NODE_COMPARE)
        say(e, words[node->op]);
}

/* CREATE INDEX ON public.jobs (title text_pattern_ops) */
static void
say_create(explainer *e, const hgi_node *node)
{
    int32_t kind = e->table->info.columns[node->column].kind;
    int contains = node->kind == HGI_NODE_COMPARE && node->op == HG_OP_CONTAINS;
    const char *opclass = "";

    say(e, "CREATE INDEX ON ");
    say(e, e->table->relation);
    if (kind == HG_KIND_JSON || kind == HG_KIND_TEXT_LIST || contains)
        say(e, " USING gin");
    if (node->kind == HGI_NODE_COMPARE && node->op == HG_OP_PREFIX)
        opclass = e->table->types[node->column] == HGI_OID_VARCHAR ? " varchar_pattern_ops" : " text_pattern_ops";
    else if (contains)
        opclass = " gin_trgm_ops";
    say(e, " (");
    say(e, column_name(e, node->column));
    say(e, opclass);
    say(e, ")");
    if (contains)
        say(e, ", with extension pg_trgm");
}

/* An indexed column by which the role's rows can be told first: one whose = is leakproof. */
static int32_t
leakproof_lead(const explainer *e, const char **index)
{
    for (int32_t row = next_fact(e, ABOUT_INDEX, -1); row >= 0; row = next_fact(e, ABOUT_INDEX, row)) {
        const char *at = fact_text(e, row, FACT_COLUMNS);
        int32_t column = take_column(e, &at), kind = column > 0 ? e->table->info.columns[column].kind : 0;

        if (kind == HG_KIND_UUID && fact_text(e, row, FACT_WHERE) == NULL && e->table->readable[e->conn->role] >> column & 1) {
            *index = fact_text(e, row, FACT_INDEX);
            return column;
        }
    }
    return -1;
}

static void
say_leak(explainer *e, const hgi_node *node, int32_t fact)
{
    const char *index = NULL;
    int32_t lead = leakproof_lead(e, &index);

    say(e, "no index");
    if (fact >= 0) {
        say(e, ", though ");
        say(e, fact_text(e, fact, FACT_INDEX));
        say(e, " has the column");
    }
    say(e, ": ");
    say(e, operator_name(node));
    say(e, " of ");
    say(e, e->table->info.columns[node->column].sql_type);
    say(e, " is not leakproof, so the policies of role ");
    say(e, hgi_role_name(e->conn->role));
    say(e, " are applied to each row first");
    if (is_served_at_all(e)) {
        say(e, "; it is checked on the rows that the indexed filters find");
        return;
    }
    say(e, "; add ");
    if (lead >= 0) {
        say(e, "a filter by = that is leakproof, such as ");
        say(e, column_name(e, lead));
        say(e, " (");
        say(e, index);
        say(e, "), or ");
    }
    say(e, "an operation that asks with its owner's rights");
}

static void
say_never(explainer *e, const hgi_node *node)
{
    if (node->kind == HGI_NODE_PATH)
        say(e, "no index: what is at a path is computed for each row; @> with a document can use a gin index");
    else if (node->kind == HGI_NODE_NULL)
        say(e, "no index is of use: most rows are not null, so they are read one by one");
    else if (node->kind == HGI_NODE_IN)
        say(e, "no index: the values and null are two conditions; ask for null in a group of its own");
    else
        say(e, "no index is of use: all rows but few differ, so they are read one by one");
}

static void
say_verdict(explainer *e, int32_t i)
{
    const hgi_node *node = &e->nodes[i];
    int32_t fact;

    if (e->is_view) {
        say(e, node->kind == HGI_NODE_NULL || (node->kind != HGI_NODE_PATH && fact_flag(e, next_fact(e, i, -1), FACT_FLAG))
                   ? "leakproof, so it may reach an index of the view's tables"
                   : "not leakproof, so it is checked on each row that the view gives");
        return;
    }
    switch (judge(e, i, &fact)) {
    case SERVED:
        say(e, "index ");
        say(e, fact_text(e, fact, FACT_INDEX));
        break;
    case SERVED_IN_PART:
        say(e, "index ");
        say(e, fact_text(e, fact, FACT_INDEX));
        say(e, ", if the filters say that ");
        say(e, fact_text(e, fact, FACT_WHERE));
        break;
    case BEHIND:
        say(e, "no index: in ");
        say(e, fact_text(e, fact, FACT_INDEX));
        say(e, " it stands behind ");
        say(e, fact_text(e, fact, FACT_COLUMNS));
        say(e, ", which no = filters; add that filter, or ");
        say_create(e, node);
        break;
    case LEAKY:
    case LEAKY_ALONE:
        say_leak(e, node, fact);
        break;
    case MISSING:
        say(e, "no index: none has the column with that operator; add ");
        say_create(e, node);
        break;
    default:
        say_never(e, node);
        break;
    }
}

static void
say_group(explainer *e, int32_t i)
{
    switch (e->nodes[i].kind) {
    case HGI_NODE_ANY:
        say(e, e->is_view ? "any of these:" : is_served(e, i) ? "any of these: each has an index, and they are combined"
                               : "any of these: one at least has no index, so all are checked row by row");
        break;
    case HGI_NODE_ALL:
        say(e, "all of these:");
        break;
    default:
        say(e, "not all of these: no index leaves rows out, so they are checked row by row");
        break;
    }
}

/* A line a filter, those of a group behind two blanks more. */
static void
say_filters(explainer *e)
{
    int32_t depth = 1;

    for (int32_t i = 0; i < e->count; i++) {
        const hgi_node *node = &e->nodes[i];

        if (node->kind == HGI_NODE_END) {
            depth--;
            continue;
        }
        for (int32_t d = 0; d < depth; d++)
            say(e, "  ");
        if (is_filter(node)) {
            hgi_buffer_add_int(&e->out, ++e->filters);
            say(e, ". ");
            say_filter(e, node);
            say(e, ": ");
            say_verdict(e, i);
        } else {
            say_group(e, i);
            depth++;
        }
        say(e, "\n");
    }
}

/* ---- Order and the whole ---------------------------------------------------------------------------------------------------------- */

/* How many sort keys an index gives in order, from the first on, forwards or backwards; columns that are pinned may stand
 * before and between. Options are pg_index.indoption's: 1 descending, 2 nulls first. */
static int32_t
keys_in_order(const explainer *e, int32_t fact)
{
    const char *at = fact_text(e, fact, FACT_COLUMNS);
    int32_t given = 0, turned = -1;

    while (at != NULL && *at != '\0' && given <= e->query->order.count) {
        int32_t column = take_column(e, &at), option = at[0] == ':' ? at[1] - '0' : 0, turn;
        hgi_order_key key = { 0 };

        at += strcspn(at, ",");
        at += *at == ',';
        if (given < e->query->order.count)
            key = e->query->order.keys[given];
        if (column != key.column) {
            if (column >= 0 && e->equal >> column & 1)
                continue;
            break;
        }
        if (given == e->query->order.count || !e->table->info.columns[column].nullable)
            turn = (option & 1) != key.descending;       /* where there are no NULLs, their place does not matter */
        else if (((option & 1) != 0) == key.descending && ((option & 2) != 0) == key.nulls_first)
            turn = 0;
        else if (((option & 1) != 0) != key.descending && ((option & 2) != 0) != key.nulls_first)
            turn = 1;
        else
            break;
        if (turned >= 0 && turn != turned)
            break;
        turned = turn;
        given++;
    }
    return given;
}

static int
is_ordered(const hg_query *query)
{
    return query->order.count > 0 || query->limit >= 0 || query->cursor.len > 0;
}

static void
say_order(explainer *e)
{
    const hg_query *query = e->query;
    int32_t most = 0, best = -1;

    if (!is_ordered(query))
        return;
    for (int32_t row = next_fact(e, ABOUT_INDEX, -1); row >= 0; row = next_fact(e, ABOUT_INDEX, row)) {
        int32_t given = strcmp(fact_text(e, row, FACT_METHOD), "btree") == 0 && fact_text(e, row, FACT_WHERE) == NULL
                            ? keys_in_order(e, row) : 0;

        if (given > most)
            most = given, best = row;
    }
    say(e, "  order by ");
    for (int32_t i = 0; i < query->order.count; i++) {
        say(e, column_name(e, query->order.keys[i].column));
        say(e, query->order.keys[i].descending ? " desc, " : ", ");
    }
    say(e, "id: ");
    if (best < 0) {
        say(e, query->limit >= 0 ? "no index has it: all that the filters find is sorted before the first rows come; add "
                                 : "no index has it: all that the filters find is sorted; add ");
        say(e, "CREATE INDEX ON ");
        say(e, e->table->relation);
        say(e, " (");
        for (int32_t i = 0; i < query->order.count; i++) {
            say(e, column_name(e, query->order.keys[i].column));
            say(e, query->order.keys[i].descending ? " DESC" : "");
            if (query->order.keys[i].nulls_first != query->order.keys[i].descending)
                say(e, query->order.keys[i].nulls_first ? " NULLS FIRST" : " NULLS LAST");
            say(e, ", ");
        }
        say(e, "id)");
    } else {
        say(e, "index ");
        say(e, fact_text(e, best, FACT_INDEX));
        say(e, most > query->order.count ? " has it" : " has its beginning; rows that are alike in it are sorted as they come");
        say(e, query->limit >= 0 ? ", and reading stops at the limit" : "");
    }
    say(e, "\n");
}

static void
say_head(explainer *e)
{
    say(e, e->table->info.name);
    say(e, " as ");
    say(e, hgi_role_name(e->conn->role));
    if (e->is_view) {
        say(e, ": a view, whose own condition comes before every filter that is not leakproof\n");
        return;
    }
    say(e, e->barrier ? ": policies are applied before every filter that is not leakproof\n"
                      : ": no policy stands before the filters\n");
}

static void
say_whole(explainer *e)
{
    if (e->count == 0)
        say(e, "  no filters: every row that the role sees is found\n");
    else if (!is_served_at_all(e))
        say(e, "  all in all: no filter narrows the rows by an index; all that the role sees are checked\n");
}

static hg_status
explain(explainer *e, hg_conn *conn, hg_error *err)
{
    hgi_buffer sql = { 0 };
    hg_status st;

    write_question(e, &sql);
    st = sql.failed ? hgi_nomem(err) : hgi_command(conn, sql.ptr, 0, &e->facts, err);
    hgi_buffer_free(&sql);
    if (st != HG_OK)
        return st;
    e->barrier = fact_flag(e, next_fact(e, ABOUT_ROLE, -1), FACT_FLAG);
    e->is_view = fact_number(e, next_fact(e, ABOUT_ROLE, -1), FACT_POSITION);
    e->is_c = fact_flag(e, next_fact(e, ABOUT_ROLE, -1), FACT_MEMBER);
    e->equal = pinned_columns(e);
    say_head(e);
    say_filters(e);
    if (!e->is_view) {
        say_order(e);
        say_whole(e);
    }
    return HG_OK;
}

hg_status
hg_query_explain(hg_conn *conn, const hg_query *query, hg_text **out, hg_error *err)
{
    explainer e = { .conn = conn, .query = query };
    hgi_run run;
    hg_status st;

    if (out == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, "out is NULL");
    *out = NULL;
    st = query != NULL ? hgi_run_begin(&run, conn, query->table, query, HGI_QUERY_FIND, err)
                       : hgi_fail(err, HG_E_INVALID, -1, "query is NULL");
    if (st != HG_OK)
        return st;
    e.table = query->table;
    e.nodes = (const hgi_node *)(const void *)query->nodes.ptr;
    e.count = (int32_t)(query->nodes.len / sizeof *e.nodes);
    st = explain(&e, conn, err);
    hgi_result_free(e.facts);
    if (st == HG_OK)
        return hgi_text_new(&e.out, out, err);
    hgi_buffer_free(&e.out);
    return st;
}
