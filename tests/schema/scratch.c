/* scratch.c - a database of a test's own: see scratch.h. */
#include "scratch.h"
#include "kept.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char test_database[] = "hotgigs_schema_test";
static const char made_database[] = "hotgigs_schema_made";
static const char *database = test_database;

static hg_conn *admin;                     /* of the maintenance database, for as long as a fixture runs */
static hg_conn *installer_in_test;
static hg_conn *admin_in_test;

/* ---- Connections ------------------------------------------------------------------------------------------------ */

static const char *
dsn_of(const char *variable)
{
    const char *dsn = getenv(variable);

    ck_assert_msg(dsn != NULL, "%s is not set; eval \"$(sql/cluster env NAME)\"", variable);
    return dsn;
}

/* In a conninfo string the last of two equal keys holds. */
static hg_conn *
open_database(const char *variable, const char *name)
{
    hg_conn_options opt = { .struct_size = sizeof opt, .skip_check = 1 };
    char conninfo[1024];
    hg_conn *conn;
    hg_error err = { 0 };

    snprintf(conninfo, sizeof conninfo, "%s dbname=%s", dsn_of(variable), name);
    ck_assert_msg(hg_conn_open(conninfo, &opt, &conn, &err) == HG_OK, "%s: %s", name, err.message);
    return conn;
}

hg_conn *
open_installer(void)
{
    return open_database("HOTGIGS_TEST_INSTALLER_DSN", database);
}

hg_conn *
as_installer(void)
{
    if (installer_in_test == NULL)
        installer_in_test = open_installer();
    return installer_in_test;
}

hg_conn *
as_admin(void)
{
    if (admin_in_test == NULL)
        admin_in_test = open_database("HOTGIGS_TEST_ADMIN_DSN", database);
    return admin_in_test;
}

/* ---- Statements ------------------------------------------------------------------------------------------------- */

void
scratch_run(hg_conn *conn, const char *sql)
{
    hg_error err = { 0 };

    ck_assert_msg(hgi_script(conn, sql, &err) == HG_OK, "%.200s: %s", sql, err.message);
}

static const char *
ask_cell(hg_conn *conn, const char *sql, size_t *len)
{
    static char memory[8192];
    hgi_result *result;
    hg_error err = { 0 };
    const char *cell = NULL;

    ck_assert_msg(hgi_command(conn, sql, HGI_CALL_BARE, &result, &err) == HG_OK, "%.200s: %s", sql, err.message);
    *len = 0;
    if (hgi_result_rows(result) > 0)
        cell = hgi_result_cell(result, 0, 0, len);
    ck_assert_uint_lt(*len, sizeof memory);
    if (cell != NULL)
        memcpy(memory, cell, *len);
    memory[*len] = '\0';
    hgi_result_free(result);
    return memory;
}

const char *
scratch_text(hg_conn *conn, const char *sql)
{
    size_t len;

    return ask_cell(conn, sql, &len);
}

int64_t
scratch_int(hg_conn *conn, const char *sql)
{
    size_t len;
    const char *cell = ask_cell(conn, sql, &len);

    ck_assert_msg(len == 8, "%.200s: not one bigint", sql);
    return (int64_t)hgi_get64(cell);
}

/* ---- Databases -------------------------------------------------------------------------------------------------- */

static void
open_maintenance(void)
{
    hg_conn_options opt = { .struct_size = sizeof opt, .skip_check = 1 };
    hg_error err = { 0 };

    ck_assert_msg(hg_conn_open(dsn_of("HOTGIGS_TEST_ADMIN_DSN"), &opt, &admin, &err) == HG_OK, "%s", err.message);
}

static void
close_maintenance(void)
{
    hg_conn_close(admin);
    admin = NULL;
}

/* The role that migrations run as: it owns the database. */
static void
read_installer(char *name, size_t size)
{
    hg_conn_options opt = { .struct_size = sizeof opt, .skip_check = 1 };
    hg_conn *conn;
    hg_error err = { 0 };

    ck_assert_msg(hg_conn_open(dsn_of("HOTGIGS_TEST_INSTALLER_DSN"), &opt, &conn, &err) == HG_OK, "%s", err.message);
    snprintf(name, size, "%s", scratch_text(conn, "SELECT pg_catalog.quote_ident(current_user)"));
    hg_conn_close(conn);
}

static void
drop_database(const char *name)
{
    char sql[256];

    snprintf(sql, sizeof sql, "DROP DATABASE IF EXISTS %s WITH (FORCE)", name);
    scratch_run(admin, sql);
}

static void
create_database(const char *name, const char *template)
{
    char sql[256], installer[80];

    read_installer(installer, sizeof installer);
    drop_database(name);
    snprintf(sql, sizeof sql, "CREATE DATABASE %s OWNER %s TEMPLATE %s", name, installer, template);
    scratch_run(admin, sql);
}

void
scratch_prepare(void)
{
    hg_conn *conn;
    hg_error err = { 0 };
    int32_t applied;

    open_maintenance();
    create_database(made_database, "template0");
    conn = open_database("HOTGIGS_TEST_INSTALLER_DSN", made_database);
    ck_assert_msg(hg_schema_apply(conn, 0, &applied, &err) == HG_OK, "%s", err.message);
    hg_conn_close(conn);
    close_maintenance();
}

void
scratch_remove(void)
{
    open_maintenance();
    drop_database(made_database);
    close_maintenance();
}

static void
begin_counting(void)
{
#ifdef HGI_FAULTS
    hgi_fault_at(0);
#endif
}

void
scratch_empty(void)
{
    open_maintenance();
    create_database(test_database, "template0");
    close_maintenance();
    begin_counting();
}

void
scratch_made(void)
{
    open_maintenance();
    create_database(test_database, made_database);
    close_maintenance();
    begin_counting();
}

void
scratch_shared(void)
{
    database = made_database;
    begin_counting();
}

/* A session that the library has used is as a new one. */
static void
assert_clean_session(hg_conn *conn)
{
    static const char sql[] =
        "SELECT concat_ws(' ', current_user = session_user, current_setting('role'), current_setting('lock_timeout'),"
        " current_setting('statement_timeout'),"
        " (SELECT count(*) FROM pg_catalog.pg_locks WHERE locktype = 'advisory' AND pid = pg_catalog.pg_backend_pid()))";

    if (conn != NULL && !conn->broken)
        ck_assert_str_eq(scratch_text(conn, sql), "t none 0 0 0");
}

void
scratch_drop(void)
{
    assert_clean_session(installer_in_test);
    hg_conn_close(installer_in_test);
    hg_conn_close(admin_in_test);
    installer_in_test = NULL;
    admin_in_test = NULL;
    kept_forget();
    ck_assert_msg(hgi_live_blocks() == 0, "%ld blocks of memory were not freed", hgi_live_blocks());
    if (database == made_database)
        return;
    open_maintenance();
    drop_database(test_database);
    close_maintenance();
}

/* ---- Builds ----------------------------------------------------------------------------------------------------- */

void
scratch_build_own(scratch_build *own)
{
    *own = (scratch_build){ .build = hgi_own_build() };
    ck_assert_int_lt(own->build.migration_count, SCRATCH_FILES_MAX - 8);
    memcpy(own->files, own->build.migrations, (size_t)own->build.migration_count * sizeof own->files[0]);
    own->build.migrations = own->files;
}

void
scratch_build_add(scratch_build *own, const char *version, const char *name, const char *sql, int transaction)
{
    int32_t i = own->build.migration_count++;

    ck_assert_int_lt(i, SCRATCH_FILES_MAX);
    own->files[i] = (hgi_migration){ .version = version, .name = name, .sql = sql, .sql_len = strlen(sql),
                                     .sha256 = { (uint8_t)i }, .transaction = transaction };
}
