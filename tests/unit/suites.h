/* suites.h - every unit suite, a function each. A suite's name is its path: value/time is tests/unit/value/time.c.
 *
 * To add one: declare it here, and name it in the table of main.c. */
#ifndef TESTS_UNIT_SUITES_H
#define TESTS_UNIT_SUITES_H

#include <check.h>

Suite *suite_memory_alloc(void);
Suite *suite_memory_arena(void);
Suite *suite_memory_buffer(void);

Suite *suite_value_bytes(void);
Suite *suite_value_date(void);
Suite *suite_value_decimal(void);
Suite *suite_value_decimal_malformed(void);
Suite *suite_value_error(void);
Suite *suite_value_inet(void);
Suite *suite_value_json(void);
Suite *suite_value_json_escape(void);
Suite *suite_value_json_walk(void);
Suite *suite_value_text(void);
Suite *suite_value_text_handle(void);
Suite *suite_value_text_list(void);
Suite *suite_value_time(void);
Suite *suite_value_uuid(void);

#endif
