/* aggregate_int.h - between aggregate.c, which asks, and table.c, which holds the answer. */
#ifndef HGI_AGGREGATE_INT_H
#define HGI_AGGREGATE_INT_H

#include "hotgigs/aggregate.h"
#include "query/query_int.h"

/* HG_KIND_* of a measure's cells. */
int32_t hgi_measure_kind(const hg_query *query, const hgi_measure *m);

/* Takes result, whatever the outcome: texts stay in it. */
hg_status hgi_aggregate_decode(const hg_query *query, hgi_result *result, hg_table **out, hg_error *err);

#endif
