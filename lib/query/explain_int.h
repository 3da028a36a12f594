/* explain_int.h - between explain_facts.c, which asks the catalogue, explain_judge.c, which decides, and explain.c, which says it. */
#ifndef HGI_EXPLAIN_INT_H
#define HGI_EXPLAIN_INT_H

#include "query/query_int.h"

/* The facts' columns, and numbers of rows that are not about a node. */
enum { FACT_N, FACT_FLAG, FACT_INDEX, FACT_POSITION, FACT_METHOD, FACT_CLASS, FACT_MEMBER, FACT_WHERE, FACT_COLUMNS };
enum { ABOUT_ROLE = -1, ABOUT_INDEX = -2 };

typedef enum hgi_verdict {
    SERVED,                 /* by an index */
    SERVED_IN_PART,         /* by an index over some of the rows */
    BEHIND,                 /* an index has the column behind others that no = filters */
    LEAKY,                  /* an index would, but the policies come first */
    LEAKY_ALONE,            /* the same, and there is no index either */
    MISSING,                /* no index has the column with that operator */
    NEVER                   /* no index could */
} hgi_verdict;

typedef struct hgi_explainer {
    const hg_conn   *conn;
    const hg_query  *query;
    const hgi_table *table;
    const hgi_node  *nodes;
    int32_t          count;
    int32_t          is_view;    /* 1: a view, which has no index of its own */
    int32_t          barrier;    /* 1: the role is under a policy that is not simply true, or the view has a condition */
    int32_t          is_sorted;  /* 1: a barrier view, from whose tables no order comes through */
    int32_t          is_c;       /* 1: texts are compared by their bytes: LIKE can be a range of a plain index */
    hgi_result      *facts;
    uint64_t         equal;      /* columns that a filter pins to single values, wherever the rest stands */
    uint64_t         one;        /* of these, to one value: the order of what stands behind it in an index is that of all */
    uint64_t         joined;     /* of these, what no index has: the index that is proposed for the order begins with them */
    int32_t          filters;    /* numbered so far */
    hgi_buffer       out;
} hgi_explainer;

static inline int
hgi_is_filter(const hgi_node *node)
{
    return node->kind < HGI_NODE_ANY;
}

/* ---- explain_facts.c ---- */

/* Asks the catalogue, and fills what does not depend on a filter. */
hg_status hgi_explain_ask(hgi_explainer *e, hg_conn *conn, hg_error *err);

/* The server's name of a filter's operator. */
const char *hgi_explain_operator(const hgi_node *node);

/* A cell of a fact, FACT_*. */
const char *hgi_fact_text(const hgi_explainer *e, int32_t row, int32_t column);
int         hgi_fact_flag(const hgi_explainer *e, int32_t row, int32_t column);
/* The next row about n, behind row; -1: none. */
int32_t     hgi_fact_next(const hgi_explainer *e, int32_t n, int32_t row);
/* A column by its name up to a ',', a ':' or the end; -1: an expression. *at moves behind it. */
int32_t     hgi_fact_column(const hgi_explainer *e, const char **at);

/* ---- explain_judge.c ---- */

/* What serves the filter that is node i; *fact is the row of the index that the verdict is about, or -1. */
hgi_verdict hgi_explain_judge(const hgi_explainer *e, int32_t i, int32_t *fact);
/* Whether an index can narrow what this filter or group finds; and whether any does. */
int         hgi_explain_is_served(const hgi_explainer *e, int32_t i);
int         hgi_explain_is_served_at_all(const hgi_explainer *e);
/* Finds the columns that filters which always hold pin to values. */
void        hgi_explain_pin(hgi_explainer *e);
/* An indexed column whose = is leakproof, and its index; -1: none. */
int32_t     hgi_explain_lead(const hgi_explainer *e, const char **index);
/* How many sort keys the index of a fact gives in order; count + 1 with the id. *pinned is how many columns of it are pinned. */
int32_t     hgi_explain_keys_in_order(const hgi_explainer *e, int32_t fact, int32_t *pinned);

#endif
