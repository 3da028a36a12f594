/* plan.c - a walk over the nodes of a plan. */
#include "policies/plan.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

/* In the crowd that is all tables but for freelance_recruiters, with 10,000 rows and 143 pages: of so few a whole scan is right. With
 * a million rows in each (make plans) it is all. */
#define LARGE \
    "SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples > 15000" \
    " AND relnamespace IN ('public'::regnamespace, 'hotgigs'::regnamespace)"

/* What they are sorted by before all else: a column or an expression. */
#define LEADING \
    "SELECT c.relname, pg_get_indexdef(c.oid, 1, false) FROM pg_class c JOIN pg_am m ON m.oid = c.relam" \
    " WHERE c.relkind = 'i' AND m.amname = 'btree'"

static PGresult *large, *leading;

void
plan_learn(PGconn *conn)
{
    PQclear(large);
    PQclear(leading);
    large = PQexec(conn, LARGE);
    leading = PQexec(conn, LEADING);
}

static int
is_large(const char *relation)
{
    for (int i = 0; i < PQntuples(large); i++)
        if (strcmp(PQgetvalue(large, i, 0), relation) == 0)
            return 1;
    return 0;
}

/* A condition begins with its column: ((id = $1) AND (user_id = ANY ($2))), (ROW(created_at, id) < ROW($1, $2)), ((slug)::text = $1). */
static int
is_on(const char *condition, const char *column)
{
    size_t len = strlen(column);

    for (const char *at = strchr(condition, '('); at != NULL; at = strchr(at + 1, '('))
        if (strncmp(at + 1, column, len) == 0 && strchr(" ,)", at[1 + len]) != NULL)
            return 1;
    return 0;
}

/* Whether an index is entered by its condition. In one that is not sorted by it first it is looked for from end to end. */
static int
is_entered(const char *index, const char *condition)
{
    for (int i = 0; i < PQntuples(leading); i++)
        if (strcmp(PQgetvalue(leading, i, 0), index) == 0)
            return is_on(condition, PQgetvalue(leading, i, 1));
    return condition[0] != '\0';
}

typedef struct walk {
    const plan_wish *wish;
    int  is_met;             /* 1: some node has the condition that is wished for */
    char fault[512];         /* "": none so far */
} walk;

static const char *
text_of(const cJSON *node, const char *key)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItem(node, key));

    return text != NULL ? text : "";
}

static int
is_one_of(const char *text, const char *const *texts)
{
    for (; *texts != NULL; texts++)
        if (strcmp(text, *texts) == 0)
            return 1;
    return 0;
}

/* Whether a node that is asked for its first rows alone asks no more of this one below it: it is not sorted or counted first, and not
 * run once a row. */
static int
asks_no_more(const cJSON *node, const cJSON *below)
{
    static const char *const types[] = {
        "Limit", "Append", "Merge Append", "Nested Loop", "Subquery Scan", "Result", "LockRows", "Incremental Sort", "Gather Merge", NULL,
    };
    static const char *const relationships[] = { "Outer", "Member", "Subquery", NULL };

    return is_one_of(text_of(node, "Node Type"), types) && is_one_of(text_of(below, "Parent Relationship"), relationships);
}

/* An argument of a statement is $1, an array of keys or one of them, or the value that stands in its place. A set of a policy's looks
 * like such an array, and passes for one where no column is wished for. */
static int
is_wished(const plan_wish *wish, const char *condition)
{
    if (wish->column != NULL)
        return is_on(condition, wish->column);
    return strstr(condition, " = $1)") != NULL || strstr(condition, " = ANY (") != NULL ||
           strstr(condition, "hg_key)") != NULL || strstr(condition, "'::uuid)") != NULL;
}

/* In the order of an index rows are read until enough have passed the filter. Where that is a policy's, enough soon have if nearly all
 * do: most jobs are for everybody to see. Of any other table one may see none, and would read all of it. */
static int
passes_nearly_all(const cJSON *node, const char *relation)
{
    return text_of(node, "Filter")[0] == '\0' || strcmp(relation, "jobs") == 0;
}

static void
look_at_scan(walk *w, const cJSON *node, const char *relation, int ends_early)
{
    const char *type = text_of(node, "Node Type"), *index = text_of(node, "Index Name"), *condition = text_of(node, "Index Cond");
    int by_index = index[0] != '\0', is_whole = by_index ? !is_entered(index, condition) : strcmp(type, "Seq Scan") == 0;

    if (by_index && !is_whole && w->wish != NULL && is_wished(w->wish, condition) &&
        (w->wish->relation == NULL || strcmp(w->wish->relation, relation) == 0))
        w->is_met = 1;
    if (w->fault[0] != '\0' || !is_whole || !is_large(relation) || (by_index && ends_early && passes_nearly_all(node, relation)))
        return;
    snprintf(w->fault, sizeof w->fault, by_index ? "all of %s is read through %s" : "all of %s is scanned", relation, index);
}

static double
cost_of(const cJSON *node)
{
    return cJSON_GetNumberValue(cJSON_GetObjectItem(node, "Total Cost"));
}

/* A merge ends where one of its sides does. Where the server knows that the other ends long before this one, the merge costs less than
 * all of this one. (In the million that is so of most joins: what rows refer to are the first ids.) */
static int
merges_a_part(const cJSON *node, const cJSON *below)
{
    return strcmp(text_of(node, "Node Type"), "Merge Join") == 0 && cost_of(node) < cost_of(below);
}

/* relation: whose bitmap the node makes for the one above it; or NULL. ends_early: it is not asked for all of its rows. */
static void
look_at(walk *w, const cJSON *node, const char *relation, int ends_early)
{
    const char *type = text_of(node, "Node Type");
    const cJSON *below;

    if (cJSON_HasObjectItem(node, "Relation Name"))
        relation = text_of(node, "Relation Name");
    if (relation != NULL)
        look_at_scan(w, node, relation, ends_early);
    ends_early |= strcmp(type, "Limit") == 0;
    cJSON_ArrayForEach(below, cJSON_GetObjectItem(node, "Plans"))
        look_at(w, below, strncmp(type, "Bitmap", 6) == 0 ? relation : NULL,
                (ends_early && asks_no_more(node, below)) || merges_a_part(node, below));
}

static void
look_at_all(walk *w, const char *json)
{
    cJSON *plans = cJSON_Parse(json);
    const cJSON *plan;

    cJSON_ArrayForEach(plan, plans)
        look_at(w, cJSON_GetObjectItem(plan, "Plan"), NULL, 0);
    cJSON_Delete(plans);
    if (w->fault[0] != '\0' || w->wish == NULL || w->is_met)
        return;
    if (w->wish->column != NULL)
        snprintf(w->fault, sizeof w->fault, "no index of %s has a condition on %s", w->wish->relation, w->wish->column);
    else
        snprintf(w->fault, sizeof w->fault, "no index has a condition with the argument");
}

const char *
plan_fault(const PGresult *explained, const plan_wish *wish)
{
    static walk w;

    w = (walk){ .wish = wish };
    if (PQntuples(explained) == 0)
        snprintf(w.fault, sizeof w.fault, "it is not planned: %s", PQresultErrorMessage(explained));
    else
        look_at_all(&w, PQgetvalue(explained, 0, 0));
    return w.fault[0] != '\0' ? w.fault : NULL;
}

void
plan_tell(const PGresult *explained)
{
    if (PQntuples(explained) > 0)
        fprintf(stderr, "%s\n", PQgetvalue(explained, 0, 0));
}
