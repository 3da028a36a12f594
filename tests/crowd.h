/* crowd.h - a database with 50,000 jobs, 250,000 applications and the rest in proportion, beside the policies' fixture: for
 * suites that look at plans and count pages. Who is who in it, crowd.sql says.
 *
 * It is made when the first suite of a run asks for it, which takes half a minute and more, and stays in the cluster for the
 * next run. Whoever writes to it rolls back. */
#ifndef TESTS_CROWD_H
#define TESTS_CROWD_H

/* With HOTGIGS_MILLION in the environment (make plans) it is another one, of four times as much, where every table has a million
 * rows at least. */
int crowd_is_million(void);

/* The database's name, after it has been made where that is needed; NULL, with the reason on the standard error. */
const char *crowd_database(void);

/* Literals of its ids: of row n of its kind, n with six digits. */
#define CROWD_ID(kind, n) "'00000000-0000-4000-" kind "-000000" n "'"
#define USER(n)        CROWD_ID("8000", n)
#define COMPANY(n)     CROWD_ID("9000", n)
#define JOB(n)         CROWD_ID("a000", n)
#define CANDIDATE(n)   CROWD_ID("b000", n)
#define APPLICATION(n) CROWD_ID("c000", n)
#define FREELANCER(n)  CROWD_ID("d000", n)

#endif
