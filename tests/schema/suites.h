/* suites.h - the suites of this folder: migrations and verification, against a real server. */
#ifndef TESTS_SCHEMA_SUITES_H
#define TESTS_SCHEMA_SUITES_H

#include <check.h>

Suite *suite_schema_adopt(void);
Suite *suite_schema_apply(void);
Suite *suite_schema_check(void);
Suite *suite_schema_concurrent(void);
Suite *suite_schema_document(void);
Suite *suite_schema_faults(void);
Suite *suite_schema_lock(void);
Suite *suite_schema_split(void);
Suite *suite_schema_status(void);
Suite *suite_schema_verify(void);

#endif
