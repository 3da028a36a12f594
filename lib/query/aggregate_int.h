/* aggregate_int.h - between aggregate.c, which builds, aggregate_sql.c, which writes, aggregate_run.c, which asks, and table.c,
 * which holds the answer. */
#ifndef HGI_AGGREGATE_INT_H
#define HGI_AGGREGATE_INT_H

#include "hotgigs/aggregate.h"
#include "query/query_int.h"

static inline const hg_column_info *
hgi_column_of(const hg_query *query, int32_t column)
{
    return &query->table->info.columns[column];
}

/* The group that is a bucket; -1: none. */
static inline int32_t
hgi_bucket_of(const hgi_aggregate *a)
{
    for (int32_t i = 0; i < a->group_count; i++)
        if (a->groups[i].unit != 0)
            return i;
    return -1;
}

/* The group of a column; -1: none. */
static inline int32_t
hgi_group_of(const hgi_aggregate *a, int32_t column)
{
    for (int32_t i = 0; i < a->group_count; i++)
        if (a->groups[i].column == column)
            return i;
    return -1;
}

/* The statement. Its arguments: the filters', then with a bucket its zone, first and last, then those of having, the limit. */
void hgi_aggregate_write(const hgi_run *run, hgi_buffer *sql);
/* All that its text depends on. */
void hgi_aggregate_key(const hgi_run *run, hgi_buffer *key);

/* HG_KIND_* of a measure's cells. */
int32_t hgi_measure_kind(const hg_query *query, const hgi_measure *m);

/* Takes result, whatever the outcome: texts stay in it. */
hg_status hgi_aggregate_decode(const hg_query *query, hgi_result *result, hg_table **out, hg_error *err);

#endif
