/* suites.h - the suites of the policies, a function each. They need the databases of sql/cluster; make check makes them. */
#ifndef TESTS_POLICIES_SUITES_H
#define TESTS_POLICIES_SUITES_H

#include <check.h>

Suite *suite_policies_matrix(void);
Suite *suite_policies_leaks(void);
Suite *suite_policies_lints(void);
Suite *suite_policies_columns(void);
Suite *suite_policies_plans(void);
Suite *suite_policies_pooler(void);
Suite *suite_policies_supabase(void);

#endif
