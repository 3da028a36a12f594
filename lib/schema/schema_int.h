/* schema_int.h - what the files of this folder, and its tests, share. */
#ifndef HGI_SCHEMA_INT_H
#define HGI_SCHEMA_INT_H

#include "hotgigs/schema.h"
#include "link/link.h"
#include "schema/migrations.h"

/* What a build expects of a database, and how patient it is. The library has one; tests bring their own. */
typedef struct hgi_build {
    const hgi_migration *migrations;      /* in the order of their versions */
    int32_t              migration_count;
    int32_t              line_count;
    const char *const   *lines;           /* of the catalogue, in the order of strcmp() */
    int32_t              lock_timeout_ms; /* for each lock of a table; 0: as in apply.c */
    int32_t              attempts;        /* of a file whose locks were not to be had; 0: as in apply.c */
} hgi_build;
hgi_build hgi_own_build(void);

/* hg_schema_status() and hg_schema_apply() of any build. */
hg_status hgi_schema_status_list(hg_conn *conn, const hgi_build *build, hg_schema_plan **out, hg_error *err);
hg_status hgi_schema_apply_list(hg_conn *conn, const hgi_build *build, int64_t timeout_ms, int32_t *applied,
                                hg_error *err);

/* ---- split.c: the statements of a script ------------------------------------------------------------------------ */

/* The next statement of the text from *at to end, without its semicolon and the comments and spaces around it; *at moves
 * on behind it. 0: there is none any more. */
int hgi_split_next(const char **at, const char *end, hg_str *statement);

/* Whether the statement begins with these words, capitals or not; *behind, if not NULL, gets what follows them. */
int hgi_split_begins(const hg_str *statement, const char *words, hg_str *behind);

/* The text up to the COMMIT that ends it. HG_E_INTERNAL: it is not BEGIN ... COMMIT and one transaction, or, of a file
 * without a transaction, it has one. */
hg_status hgi_split_check(const hgi_migration *file, hg_str *body, hg_error *err);

/* ---- transaction.c: transactions of this folder's own ----------------------------------------------------------- */

/* The connection is good, and no transaction is open. */
hg_status hgi_schema_usable(hg_conn *conn, hg_error *err);

/* Statements of a transaction that hgi_schema_end() will end: what is lost before its COMMIT did not happen. */
hg_status hgi_schema_run(hg_conn *conn, const char *sql, hg_error *err);

/* Commits if st is HG_OK; otherwise rolls back, and gives back st. */
hg_status hgi_schema_end(hg_conn *conn, hg_status st, hg_error *err);

/* Puts a text of the caller before err's message and leaves the rest of err as it is. */
void hgi_error_prefix(hg_error *err, const char *prefix);

/* ---- lock.c: one run at a time ---------------------------------------------------------------------------------- */

hg_status hgi_lock_take(hg_conn *conn, int64_t timeout_ms, hg_error *err);
void      hgi_lock_give(hg_conn *conn);
/* SQL of type boolean: the session that runs it holds the lock. */
extern const char hgi_lock_is_held[];

/* ---- history.c: hotgigs.schema_history -------------------------------------------------------------------------- */

typedef struct hgi_history {
    int32_t     exists;                   /* the table */
    int32_t     reserved;
    hgi_result *rows;                     /* version, name, checksum, applied_at, duration_ms; NULL without the table */
} hgi_history;
enum { HGI_HISTORY_VERSION, HGI_HISTORY_NAME, HGI_HISTORY_CHECKSUM, HGI_HISTORY_APPLIED_AT, HGI_HISTORY_DURATION };

hg_status hgi_history_read(hg_conn *conn, hgi_history *out, hg_error *err);

/* In the transaction of a file, before it ends: whether the table is there by now. If so, the rest of the transaction is
 * hotgigs_owner's. HG_E_STATE: the lock is lost. */
hg_status hgi_history_ready(hg_conn *conn, int32_t *exists, hg_error *err);

/* Adds the row of a file, after hgi_history_ready(). duration_ms -1: adopted. */
hg_status hgi_history_add(hg_conn *conn, const hgi_migration *file, int32_t duration_ms, hg_error *err);

/* ---- status.c --------------------------------------------------------------------------------------------------- */

struct hg_schema_plan {
    hg_migration *rows;
    size_t        count;
    int32_t       history_exists;
    int32_t       recorded;               /* rows of the history */
    hgi_arena     memory;                 /* the rows and their texts */
};

/* ---- concurrent.c: files without a transaction ------------------------------------------------------------------ */

/* Runs its statements one by one. An index that is there is not built again; one that a broken run left behind is
 * dropped first; one that failed is dropped at once. */
hg_status hgi_concurrent_run(hg_conn *conn, const hgi_build *build, const hgi_migration *file, hg_error *err);

/* ---- verify.c --------------------------------------------------------------------------------------------------- */

hg_status hgi_catalogue_read(hg_conn *conn, hgi_result **out, hg_error *err);

/* Appends a line a difference: "missing: ..." and "extra: ...". Their number. */
int32_t hgi_catalogue_compare(const hgi_result *found, const hgi_build *build, hgi_buffer *out);

/* Whether the database has a table of ours. */
int hgi_catalogue_has_tables(const hgi_result *found, const hgi_build *build);

/* HG_E_SCHEMA with the first of the differences. */
hg_status hgi_catalogue_fail(int32_t count, const hgi_buffer *differences, hg_error *err);

#endif
