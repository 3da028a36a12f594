/* search_pairs.h - the tests of search_pairs.c, which stand in the suite whose database they read: search_plans.c. */
#ifndef TESTS_OPERATIONS_SEARCH_PAIRS_H
#define TESTS_OPERATIONS_SEARCH_PAIRS_H

#include <check.h>

void search_pairs_add(TCase *tcase);

#endif
