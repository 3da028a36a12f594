/* explain.c - which index can serve which filter of a query, as the connection's role, in words.
 *
 * explain_facts.c asks the catalogue, explain_judge.c decides, and this file says it. Nothing of the query itself is run, and
 * no value of it is shown. What it says is what the planner may do; whether it does so depends on how many rows there are. */
#include "query/explain_int.h"

#include <string.h>

static void
say(hgi_explainer *e, const char *text)
{
    hgi_buffer_add_text(&e->out, text != NULL ? text : "?");
}

static const char *
column_name(const hgi_explainer *e, int32_t column)
{
    return e->table->info.columns[column].name;
}

static void
say_filter(hgi_explainer *e, const hgi_node *node)
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
say_create(hgi_explainer *e, const hgi_node *node)
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

/* What would serve a filter: an index of its own, or the one that the order needs as well. */
static void
say_cure(hgi_explainer *e, const hgi_node *node)
{
    if (node->kind == HGI_NODE_COMPARE && node->op == HG_OP_EQ && e->joined >> node->column & 1)
        say(e, "the index of the order, below");
    else
        say_create(e, node);
}

static void
say_leak(hgi_explainer *e, const hgi_node *node, int32_t fact)
{
    const char *index = NULL;
    int32_t lead = hgi_explain_lead(e, &index);

    say(e, "no index");
    if (fact >= 0) {
        say(e, ", though ");
        say(e, hgi_fact_text(e, fact, FACT_INDEX));
        say(e, " has the column");
    }
    say(e, ": ");
    say(e, hgi_explain_operator(node));
    say(e, " of ");
    say(e, e->table->info.columns[node->column].sql_type);
    say(e, " is not leakproof, so the policies of role ");
    say(e, hgi_role_name(e->conn->role));
    say(e, " are applied to each row first");
    if (hgi_explain_is_served_at_all(e)) {
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
say_never(hgi_explainer *e, const hgi_node *node)
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
say_verdict(hgi_explainer *e, int32_t i)
{
    const hgi_node *node = &e->nodes[i];
    int32_t fact;

    if (e->is_view) {
        say(e, !e->barrier ? "it may reach an index of the view's tables"
               : node->kind == HGI_NODE_NULL || (node->kind != HGI_NODE_PATH && hgi_fact_flag(e, hgi_fact_next(e, i, -1), FACT_FLAG))
                   ? "leakproof, so it may reach an index of the view's tables"
                   : "not leakproof, so it is checked on each row that the view gives");
        return;
    }
    switch (hgi_explain_judge(e, i, &fact)) {
    case SERVED:
        say(e, "index ");
        say(e, hgi_fact_text(e, fact, FACT_INDEX));
        break;
    case SERVED_IN_PART:
        say(e, "index ");
        say(e, hgi_fact_text(e, fact, FACT_INDEX));
        say(e, ", if the filters say that ");
        say(e, hgi_fact_text(e, fact, FACT_WHERE));
        break;
    case BEHIND:
        say(e, "no index: in ");
        say(e, hgi_fact_text(e, fact, FACT_INDEX));
        say(e, " it stands behind ");
        say(e, hgi_fact_text(e, fact, FACT_COLUMNS));
        say(e, ", which no = filters; add that filter, or ");
        say_cure(e, node);
        break;
    case LEAKY:
    case LEAKY_ALONE:
        say_leak(e, node, fact);
        break;
    case MISSING:
        say(e, "no index: none has the column with that operator; add ");
        say_cure(e, node);
        break;
    default:
        say_never(e, node);
        break;
    }
}

static void
say_group(hgi_explainer *e, int32_t i)
{
    switch (e->nodes[i].kind) {
    case HGI_NODE_ANY:
        say(e, e->is_view ? "any of these:" : hgi_explain_is_served(e, i) ? "any of these: each has an index, and they are combined"
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
say_filters(hgi_explainer *e)
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
        if (hgi_is_filter(node)) {
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

static int
is_ordered(const hg_query *query)
{
    return query->order.count > 0 || query->limit >= 0 || query->cursor.len > 0;
}

/* The index that gives most of the sort keys in order, and of those the one that is narrowed by most filters; -1: none. */
static int32_t
find_order(const hgi_explainer *e, int32_t *most)
{
    int32_t best = -1, best_pinned = 0;

    *most = 0;
    for (int32_t row = hgi_fact_next(e, ABOUT_INDEX, -1); row >= 0; row = hgi_fact_next(e, ABOUT_INDEX, row)) {
        int32_t pinned, given;

        if (strcmp(hgi_fact_text(e, row, FACT_METHOD), "btree") != 0 || hgi_fact_text(e, row, FACT_WHERE) != NULL)
            continue;
        given = hgi_explain_keys_in_order(e, row, &pinned);
        if (given > *most || (given > 0 && given == *most && pinned > best_pinned))
            *most = given, best = row, best_pinned = pinned;
    }
    return best;
}

/* A filter by one value, and the order behind it, are one index: so what filters lack goes to the head of what the order lacks. */
static void
join_proposals(hgi_explainer *e)
{
    uint64_t keys = HG_BIT(0);
    int32_t most, fact;

    if (e->is_view || !is_ordered(e->query) || find_order(e, &most) >= 0)
        return;
    for (int32_t i = 0; i < e->query->order.count; i++)
        keys |= HG_BIT(e->query->order.keys[i].column);
    for (int32_t i = 0; i < e->count; i++) {
        int32_t column = e->nodes[i].column, kind = hgi_is_filter(&e->nodes[i]) ? e->table->info.columns[column].kind : HG_KIND_JSON;

        if (kind != HG_KIND_JSON && kind != HG_KIND_TEXT_LIST && (e->one & ~keys) >> column & 1) {
            hgi_verdict verdict = hgi_explain_judge(e, i, &fact);

            if (verdict == MISSING || verdict == BEHIND)
                e->joined |= HG_BIT(column);
        }
    }
}

/* CREATE INDEX ON public.jobs (department, salary_max DESC NULLS LAST, id) */
static void
say_create_order(hgi_explainer *e)
{
    say(e, "CREATE INDEX ON ");
    say(e, e->table->relation);
    say(e, " (");
    for (int32_t column = 0; column < e->table->info.column_count; column++)
        if (e->joined >> column & 1) {
            say(e, column_name(e, column));
            say(e, ", ");
        }
    for (int32_t i = 0; i < e->query->order.count; i++) {
        hgi_order_key key = e->query->order.keys[i];

        say(e, column_name(e, key.column));
        say(e, key.descending ? " DESC" : "");
        if (key.nulls_first != key.descending && e->table->info.columns[key.column].nullable)
            say(e, key.nulls_first ? " NULLS FIRST" : " NULLS LAST");
        say(e, ", ");
    }
    say(e, "id)");
}

static void
say_order_of_view(hgi_explainer *e)
{
    say(e, e->is_sorted ? "no index has it: the view's own condition hides the order of its tables, so all that the filters find is sorted"
                        : "it may come from an index of the view's tables");
    say(e, !e->is_sorted && e->query->limit >= 0 ? ", and reading stop at the limit\n" : "\n");
}

static void
say_order_of_table(hgi_explainer *e)
{
    int32_t most, best = find_order(e, &most), limited = e->query->limit >= 0;

    if (best < 0) {
        say(e, limited ? "no index has it: all that the filters find is sorted before the first rows come; add "
                       : "no index has it: all that the filters find is sorted; add ");
        say_create_order(e);
    } else {
        say(e, "index ");
        say(e, hgi_fact_text(e, best, FACT_INDEX));
        say(e, most > e->query->order.count ? " has it" : " has its beginning; rows that are alike in it are sorted as they come");
        say(e, limited ? ", and reading stops at the limit" : "");
        say(e, limited && e->barrier ? "; rows that the policies hide are passed over on the way" : "");
    }
    say(e, "\n");
}

static void
say_order(hgi_explainer *e)
{
    const hg_query *query = e->query;

    if (!is_ordered(query))
        return;
    say(e, "  order by ");
    for (int32_t i = 0; i < query->order.count; i++) {
        say(e, column_name(e, query->order.keys[i].column));
        say(e, query->order.keys[i].descending ? " desc, " : ", ");
    }
    say(e, "id: ");
    if (e->is_view)
        say_order_of_view(e);
    else
        say_order_of_table(e);
}

static void
say_head(hgi_explainer *e)
{
    say(e, e->table->info.name);
    say(e, " as ");
    say(e, hgi_role_name(e->conn->role));
    if (e->is_view) {
        say(e, e->barrier ? ": a view, whose own condition comes before every filter that is not leakproof\n"
                          : ": a view without a condition of its own\n");
        return;
    }
    say(e, e->barrier ? ": policies are applied before every filter that is not leakproof\n"
                      : ": no policy stands before the filters\n");
}

static void
say_whole(hgi_explainer *e)
{
    if (e->count == 0)
        say(e, "  no filters: every row that the role sees is found\n");
    else if (!hgi_explain_is_served_at_all(e))
        say(e, "  all in all: no filter narrows the rows by an index; all that the role sees are checked\n");
}

static hg_status
explain(hgi_explainer *e, hg_conn *conn, hg_error *err)
{
    hg_status st = hgi_explain_ask(e, conn, err);

    if (st != HG_OK)
        return st;
    hgi_explain_pin(e);
    join_proposals(e);
    say_head(e);
    say_filters(e);
    say_order(e);
    if (!e->is_view)
        say_whole(e);
    return HG_OK;
}

hg_status
hg_query_explain(hg_conn *conn, const hg_query *query, hg_text **out, hg_error *err)
{
    hgi_explainer e = { .conn = conn, .query = query };
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
