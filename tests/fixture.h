/* fixture.h - what the suites with a database stand on: connections, raw SQL beside the library, rows.
 *
 * Check forks for each test, so connections are opened in a checked fixture: fixture_open() before and fixture_close()
 * after each test (they are opened once and lent, kept.h; nothing shows it). Closing proves that the test left nothing behind: the connections are idle, act as their login's
 * default persona with empty claims, and no block of the library's memory is alive.
 *
 * Rows are built from the descriptors: fixture_row() gives the least that a table takes, with texts that no other row
 * has. What is stored is looked at with sql_text(), through a superuser's raw connection and in text form, so that the
 * library does not testify for itself. */
#ifndef TESTS_FIXTURE_H
#define TESTS_FIXTURE_H

#include <check.h>
#include <libpq-fe.h>

#include "hotgigs/hotgigs.h"
#include "link/link.h"
#include "record/record.h"

/* got is a status; the message tells both and what the error says. */
#define ck_status(got, want, err) \
    do { \
        hg_status ck_got = (got), ck_want = (want); \
        ck_assert_msg(ck_got == ck_want, "gave %s (%s), want %s", hg_status_name(ck_got), (err).message, \
                      hg_status_name(ck_want)); \
    } while (0)
#define ck_ok(got, err) ck_status(got, HG_OK, err)

/* The error's message contains part. */
#define ck_says(err, part) \
    ck_assert_msg(strstr((err).message, part) != NULL, "the message is \"%s\", want \"%s\" in it", (err).message, part)
#define ck_column(err, want) \
    ck_assert_msg((err).column == (want), "names column %d (%s), want %d", (int)(err).column, (err).message, (int)(want))

/* ---- Connections ------------------------------------------------------------------------------------------------- */

extern hg_conn *service;               /* hotgigs_service_login: acts as the service */
extern hg_conn *tenant;                /* hotgigs_login: acts as anon until a session is entered */
extern PGconn  *admin;                 /* a superuser, raw */
extern hg_error err;                   /* of the test's last call */

void fixture_open(void);               /* service and admin */
void fixture_open_tenant(void);        /* and tenant */
void fixture_close(void);              /* of either: proves, and closes */

/* sql/cluster's conninfo for "SERVICE", "LOGIN", "INSTALLER" or "ADMIN". */
const char *fixture_dsn(const char *login);
/* The same with more keywords behind it, which win. In one of a few buffers, taken in turn. */
const char *fixture_dsn_with(const char *login, const char *more);
/* From now on the DSNs are those of a copy of the empty database, of this name; NULL: of the common one again, and the copy is
 * dropped. For unchecked fixtures of suites that look through all rows: those of other suites would take most of their time. */
void fixture_own_database(const char *name);
/* Another connection. opt may be NULL; the schema is not checked. The test closes it with fixture_done(). */
hg_conn *fixture_conn(const char *conninfo, const hg_conn_options *opt);
/* The same of a login, "SERVICE", "LOGIN" or "ADMIN", with no more cost than a round trip where it is not yet in use. */
hg_conn *fixture_login(const char *login);
/* Proves that it is clean, unless it is broken, and closes it. */
void fixture_done(hg_conn *conn);
void fixture_prove_clean(hg_conn *conn);

hg_conn_stats conn_stats(const hg_conn *conn);
int backend_pid(hg_conn *conn);
/* Ends the server process of a connection from outside, and waits until it is gone. */
void kill_backend(hg_conn *conn);
void wait_until_gone(int pid);
/* Waits for a condition in SQL, up to 5 seconds; the test fails after that. */
void wait_until(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* ---- Raw SQL, as the superuser ----------------------------------------------------------------------------------- */

/* The first cell as text, or NULL; valid until a few calls later. The test fails on an error. */
const char *sql_text(const char *format, ...) __attribute__((format(printf, 1, 2)));
long        sql_int(const char *format, ...) __attribute__((format(printf, 1, 2)));
void        sql_do(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Whether column of a row, as text, is text; NULL stands for SQL NULL. */
int         sql_column_is(const hgi_table *table, int32_t column, const hg_uuid *id, const char *text);
const char *uuid_text(const hg_uuid *id);
/* Another raw connection, for what must run beside. */
PGconn     *sql_connect(const char *conninfo);

/* ---- Rows -------------------------------------------------------------------------------------------------------- */

/* Memory of the test's, freed by fixture_close(). */
void       *fixture_memory(size_t size);
char       *fixture_text(const char *format, ...) __attribute__((format(printf, 1, 2)));
hg_str      str_of(const char *text);
/* A text that no other row has, of at most 20 bytes. */
hg_str      unique_text(void);

/* The least row that table takes: columns that are NOT NULL without a default. *set gets their bits. */
void       *fixture_row(int32_t table, uint64_t *set);
/* Inserts the least row as the service. */
hg_uuid     fixture_insert(int32_t table);
/* Empties the audit trail with its seals, behind its triggers' back: what other suites did to it would be found. */
void        fixture_empty_trail(void);
/* Waits until all that the trail of that database has is settled, as hotgigs.audit_seal() says it: a transaction of the suites that
 * run beside these, in another database of the server, may be older. */
void        fixture_settle_trail(PGconn *pg);
/* The table that a column refers to, or -1. */
int32_t     fixture_parent(int32_t table, int32_t column);
/* The value of a column's field. */
void       *field_of(int32_t table, int32_t column, void *row);

/* ---- Who is who -------------------------------------------------------------------------------------------------- */

/* A live user, committed. user_type is HG_USER_USER_TYPE_*. */
hg_uuid fixture_user(int32_t user_type);
hg_identity identity(int32_t role, const hg_uuid *user);
/* A company with this user as a member of that role, HG_COMPANY_MEMBER_ROLE_*; joined. */
hg_uuid fixture_company(const hg_uuid *user, int32_t role);
/* A job of the company. */
hg_uuid fixture_job(const hg_uuid *company, int32_t is_public);

#endif
