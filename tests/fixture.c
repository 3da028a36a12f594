/* fixture.c - see fixture.h. */
#include "fixture.h"
#include "kept.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

hg_conn *service, *tenant;
PGconn *admin;
hg_error err;

/* ---- Memory of the test's ---------------------------------------------------------------------------------------- */

typedef struct kept {
    struct kept *next;
    max_align_t  memory[];
} kept;

static kept *all_kept;

void *
fixture_memory(size_t size)
{
    kept *k = calloc(1, sizeof *k + size);

    if (k == NULL)
        abort();
    k->next = all_kept;
    all_kept = k;
    return k->memory;
}

static void
free_kept(void)
{
    while (all_kept != NULL) {
        kept *next = all_kept->next;

        free(all_kept);
        all_kept = next;
    }
}

static char *
vtext(const char *format, va_list args)
{
    va_list again;
    int len;
    char *text;

    va_copy(again, args);
    len = vsnprintf(NULL, 0, format, again);
    va_end(again);
    text = fixture_memory((size_t)len + 1);
    vsnprintf(text, (size_t)len + 1, format, args);
    return text;
}

char *
fixture_text(const char *format, ...)
{
    va_list args;
    char *text;

    va_start(args, format);
    text = vtext(format, args);
    va_end(args);
    return text;
}

hg_str
str_of(const char *text)
{
    return (hg_str){ text, strlen(text) };
}

/* ---- Raw SQL ----------------------------------------------------------------------------------------------------- */

PGconn *
sql_connect(const char *conninfo)
{
    PGconn *pg = PQconnectdb(conninfo);

    ck_assert_msg(PQstatus(pg) == CONNECTION_OK, "the test's own connection: %s", PQerrorMessage(pg));
    PQclear(PQexec(pg, "SET client_encoding = 'UTF8'; SET client_min_messages = error"));
    return pg;
}

static PGresult *
run_sql(const char *sql)
{
    PGresult *result = PQexec(admin, sql);
    ExecStatusType status = PQresultStatus(result);

    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
        PQclear(result);
        ck_abort_msg("%s: %s", sql, PQerrorMessage(admin));
    }
    return result;
}

const char *
sql_text(const char *format, ...)
{
    const char *text = NULL;
    PGresult *result;
    va_list args;

    va_start(args, format);
    result = run_sql(vtext(format, args));
    va_end(args);
    if (PQntuples(result) > 0 && !PQgetisnull(result, 0, 0))
        text = fixture_text("%s", PQgetvalue(result, 0, 0));
    PQclear(result);
    return text;
}

long
sql_int(const char *format, ...)
{
    PGresult *result;
    va_list args;
    long value;

    va_start(args, format);
    result = run_sql(vtext(format, args));
    va_end(args);
    value = PQntuples(result) > 0 ? strtol(PQgetvalue(result, 0, 0), NULL, 10) : 0;
    PQclear(result);
    return value;
}

void
sql_do(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    PQclear(run_sql(vtext(format, args)));
    va_end(args);
}

const char *
uuid_text(const hg_uuid *id)
{
    char *text = fixture_memory(HG_UUID_TEXT_SIZE);

    hg_uuid_to_text(id, text, HG_UUID_TEXT_SIZE, NULL);
    return text;
}

int
sql_column_is(const hgi_table *table, int32_t column, const hg_uuid *id, const char *text)
{
    const char *stored = sql_text("SELECT %s::text FROM public.%s WHERE id = '%s'", table->info.columns[column].name,
                                  table->info.name, uuid_text(id));

    if (stored == NULL || text == NULL)
        return stored == text;
    return strcmp(stored, text) == 0;
}

void
wait_until(const char *format, ...)
{
    const char *sql;
    va_list args;

    va_start(args, format);
    sql = vtext(format, args);
    va_end(args);
    for (int i = 0; i < 500; i++) {
        const char *answer = sql_text("SELECT (%s)", sql);

        if (answer != NULL && answer[0] == 't')
            return;
        hgi_sleep_us(10 * 1000);
    }
    ck_abort_msg("never came true: %s", sql);
}

/* ---- Connections ------------------------------------------------------------------------------------------------- */

const char *
fixture_dsn(const char *login)
{
    char name[64];
    const char *dsn;

    snprintf(name, sizeof name, "HOTGIGS_TEST_%s_DSN", login);
    dsn = getenv(name);
    ck_assert_msg(dsn != NULL, "%s is not set; use make check", name);
    return dsn;
}

const char *
fixture_dsn_with(const char *login, const char *more)
{
    return fixture_text("%s %s", fixture_dsn(login), more);
}

void
fixture_own_database(const char *name)
{
    static const char *const logins[] = { "ADMIN", "SERVICE", "LOGIN", "INSTALLER" };
    static char *common[4];
    static char own[64];

    kept_close();
    for (int i = 0; i < 4; i++) {
        const char *variable = fixture_text("HOTGIGS_TEST_%s_DSN", logins[i]);

        if (name != NULL)
            common[i] = strdup(fixture_dsn(logins[i]));
        setenv(variable, common[i], 1);
        if (i == 0) {
            admin = sql_connect(common[i]);
            sql_do("DROP DATABASE IF EXISTS %s WITH (FORCE)", name != NULL ? name : own);
            if (name != NULL)
                sql_do("CREATE DATABASE %s OWNER hotgigs_installer TEMPLATE hotgigs_pristine", name);
            PQfinish(admin);
            admin = NULL;
        }
        if (name != NULL)
            setenv(variable, fixture_dsn_with(logins[i], fixture_text("dbname=%s", name)), 1);
        else
            free(common[i]);
    }
    kept_open();
    snprintf(own, sizeof own, "%s", name != NULL ? name : "");
    free_kept();
}

hg_conn *
fixture_conn(const char *conninfo, const hg_conn_options *opt)
{
    hg_conn_options known = { .struct_size = sizeof known };
    hg_conn *conn = NULL;

    if (opt != NULL)
        known = *opt;
    known.skip_check = 1;
    ck_ok(hg_conn_open(conninfo, &known, &conn, &err), err);
    return conn;
}

static const char *
ask_raw(hg_conn *conn, const char *sql)
{
    PGresult *result;
    const char *text = "?";

    PQsetnonblocking(conn->pg, 0);
    result = PQexec(conn->pg, sql);
    if (PQresultStatus(result) == PGRES_TUPLES_OK)
        text = fixture_text("%s", PQgetvalue(result, 0, 0));
    PQclear(result);
    PQsetnonblocking(conn->pg, 1);
    return text;
}

void
fixture_prove_clean(hg_conn *conn)
{
    const char *left;

    ck_assert_msg(conn->tx == HGI_TX_NONE, "the test left a transaction open");
    ck_assert_msg(PQtransactionStatus(conn->pg) == PQTRANS_IDLE && PQpipelineStatus(conn->pg) == PQ_PIPELINE_OFF,
                  "the connection is not idle");
    left = ask_raw(conn, "SELECT current_user || ' ' || coalesce(current_setting('request.jwt.claims', true), '') || "
                         "coalesce(current_setting('request.jwt.claim.sub', true), '') || "
                         "coalesce(current_setting('hotgigs.audit', true), '') || "
                         "current_setting('statement_timeout')");
    ck_assert_msg(strcmp(left, fixture_text("%s 0", conn->login_role)) == 0,
                  "left on the server (role, claims, context, timeout): \"%s\", want \"%s 0\"", left, conn->login_role);
}

void
fixture_done(hg_conn *conn)
{
    if (conn != NULL && !conn->broken)
        fixture_prove_clean(conn);
    kept_done(conn);
}

hg_conn *
fixture_login(const char *login)
{
    hg_conn *conn = kept_take(login);

    return conn != NULL ? conn : fixture_conn(fixture_dsn(login), NULL);
}

void
fixture_open(void)
{
    memset(&err, 0, sizeof err);
    admin = kept_take_admin();
    if (admin == NULL)
        admin = sql_connect(fixture_dsn("ADMIN"));
    service = fixture_login("SERVICE");
}

void
fixture_open_tenant(void)
{
    fixture_open();
    tenant = fixture_login("LOGIN");
}

void
fixture_close(void)
{
    hgi_fault_at(0);
    if (tenant != NULL)
        hg_session_leave(tenant);
    fixture_done(tenant);
    fixture_done(service);
    tenant = service = NULL;
    kept_done_admin(admin);
    admin = NULL;
    free_kept();
    kept_forget();
    ck_assert_msg(hgi_live_blocks() == 0, "%ld blocks of the library are still alive", hgi_live_blocks());
}

hg_conn_stats
conn_stats(const hg_conn *conn)
{
    hg_conn_stats stats = { .struct_size = sizeof stats };

    ck_ok(hg_conn_get_stats(conn, &stats, &err), err);
    return stats;
}

int
backend_pid(hg_conn *conn)
{
    return PQbackendPID(conn->pg);
}

/* A process leaves the list before it closes its socket: on this machine the process itself is waited for. */
void
wait_until_gone(int pid)
{
    char path[32];

    wait_until("NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = %d)", pid);
    snprintf(path, sizeof path, "/proc/%d", pid);
    for (int i = 0; i < 500 && getenv("HOTGIGS_DSN") == NULL && access(path, F_OK) == 0; i++)
        hgi_sleep_us(10 * 1000);
}

void
kill_backend(hg_conn *conn)
{
    int pid = backend_pid(conn);

    sql_do("SELECT pg_terminate_backend(%d)", pid);
    wait_until_gone(pid);
}

/* ---- Rows -------------------------------------------------------------------------------------------------------- */

hg_str
unique_text(void)
{
    static unsigned count;
    hg_uuid random;
    unsigned bits;

    hg_uuid_random(&random);
    memcpy(&bits, random.bytes + 10, sizeof bits);
    return str_of(fixture_text("u%x%08x", count++ & 0xff, bits));
}

void *
field_of(int32_t table, int32_t column, void *row)
{
    return (char *)row + hgi_tables[table]->info.columns[column].offset;
}

static void
put_least(int32_t table, int32_t column, void *row)
{
    const hg_column_info *info = &hgi_tables[table]->info.columns[column];
    void *field = field_of(table, column, row);

    switch (info->kind) {
    case HG_KIND_TEXT:
        *(hg_str *)field = unique_text();
        break;
    case HG_KIND_JSON:
        *(hg_json *)field = str_of("{}");
        break;
    case HG_KIND_ENUM:
    case HG_KIND_INT:
        *(int32_t *)field = 1;
        break;
    case HG_KIND_DECIMAL:
        *(hg_decimal *)field = (hg_decimal){ .unscaled = 5, .scale = 1 };
        break;
    case HG_KIND_TIMESTAMP:
        *(hg_timestamp *)field = INT64_C(1790000000000000);
        break;
    case HG_KIND_DATE:
        *(hg_date *)field = 20000;
        break;
    default:
        ck_abort_msg("%s.%s is NOT NULL, and the fixture knows no value for its kind %d", hgi_tables[table]->info.name,
                     info->name, info->kind);
    }
}

void *
fixture_row(int32_t table, uint64_t *set)
{
    const hg_table_info *info = &hgi_tables[table]->info;
    hgi_row *row = fixture_memory(info->row_size);

    row->struct_size = info->row_size;
    *set = 0;
    for (int32_t i = 1; i < info->column_count; i++) {
        if (info->columns[i].nullable || info->columns[i].default_sql != NULL)
            continue;
        put_least(table, i, row);
        *set |= HG_BIT(i);
    }
    return row;
}

void
fixture_empty_trail(void)
{
    sql_do("BEGIN");
    sql_do("SET LOCAL session_replication_role = replica");
    sql_do("DELETE FROM public.audit_logs");
    sql_do("DELETE FROM hotgigs.audit_unsealed");
    sql_do("DELETE FROM hotgigs.audit_salts");
    sql_do("DELETE FROM hotgigs.audit_leaves");
    sql_do("DELETE FROM hotgigs.audit_seals");
    sql_do("COMMIT");
}

void
fixture_settle_trail(PGconn *pg)
{
    int left = 1;

    for (int ms = 0; left; ms += 10) {
        PGresult *result = PQexec(pg, "SELECT FROM hotgigs.audit_unsealed WHERE txid >= pg_snapshot_xmin(pg_current_snapshot())");

        ck_assert_msg(PQresultStatus(result) == PGRES_TUPLES_OK && ms < 60000, "the trail is not settled: %s", PQerrorMessage(pg));
        left = PQntuples(result);
        PQclear(result);
        if (left)
            hgi_sleep_us(10 * 1000);
    }
}

hg_uuid
fixture_insert(int32_t table)
{
    uint64_t set;
    void *row = fixture_row(table, &set);
    hg_uuid id;

    hg_uuid_new(&id);
    *(hg_uuid *)field_of(table, 0, row) = id;
    ck_ok(hgi_insert(service, hgi_tables[table], row, set | HG_BIT(0), NULL, &err), err);
    return id;
}

int32_t
fixture_parent(int32_t table, int32_t column)
{
    const char *name = sql_text("SELECT c.confrelid::regclass::text FROM pg_constraint c JOIN pg_attribute a "
                                "ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1] WHERE c.contype = 'f' "
                                "AND c.conrelid = 'public.%s'::regclass AND a.attname = '%s'",
                                hgi_tables[table]->info.name, hgi_tables[table]->info.columns[column].name);

    for (int32_t i = 0; name != NULL && i < hgi_table_count; i++)
        if (strcmp(name, hgi_tables[i]->info.name) == 0)
            return i;
    return -1;
}

/* ---- Who is who -------------------------------------------------------------------------------------------------- */

hg_uuid
fixture_user(int32_t user_type)
{
    hg_user row = { .struct_size = sizeof row, .email = unique_text(), .user_type = user_type };
    hg_uuid id;

    hg_uuid_new(&id);
    row.id = id;
    ck_ok(hg_user_insert(service, &row, HG_BIT(HG_USER_ID) | HG_BIT(HG_USER_EMAIL) | HG_BIT(HG_USER_USER_TYPE), NULL,
                         &err), err);
    return id;
}

hg_identity
identity(int32_t role, const hg_uuid *user)
{
    hg_identity who = { .struct_size = sizeof who, .role = role };

    if (user != NULL)
        who.user_id = *user;
    return who;
}

hg_uuid
fixture_company(const hg_uuid *user, int32_t role)
{
    hg_uuid id = fixture_insert(HG_TABLE_COMPANIES);
    hg_company_member row = { .struct_size = sizeof row, .company_id = id, .user_id = *user, .role = role,
                              .joined_at = 1 };

    ck_ok(hg_company_member_insert(service, &row,
                                   HG_BIT(HG_COMPANY_MEMBER_COMPANY_ID) | HG_BIT(HG_COMPANY_MEMBER_USER_ID) |
                                       HG_BIT(HG_COMPANY_MEMBER_ROLE) | HG_BIT(HG_COMPANY_MEMBER_JOINED_AT),
                                   NULL, &err), err);
    return id;
}

hg_uuid
fixture_job(const hg_uuid *company, int32_t is_public)
{
    uint64_t set;
    hg_job *row = fixture_row(HG_TABLE_JOBS, &set);

    hg_uuid_new(&row->id);
    row->company_id = *company;
    row->is_public = is_public;
    set |= HG_BIT(HG_JOB_ID) | HG_BIT(HG_JOB_COMPANY_ID) | HG_BIT(HG_JOB_IS_PUBLIC);
    ck_ok(hg_job_insert(service, row, set, NULL, &err), err);
    return row->id;
}
