/* search_names.h - the tests of search_names.c, which stand in the suite whose database they read: search_plans.c. */
#ifndef TESTS_OPERATIONS_SEARCH_NAMES_H
#define TESTS_OPERATIONS_SEARCH_NAMES_H

#include <check.h>

void search_names_add(TCase *tcase);

#endif
