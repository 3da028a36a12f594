/* explain_judge.c - decides from the facts which index can serve which filter, and the order.
 *
 * Why leakproof matters: under row-level security PostgreSQL applies the policies before any condition of the caller's that
 * might tell what it sees, by an error or by its time. An operator whose function is not marked leakproof therefore
 * cannot be used to search an index, as that would come first. = and < of uuid, text, integer, boolean, date, timestamp
 * and inet are leakproof; all of numeric, JSON and lists, LIKE, ILIKE and <<= are not. Source: optimizer/README and
 * restriction_is_securely_promotable() in the server. */
#include "query/explain_int.h"

#include <string.h>

/* Every column that the index has before this one is pinned by an =. */
static int
is_reached(const hgi_explainer *e, int32_t fact)
{
    const char *at = hgi_fact_text(e, fact, FACT_COLUMNS);

    if (at == NULL || strcmp(hgi_fact_text(e, fact, FACT_METHOD), "btree") != 0)
        return 1;                                     /* the first; or of an index whose columns are all alike */
    while (*at != '\0') {
        int32_t column = hgi_fact_column(e, &at);

        if (column < 0 || !(e->equal >> column & 1))
            return 0;
        at += *at == ',';
    }
    return 1;
}

/* The index can be searched by the filter's operator. Some are not members of the class: the planner makes a range of them. */
static int
can_search(const hgi_explainer *e, const hgi_node *node, int32_t fact)
{
    const char *method = hgi_fact_text(e, fact, FACT_METHOD), *opclass = hgi_fact_text(e, fact, FACT_CLASS);
    int is_btree = strcmp(method, "btree") == 0;

    if (node->kind == HGI_NODE_NULL)
        return is_btree || strcmp(method, "gist") == 0;
    if (hgi_fact_flag(e, fact, FACT_MEMBER))
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

hgi_verdict
hgi_explain_judge(const hgi_explainer *e, int32_t i, int32_t *fact)
{
    const hgi_node *node = &e->nodes[i];
    int leaks = 0, behind = -1, in_part = -1, whole = -1;

    *fact = -1;
    if (is_hopeless(node))
        return NEVER;
    for (int32_t row = hgi_fact_next(e, i, -1); row >= 0; row = hgi_fact_next(e, i, row)) {
        leaks = e->barrier && node->kind != HGI_NODE_NULL && !hgi_fact_flag(e, row, FACT_FLAG);
        if (hgi_fact_text(e, row, FACT_INDEX) == NULL || !can_search(e, node, row))
            continue;
        if (!is_reached(e, row))
            behind = behind < 0 ? row : behind;
        else if (hgi_fact_text(e, row, FACT_WHERE) != NULL)
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
skip(const hgi_explainer *e, int32_t i)
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
int
hgi_explain_is_served(const hgi_explainer *e, int32_t i)
{
    int32_t kind = e->nodes[i].kind, members = 0, served = 0, fact;

    if (hgi_is_filter(&e->nodes[i]))
        return hgi_explain_judge(e, i, &fact) == SERVED;
    for (i++; e->nodes[i].kind != HGI_NODE_END; i = skip(e, i)) {
        members++;
        served += hgi_explain_is_served(e, i);
    }
    return kind == HGI_NODE_NOT ? 0 : kind == HGI_NODE_ANY ? members > 0 && served == members : served > 0;
}

int
hgi_explain_is_served_at_all(const hgi_explainer *e)
{
    for (int32_t i = 0; i < e->count; i = skip(e, i))
        if (hgi_explain_is_served(e, i))
            return 1;
    return 0;
}

/* At the top, and in an all at the top. Several values, or NULL, are not one: the planner does not take the order behind them. */
void
hgi_explain_pin(hgi_explainer *e)
{
    e->equal = e->one = 0;
    for (int32_t i = 0; i < e->count; i++) {
        const hgi_node *node = &e->nodes[i];

        if (node->kind == HGI_NODE_ANY || node->kind == HGI_NODE_NOT) {
            i = skip(e, i) - 1;
            continue;
        }
        if (node->kind == HGI_NODE_COMPARE && node->op == HG_OP_EQ)
            e->one |= HG_BIT(node->column);
        else if ((node->kind == HGI_NODE_IN && node->op == 0) || (node->kind == HGI_NODE_NULL && node->op == 1))
            e->equal |= HG_BIT(node->column);
    }
    e->equal |= e->one;
}

/* ---- Indexes as a whole ------------------------------------------------------------------------------------------------------ */

/* An indexed column by which the role's rows can be told first: one whose = is leakproof. */
int32_t
hgi_explain_lead(const hgi_explainer *e, const char **index)
{
    for (int32_t row = hgi_fact_next(e, ABOUT_INDEX, -1); row >= 0; row = hgi_fact_next(e, ABOUT_INDEX, row)) {
        const char *at = hgi_fact_text(e, row, FACT_COLUMNS);
        int32_t column = hgi_fact_column(e, &at), kind = column > 0 ? e->table->info.columns[column].kind : 0;

        if (kind == HG_KIND_UUID && hgi_fact_text(e, row, FACT_WHERE) == NULL && e->table->readable[e->conn->role] >> column & 1) {
            *index = hgi_fact_text(e, row, FACT_INDEX);
            return column;
        }
    }
    return -1;
}

/* How many sort keys an index gives in order, from the first on, forwards or backwards; columns that are pinned may stand
 * before and between. Options are pg_index.indoption's: 1 descending, 2 nulls first. */
int32_t
hgi_explain_keys_in_order(const hgi_explainer *e, int32_t fact, int32_t *pinned)
{
    const char *at = hgi_fact_text(e, fact, FACT_COLUMNS);
    int32_t given = 0, turned = -1;

    *pinned = 0;
    while (at != NULL && *at != '\0' && given <= e->query->order.count) {
        int32_t column = hgi_fact_column(e, &at), option = at[0] == ':' ? at[1] - '0' : 0, turn;
        hgi_order_key key = { 0 };

        at += strcspn(at, ",");
        at += *at == ',';
        if (given < e->query->order.count)
            key = e->query->order.keys[given];
        if (column != key.column) {
            if (column < 0 || !(e->one >> column & 1))
                break;
            ++*pinned;
            continue;
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
