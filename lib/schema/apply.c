/* apply.c - bringing a database to the schema of this build.
 *
 * Under the lock: what the history says is read and must be a part of what this build has; then each file that is not
 * in it runs, in order. A file carries its own BEGIN and COMMIT. What is sent is the file up to its COMMIT, with
 * settings before it that hold for its transaction; then the history's row, while the transaction is still open; then
 * COMMIT. So a file and its row are there together or not at all.
 *
 *     SET LOCAL lock_timeout = ...; BEGIN; ... (the file's)       one message: SET LOCAL and BEGIN share a transaction
 *     is the lock still ours? is there a history?
 *     SET LOCAL ROLE hotgigs_owner
 *     INSERT INTO hotgigs.schema_history ...
 *     COMMIT
 *
 * Whoever waits for a table's lock makes all later readers wait behind him, so nobody waits long: after lock_timeout
 * the file is rolled back and begun anew a little later, a few times.
 *
 * A database without a history that has our tables was made with psql: if it equals what this build expects, the rows
 * are added, and that is all. */
#include "schema/schema_int.h"

#include <string.h>

#include "schema/catalogue.h"

enum { LOCK_TIMEOUT_MS = 2000, ATTEMPTS = 6, FIRST_PAUSE_US = 250000 };

typedef struct run {
    hg_conn         *conn;
    const hgi_build *build;
    int32_t          history_exists;
    int32_t          recorded;             /* files of the build, the first, that the history has */
    int32_t         *durations_ms;         /* of the files that this run has applied */
} run;

hgi_build
hgi_own_build(void)
{
    return (hgi_build){ .migrations = hgi_migrations, .migration_count = hgi_migration_count,
                        .lines = hgi_catalogue_lines, .line_count = hgi_catalogue_line_count };
}

/* ---- Before anything is done ------------------------------------------------------------------------------------ */

static hg_status
check_files(const hgi_build *build, hg_error *err)
{
    hg_status st = HG_OK;
    hg_str body;

    for (int32_t i = 0; st == HG_OK && i < build->migration_count; i++)
        st = hgi_split_check(&build->migrations[i], &body, err);
    return st;
}

static hg_status
check_plan(const hg_schema_plan *plan, hg_error *err)
{
    for (size_t i = 0; i < plan->count; i++) {
        const hg_migration *m = &plan->rows[i];

        if (m->state == HG_MIGRATION_CHANGED)
            return hgi_fail(err, HG_E_SCHEMA, -1,
                            "%s_%s was applied from a file that differs from this build's; nothing was done",
                            m->version, m->name);
        if (m->state == HG_MIGRATION_UNKNOWN)
            return hgi_fail(err, HG_E_SCHEMA, -1,
                            "%s_%s was applied by a newer library, and this build does not have it; nothing was done",
                            m->version, m->name);
    }
    return HG_OK;
}

/* ---- Adopting --------------------------------------------------------------------------------------------------- */

static hg_status
add_all_rows(run *r, hg_error *err)
{
    hg_status st = hgi_schema_run(r->conn, "BEGIN", err);

    if (st == HG_OK)
        st = hgi_history_ready(r->conn, &r->history_exists, err);
    for (int32_t i = 0; st == HG_OK && i < r->build->migration_count; i++)
        st = hgi_history_add(r->conn, &r->build->migrations[i], -1, err);
    return hgi_schema_end(r->conn, st, err);
}

static hg_status
check_catalogue(const run *r, const hgi_result *found, hg_error *err)
{
    hgi_buffer differences = { 0 };
    int32_t count = hgi_catalogue_compare(found, r->build, &differences);
    hg_status st = HG_OK;

    if (count > 0) {
        st = hgi_catalogue_fail(count, &differences, err);
        hgi_error_prefix(err, "a database without a history cannot be adopted: ");
    }
    hgi_buffer_free(&differences);
    return st;
}

/* A database without a row in its history: is it new, or made with psql? */
static hg_status
adopt_if_made(run *r, int32_t *adopted, hg_error *err)
{
    hgi_result *found = NULL;
    hg_status st = hgi_catalogue_read(r->conn, &found, err);

    if (st == HG_OK && (r->history_exists || hgi_catalogue_has_tables(found, r->build))) {
        st = check_catalogue(r, found, err);
        if (st == HG_OK)
            st = add_all_rows(r, err);
        if (st == HG_OK)
            *adopted = r->build->migration_count;
    }
    hgi_result_free(found);
    return st;
}

/* ---- Applying --------------------------------------------------------------------------------------------------- */

/* In the open transaction of file number last: the rows that the history lacks, once there is one. */
static hg_status
record(run *r, int32_t last, hg_error *err)
{
    hg_status st = hgi_history_ready(r->conn, &r->history_exists, err);

    if (st != HG_OK || !r->history_exists)
        return st;
    for (int32_t i = r->recorded; st == HG_OK && i <= last; i++)
        st = hgi_history_add(r->conn, &r->build->migrations[i], r->durations_ms[i], err);
    return st;
}

static int32_t
elapsed_ms(int64_t since_us)
{
    int64_t ms = (hgi_now_us() - since_us) / 1000;

    return ms < INT32_MAX ? (int32_t)ms : INT32_MAX;
}

static hg_status
run_in_transaction(run *r, int32_t file, hg_error *err)
{
    const hgi_build *build = r->build;
    hgi_buffer sql = { 0 };
    int64_t since_us = hgi_now_us();
    hg_str body;
    hg_status st = hgi_split_check(&build->migrations[file], &body, err);

    if (st != HG_OK)
        return st;
    hgi_buffer_add_text(&sql, "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = ");
    hgi_buffer_add_int(&sql, build->lock_timeout_ms > 0 ? build->lock_timeout_ms : LOCK_TIMEOUT_MS);
    hgi_buffer_add_text(&sql, ";\n");
    hgi_buffer_add(&sql, body.ptr, body.len);
    st = sql.failed ? hgi_nomem(err) : hgi_schema_run(r->conn, sql.ptr, err);
    hgi_buffer_free(&sql);

    r->durations_ms[file] = elapsed_ms(since_us);
    if (st == HG_OK)
        st = record(r, file, err);
    return hgi_schema_end(r->conn, st, err);
}

static hg_status
run_without_transaction(run *r, int32_t file, hg_error *err)
{
    int64_t since_us = hgi_now_us();
    hg_status st = hgi_concurrent_run(r->conn, r->build, &r->build->migrations[file], err);

    if (st != HG_OK)
        return st;
    r->durations_ms[file] = elapsed_ms(since_us);
    st = hgi_schema_run(r->conn, "BEGIN", err);
    if (st == HG_OK)
        st = record(r, file, err);
    return hgi_schema_end(r->conn, st, err);
}

static void
name_file(const hgi_migration *file, hg_error *err)
{
    char memory[128];
    hgi_buffer prefix;

    hgi_buffer_on(&prefix, memory, sizeof memory);
    hgi_buffer_add_text(&prefix, file->version);
    hgi_buffer_add_byte(&prefix, '_');
    hgi_buffer_add_text(&prefix, file->name);
    hgi_buffer_add_text(&prefix, ": ");
    if (!prefix.failed)
        hgi_error_prefix(err, prefix.ptr);
    hgi_buffer_free(&prefix);
}

static hg_status
apply_file(run *r, int32_t file, hg_error *err)
{
    int32_t attempts = r->build->attempts > 0 ? r->build->attempts : ATTEMPTS;
    int32_t had_history = r->history_exists;
    int64_t pause_us = FIRST_PAUSE_US;
    hg_status st;

    for (;;) {
        st = r->build->migrations[file].transaction ? run_in_transaction(r, file, err)
                                                    : run_without_transaction(r, file, err);
        if (st == HG_OK) {
            if (r->history_exists)
                r->recorded = file + 1;
            return HG_OK;
        }
        r->history_exists = had_history;   /* rolled back with the rest */
        if (st != HG_E_RETRY || --attempts == 0)
            break;
        hgi_sleep_us(pause_us);
        pause_us *= 2;
    }
    name_file(&r->build->migrations[file], err);
    return st;
}

static hg_status
apply_pending(run *r, const hg_schema_plan *plan, int32_t *applied, hg_error *err)
{
    hg_status st = HG_OK;

    r->durations_ms = hgi_alloc_zero(plan->count * sizeof *r->durations_ms + 1);
    if (r->durations_ms == NULL)
        return hgi_nomem(err);
    for (int32_t i = 0; st == HG_OK && i < (int32_t)plan->count; i++) {
        if (plan->rows[i].state == HG_MIGRATION_APPLIED) {
            r->recorded = i + 1;
            continue;
        }
        st = apply_file(r, i, err);
        *applied += st == HG_OK;
    }
    if (st == HG_OK && !r->history_exists)
        st = hgi_fail(err, HG_E_INTERNAL, -1, "no file of this build makes hotgigs.schema_history");
    hgi_free(r->durations_ms);
    return st;
}

/* From check_plan on the plan's rows are the build's files, one by one. */
static hg_status
apply_locked(hg_conn *conn, const hgi_build *build, int32_t *applied, hg_error *err)
{
    run r = { .conn = conn, .build = build };
    hg_schema_plan *plan = NULL;
    hg_status st = hgi_schema_status_list(conn, build, &plan, err);

    if (st == HG_OK)
        st = check_plan(plan, err);
    if (st == HG_OK) {
        r.history_exists = plan->history_exists;
        if (plan->recorded == 0)
            st = adopt_if_made(&r, applied, err);
    }
    if (st == HG_OK && *applied == 0)
        st = apply_pending(&r, plan, applied, err);
    hg_schema_plan_free(plan);
    return st;
}

hg_status
hgi_schema_apply_list(hg_conn *conn, const hgi_build *build, int64_t timeout_ms, int32_t *applied, hg_error *err)
{
    int32_t not_asked_for;
    hg_status st = check_files(build, err);

    if (applied == NULL)
        applied = &not_asked_for;
    *applied = 0;
    if (st == HG_OK)
        st = hgi_lock_take(conn, timeout_ms, err);
    if (st != HG_OK)
        return st;
    st = apply_locked(conn, build, applied, err);
    hgi_lock_give(conn);
    return st;
}

/* ---- Public ----------------------------------------------------------------------------------------------------- */

hg_status
hg_schema_apply(hg_conn *conn, int64_t timeout_ms, int32_t *applied, hg_error *err)
{
    hgi_build build = hgi_own_build();
    hg_status st = hgi_schema_usable(conn, err);

    if (applied != NULL)
        *applied = 0;
    if (st != HG_OK)
        return st;
    if (timeout_ms < 0)
        return hgi_fail(err, HG_E_INVALID, -1, "timeout_ms is negative; 0 means 60 seconds");
    st = hgi_schema_apply_list(conn, &build, timeout_ms, applied, err);
    return st == HG_OK ? hgi_ok(err) : st;
}
