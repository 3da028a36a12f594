/* sample.h - values for one column: those that it keeps, each beside what PostgreSQL calls it, and those that the
 * library refuses before anything is sent. */
#ifndef TESTS_TABLES_SAMPLE_H
#define TESTS_TABLES_SAMPLE_H

#include "fixture.h"

typedef struct sample {
    const char *what;                  /* "longest plus one" */
    const char *text;                  /* as PostgreSQL takes it; NULL: the column must refuse it */
    const char *says;                  /* of a refused one: a part of the message, or NULL */
    union {
        hg_uuid      uuid;
        hg_str       text;
        int32_t      integer;
        hg_decimal   decimal;
        hg_timestamp time;
        hg_str_list  list;
        hg_inet      inet;
        char         bytes[32];
    } value;
} sample;

/* All samples of a column, in the test's memory. */
const sample *samples_of(int32_t table, int32_t column, size_t *count);

/* Whether two fields of a column's kind hold the same value; JSON only by its bytes. */
int fields_equal(int32_t kind, const void *a, const void *b);

/* The type that a text is cast to for comparing: without length or precision, which a cast would apply. */
const char *bare_type(const hg_column_info *column);

#endif
