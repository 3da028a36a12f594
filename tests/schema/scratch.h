/* scratch.h - a database of a test's own, and connections to it.
 *
 * The server is that of HOTGIGS_TEST_ADMIN_DSN and HOTGIGS_TEST_INSTALLER_DSN, as sql/cluster env prints them. Most
 * tests have the database hotgigs_schema_test, made before and dropped after each (a quarter of a second);
 * hotgigs_schema_made, which has run the migrations, is what the copies are made of. */
#ifndef TESTS_SCHEMA_SCRATCH_H
#define TESTS_SCHEMA_SCRATCH_H

#include <check.h>

#include "hotgigs/tx.h"
#include "schema/schema_int.h"

/* Fixtures. The first three are checked ones, and go with scratch_drop; the last two are for a whole test case. */
void scratch_empty(void);           /* as createdb leaves it */
void scratch_made(void);            /* with all migrations */
void scratch_shared(void);          /* hotgigs_schema_made itself: for tests that roll back whatever they do */
void scratch_drop(void);            /* proves that nothing is left: no memory, no lock, no role, no setting */
void scratch_prepare(void);
void scratch_remove(void);

/* Connections to the test's database; closed by scratch_drop. */
hg_conn *as_installer(void);
hg_conn *as_admin(void);            /* a superuser, or as near to it as the server lets us */

/* A connection more, of the caller's own. */
hg_conn *open_installer(void);

/* Runs statements; the test fails if they do. */
void scratch_run(hg_conn *conn, const char *sql);

/* The first cell of a SELECT of text, in memory that the next call takes; "" for NULL or no row. */
const char *scratch_text(hg_conn *conn, const char *sql);
/* ... of a SELECT of bigint. */
int64_t scratch_int(hg_conn *conn, const char *sql);

/* The library's own build, in memory that may be changed: files can be altered and put behind. */
enum { SCRATCH_FILES_MAX = 128 };
typedef struct scratch_build {
    hgi_build     build;
    hgi_migration files[SCRATCH_FILES_MAX];
} scratch_build;
void scratch_build_own(scratch_build *own);
/* A file more, behind the others; its SHA-256 is made up of its number. */
void scratch_build_add(scratch_build *own, const char *version, const char *name, const char *sql, int transaction);

/* Asserts with what the library said. */
#define assert_status(got, want, err) \
    ck_assert_msg((got) == (want), "got %s, want %s: %s", hg_status_name(got), hg_status_name(want), (err).message)
#define assert_contains(text, part) \
    ck_assert_msg(strstr((text), (part)) != NULL, "\"%s\" does not say \"%s\"", (text), (part))

#endif
