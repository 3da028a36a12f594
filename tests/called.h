/* called.h - which operations the tests have seen do their work: each of the library's at least once, or make check fails.
 *
 * The test program's link puts called.c between the callers of hg_operation_run...() and them (--wrap, in the Makefile). What
 * counts is a success that gave something: a row, a list that is not empty, a number that is not 0. */
#ifndef TESTS_CALLED_H
#define TESTS_CALLED_H

/* Before the tests' processes are made. */
void called_begin(void);

/* Whether the calls from now on count: not those of a test that tries every operation and looks at no effect. */
void called_count(int whether);

/* How many operations nobody has called; their names go to the standard error. */
int called_missing(void);

#endif
