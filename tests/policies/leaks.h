/* leaks.h - the part of the suite policies/leaks that leaks_sessions.c makes. */
#ifndef TESTS_POLICIES_LEAKS_H
#define TESTS_POLICIES_LEAKS_H

#include <check.h>

TCase *tcase_leaks_sessions(void);

#endif
