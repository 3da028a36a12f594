/* hotgigs/schema.h - bringing a database to the schema that this library was built with, and checking it.
 *
 * The migrations of sql/migrations are compiled in. The login must own the database, or have CREATE on it and on
 * schema public, and may create roles; it needs no superuser. Not through a pooler in transaction mode.
 *
 * Threads  one connection, one thread at a time; a plan may be read and freed in any
 * Errors   of every call with a connection, beside what it names: HG_E_CONNECTION, HG_E_DENIED, HG_E_NOMEM, HG_E_STATE
 *          inside a transaction or with an open cursor */
#ifndef HOTGIGS_SCHEMA_H
#define HOTGIGS_SCHEMA_H

#include "hotgigs/conn.h"
#include "hotgigs/detail/begin.h"

/* States of one migration. */
enum {
    HG_MIGRATION_PENDING = 0,   /* to come */
    HG_MIGRATION_APPLIED = 1,   /* stands as this library has it */
    HG_MIGRATION_CHANGED = 2,   /* applied from a file with another SHA-256 */
    HG_MIGRATION_UNKNOWN = 3    /* applied by a newer library: this one has no such file */
};

/* One migration: a file of sql/migrations, or a line of the database's history that no file is of. */
typedef struct hg_migration {
    uint32_t struct_size;       /* sizeof(hg_migration) of the library */
    int32_t  state;             /* HG_MIGRATION_* */
    const char *version;        /* "106" */
    const char *name;           /* "jobs" */
    hg_timestamp applied_at;    /* 0 if pending */
    int32_t  duration_ms;       /* how long it took to apply; 0 if pending */
    int32_t  reserved;          /* zero */
} hg_migration;

/* What stands applied and what is to come, in order. Opaque; free with hg_schema_plan_free(). */
typedef struct hg_schema_plan hg_schema_plan;

/* The first migration, how many there are, and the bytes from one to the next. Borrowed from the plan. NULL and 0 of NULL. */
const hg_migration *hg_schema_plan_rows(const hg_schema_plan *plan, size_t *count, size_t *stride);

/* Frees it; NULL is allowed. Any thread. */
void hg_schema_plan_free(hg_schema_plan *plan);

/* Reads the history of the database. A database without one has everything pending.
 * out  yours: hg_schema_plan_free(). */
hg_status hg_schema_status(hg_conn *conn, hg_schema_plan **out, hg_error *err);

/* Applies what is pending, one transaction a file, under a lock that a second run waits for by polling. A database
 * that has the tables but no history (made with psql) is verified, and then adopted.
 * timeout_ms  for the lock; 0: 60 seconds
 * applied     how many were applied or adopted, may be NULL
 * HG_E_SCHEMA     an applied file has changed since, or was applied by a newer library; nothing was done
 * HG_E_CANCELLED  another run held the lock for too long */
hg_status hg_schema_apply(hg_conn *conn, int64_t timeout_ms, int32_t *applied, hg_error *err);

/* Compares tables, columns, types, defaults, nullability, keys, checks, row-level security, policies and column
 * grants of the database with what this library was generated from. If they are the same, also the rows of the tables that
 * triggers keep (callers, open_jobs) with those that they are derived from, which reads all users and jobs.
 * out  a text, yours: hg_text_free(); a line a difference, empty when there is none; NULL after a failure
 * HG_E_SCHEMA  there are differences: *out names them all, err the first. The one failure that sets *out. */
hg_status hg_schema_verify(hg_conn *conn, hg_text **out, hg_error *err);

#include "hotgigs/detail/end.h"
#endif
