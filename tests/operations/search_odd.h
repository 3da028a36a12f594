/* search_odd.h - what somebody may type: the odd values that search_odd.c asks with. */
#ifndef TESTS_OPERATIONS_SEARCH_ODD_H
#define TESTS_OPERATIONS_SEARCH_ODD_H

#include "hotgigs/describe.h"

#include <cjson/cJSON.h>

/* Texts that fit a column, so that there are rows with them. */
enum { ODD = 82 };
extern const char *const odd[ODD];

/* Value i of a parameter, the caller's; *plainly: the same as a query of the rows takes it. NULL: there are no more. Texts and lists have
 * too long ones, too. */
cJSON *odd_value(const hg_column_info *param, int i, const char **plainly);

/* A list of texts and nulls as PostgreSQL writes an array. */
const char *array_of(const cJSON *list);

#endif
